"""The record that a specialist fills in: opened, saved field by field, closed.

Whoever saves holds the record's row, so that two savers take turns over any number of processes. Nothing here commits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.consultations import Answers, Form, applies, apply, changed, is_referred, required_left
from app.domain.errors import NotFound, Problem, RejectedInput
from app.domain.lines import LineKey
from app.domain.permissions import Permission, allowed
from app.domain.taxonomy import NOTE, GroupKey
from app.services import notes
from app.services.keeping import audit
from app.services.notes import NoteRefusal
from app.storage.models import Consultation, ConsultationChange
from app.storage.queries.consultations import (
    answers_of,
    held_record,
    is_noted,
    last_changes,
    note_of,
    store_answers,
    store_note,
)
from app.storage.queries.scoped import found

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.domain.consultations import Change
    from app.domain.identities import Identity
    from app.domain.permissions import Actor
    from app.domain.policy import Policy

_LONGEST_PAGE = 32


@dataclass(frozen=True, slots=True)
class Edit:
    """What an open page asks to be saved."""

    changes: tuple[Change, ...] = ()
    """In this order."""
    note: str | None = None
    """``None``: untouched; empty: taken away."""
    page: str = ""
    """Random, made when the page was opened: its own earlier changes never stand in its way, also those of which it got
    no answer. Without one, every change after the seen version does."""


@dataclass(frozen=True, slots=True)
class Theirs:
    """A field that somebody else changed after the seen version."""

    field: GroupKey
    by: str
    """An alias; empty when the account is gone."""
    at: datetime


@dataclass(frozen=True, slots=True)
class Saved:
    """Everything was stored, but a note that was refused."""

    version: int
    """To be sent with the next save, once the page shows what is here."""
    answers: Answers
    left: tuple[GroupKey, ...]
    """What still needs an answer before the record can be closed."""
    changed: tuple[GroupKey, ...]
    """What this save changed: what was asked for, and what stopped applying or followed from it."""
    theirs: tuple[Theirs, ...] = ()
    """Other fields, which somebody else changed meanwhile."""
    note: str | None = None
    """The note as it stands, if it is among ``theirs``."""
    identities: tuple[Identity, ...] = ()
    """What in the note that was sent could say who somebody is."""
    note_refused: NoteRefusal | None = None


@dataclass(frozen=True, slots=True)
class Conflict:
    """Nothing was stored: the save would have overwritten these fields without having seen them."""

    version: int
    answers: Answers
    """As they stand."""
    theirs: tuple[Theirs, ...]
    """Those that the save was about."""
    note: str | None
    """The note as it stands, if somebody else changed it."""


@dataclass(frozen=True, slots=True)
class Record:
    """A record's content."""

    consultation: Consultation
    form: Form
    answers: Answers
    note: str | None
    """``None`` for whoever may not read notes."""
    has_note: bool
    left: tuple[GroupKey, ...]


def open_for(session: Session, policy: Policy, actor: Actor, record: int, now: datetime) -> Record:
    """The content of a record, and that it was read. The caller commits before showing it.

    Raises ``NotFound`` when there is none, or it isn't the actor's to see.
    """
    consultation = found(session, Consultation, record, actor)
    form = _form(policy, consultation)
    answers = answers_of(session, [consultation])[consultation.id]
    may_read = allowed(actor, Permission.READ_NOTES)
    note = note_of(session, consultation) if may_read else None
    has_note = bool(note) if may_read else is_noted(session, consultation)
    audit.note_read(session, actor, _name(consultation), now)
    return Record(consultation, form, answers, note, has_note, required_left(form, answers))


def save(
    session: Session, policy: Policy, actor: Actor, record: int, edit: Edit, seen_version: int, now: datetime
) -> Saved | Conflict:
    """Store the edit, unless somebody else changed one of its fields after ``seen_version``.

    A field that nobody else touched is merged, whatever happened to the others. A value that stands there already is no
    change. A closed record that loses a required answer is open again.

    Raises ``NotFound``, and ``RejectedInput`` (nothing is stored) for what can't be answered so.
    """
    consultation = _held(session, actor, record)
    form = _form(policy, consultation)
    before, note_before = answers_of(session, [consultation])[consultation.id], note_of(session, consultation)
    answers = before
    for change in edit.changes:
        answers = apply(form, answers, change)
    note, refused, marks = _judged(form, answers, edit, note_before)
    _refuse_details(form, answers, note)
    fields = changed(form, before, answers) + ((NOTE,) if note != note_before else ())
    theirs = _theirs(session, consultation, form, edit, seen_version)
    their_note = note_before if any(one.field == NOTE for one in theirs) else None
    clashes = tuple(one for one in theirs if one.field in fields)
    # What is answered holds the record's content: whoever changed nothing has read it.
    if their_note is not None or clashes or not fields:
        audit.note_read(session, actor, _name(consultation), now)
    if clashes:
        return Conflict(consultation.version, before, clashes, their_note)
    left = required_left(form, answers)
    if fields:
        _store(session, consultation, form, answers, fields)
        if NOTE in fields:
            store_note(session, consultation, note)
        _sign(session, consultation, actor, edit, fields, now)
        consultation.closed_at = None if left else consultation.closed_at
        audit.note_change(session, actor, _name(consultation), fields, now)
    return Saved(consultation.version, answers, left, fields, theirs, their_note, marks, refused)


def complete(session: Session, policy: Policy, actor: Actor, record: int, now: datetime) -> Sequence[GroupKey]:
    """Close the record; which required groups have no answer, if any: then it stays open. Closed stays closed.

    Raises ``NotFound``.
    """
    consultation = _held(session, actor, record)
    form = _form(policy, consultation)
    left = required_left(form, answers_of(session, [consultation])[consultation.id])
    if not left and consultation.closed_at is None:
        consultation.closed_at = now
        audit.note_change(session, actor, _name(consultation), ["closed"], now)
    return left


def _held(session: Session, actor: Actor, record: int) -> Consultation:
    consultation = held_record(session, record, actor)
    if consultation is None:
        message = f"there is no consultation {record}"
        raise NotFound(message)
    return consultation


def _form(policy: Policy, consultation: Consultation) -> Form:
    line = policy.lines.get(LineKey(consultation.line))
    if line is None:
        message = f"consultation {consultation.id} is of the line {consultation.line}, which isn't configured any more"
        raise NotFound(message)
    return Form(policy.taxonomy, policy.municipalities, line)


def _name(consultation: Consultation) -> str:
    return f"consultation:{consultation.id}"


def _judged(
    form: Form, answers: Answers, edit: Edit, before: str
) -> tuple[str, NoteRefusal | None, tuple[Identity, ...]]:
    """The note that will stand there, why it isn't the one that was sent, and what is marked in that one."""
    if edit.note is None:
        return before, None, ()
    sent = notes.judged(edit.note, form.municipalities.words)
    refused = sent.refused
    if sent.text and refused is not NoteRefusal.TOO_LONG and not applies(form, answers, NOTE):
        refused = NoteRefusal.NOT_ASKED
    return before if refused else sent.text, refused, sent.marks


def _refuse_details(form: Form, answers: Answers, note: str) -> None:
    """Somebody whom the line doesn't serve is referred on without details; but what was typed isn't thrown away."""
    if note and is_referred(form, answers):
        group = form.taxonomy.referred.group if form.taxonomy.referred else NOTE
        found_so = "somebody whom the line doesn't serve, with a note"
        raise RejectedInput([Problem("", group, found_so, "no note: take it away first")])


def _theirs(
    session: Session, consultation: Consultation, form: Form, edit: Edit, seen_version: int
) -> tuple[Theirs, ...]:
    """What others, or other pages of the same person, changed after the version that the page shows."""
    if seen_version >= consultation.version:
        return ()
    page = edit.page[:_LONGEST_PAGE]
    changes = last_changes(session, consultation, seen_version)
    return tuple(
        Theirs(field, changes[field][1], changes[field][0].at)
        for field in (*form.taxonomy.groups, NOTE)
        if field in changes and (not page or changes[field][0].page != page)
    )


def _store(
    session: Session, consultation: Consultation, form: Form, answers: Answers, fields: Collection[GroupKey]
) -> None:
    store_answers(session, consultation, answers, [field for field in fields if field != NOTE])
    consultation.taxonomy_version = form.taxonomy.version
    consultation.version += 1


def _sign(
    session: Session,
    consultation: Consultation,
    actor: Actor,
    edit: Edit,
    fields: Collection[GroupKey],
    now: datetime,
) -> None:
    """Who changed these fields last."""
    for field in fields:
        session.merge(
            ConsultationChange(
                consultation_id=consultation.id,
                field=field,
                version=consultation.version,
                account_id=actor.account_id,
                page=edit.page[:_LONGEST_PAGE],
                at=now,
            )
        )
    session.flush()
