"""A small cast in the rotas of Skåne, what lies over them, and who is rung at a time on the wall."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from app.domain.calls import AttemptState, Outcome, Source
from app.domain.duty import on_duty
from app.domain.lines import LineKey
from app.domain.phone import PhoneNumber
from app.domain.rotas import Tier
from app.services.rota.duty import memberships
from app.services.rota.layers import layers_at
from app.storage.models import Absence, Attempt, Call, Cover, RotaMembership, Staff, TemporaryPerson, TemporarySchedule

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.domain.policy import Policy
    from app.domain.rosters import OnDuty

SKANE = LineKey("skane")
STOCKHOLM = ZoneInfo("Europe/Stockholm")
MADE = datetime(2026, 11, 20, tzinfo=UTC)
PHONES = {name: f"+467017406{number}" for number, name in enumerate(("alfa", "beta", "gamma", "delta", "epsilon"), 50)}


def wall(text: str) -> datetime:
    """The instant, in UTC, when the clock on the wall in Stockholm shows "2026-11-23 10:00"."""
    return datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM).astimezone(UTC)


MONDAY, TUESDAY = wall("2026-11-23 00:00"), wall("2026-11-24 00:00")
AT_TEN = wall("2026-11-23 10:00")


def hire(session: Session, name: str, rota: str = "", *, organisation: str = "skane", staff_id: str = "") -> None:
    """One person, whose alias is the name with a capital."""
    session.add(
        Staff(
            id=staff_id or name,
            organisation=organisation,
            alias=name.title(),
            name=f"Påhittad {name.title()}",
            phone=PhoneNumber(PHONES[name]),
            competences=[],
            languages=["sv"],
            created_at=MADE,
        )
    )
    session.flush()
    if rota:
        membership = RotaMembership(rota=rota, staff_id=staff_id or name, begins=date(2026, 1, 5), position=len(name))
        session.add(membership)
        session.flush()


def hire_all(session: Session) -> None:
    """Alfa and Beta are on duty every day, Delta in the backup tier; Gamma and Epsilon are in no rota."""
    for name, rota in (("alfa", "skane"), ("beta", "skane"), ("gamma", ""), ("delta", "skane-backup"), ("epsilon", "")):
        hire(session, name, rota)
    session.commit()


def plan(
    session: Session, *names: str, begins: datetime = MONDAY, ends: datetime = TUESDAY, rota: str = "skane"
) -> TemporarySchedule:
    """These people instead of the rota."""
    one = TemporarySchedule(rota=rota, begins=begins, ends=ends, made_at=MADE)
    session.add(one)
    session.flush()
    session.add_all(TemporaryPerson(schedule_id=one.id, place=place, staff_id=n) for place, n in enumerate(names, 1))
    session.flush()
    return one


def change(
    session: Session,
    stands_in: str | None,
    instead_of: str | None,
    begins: datetime = MONDAY,
    ends: datetime = TUESDAY,
    rota: str = "skane",
) -> Cover:
    """One for another; an empty place adds or removes."""
    one = Cover(rota=rota, begins=begins, ends=ends, stands_in_id=stands_in, instead_of_id=instead_of, made_at=MADE)
    session.add(one)
    session.flush()
    return one


def miss(session: Session, name: str, begins: datetime = MONDAY, ends: datetime = TUESDAY) -> Absence:
    """Not there."""
    one = Absence(staff_id=name, begins=begins, ends=ends, made_at=MADE)
    session.add(one)
    session.flush()
    return one


def talked(session: Session, name: str, ended_at: datetime, state: AttemptState = AttemptState.ACCEPTED) -> None:
    """A call that was over at ``ended_at``."""
    number = session.query(Call).count()
    call = Call(
        sid=f"CA{number:032}",
        line="skane",
        organisation="skane",
        source=Source.PRACTICE,
        started_at=ended_at,
        last_heard_at=ended_at,
        arrived=True,
        outcome=Outcome.IN_PROGRESS,
    )
    session.add(call)
    session.flush()
    attempt = Attempt(
        call_id=call.id,
        staff_id=name,
        token=f"{number:032}",
        turn=1,
        tier=Tier.PRIMARY,
        state=state,
        began_at=ended_at,
        accepted_at=ended_at if state is AttemptState.ACCEPTED else None,
        ended_at=ended_at,
    )
    session.add(attempt)
    session.flush()


def roster(session: Session, policy: Policy, at: datetime, now: datetime | None = None) -> tuple[OnDuty, ...]:
    """Who is on duty for Skåne, as routing asks it."""
    schedule = policy.schedules[SKANE]
    layers = layers_at(session, schedule, at, now=now)
    return on_duty(schedule.hours, {}, schedule.rotas, memberships(session, schedule.rotas), at, layers)


def rung(session: Session, policy: Policy, at: datetime = AT_TEN, now: datetime | None = None) -> list[str]:
    """The ids, in ringing order."""
    return [str(one.staff) for one in roster(session, policy, at, now)]
