"""Calls with the reference of a case: whose it is, how much guessing a line bears, and what joins the case.

The digits are read in the request in which they were keyed in, and are kept nowhere. Nothing here commits.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import exists, select

from app.domain.callflow import position_from_json
from app.domain.callflow.values import KeyedCase
from app.domain.cases import CaseId, typed_reference
from app.domain.lines import StaffId
from app.storage.insert import insert_once
from app.storage.models import CallEvent, Case, ReferenceGuesses

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.storage.models import Call, Consultation

MOST_UNKNOWN = 10
"""References that no case of the line's organisation has, in an hour that begins with the first of them.

A slip of the finger doesn't get so far: the check digit finds it. Of 900,000 references an organisation with 1,000
cases has one in 900. Whoever guesses all day, ten an hour and each in a call that a specialist answers, comes upon one
about once in thirteen working days, and hears nothing of it. Beyond the bound no reference is known until the hour is
over: callers reach whoever is on duty, and a specialist puts the record into its case by hand.
"""
COOLS_DOWN = timedelta(hours=1)
_JOINED = "case"
"""The kind of event that says that the record joined; its key is what made the record held."""


def keyed_case(session: Session, call: Call, digits: str, now: datetime) -> KeyedCase | None:
    """The case of the dialled line's organisation that has the reference; also one that has ended.

    ``None`` for what can't be a reference, for one that no such case has, which is counted, and while too many of those
    were keyed in on the line. The line's count is held, so that guesses in many calls at once are counted, too.
    """
    reference = typed_reference(digits)
    if reference is None:
        return None
    guesses = _held_guesses(session, call.line, now)
    has_it = (Case.reference == reference.digits, Case.organisation == call.organisation)
    found = session.execute(select(Case.id, Case.staff_id).where(*has_it)).one_or_none()
    if guesses.unknown >= MOST_UNKNOWN:
        return None
    if found is None:
        guesses.since = guesses.since if guesses.unknown else now
        guesses.unknown += 1
        return None
    return KeyedCase(CaseId(found.id), StaffId(found.staff_id))


def join(session: Session, call: Call, consultation: Consultation, held_by: str) -> None:
    """Let the record of a call with a case's reference follow the case, when its facts have been settled.

    A record that was held by the case's organisation joins it, once for each ``held_by`` (which attempt, or ringing
    back, made it held): a specialist who takes it out again has the last word. One that turns out not to have been
    held there leaves the case again. Whether the case has ended stays as it is.
    """
    keyed = position_from_json(call.position).keyed_case if call.position else None
    if keyed is None:
        return
    is_theirs = consultation.held_at is not None and consultation.organisation == call.organisation
    if not is_theirs and consultation.case_id == keyed.case and _has_joined(session, call):
        consultation.case_id = None
    if is_theirs and consultation.case_id is None and _joins_now(session, call, consultation, held_by):
        still_there = (Case.id == keyed.case, Case.organisation == consultation.organisation)
        consultation.case_id = session.scalar(select(Case.id).where(*still_there))


def _held_guesses(session: Session, line: str, now: datetime) -> ReferenceGuesses:
    """The line's count, locked until the transaction ends; counting anew where its hour is over."""
    insert_once(session, ReferenceGuesses, line=line, since=now, unknown=0)
    held = select(ReferenceGuesses).where(ReferenceGuesses.line == line).with_for_update()
    guesses = session.scalars(held.execution_options(populate_existing=True)).one()
    if not guesses.since <= now < guesses.since + COOLS_DOWN:
        guesses.unknown = 0
    return guesses


def _joins_now(session: Session, call: Call, consultation: Consultation, held_by: str) -> bool:
    return insert_once(session, CallEvent, call_id=call.id, kind=_JOINED, key=held_by, at=consultation.held_at, what={})


def _has_joined(session: Session, call: Call) -> bool:
    joined = exists().where(CallEvent.call_id == call.id, CallEvent.kind == _JOINED)
    return bool(session.scalar(select(joined)))
