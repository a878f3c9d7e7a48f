"""Cases: one responsible specialist at any time, and a reference that leads to them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.domain.audit import What
from app.domain.calls import Source
from app.domain.cases import CaseEnd, HandOver, Reference, Reopening
from app.domain.errors import Conflict, NotFound, RejectedInput
from app.domain.followups import FollowUpEnd
from app.domain.lines import LineKey, OrganisationKey, StaffId
from app.domain.permissions import AccountId, Actor, Role
from app.domain.phone import PhoneNumber
from app.services.case import cases, followups
from app.services.case.cases import HandingOver
from app.storage.models import Account, AccountLine, AccountRole, AuditEntry, Case, CaseHandOver, Consultation, Staff

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from app.domain.policy import Policy

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
PERSONAL_NUMBER = "18880101-0003"
"""Valid, and of nobody who lives."""


def actor(name: str, role: Role = Role.SPECIALIST, line: str = "skane") -> Actor:
    staff = StaffId(name) if role is Role.SPECIALIST else None
    return Actor(AccountId(name), staff, OrganisationKey(line), frozenset({LineKey(line)}), frozenset({role}))


ALFA, BETA, ELSEWHERE = actor("alfa"), actor("beta"), actor("gamma", line="nationell")
COORDINATOR = actor("delta", Role.COORDINATOR)


def add_specialist(session: Session, name: str, organisation: str, number: int) -> None:
    staff = Staff(
        id=name,
        organisation=organisation,
        alias=f"Övning {name}",
        name=f"Övning {name}",
        phone=PhoneNumber(f"+46701740{number}"),
        competences=[],
        languages=[],
        created_at=NOW,
    )
    account = Account(
        id=name,
        email=f"{name}@example.se",
        alias=f"Övning {name}",
        organisation=organisation,
        staff_id=name,
        created_at=NOW,
        password="x",
        fs_uniquifier=name,
        fs_webauthn_user_handle=name,
    )
    session.add(staff)
    session.flush()
    account.role_rows = [AccountRole(role=Role.SPECIALIST)]
    session.add(account)


def held(number: int, by: str | None = "alfa", line: str = "skane") -> Consultation:
    held_at = NOW if by else None
    return Consultation(
        id=number, organisation=line, line=line, source=Source.LIVE, opened_at=NOW, staff_id=by, held_at=held_at
    )


@pytest.fixture(autouse=True)
def people(session: Session) -> None:
    for number, (name, line) in enumerate({"alfa": "skane", "beta": "skane", "gamma": "nationell"}.items(), 640):
        add_specialist(session, name, line, number)
    session.add_all([held(1), held(2, "beta"), held(3, None), held(4, "gamma", "nationell")])
    session.commit()


def opened(session: Session, record: int = 1, who: Actor = ALFA) -> Case:
    case = cases.open_case(session, who, record, NOW)
    session.commit()
    return case


def test_whoever_held_the_record_is_responsible_for_its_case(session: Session) -> None:
    case = opened(session, 2)

    assert (case.staff_id, case.line, case.organisation) == ("beta", "skane", "skane")
    assert Reference(case.reference).digits == case.reference
    assert session.get_one(Consultation, 2).case_id == case.id


def test_a_record_has_one_case_however_often_it_is_opened(session: Session) -> None:
    assert opened(session).id == opened(session).id


def test_a_record_that_nobody_held_has_no_case(session: Session) -> None:
    with pytest.raises(Conflict):
        cases.open_case(session, ALFA, 3, NOW)


def test_what_another_organisation_has_is_not_there(session: Session) -> None:
    theirs = opened(session, 4, ELSEWHERE)

    assert cases.find(session, ALFA, theirs.reference) is None
    with pytest.raises(NotFound):
        cases.open_case(session, ALFA, 4, NOW)
    with pytest.raises(RejectedInput):
        cases.join(session, ALFA, 1, theirs.reference, NOW)
    with pytest.raises(NotFound):
        cases.end(session, ALFA, theirs.id, CaseEnd.FINISHED, NOW)


def test_a_later_record_joins_by_the_reference(session: Session) -> None:
    case = opened(session)

    cases.join(session, BETA, 2, str(Reference(case.reference)), NOW)
    again = cases.join(session, BETA, 2, case.reference, NOW)

    assert again.id == case.id
    assert session.get_one(Consultation, 2).case_id == case.id
    assert again.staff_id == "alfa"


def test_a_record_does_not_change_its_case_unseen(session: Session) -> None:
    first = opened(session)
    opened(session, 2)

    with pytest.raises(Conflict):
        cases.join(session, BETA, 2, first.reference, NOW)


def test_a_record_leaves_its_case_unless_the_case_needs_it(session: Session) -> None:
    case = opened(session)
    with pytest.raises(Conflict, match="at least one"):
        cases.leave(session, ALFA, 1, NOW)
    cases.join(session, BETA, 2, case.reference, NOW)

    cases.leave(session, BETA, 2, NOW)
    cases.leave(session, BETA, 2, NOW)

    assert session.get_one(Consultation, 2).case_id is None


def test_a_record_in_which_a_follow_up_was_promised_stays(session: Session) -> None:
    case = opened(session)
    cases.join(session, BETA, 2, case.reference, NOW)
    followups.promise(session, BETA, 2, NOW)

    with pytest.raises(Conflict, match="promised"):
        cases.leave(session, BETA, 2, NOW)


def test_a_case_is_handed_over_with_a_reason_and_a_note(session: Session, policy: Policy) -> None:
    case = opened(session)

    changed = cases.hand_over(
        session, policy, ALFA, [case.id], HandingOver(StaffId("beta"), HandOver.HOLIDAY, " ring torsdag \r\n"), NOW
    )
    session.commit()

    assert changed == [case.id]
    assert session.get_one(Case, case.id).staff_id == "beta"
    note = session.scalars(select(CaseHandOver)).one()
    assert (note.from_id, note.to_id, note.reason, note.note) == ("alfa", "beta", HandOver.HOLIDAY, "ring torsdag")


def test_a_coordinator_hands_over_all_that_somebody_has(session: Session, policy: Policy) -> None:
    mine = [opened(session, 1).id, opened(session, 2).id]

    changed = cases.hand_over(session, policy, COORDINATOR, mine, HandingOver(StaffId("beta"), HandOver.SICKNESS), NOW)

    assert changed == mine[:1]  # the other one was theirs already
    assert {case.staff_id for case in session.scalars(select(Case))} == {"beta"}


def test_a_specialist_does_not_hand_over_what_others_have(session: Session, policy: Policy) -> None:
    theirs = opened(session, 2)

    with pytest.raises(RejectedInput):
        cases.hand_over(session, policy, ALFA, [theirs.id], HandingOver(StaffId("alfa"), HandOver.OTHER), NOW)


def test_whoever_does_not_reach_the_line_takes_over_nothing(session: Session, policy: Policy) -> None:
    case = opened(session)
    session.get_one(Account, "beta").line_rows = [AccountLine(line="another")]

    with pytest.raises(RejectedInput, match="reaches skane"):
        cases.hand_over(session, policy, ALFA, [case.id], HandingOver(StaffId("beta"), HandOver.OTHER), NOW)


@pytest.mark.parametrize("to", ["gamma", "nobody"])
def test_only_a_colleague_takes_over(session: Session, policy: Policy, to: str) -> None:
    case = opened(session)

    with pytest.raises(RejectedInput):
        cases.hand_over(session, policy, ALFA, [case.id], HandingOver(StaffId(to), HandOver.OTHER), NOW)


def test_whoever_is_signed_in_no_more_takes_over_nothing(session: Session, policy: Policy) -> None:
    case = opened(session)
    session.execute(update(Account).where(Account.id == "beta").values(active=False))

    with pytest.raises(RejectedInput):
        cases.hand_over(session, policy, ALFA, [case.id], HandingOver(StaffId("beta"), HandOver.OTHER), NOW)


@pytest.mark.parametrize("note", [f"ring {PERSONAL_NUMBER}", "x" * 501])
def test_a_note_that_cannot_be_kept_is_refused(session: Session, policy: Policy, note: str) -> None:
    case = opened(session)

    with pytest.raises(RejectedInput) as refused:
        cases.hand_over(session, policy, ALFA, [case.id], HandingOver(StaffId("beta"), HandOver.OTHER, note), NOW)

    assert PERSONAL_NUMBER not in str(refused.value)


def test_nothing_and_too_much_are_refused(session: Session, policy: Policy) -> None:
    for cases_of in ([], list(range(1, 502))):
        with pytest.raises(RejectedInput):
            cases.hand_over(session, policy, COORDINATOR, cases_of, HandingOver(StaffId("beta"), HandOver.OTHER), NOW)


def test_a_case_ends_when_nothing_is_promised_in_it_and_can_be_opened_again(session: Session, policy: Policy) -> None:
    case = opened(session)
    promised = followups.promise(session, ALFA, 1, NOW)
    with pytest.raises(Conflict):
        cases.end(session, ALFA, case.id, CaseEnd.FINISHED, NOW)
    followups.end(session, ALFA, promised.id, FollowUpEnd.DONE, NOW)

    assert cases.end(session, ALFA, case.id, CaseEnd.PASSED_ON, NOW)
    assert not cases.end(session, ALFA, case.id, CaseEnd.FINISHED, NOW + timedelta(days=1))

    assert (case.ended_at, case.ended_as) == (NOW, CaseEnd.PASSED_ON)
    assert cases.hand_over(session, policy, ALFA, [case.id], HandingOver(StaffId("beta"), HandOver.OTHER), NOW) == []
    assert cases.reopen(session, ALFA, case.id, Reopening.CAME_BACK, NOW)
    assert not cases.reopen(session, ALFA, case.id, Reopening.OTHER, NOW)
    assert (case.ended_at, case.ended_as) == (None, None)


def test_every_change_is_in_the_log(session: Session, policy: Policy) -> None:
    case = opened(session)
    cases.join(session, BETA, 2, case.reference, NOW)
    cases.hand_over(session, policy, ALFA, [case.id], HandingOver(StaffId("beta"), HandOver.HOLIDAY), NOW)
    cases.end(session, BETA, case.id, CaseEnd.FINISHED, NOW)
    session.commit()

    noted = [(one.what, one.record, one.fields) for one in session.scalars(select(AuditEntry))]

    assert noted == [
        (What.CREATED_RECORD, f"cases:{case.id}", ""),
        (What.CHANGED_RECORD, "consultation:2", "case"),
        (What.CHANGED_RECORD, f"cases:{case.id}", "responsible"),
        (What.CHANGED_RECORD, f"cases:{case.id}", "ended"),
    ]


def test_two_who_open_a_case_of_one_record_at_once_open_one(session: Session, engine: Engine) -> None:
    found: list[int] = []
    together = Barrier(2)

    def press(who: Actor) -> None:
        with Session(engine) as own:
            together.wait()
            found.append(cases.open_case(own, who, 1, NOW).id)
            own.commit()

    presses = [Thread(target=press, args=(who,)) for who in (ALFA, BETA)]
    for one in presses:
        one.start()
    for one in presses:
        one.join()

    assert len(set(found)) == 1 == len(session.scalars(select(Case)).all())
