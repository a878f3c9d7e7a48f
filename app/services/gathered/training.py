"""Training occasions: noted, changed, deleted, and summed up for a year. Nothing here commits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.audit import What
from app.domain.errors import NotFound, Problem, RejectedInput
from app.domain.taxonomy import GroupKey
from app.domain.training import EARLIEST, Sums, summed
from app.services.help.referrals import Stale
from app.services.keeping import audit
from app.storage.insert import insert_once
from app.storage.models import TrainingOccasion as Row
from app.storage.queries import by_year as stored

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from app.domain.permissions import Actor
    from app.domain.policy import Policy
    from app.domain.taxonomy import Code
    from app.domain.training import Occasion

SERVICE = GroupKey("service")
_FIELDS = ("held_on", "participants", "minutes", "kind", "services", "place")


@dataclass(frozen=True, slots=True)
class Noted:
    """An occasion as it stands."""

    id: int
    version: int
    occasion: Occasion


@dataclass(frozen=True, slots=True)
class Year:
    """A year's occasions, the latest first."""

    year: int
    others: Sequence[int]
    """Every year that has any, the latest first."""
    noted: Sequence[Noted]
    sums: Sums


def of_year(session: Session, actor: Actor, year: int | None, today: date) -> Year:
    """What the actor's organisation noted of a year; without one, of the latest that has any, else of this one."""
    others = stored.years(session, Row, actor)
    chosen = year if year is not None else others[0] if others else today.year
    rows = stored.of_year(session, Row, actor, chosen)
    services = stored.services_of(session, [row.id for row in rows])
    noted = [_noted(row, services[row.id]) for row in rows]
    return Year(chosen, others, noted, summed(one.occasion for one in noted))


def noted(session: Session, actor: Actor, number: int) -> Noted:
    """One occasion. Raises ``NotFound``."""
    row = stored.row(session, Row, actor, number)
    if row is None:
        raise _nothing(number)
    return _noted(row, stored.services_of(session, [row.id])[row.id])


def add(
    session: Session, policy: Policy, actor: Actor, occasion: Occasion, token: str, today: date, now: datetime
) -> bool:
    """Note an occasion; whether it wasn't noted already by the same form. Raises ``RejectedInput``."""
    _check(policy, occasion, (), today)
    columns = _columns(occasion) | {"changed_at": now, "changed_by_id": actor.account_id}
    if not insert_once(session, Row, organisation=actor.organisation, token=token, version=1, **columns):
        return False
    number = stored.added_by(session, Row, actor, token)
    if number is None:  # pragma: no cover - it was made a moment ago
        raise _nothing(0)
    stored.store_services(session, number, occasion.services)
    audit.note(session, actor, What.CREATED_RECORD, f"training_occasion:{number}", _FIELDS, now)
    return True


def save(
    session: Session, policy: Policy, actor: Actor, wanted: Noted, today: date, now: datetime
) -> Stale[Noted] | None:
    """Store an occasion as it is wanted, unless somebody else changed it after ``wanted.version``.

    Raises ``NotFound`` and ``RejectedInput``.
    """
    row, before = _held(session, actor, wanted.id)
    changed = [name for name in _FIELDS if getattr(before.occasion, name) != getattr(wanted.occasion, name)]
    if not changed:
        return None
    if row.version != wanted.version:
        return Stale(before, stored.alias_of(session, row.changed_by_id))
    _check(policy, wanted.occasion, before.occasion.services, today)
    for name, value in _columns(wanted.occasion).items():
        setattr(row, name, value)
    row.version, row.changed_at, row.changed_by_id = row.version + 1, now, actor.account_id
    stored.store_services(session, row.id, wanted.occasion.services)
    audit.note(session, actor, What.CHANGED_RECORD, f"training_occasion:{row.id}", changed, now)
    return None


def delete(session: Session, actor: Actor, number: int, seen_version: int, now: datetime) -> Stale[Noted] | None:
    """Delete an occasion, unless somebody else changed it after ``seen_version``. Raises ``NotFound``."""
    row, before = _held(session, actor, number)
    if row.version != seen_version:
        return Stale(before, stored.alias_of(session, row.changed_by_id))
    stored.store_services(session, number, ())
    session.delete(row)
    session.flush()
    audit.note(session, actor, What.ERASED, f"training_occasion:{number}", (), now)
    return None


def _held(session: Session, actor: Actor, number: int) -> tuple[Row, Noted]:
    row = stored.held_row(session, Row, actor, number)
    if row is None:
        raise _nothing(number)
    return row, _noted(row, stored.services_of(session, [row.id])[row.id])


def _noted(row: Row, services: tuple[Code, ...]) -> Noted:
    return Noted(row.id, row.version, stored.occasion_of(row, services))


def _columns(occasion: Occasion) -> dict[str, object]:
    return {
        "held_on": occasion.held_on,
        "participants": occasion.participants,
        "minutes": occasion.minutes,
        "kind": occasion.kind,
        "place": occasion.place.kind,
        "municipality": occasion.place.municipality,
        "county": occasion.place.county,
    }


def _check(policy: Policy, occasion: Occasion, before: Sequence[Code], today: date) -> None:
    """What the values themselves can't know. A code that was retired since stays where it stands."""
    choices = policy.taxonomy.groups[SERVICE].choices
    usable = {code for code, choice in choices.items() if not choice.retired} | set(before)
    known, place = policy.municipalities, occasion.place
    problems = []
    if not EARLIEST <= occasion.held_on <= today:
        problems.append(Problem("", "held_on", occasion.held_on.isoformat(), f"a day from {EARLIEST} to {today}"))
    if not set(occasion.services) <= usable:
        problems.append(Problem("", "services", ", ".join(occasion.services), ", ".join(sorted(usable))))
    if place.municipality not in {None, *known.by_code} or place.county not in {None, *known.county_names}:
        problems.append(Problem("", "place", str(place.municipality or place.county), "a place of the list"))
    if problems:
        raise RejectedInput(problems)


def _nothing(number: int) -> NotFound:
    return NotFound(f"there is no training occasion {number}")
