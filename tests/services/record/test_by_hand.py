"""Consultations without a call: opened once, held at once, in the register, and taken back while they are empty."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.calls import Source
from app.domain.channels import BY_HAND, Channel
from app.domain.consultations import Chosen
from app.domain.errors import NoSpecialist, NotFound, RejectedInput
from app.domain.lines import LineKey, OrganisationKey, StaffId
from app.domain.permissions import AccountId, Actor, Role
from app.domain.phone import PhoneNumber
from app.domain.taxonomy import Code, GroupKey
from app.domain.trends import Period, Tally
from app.services.numbers import figures
from app.services.record import by_hand, consultations, register
from app.services.record.by_hand import NotEmpty, Opening
from app.services.record.consultations import Edit
from app.storage.models import AuditEntry, Consultation, RegisterEntry, Staff
from tests.services.counting import count_changes

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from app.domain.policy import Policy

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
TODAY = date(2026, 11, 23)
SKANE = LineKey("skane")
OPENING = Opening(SKANE, Channel.EMAIL, TODAY, "a" * 32)


def specialist(name: str, organisation: str = "skane", *lines: str) -> Actor:
    reach = frozenset(map(LineKey, lines or (organisation,)))
    return Actor(AccountId(name), StaffId(name), OrganisationKey(organisation), reach, frozenset({Role.SPECIALIST}))


ASTRID, BERIT, ELSEWHERE = specialist("astrid"), specialist("berit"), specialist("cecilia", "nationell")


@pytest.fixture(autouse=True)
def people(session: Session) -> None:
    for number, one in enumerate((ASTRID, BERIT, ELSEWHERE)):
        person = Staff(id=one.staff_id, organisation=one.organisation, alias=one.account_id, name="Påhittad Alfa")
        person.phone, person.competences, person.languages = PhoneNumber(f"+4670174064{number}"), [], []
        person.created_at = NOW
        session.add(person)
    session.flush()


def opened(
    session: Session, policy: Policy, who: Actor = ASTRID, opening: Opening = OPENING, at: datetime = NOW
) -> int:
    return by_hand.open_record(session, policy, who, opening, Source.PRACTICE, at)


def entries(session: Session) -> list[tuple[int, int, int | None, bool]]:
    rows = session.scalars(select(RegisterEntry).order_by(RegisterEntry.year, RegisterEntry.number))
    return [(one.year, one.number, one.consultation_id, one.withdrawn_at is not None) for one in rows]


@pytest.mark.parametrize("channel", BY_HAND)
def test_a_record_is_held_at_once_by_whoever_opened_it_and_has_a_number(
    session: Session, policy: Policy, channel: Channel
) -> None:
    number = opened(session, policy, opening=replace(OPENING, channel=channel))

    record = session.get_one(Consultation, number)
    assert (record.channel, record.staff_id, record.line, record.call_id) == (channel, "astrid", "skane", None)
    assert record.held_at == record.opened_at == NOW
    assert entries(session) == [(2026, 1, number, False)]


def test_a_call_is_nothing_that_one_opens_by_hand() -> None:
    with pytest.raises(ValueError, match="call"):
        replace(OPENING, channel=Channel.CALL)


def test_the_same_form_opens_one_record_however_often_it_is_sent(session: Session, policy: Policy) -> None:
    first, again = opened(session, policy), opened(session, policy, at=NOW + timedelta(seconds=2))
    other = opened(session, policy, opening=replace(OPENING, token="b" * 32))

    assert first == again != other
    assert [one[1] for one in entries(session)] == [1, 2]


def test_a_form_of_somebody_else_opens_nothing(session: Session, policy: Policy) -> None:
    opened(session, policy)

    with pytest.raises(NotFound):
        opened(session, policy, BERIT)


def test_of_an_earlier_day_it_is_held_on_that_day_and_registered_now(session: Session, policy: Policy) -> None:
    on_the_third_of_january = datetime(2027, 1, 3, 10, tzinfo=UTC)

    number = opened(session, policy, opening=replace(OPENING, day=date(2026, 12, 30)), at=on_the_third_of_january)

    assert session.get_one(Consultation, number).held_at == datetime(2026, 12, 30, 11, tzinfo=UTC)
    assert entries(session) == [(2027, 1, number, False)]


def test_days_to_come_lines_out_of_reach_and_accounts_without_a_specialist_are_refused(
    session: Session, policy: Policy
) -> None:
    with pytest.raises(RejectedInput):
        opened(session, policy, opening=replace(OPENING, day=TODAY + timedelta(days=1)))
    with pytest.raises(NotFound):
        opened(session, policy, opening=replace(OPENING, line=LineKey("nationell")))
    with pytest.raises(NoSpecialist):
        opened(session, policy, replace(ASTRID, staff_id=None))

    assert entries(session) == []


def counted_today(session: Session, policy: Policy) -> Tally:
    count_changes(session, policy)
    (found,) = figures.count(session, ASTRID, SKANE, [Period(TODAY, TODAY)])
    return found


def test_the_figures_count_it_as_a_held_consultation_and_as_no_call(session: Session, policy: Policy) -> None:
    opened(session, policy)

    assert counted_today(session, policy) == Tally(held=1)


def test_what_was_opened_by_mistake_is_withdrawn_and_its_number_stands_for_nothing(
    session: Session, policy: Policy
) -> None:
    number = opened(session, policy)

    by_hand.withdraw(session, ASTRID, number, NOW)

    after = opened(session, policy, opening=replace(OPENING, token="b" * 32))
    assert entries(session) == [(2026, 1, None, True), (2026, 2, after, False)]
    assert after != number
    assert counted_today(session, policy) == Tally(held=1)
    with pytest.raises(NotFound):
        consultations.open_for(session, policy, ASTRID, number, NOW)
    with pytest.raises(NotFound):
        consultations.save(session, policy, ASTRID, number, Edit(note="Övning"), 0, NOW)
    with pytest.raises(NotFound):
        by_hand.withdraw(session, ASTRID, number, NOW)
    last = session.scalars(select(AuditEntry).order_by(AuditEntry.sequence.desc())).all()
    assert ("erased", f"consultation:{number}") in [(one.what.value, one.record) for one in last]


def test_nothing_is_withdrawn_that_holds_something_or_held_it_once(session: Session, policy: Policy) -> None:
    number = opened(session, policy)
    tag, none = (Chosen(GroupKey("service"), codes) for codes in ((Code("SOC"),), ()))
    consultations.save(session, policy, ASTRID, number, Edit((tag,)), 0, NOW)
    consultations.save(session, policy, ASTRID, number, Edit((none,)), 1, NOW)

    with pytest.raises(NotEmpty):
        by_hand.withdraw(session, ASTRID, number, NOW)

    assert entries(session) == [(2026, 1, number, False)]


def test_nobody_withdraws_what_another_opened_nor_what_a_call_opened(session: Session, policy: Policy) -> None:
    number = opened(session, policy)
    from_a_call = Consultation(organisation="skane", line="skane", source=Source.PRACTICE, opened_at=NOW)
    from_a_call.staff_id, from_a_call.held_at = "astrid", NOW
    session.add(from_a_call)
    session.flush()
    register.enter(session, from_a_call, NOW)

    with pytest.raises(NotEmpty):
        by_hand.withdraw(session, BERIT, number, NOW)
    with pytest.raises(NotEmpty):
        by_hand.withdraw(session, ASTRID, from_a_call.id, NOW)
    with pytest.raises(NotFound):
        by_hand.withdraw(session, ELSEWHERE, number, NOW)


def test_a_button_that_is_pressed_four_times_at_once_opens_one_record(
    session: Session, engine: Engine, policy: Policy
) -> None:
    session.commit()
    together, found = Barrier(4), []

    def press() -> None:
        together.wait()
        with Session(engine) as own:
            found.append(opened(own, policy))
            own.commit()

    presses = [Thread(target=press) for _ in range(4)]
    for one in presses:
        one.start()
    for one in presses:
        one.join()

    assert len(set(found)) == 1
    assert len(found) == 4
    assert session.scalar(select(func.count()).select_from(Consultation)) == 1
    assert entries(session) == [(2026, 1, found[0], False)]
