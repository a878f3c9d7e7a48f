"""Handing cases over: whose they are, who isn't there, who could have them, and what was handed to whom.

Nothing of what is in a case is read here, but the note to whoever has it now.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.cases import CaseId, Reference
from app.domain.lines import LineKey, StaffId
from app.domain.permissions import Permission, allowed
from app.services.case import followups
from app.services.case.cases import MOST_AT_ONCE
from app.services.keeping import audit
from app.storage.queries import cases as queries
from app.storage.queries import hand_overs as stored
from app.storage.queries.callbacks import aliases
from app.storage.queries.staff import who_may

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from app.domain.cases import HandOver
    from app.domain.followups import FollowUpState
    from app.domain.permissions import Actor
    from app.domain.policy import Policy
    from app.storage.models import Case


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who has open cases."""

    staff_id: StaffId
    alias: str
    cases: int
    absent_until: datetime | None
    """When the absence ends that lasts now; another that follows at once is part of it."""
    has_left: bool
    """Nobody signs in as them any more."""
    is_me: bool


@dataclass(frozen=True, slots=True)
class ToHand:
    """One case that can be handed over."""

    id: CaseId
    reference: Reference
    line: LineKey
    opened_at: datetime
    due: date | None
    """When its follow-up is due, if one is promised."""
    state: FollowUpState | None


@dataclass(frozen=True, slots=True)
class Taker:
    """A colleague who can have cases, of these lines."""

    staff_id: StaffId
    alias: str
    lines: frozenset[LineKey]
    absent_until: datetime | None


@dataclass(frozen=True, slots=True)
class NowElsewhere:
    """A case that isn't to be handed over any more."""

    reference: Reference
    has_it: str
    """An alias."""
    has_ended: bool


@dataclass(frozen=True, slots=True)
class HandedToMe:
    """A case that somebody handed to the actor, who has it still."""

    case_id: CaseId
    reference: Reference
    line: LineKey
    at: datetime
    giver: str
    """An alias."""
    reason: HandOver
    note: str
    is_seen: bool
    """Whether the actor has opened the case since."""


def holders(session: Session, actor: Actor, now: datetime) -> Sequence[Holder]:
    """Everybody who has open cases in the actor's reach: who left first, then who isn't there, then the others."""
    rows = stored.open_cases_by_staff(session, actor)
    ids = [one.id for one, _ in rows]
    away, there = _absences(session, ids, now), stored.who_signs_in(session, ids)
    found = [
        Holder(
            staff_id=StaffId(one.id),
            alias=one.alias,
            cases=cases,
            absent_until=away.get(StaffId(one.id)),
            has_left=one.id not in there,
            is_me=one.id == actor.staff_id,
        )
        for one, cases in rows
    ]
    return sorted(found, key=lambda one: (not one.has_left, one.absent_until is None))


def may_choose(actor: Actor, whose: StaffId) -> bool:
    """Whether the actor may hand over what somebody has."""
    return whose == actor.staff_id or allowed(actor, Permission.HAND_OVER)


def cases_of(
    session: Session, policy: Policy, actor: Actor, whose: StaffId, now: datetime
) -> tuple[Sequence[ToHand], bool]:
    """Somebody's open cases, the oldest first, and whether there are more than can be handed over at once.

    Who was shown them is noted; the caller commits.
    """
    rows = queries.open_cases_of(session, whose, actor)
    some = rows[:MOST_AT_ONCE]
    shown = _to_hand(session, policy, actor, some, now)
    audit.note_list(session, actor, "cases", [one.id for one in some], now)
    return shown, len(rows) > len(some)


def lines_of(session: Session, actor: Actor, whose: StaffId) -> frozenset[LineKey]:
    """The lines of somebody's open cases."""
    return frozenset(LineKey(one.line) for one in queries.open_cases_of(session, whose, actor))


def takers(session: Session, actor: Actor, lines: Collection[LineKey], now: datetime) -> Sequence[Taker]:
    """Colleagues who reach at least one of the lines, by alias."""
    reached: dict[tuple[str, StaffId], set[LineKey]] = {}
    for line in sorted(lines):
        for one in who_may(session, actor, Permission.FOLLOW_UP, line):
            reached.setdefault((one.alias, StaffId(one.id)), set()).add(line)
    away = _absences(session, [key for _, key in reached], now)
    return [Taker(key, alias, frozenset(of), away.get(key)) for (alias, key), of in sorted(reached.items())]


def now_elsewhere(session: Session, actor: Actor, cases: Collection[CaseId]) -> Sequence[NowElsewhere]:
    """Who has these now."""
    return [
        NowElsewhere(Reference(case.reference), alias, has_ended=case.ended_at is not None)
        for case, alias in stored.cases_of_ids(session, cases, actor)
    ]


def handed_to_me(session: Session, actor: Actor, since: datetime) -> Sequence[HandedToMe]:
    """The actor's open cases that came from somebody else, the latest first: those not seen yet, and those ``since``.

    The note is the giver's word to the actor; reading it isn't noted.
    """
    if actor.staff_id is None:
        return ()
    rows = stored.handed_to(session, actor.staff_id, since, actor)
    names = aliases(session, {handed.from_id for handed, _ in rows})
    return [
        HandedToMe(
            case_id=CaseId(case.id),
            reference=Reference(case.reference),
            line=LineKey(case.line),
            at=handed.at,
            giver=names.get(handed.from_id, ""),
            reason=handed.reason,
            note=handed.note or "",
            is_seen=handed.seen_at is not None,
        )
        for handed, case in rows
    ]


def _to_hand(session: Session, policy: Policy, actor: Actor, rows: Sequence[Case], now: datetime) -> Sequence[ToHand]:
    promised = {one.case_id: one for one in followups.to_do(session, policy, actor, now)} if rows else {}
    return [
        ToHand(
            id=CaseId(one.id),
            reference=Reference(one.reference),
            line=LineKey(one.line),
            opened_at=one.opened_at,
            due=promised[one.id].due if one.id in promised else None,
            state=promised[one.id].state if one.id in promised else None,
        )
        for one in rows
    ]


def _absences(session: Session, staff: Collection[str], now: datetime) -> Mapping[StaffId, datetime]:
    """Until when those who are absent are."""
    until: dict[StaffId, datetime] = {}
    for one in stored.absences_from(session, staff, now):
        key = StaffId(one.staff_id)
        if one.begins <= until.get(key, now):
            until[key] = max(one.ends, until.get(key, now))
    return until
