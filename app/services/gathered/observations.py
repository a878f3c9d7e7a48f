"""Notes on gaps and good examples: written, changed, deleted, and gathered for a year. Nothing here commits."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.domain.audit import What
from app.domain.errors import NotFound, Problem, RejectedInput
from app.domain.municipalities import CountyCode
from app.domain.observations import GAP, SERVICE, Observation, about, in_order
from app.domain.taxonomy import Code
from app.services import notes
from app.services.help.referrals import Stale
from app.services.keeping import audit
from app.storage.insert import insert_once
from app.storage.models import Observation as Row
from app.storage.queries import by_year as stored

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.domain.permissions import Actor
    from app.domain.policy import Policy

_FIELDS = ("code", "service", "county", "text")


@dataclass(frozen=True, slots=True)
class Noted:
    """A note as it stands."""

    id: int
    version: int
    observation: Observation


@dataclass(frozen=True, slots=True)
class Year:
    """A year's notes, the latest first."""

    year: int
    others: Sequence[int]
    """Every year that has any, the latest first."""
    noted: Sequence[Noted]
    """Of the code that is asked for, or of all."""
    counts: Mapping[Code, int]
    """Of the whole year, whatever code is asked for."""


def of_year(
    session: Session, policy: Policy, actor: Actor, year: int | None, code: Code | None, now: datetime, *, what: What
) -> Year:
    """The notes of a year, and that somebody read them (``what``: or took them out). The caller commits before showing.

    Without a year: the latest that has any, else ``now``'s. Without a code: all of them.
    """
    others = stored.years(session, Row, actor)
    chosen = year if year is not None else others[0] if others else now.year
    rows = [row for row in stored.of_year(session, Row, actor, chosen) if code in {None, row.code}]
    counts = stored.codes_of_year(session, actor, chosen)
    found = Year(chosen, others, [_noted(row) for row in rows], in_order(counts, policy.taxonomy.groups[GAP]))
    if found.noted:
        audit.note(session, actor, what, f"observation:year-{chosen}", _FIELDS, now)
    return found


def noted(session: Session, actor: Actor, number: int, now: datetime) -> Noted:
    """One note, and that somebody read it. The caller commits before showing it. Raises ``NotFound``."""
    row = stored.row(session, Row, actor, number)
    if row is None:
        raise _nothing(number)
    found = _noted(row)
    audit.note_read(session, actor, f"observation:{number}", now)
    return found


def add(session: Session, policy: Policy, actor: Actor, wanted: Observation, token: str, now: datetime) -> bool:
    """Keep a note; whether it wasn't kept already by the same form.

    Raises ``RejectedInput``, also for words that ``services.notes`` refuses.
    """
    wanted = _checked(policy, wanted, None)
    columns = {name: getattr(wanted, name) for name in ("noted_on", *_FIELDS)}
    columns |= {"changed_at": now, "changed_by_id": actor.account_id, "version": 1, "token": token}
    if not insert_once(session, Row, organisation=actor.organisation, **columns):
        return False
    number = stored.added_by(session, Row, actor, token)
    audit.note(session, actor, What.CREATED_RECORD, f"observation:{number}", _FIELDS, now)
    return True


def save(session: Session, policy: Policy, actor: Actor, wanted: Noted, now: datetime) -> Stale[Noted] | None:
    """Store a note as it is wanted, unless somebody else changed it after ``wanted.version``. Its day stays.

    Raises ``NotFound`` and ``RejectedInput``.
    """
    row, before = _held(session, actor, wanted.id)
    observation = _checked(policy, wanted.observation, before.observation)
    changed = [name for name in _FIELDS if getattr(before.observation, name) != getattr(observation, name)]
    if not changed:
        return None
    if row.version != wanted.version:
        audit.note_read(session, actor, f"observation:{row.id}", now)
        return Stale(before, stored.alias_of(session, row.changed_by_id))
    for name in changed:
        setattr(row, name, getattr(observation, name))
    row.version, row.changed_at, row.changed_by_id = row.version + 1, now, actor.account_id
    session.flush()
    audit.note(session, actor, What.CHANGED_RECORD, f"observation:{row.id}", changed, now)
    return None


def delete(session: Session, actor: Actor, number: int, seen_version: int, now: datetime) -> Stale[Noted] | None:
    """Delete a note, unless somebody else changed it after ``seen_version``. Raises ``NotFound``."""
    row, before = _held(session, actor, number)
    if row.version != seen_version:
        audit.note_read(session, actor, f"observation:{number}", now)
        return Stale(before, stored.alias_of(session, row.changed_by_id))
    session.delete(row)
    session.flush()
    audit.note(session, actor, What.ERASED, f"observation:{number}", (), now)
    return None


def _held(session: Session, actor: Actor, number: int) -> tuple[Row, Noted]:
    row = stored.held_row(session, Row, actor, number)
    if row is None:
        raise _nothing(number)
    return row, _noted(row)


def _noted(row: Row) -> Noted:
    service = Code(row.service) if row.service else None
    county = CountyCode(row.county) if row.county else None
    return Noted(row.id, row.version, Observation(row.noted_on, Code(row.code), service, county, row.text))


def _checked(policy: Policy, wanted: Observation, before: Observation | None) -> Observation:
    """The note as it will stand. A code that was retired since it was chosen may stay."""
    groups, judged = policy.taxonomy.groups, notes.judged(wanted.text, policy.municipalities.words)
    codes = {code for code, choice in about(groups[GAP]).items() if not choice.retired}
    services = {None, *(code for code, choice in groups[SERVICE].choices.items() if not choice.retired)}
    codes |= {before.code} if before else set()
    services |= {before.service} if before else set()
    problems = []
    if wanted.code not in codes:
        problems.append(Problem("", "code", wanted.code, ", ".join(sorted(codes))))
    if wanted.service not in services:
        problems.append(Problem("", "service", str(wanted.service), "a service of the list, or none"))
    if wanted.county not in {None, *policy.municipalities.county_names}:
        problems.append(Problem("", "county", str(wanted.county), "a county of the list, or none"))
    if judged.refused or not judged.text.strip():
        problems.append(Problem("", "text", judged.refused or "nothing", "words without a personal identity number"))
    if problems:
        raise RejectedInput(problems)
    return replace(wanted, text=judged.text)


def _nothing(number: int) -> NotFound:
    return NotFound(f"there is no note {number}")
