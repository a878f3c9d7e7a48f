"""Training occasions: noted once, changed by whoever saw them, deleted with a trace, and their organisation's alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from app.domain.consultations import Place, PlaceKind
from app.domain.errors import NotFound, RejectedInput
from app.domain.lines import LineKey, MunicipalityCode, OrganisationKey
from app.domain.municipalities import CountyCode
from app.domain.permissions import AccountId, Actor, Role
from app.domain.taxonomy import Code
from app.domain.training import Occasion, Sum, TrainingKind
from app.services.gathered import training
from app.storage.models import AuditEntry, TrainingService

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.domain.policy import Policy
    from app.services.gathered.training import Noted

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
TODAY = NOW.date()
MALMO = Place(PlaceKind.MUNICIPALITY, MunicipalityCode("1280"), CountyCode("12"))
LECTURE = Occasion(date(2026, 11, 2), 40, 90, TrainingKind.LECTURE, (Code("SOC"), Code("SKOLA")), MALMO)


def actor(organisation: str) -> Actor:
    reach = frozenset({LineKey(organisation)})
    return Actor(AccountId("alfa"), None, OrganisationKey(organisation), reach, frozenset({Role.COORDINATOR}))


ALFA, ELSEWHERE = actor("skane"), actor("nationell")


def add(
    session: Session, policy: Policy, occasion: Occasion = LECTURE, token: str = "a" * 32, who: Actor = ALFA
) -> bool:
    return training.add(session, policy, who, occasion, token, TODAY, NOW)


def only(session: Session, year: int = 2026, who: Actor = ALFA) -> Noted:
    (found,) = training.of_year(session, who, year, TODAY).noted
    return found


def log(session: Session) -> list[tuple[str, str]]:
    return [(one.what.value, one.fields) for one in session.scalars(select(AuditEntry).order_by(AuditEntry.sequence))]


def test_an_occasion_stands_as_it_was_noted_and_a_double_press_notes_it_once(session: Session, policy: Policy) -> None:
    assert add(session, policy)
    assert not add(session, policy)

    assert only(session).occasion == LECTURE
    assert log(session) == [("created_record", "held_on,kind,minutes,participants,place,services")]


def test_a_year_has_its_own_occasions_and_sums(session: Session, policy: Policy) -> None:
    add(session, policy)
    add(session, policy, replace(LECTURE, held_on=date(2026, 1, 1), participants=5, services=(Code("SOC"),)), "b" * 32)
    add(session, policy, replace(LECTURE, held_on=date(2025, 12, 31)), "c" * 32)

    this, last = training.of_year(session, ALFA, None, TODAY), training.of_year(session, ALFA, 2025, TODAY)

    assert (this.year, this.others) == (2026, [2026, 2025])
    assert this.sums.total == Sum(2, 45)
    assert this.sums.minutes == 180
    assert this.sums.by_service == {"SOC": Sum(2, 45), "SKOLA": Sum(1, 40)}
    assert last.sums.total == Sum(1, 40)
    assert training.of_year(session, ELSEWHERE, 2026, TODAY).noted == []
    assert training.of_year(session, ELSEWHERE, None, TODAY).year == 2026


def test_a_change_is_stored_and_logged_and_saving_nothing_is_none(session: Session, policy: Policy) -> None:
    add(session, policy)
    before = only(session)
    wanted = replace(before, occasion=replace(LECTURE, participants=41, services=(Code("POLIS"),)))

    assert training.save(session, policy, ALFA, before, TODAY, NOW) is None
    assert training.save(session, policy, ALFA, wanted, TODAY, NOW) is None

    assert only(session) == replace(wanted, version=2)
    assert log(session)[1:] == [("changed_record", "participants,services")]


def test_whoever_saw_an_older_one_overwrites_and_deletes_nothing(session: Session, policy: Policy) -> None:
    add(session, policy)
    seen = only(session)
    training.save(session, policy, ALFA, replace(seen, occasion=replace(LECTURE, participants=41)), TODAY, NOW)

    late = replace(seen, occasion=replace(LECTURE, participants=99))
    met, not_deleted = (
        training.save(session, policy, ALFA, late, TODAY, NOW),
        training.delete(session, ALFA, seen.id, seen.version, NOW),
    )

    assert met is not None
    assert not_deleted is not None
    assert met.now.occasion.participants == only(session).occasion.participants == 41


def test_what_is_deleted_is_gone_with_whom_it_was_for_and_the_log_says_so(session: Session, policy: Policy) -> None:
    add(session, policy)
    one = only(session)

    assert training.delete(session, ALFA, one.id, one.version, NOW) is None

    assert training.of_year(session, ALFA, 2026, TODAY).noted == []
    assert session.scalars(select(TrainingService)).all() == []
    assert log(session)[-1] == ("erased", "")
    with pytest.raises(NotFound):
        training.noted(session, ALFA, one.id)


def test_another_organisations_occasion_is_not_there(session: Session, policy: Policy) -> None:
    add(session, policy)
    theirs = only(session)

    for attempt in (
        lambda: training.noted(session, ELSEWHERE, theirs.id),
        lambda: training.save(session, policy, ELSEWHERE, theirs, TODAY, NOW),
        lambda: training.delete(session, ELSEWHERE, theirs.id, theirs.version, NOW),
    ):
        with pytest.raises(NotFound):
            attempt()


@pytest.mark.parametrize(
    "wrong",
    [
        {"held_on": TODAY + timedelta(days=1)},
        {"held_on": date(2013, 12, 31)},
        {"services": (Code("FINNS_EJ"),)},
        {"place": Place(PlaceKind.MUNICIPALITY, MunicipalityCode("9999"), CountyCode("99"))},
        {"place": Place(PlaceKind.COUNTY, None, CountyCode("99"))},
    ],
    ids=str,
)
def test_what_cant_have_been_is_refused(session: Session, policy: Policy, wrong: dict[str, Any]) -> None:
    with pytest.raises(RejectedInput):
        add(session, policy, replace(LECTURE, **wrong))
