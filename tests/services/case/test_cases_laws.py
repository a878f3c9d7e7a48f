"""Whatever is done with a case, in whichever order and at once: exactly one specialist is responsible at any time."""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress
from datetime import timedelta
from itertools import pairwise
from threading import Barrier, Thread
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.cases import CaseEnd, HandOver, Reopening
from app.domain.errors import Conflict, NotFound, RejectedInput
from app.domain.followups import FollowUpEnd
from app.domain.lines import StaffId
from app.services.case import cases, followups
from app.services.case.cases import ChangedMeanwhile, HandingOver
from app.storage.engine import create_engine_for
from app.storage.models import Case, CaseEvent, CaseHandOver, Consultation
from app.storage.queries import cases as queries
from app.storage.types import keyring
from tests.services.case.test_cases import ALFA, BETA, COORDINATOR, NOW, add_specialist, held, opened, people

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy import Engine

    from app.domain.permissions import Actor
    from app.domain.policy import Policy

__all__ = ["people"]
RECORDS = (1, 2, 3, 4)
WHO = (ALFA, BETA)
TO = ("alfa", "beta", "delta", "nobody")
REFUSED = (Conflict, NotFound, RejectedInput)
Step = tuple[str, int, int, int]
"""What, and which record, person and case it is about."""
STEPS = st.tuples(
    st.sampled_from(("open", "join", "leave", "hand over", "hand over all", "end", "reopen", "promise", "keep")),
    st.sampled_from(RECORDS),
    st.integers(0, 1),
    st.integers(0, 3),
)


@pytest.fixture(scope="module")
def database(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """Once for all examples: three specialists, one of whom holds no record."""
    file = tmp_path_factory.mktemp("laws") / "radrum.sqlite3"
    file.write_bytes(sqlite_template.read_bytes())
    engine = create_engine_for(f"sqlite:///{file}")
    keyring.load({"test": b"0123456789abcdef0123456789abcdef"})
    with Session(engine) as session:
        for number, name in enumerate(("alfa", "beta", "delta"), 640):
            add_specialist(session, name, "skane", number)
        session.add_all([held(1), held(2), held(3, "beta"), held(4, None)])
        session.commit()
        yield session
    engine.dispose()


def take(session: Session, policy: Policy, step: Step, minute: int) -> None:
    what, record, person, number = step
    who, now = WHO[person], NOW + timedelta(minutes=minute)
    there = session.scalars(select(Case).order_by(Case.id)).all()
    with_a_record: dict[str, Callable[[], object]] = {
        "open": lambda: cases.open_case(session, who, record, now),
        "leave": lambda: cases.leave(session, who, record, now),
        "promise": lambda: followups.promise(session, who, record, now),
    }
    if what in with_a_record:
        with_a_record[what]()
    elif there:
        case, to = there[number % len(there)], StaffId(TO[number])
        mine = HandingOver(to, HandOver.OTHER, whose=StaffId(case.staff_id))
        all_of_them, ids = HandingOver(to, HandOver.SICKNESS), [one.id for one in there]
        with_a_case: dict[str, Callable[[], object]] = {
            "join": lambda: cases.join(session, who, record, case.reference, now),
            "hand over": lambda: cases.hand_over(session, policy, who, [case.id], mine, now),
            "hand over all": lambda: cases.hand_over(session, policy, COORDINATOR, ids, all_of_them, now),
            "end": lambda: cases.end(session, who, case.id, CaseEnd.FINISHED, now),
            "reopen": lambda: cases.reopen(session, who, case.id, Reopening.OTHER, now),
            "keep": lambda: keep(session, who, case, now),
        }
        with_a_case[what]()


def keep(session: Session, who: Actor, case: Case, now: datetime) -> None:
    promised = queries.open_follow_up(session, case)
    if promised:
        followups.end(session, who, promised.id, FollowUpEnd.DONE, now)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=80)
@given(steps=st.lists(STEPS, max_size=16))
def test_a_case_always_has_exactly_one_responsible_specialist(
    database: Session, policy: Policy, steps: list[Step]
) -> None:
    began_with: dict[int, str] = {}

    for minute, step in enumerate(steps, start=1):
        with suppress(*REFUSED), database.begin_nested():
            take(database, policy, step, minute)
        database.flush()
        assert_sound(database, began_with)

    database.rollback()


def assert_sound(session: Session, began_with: dict[int, str]) -> None:
    """One specialist, whom the hand-overs lead to from whoever held the first record; and a case that holds records."""
    found = session.scalars(select(Case).execution_options(populate_existing=True)).all()
    chains: dict[int, list[CaseHandOver]] = defaultdict(list)
    for one in session.scalars(select(CaseHandOver).order_by(CaseHandOver.id)):
        chains[one.case_id].append(one)
    turns: dict[int, list[CaseEvent]] = defaultdict(list)
    for event in session.scalars(select(CaseEvent).order_by(CaseEvent.id)):
        turns[event.case_id].append(event)
    for case in found:
        first = began_with.setdefault(case.id, case.staff_id)
        chain = chains[case.id]
        assert case.staff_id in TO[:3]
        assert (chain[0].from_id if chain else case.staff_id) == first
        assert all(one.to_id == other.from_id for one, other in pairwise(chain))
        assert not chain or chain[-1].to_id == case.staff_id
        assert queries.consultations_in(session, case) > 0
        assert case.ended_at is None or queries.open_follow_up(session, case) is None
        # It ends and opens again in turns, and stands as it was told last.
        assert [one.ended_as is not None for one in turns[case.id]] == [n % 2 == 0 for n in range(len(turns[case.id]))]
        assert (case.ended_at is not None) == bool(len(turns[case.id]) % 2)


def race(engine: Engine, *runs: Callable[[Session], object]) -> list[object]:
    """All at once, each in a transaction of its own; what came of each."""
    together, found = Barrier(len(runs)), list[object]([None] * len(runs))

    def run(place: int) -> None:
        with Session(engine) as own:
            together.wait()
            try:
                found[place] = runs[place](own)
                own.commit()
            except REFUSED as refused:
                own.rollback()
                found[place] = refused

    threads = [Thread(target=run, args=(place,)) for place in range(len(runs))]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return found


def test_of_two_hand_overs_at_once_one_counts_and_the_other_is_told(
    session: Session, engine: Engine, policy: Policy
) -> None:
    add_specialist(session, "delta", "skane", 660)
    both = [opened(session, 1).id]
    session.add(held(5))
    session.commit()
    both.append(opened(session, 5).id)
    session.rollback()  # what only looked mustn't make the others wait

    def hand(who: Actor, to: str, keys: list[int]) -> Callable[[Session], object]:
        how = HandingOver(StaffId(to), HandOver.HOLIDAY, whose=StaffId("alfa"))
        return lambda own: cases.hand_over(own, policy, who, keys, how, NOW)

    found = race(engine, hand(ALFA, "beta", both), hand(COORDINATOR, "delta", both[::-1]))

    told = [one for one in found if isinstance(one, ChangedMeanwhile)]
    assert len(told) == 1
    assert set(told[0].cases) == set(both)
    session.expire_all()
    assert len({case.staff_id for case in session.scalars(select(Case))}) == 1
    assert session.scalar(select(func.count()).select_from(CaseHandOver)) == len(both)


def test_whatever_happens_at_once_to_a_case_leaves_it_with_one_specialist(
    session: Session, engine: Engine, policy: Policy
) -> None:
    case = opened(session)
    key, reference = case.id, case.reference
    session.rollback()  # as above
    how = HandingOver(StaffId("beta"), HandOver.OTHER)

    race(
        engine,
        lambda own: cases.hand_over(own, policy, COORDINATOR, [key], how, NOW),
        lambda own: cases.end(own, ALFA, key, CaseEnd.FINISHED, NOW),
        lambda own: cases.join(own, BETA, 2, reference, NOW),
        lambda own: cases.reopen(own, BETA, key, Reopening.BY_MISTAKE, NOW),
        lambda own: followups.promise(own, ALFA, 1, NOW),
    )

    session.expire_all()
    handed = session.scalars(select(CaseHandOver)).all()
    assert session.get_one(Case, key).staff_id == (handed[0].to_id if handed else "alfa")
    assert session.get_one(Consultation, 2).case_id == key
    assert_sound(session, {key: "alfa"})
