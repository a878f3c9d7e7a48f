from __future__ import annotations

import re
import shutil
from collections import Counter, defaultdict
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.callbacks import Closing
from app.domain.calls import AttemptState, CallFacts, Outcome, Source, Verdict, settle
from app.domain.channels import Channel
from app.domain.duty import on_duty
from app.domain.errors import RadrumError
from app.domain.lines import LineKey
from app.services.practice_data.demo import YEARS, fill
from app.services.practice_data.demo_people import practice_cast
from app.services.rota.duty import duty_at, memberships
from app.storage.engine import create_engine_for
from app.storage.models import (
    Attempt,
    Call,
    CallbackRequest,
    CallEvent,
    Consultation,
    Observation,
    RegisterEntry,
    RotaMembership,
    Staff,
    TrainingOccasion,
)
from app.storage.types import keyring

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from app.domain.policy import Policy

KEYS = {"demo": b"d" * 32}
NOW = datetime(2026, 11, 20, 10, 30, tzinfo=UTC)
IN_THE_SPRING = datetime(2027, 4, 7, 1, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def told() -> list[tuple[int, int]]:
    """What was told while the database was filled: how many calls were done, of how many."""
    return []


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def filled_url(
    request: pytest.FixtureRequest,
    policy: Policy,
    tmp_path_factory: pytest.TempPathFactory,
    told: list[tuple[int, int]],
) -> Iterator[str]:
    """The URL of a database that was filled once for all tests that only look."""
    told.clear()
    with ExitStack() as stack:
        if request.param == "sqlite":
            file = tmp_path_factory.mktemp("filled") / "radrum.sqlite3"
            shutil.copyfile(request.getfixturevalue("sqlite_template"), file)
            url = f"sqlite:///{file}"
        else:
            server = request.getfixturevalue("postgres")
            name = server.create("radrum_filled", template=request.getfixturevalue("postgres_template"))
            stack.callback(server.drop, name)
            url = server.url_of(name)
        keyring.load(KEYS)
        engine = create_engine_for(url)
        with Session(engine) as session:
            fill(session, policy, NOW, lambda done, of: told.append((done, of)))
            session.commit()
        engine.dispose()
        yield url


@pytest.fixture
def filled(filled_url: str, data_keys: Mapping[str, bytes]) -> Iterator[Session]:
    """A session on the filled database; nothing that a test does there stays."""
    del data_keys  # they are loaded first
    keyring.load(KEYS)
    engine = create_engine_for(filled_url)
    with Session(engine) as session:
        yield session
    engine.dispose()


@pytest.fixture
def small_session(sqlite_url: str) -> Iterator[Session]:
    """A session on a fresh SQLite database."""
    engine = create_engine_for(sqlite_url)
    with Session(engine) as session:
        yield session
    engine.dispose()


# --- people ----------------------------------------------------------------------------------------------------------


def test_everyone_is_visibly_invented_and_has_a_number_of_their_own(filled: Session) -> None:
    everyone = filled.query(Staff).all()

    assert all(one.alias.startswith("Övning ") and one.name.startswith("Påhittad ") for one in everyone)
    numbers = [int(one.phone.e164) for one in everyone]
    assert all(46701740640 <= number <= 46701740699 for number in numbers)
    assert len(set(numbers)) == len(numbers) == len({one.alias for one in everyone})


def test_every_rota_has_its_people_and_nobody_is_in_two(filled: Session, policy: Policy) -> None:
    people = Counter(one.rota for one in filled.query(RotaMembership))

    assert people == {
        rota.key: 3 if rota.key.endswith("-backup") else 5
        for schedule in policy.schedules.values()
        for rota in schedule.rotas
    }
    assert filled.query(RotaMembership).count() == filled.query(Staff).count()


@pytest.mark.parametrize("now", [NOW, IN_THE_SPRING], ids=["November", "April"])
def test_every_line_always_has_two_people_on_duty_in_open_hours(policy: Policy, now: datetime) -> None:
    cast = practice_cast(policy, now)

    for schedule in policy.schedules.values():
        hours = [now + timedelta(hours=step) for step in range(24 * 60)]
        on = [on_duty(schedule.hours, {}, schedule.rotas, cast.memberships, at) for at in hours]

        assert {len(people) for people in on} == {0, 3}
        assert sum(map(bool, on)) > 60 * 7 / 2


def test_no_dated_change_stands(filled: Session, policy: Policy) -> None:
    for key in policy.lines:
        assert duty_at(filled, policy, key, NOW)


def test_more_rotas_than_the_numbers_suffice_for_are_refused(policy: Policy) -> None:
    many = {key: replace(schedule, rotas=schedule.rotas * 3) for key, schedule in policy.schedules.items()}

    with pytest.raises(RadrumError, match="import staff instead"):
        practice_cast(replace(policy, schedules=many), NOW)


# --- calls -----------------------------------------------------------------------------------------------------------


def test_every_outcome_is_what_its_facts_settle_to(filled: Session) -> None:
    attempts = _attempts_by_call(filled)

    for call in filled.query(Call):
        facts = CallFacts(
            arrived=call.arrived,
            ended=call.ended_at is not None,
            verdict=Verdict(call.verdict, call.verdict_reason) if call.verdict else None,
            answered=any(one.state is AttemptState.ACCEPTED and one.bridged is not False for one in attempts[call.id]),
            hung_up_at=(call.position or {}).get("node", ""),
        )
        assert settle(facts) == Verdict(call.outcome, call.reason)


def test_whoever_was_rung_was_on_duty_when_the_call_came(filled: Session, policy: Policy) -> None:
    for key, schedule in policy.schedules.items():
        people = memberships(filled, schedule.rotas)
        calls = filled.query(Call, Attempt).join(Attempt, Attempt.call_id == Call.id).filter(Call.line == key)
        for call, attempt in calls:
            on = on_duty(schedule.hours, {}, schedule.rotas, people, call.started_at)
            assert (attempt.staff_id, attempt.tier) in {(one.staff, one.tier) for one in on}


def test_an_answer_is_told_by_the_same_service_that_routes_calls(filled: Session, policy: Policy) -> None:
    call, attempt = filled.query(Call, Attempt).join(Attempt, Attempt.call_id == Call.id).filter(
        Attempt.state == AttemptState.ACCEPTED
    ).order_by(Call.id).first() or pytest.fail("nobody answered")

    found = duty_at(filled, policy, LineKey(call.line), call.started_at)

    assert attempt.staff_id in {one.staff for one in found}


def test_nobody_is_in_two_calls_at_once(filled: Session) -> None:
    spans: dict[str, list[tuple[datetime, datetime]]] = defaultdict(list)
    for attempt in filled.query(Attempt):
        assert attempt.ended_at is not None
        spans[attempt.staff_id].append((attempt.began_at, attempt.ended_at))

    for mine in spans.values():
        assert all(earlier[1] <= later[0] for earlier, later in pairwise(sorted(mine)))


def test_nothing_is_in_the_future_and_nothing_runs_backwards(filled: Session) -> None:
    for call in filled.query(Call):
        assert call.ended_at is not None
        assert NOW - timedelta(days=366 * YEARS) < call.started_at < call.ended_at <= NOW
        assert call.ended_at - call.started_at < timedelta(hours=2, minutes=10)
    for attempt in filled.query(Attempt):
        steps = (attempt.began_at, attempt.screened_at, attempt.accepted_at, attempt.ended_at)
        known = [step for step in steps if step]
        assert known == sorted(known)
        assert (attempt.accepted_at is None) == (attempt.dial_seconds is None) == (attempt.leg_seconds is None)


def test_every_call_has_one_consultation_held_by_whoever_answered(filled: Session) -> None:
    attempts = _attempts_by_call(filled)
    of_calls = filled.query(Consultation).filter(Consultation.call_id.is_not(None))
    records = {one.call_id: one for one in of_calls}

    assert len(records) == of_calls.count() == filled.query(Call).count()
    for call in filled.query(Call):
        answered = next((one for one in attempts[call.id] if one.state is AttemptState.ACCEPTED), None)
        record = records[call.id]
        assert (record.staff_id, record.held_at) == (
            (answered.staff_id, answered.accepted_at) if answered else (None, None)
        )
        assert (record.source, record.line, record.organisation) == (call.source, call.line, call.organisation)


def test_every_callback_is_confirmed_and_rings_a_number_reserved_for_fiction(filled: Session) -> None:
    callbacks = {one.call_id: one for one in filled.query(CallbackRequest)}

    assert {call.id for call in filled.query(Call).filter_by(outcome=Outcome.CALLBACK)} == set(callbacks)
    for one in callbacks.values():
        assert one.confirmed_at is not None
        assert (one.number is None) is (one.closed_as is Closing.EXPIRED)
        assert one.number is None or 46701740605 <= int(one.number.e164) <= 46701740619
    assert {one.closed_as for one in callbacks.values()} == {None, Closing.EXPIRED}


def test_sids_and_tokens_look_like_the_real_ones(filled: Session) -> None:
    for call in filled.query(Call):
        assert re.fullmatch(r"CA[0-9a-f]{32}", call.sid)
    assert all(len(one.token) == 32 for one in filled.query(Attempt))
    assert filled.query(CallEvent).count() == 0


# --- the command's promises ------------------------------------------------------------------------------------------


def test_a_database_with_staff_is_left_as_it_is(filled: Session, policy: Policy) -> None:
    before = _fingerprint(filled)

    assert fill(filled, policy, NOW + timedelta(days=3)) is None
    assert _fingerprint(filled) == before


def test_the_same_clock_gives_the_same_data(filled: Session, small_session: Session, policy: Policy) -> None:
    fill(small_session, policy, NOW)

    assert _fingerprint(small_session) == _fingerprint(filled)
    assert len(_fingerprint(filled)) > 4000


def test_another_clock_gives_the_same_past(filled: Session, small_session: Session, policy: Policy) -> None:
    def past(one: Session) -> set[tuple[object, ...]]:
        calls = one.query(Call.sid, Call.line, Call.started_at, Call.ended_at, Call.outcome, Attempt.staff_id)
        rows = calls.outerjoin(Attempt, Attempt.call_id == Call.id).filter(Call.ended_at <= NOW)
        return {tuple(row) for row in rows if row.started_at > NOW - timedelta(days=640)}

    fill(small_session, policy, NOW + timedelta(days=45, hours=5))

    assert past(small_session) == past(filled)


@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 12, 24, 12, 0, tzinfo=UTC),
        datetime(2027, 3, 28, 1, 0, tzinfo=UTC),
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        datetime(2028, 2, 29, 8, 0, tzinfo=UTC),
    ],
    ids=["julafton", "the clock goes forward", "the clock goes back", "leap day"],
)
def test_it_fills_at_any_clock(small_session: Session, policy: Policy, now: datetime) -> None:
    report = fill(small_session, policy, now)

    assert report is not None
    assert report.calls == small_session.query(Call).count() > 4000
    assert report.staff == 32


def test_there_are_no_calls_before_a_rota_begins(small_session: Session, policy: Policy) -> None:
    begins = max(rota.anchor for schedule in policy.schedules.values() for rota in schedule.rotas)

    report = fill(small_session, policy, datetime.combine(begins, time(12), tzinfo=UTC) + timedelta(days=60))

    assert report is not None
    assert report.calls > 200
    assert small_session.query(func.min(Call.started_at)).scalar().date() >= begins - timedelta(days=1)


def test_it_tells_how_far_it_is(filled: Session, told: Sequence[tuple[int, int]]) -> None:
    calls = filled.scalars(select(func.count()).select_from(Call)).one()

    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert len(told) > 10
    assert told[-1][0] == calls <= told[-1][1]


def test_a_call_made_afterwards_gets_an_id_of_its_own(filled: Session) -> None:
    before = filled.query(func.max(Call.id)).scalar()
    filled.add(
        Call(
            sid="CA" + "f" * 32,
            line="skane",
            organisation="skane",
            source=Source.PRACTICE,
            started_at=NOW,
            last_heard_at=NOW,
            arrived=True,
            outcome=Outcome.IN_PROGRESS,
        )
    )

    filled.flush()

    assert filled.query(func.max(Call.id)).scalar() == before + 1


def _attempts_by_call(session: Session) -> dict[int, list[Attempt]]:
    found: dict[int, list[Attempt]] = defaultdict(list)
    for attempt in session.query(Attempt).order_by(Attempt.id):
        found[attempt.call_id].append(attempt)
    return found


def _fingerprint(session: Session) -> list[tuple[object, ...]]:
    calls = session.query(Call.sid, Call.line, Call.started_at, Call.ended_at, Call.outcome, Call.reason)
    attempts = session.query(Attempt.token, Attempt.staff_id, Attempt.state, Attempt.began_at, Attempt.ended_at)
    staff = [(one.id, one.alias, one.phone.e164) for one in session.query(Staff).order_by(Staff.id)]
    days: list[tuple[str, date]] = [(one.staff_id, one.begins) for one in session.query(RotaMembership)]
    return [*map(tuple, calls.order_by(Call.sid)), *map(tuple, attempts.order_by(Attempt.token)), *staff, *sorted(days)]


# --- by hand ---------------------------------------------------------------------------------------------------------


def test_every_organisation_has_records_by_hand_training_and_notes_that_are_visibly_made_up(
    filled: Session, policy: Policy
) -> None:
    by_hand = filled.query(Consultation).filter(Consultation.call_id.is_(None)).all()
    notes = filled.query(Observation).all()

    for organisation in {line.organisation for line in policy.lines.values()}:
        channels = {one.channel for one in by_hand if one.organisation == organisation}
        assert {Channel.EMAIL, Channel.MEETING} <= channels
        assert sum(one.organisation == organisation for one in filled.query(TrainingOccasion)) > 2
        assert sum(one.organisation == organisation for one in notes) > 2
    assert all(one.held_at and one.held_at <= NOW and one.closed_at for one in by_hand)
    assert {one.id for one in by_hand} <= {one.consultation_id for one in filled.query(RegisterEntry)}
    assert all(one.text.startswith("Övning: ") and "påhitta" in one.text for one in notes)
    assert all(one.held_on <= NOW.date() for one in filled.query(TrainingOccasion))
