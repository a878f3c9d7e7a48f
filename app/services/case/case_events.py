"""What happened in a case, as values in order: talks, follow-ups, hand-overs, ends.

The caller has looked whether the case is the actor's to see, and notes that it was read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from app.domain.followups import FollowUpEventKind
from app.domain.permissions import Permission, allowed
from app.storage.queries import cases as queries
from app.storage.queries.callbacks import aliases
from app.storage.queries.consultations import answers_of, noted, notes_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from app.domain.callbacks import Closing
    from app.domain.cases import CaseEnd, HandOver, Reopening
    from app.domain.consultations import Answers
    from app.domain.followups import FollowUpEnd, Moved
    from app.domain.permissions import Actor
    from app.storage.models import (
        CallbackRequest,
        Case,
        CaseEvent,
        CaseHandOver,
        Consultation,
        FollowUp,
        FollowUpEvent,
    )


@dataclass(frozen=True, slots=True)
class Opened:
    """The case began."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Talked:
    """One consultation."""

    at: datetime
    record: int
    alias: str
    answers: Answers
    note: str | None
    """``None`` for whoever may not read notes."""
    has_note: bool


@dataclass(frozen=True, slots=True)
class AskedBack:
    """The caller asked to be rung back."""

    at: datetime
    callback: int
    closed_as: Closing | None
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Promised:
    """Something about a follow-up."""

    at: datetime
    kind: FollowUpEventKind
    alias: str
    within_days: int
    moved_to: date | None
    reason: Moved | None
    ended_as: FollowUpEnd | None


@dataclass(frozen=True, slots=True)
class Handed:
    """Somebody else became responsible."""

    at: datetime
    giver: str
    taker: str
    reason: HandOver
    note: str | None
    """``None`` for whoever may not read notes."""
    has_note: bool


@dataclass(frozen=True, slots=True)
class Turned:
    """It was ended, or opened again."""

    at: datetime
    alias: str
    ended_as: CaseEnd | None
    reopened_as: Reopening | None


Event: TypeAlias = Opened | Talked | AskedBack | Promised | Handed | Turned


def events_of(session: Session, actor: Actor, case: Case) -> list[Event]:
    """Everything, in order."""
    consultations = queries.consultations_of(session, case, actor)
    found = (Opened(case.opened_at), *talked(session, actor, consultations), *_others(session, actor, case))
    return sorted(found, key=lambda one: one.at)


def talked(session: Session, actor: Actor, rows: Sequence[tuple[Consultation, str | None]]) -> list[Talked]:
    """Consultations with what is answered in them, and their notes for those who may read notes."""
    answers, ids = answers_of(session, [one for one, _ in rows]), [one.id for one, _ in rows]
    notes = notes_of(session, ids) if allowed(actor, Permission.READ_NOTES) else None
    have = notes.keys() if notes is not None else noted(session, ids)
    return [
        Talked(
            at=one.opened_at,
            record=one.id,
            alias=alias or "",
            answers=answers[one.id],
            note=None if notes is None else notes.get(one.id, ""),
            has_note=one.id in have,
        )
        for one, alias in rows
    ]


@dataclass(frozen=True, slots=True)
class _Rows:
    """What happened besides consultations, as it is stored."""

    callbacks: Sequence[CallbackRequest]
    follow_ups: Mapping[int, FollowUp]
    promised: Sequence[FollowUpEvent]
    handed: Sequence[CaseHandOver]
    turned: Sequence[CaseEvent]
    reads_notes: bool

    def people(self) -> set[str]:
        """All whom it names."""
        named = [*(one.staff_id for one in self.promised), *(one.staff_id for one in self.turned)]
        return {one for one in (*named, *(who for one in self.handed for who in (one.from_id, one.to_id))) if one}


def _others(session: Session, actor: Actor, case: Case) -> list[Event]:
    follow_ups = {one.id: one for one in queries.follow_ups_of(session, [case.id])[case.id]}
    events = queries.events_of(session, follow_ups)
    rows = _Rows(
        callbacks=queries.callbacks_in(session, case, actor),
        follow_ups=follow_ups,
        promised=[event for key in follow_ups for event in events[key]],
        handed=queries.hand_overs_of(session, case),
        turned=queries.events_in(session, case),
        reads_notes=allowed(actor, Permission.READ_NOTES),
    )
    return list(_events(rows, aliases(session, rows.people())))


def _events(rows: _Rows, names: Mapping[str, str]) -> Iterable[Event]:
    for one in rows.callbacks:
        yield AskedBack(one.confirmed_at or one.made_at, one.id, one.closed_as, one.closed_at)
    for event in rows.promised:
        of = rows.follow_ups[event.follow_up_id]
        ended_as = of.ended_as if event.kind is FollowUpEventKind.ENDED else None
        by = names.get(event.staff_id or "", "")
        yield Promised(event.at, event.kind, by, of.within_days, event.moved_to, event.reason, ended_as)
    for handed in rows.handed:
        note = (handed.note or "") if rows.reads_notes else None
        giver, taker = names.get(handed.from_id, ""), names.get(handed.to_id, "")
        yield Handed(handed.at, giver, taker, handed.reason, note, bool(handed.note))
    for turned in rows.turned:
        yield Turned(turned.at, names.get(turned.staff_id or "", ""), turned.ended_as, turned.reopened_as)
