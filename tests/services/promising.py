"""Specialists who promise, coordinators who look after them, and whoever isn't there: around Christmas 2026."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from app.domain.calls import Source
from app.domain.permissions import Role
from app.services.case import followups
from app.storage.models import Absence, Account, Consultation, FollowUp
from tests.services.case.test_cases import ALFA, BETA, actor

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


STOCKHOLM = ZoneInfo("Europe/Stockholm")
KOORD = actor("koord", Role.COORDINATOR)
_BY = {"alfa": ALFA, "beta": BETA}


def wall(text: str) -> datetime:
    """An instant as the line's wall clock shows it."""
    return datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM)


def promise(session: Session, on: str, by: str = "alfa", within: int = 14, line: str = "skane") -> FollowUp:
    """Promised at noon of a date."""
    at = wall(f"{on}T12:00")
    number = (session.scalar(select(func.max(Consultation.id))) or 0) + 1
    record = Consultation(id=number, organisation=line, line=line, source=Source.LIVE, opened_at=at, staff_id=by)
    record.held_at = at
    session.add(record)
    session.flush()
    made = followups.promise(session, _BY[by], number, at, within)
    session.commit()
    return made


def away(session: Session, who: str, begins: str, ends: str) -> Absence:
    """Somebody isn't there from one midnight to another."""
    absence = Absence(staff_id=who, begins=wall(f"{begins}T00:00"), ends=wall(f"{ends}T00:00"))
    absence.made_at = absence.begins - timedelta(days=1)
    session.add(absence)
    session.commit()
    return absence


def leaves(session: Session, who: str) -> None:
    """Nobody signs in as them any more."""
    session.scalars(select(Account).where(Account.staff_id == who)).one().active = False
    session.commit()
