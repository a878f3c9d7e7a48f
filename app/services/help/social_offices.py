"""How the social services of municipalities are reached: changed one by one, or by a file. Nothing here commits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.audit import What
from app.domain.errors import NotFound
from app.domain.lines import MunicipalityCode
from app.domain.referrals import SocialOffice
from app.services.csv_reading import Mistake
from app.services.help.office_file import FIELDS, Wrong, read_office_file, version_of
from app.services.help.referrals import Stale
from app.services.keeping import audit
from app.storage.insert import insert_once
from app.storage.models import SocialOffice as Row
from app.storage.queries import referrals as stored

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from app.domain.municipalities import Municipalities
    from app.domain.permissions import Actor
    from app.domain.policy import Policy
    from app.services.help.office_file import FileRow

_LONGEST_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file changed: numbers of municipalities."""

    changed: int
    unchanged: int


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing of the file was stored."""

    mistakes: Sequence[Mistake]


def filled_in(session: Session, actor: Actor) -> Mapping[MunicipalityCode, SocialOffice]:
    """What the actor's organisation knows, by municipality; those that say nothing are left out."""
    found = {code: _value(row) for code, row in stored.offices_of(session, actor).items()}
    return {code: one for code, one in found.items() if not one.is_empty}


def office(session: Session, municipalities: Municipalities, actor: Actor, code: str) -> SocialOffice:
    """One municipality's, perhaps empty. Raises ``NotFound`` for a code that no municipality has."""
    known = _known(municipalities, code)
    row = stored.offices_of(session, actor).get(known)
    return _value(row) if row else SocialOffice(known)


def catchment(policy: Policy, actor: Actor) -> frozenset[MunicipalityCode]:
    """The municipalities that the actor's lines serve."""
    return frozenset().union(*(line.catchment for key, line in policy.lines.items() if key in actor.lines))


def save(
    session: Session, municipalities: Municipalities, actor: Actor, typed: SocialOffice, now: datetime
) -> Stale[SocialOffice] | None:
    """Store what was typed, unless somebody else changed it after ``typed.version``.

    Raises ``NotFound`` for a code that no municipality has.
    """
    row = _held(session, actor, _known(municipalities, typed.municipality), now)
    names = _differing(row, typed)
    if not names:
        return None
    if row.version != typed.version:
        return Stale(_value(row), stored.alias_of(session, row.changed_by_id))
    _write(row, typed, actor, now)
    session.flush()
    audit.note(session, actor, What.CHANGED_REFERRALS, f"social_office:{row.municipality}", names, now)
    return None


def import_file(
    session: Session, municipalities: Municipalities, actor: Actor, text: str, today: date, now: datetime
) -> Imported | Refused:
    """All of a CSV file, or nothing of it.

    Municipalities that it doesn't name stay as they are, and so do those that nobody changed in it. What somebody else
    changed after it was downloaded is a mistake of its row.
    """
    read, mistakes = read_office_file(text, municipalities, today)
    if mistakes:
        return Refused(mistakes)
    edited = [one for one in read if one.is_edited]
    rows = _held_all(session, actor, [one.office for one in edited], now)
    differing = [
        (one, row) for one in edited if (row := rows.get(one.office.municipality)) and _differing(row, one.office)
    ]
    overtaken = [_overtaken(session, one, row) for one, row in differing if version_of(_value(row)) != one.version]
    if overtaken:
        return Refused(overtaken)
    changed = {name for one, row in differing for name in _differing(row, one.office)}
    for one, row in differing:
        _write(row, one.office, actor, now)
    if changed:
        session.flush()
        audit.note(session, actor, What.CHANGED_REFERRALS, "social_office:file", changed, now)
    return Imported(len(differing), len(read) - len(differing))


def to_download(session: Session, policy: Policy, actor: Actor) -> Sequence[SocialOffice]:
    """Every municipality of the actor's lines, filled in or not, and those elsewhere that are filled in."""
    filled = filled_in(session, actor)
    codes = sorted(catchment(policy, actor) | filled.keys())
    return [filled.get(code, SocialOffice(code)) for code in codes]


def _known(municipalities: Municipalities, code: str) -> MunicipalityCode:
    if code not in municipalities.by_code:
        message = f"there is no municipality {code[:_LONGEST_SHOWN]}"
        raise NotFound(message)
    return MunicipalityCode(code)


def _overtaken(session: Session, one: FileRow, row: Row) -> Mistake:
    return Mistake(one.row, "", Wrong.CHANGED, stored.alias_of(session, row.changed_by_id))


def _held_all(
    session: Session, actor: Actor, offices: Sequence[SocialOffice], now: datetime
) -> Mapping[MunicipalityCode, Row]:
    """All rows, locked; those of the file get one, unless they say nothing of what nothing is known about.

    Few statements, because calls wait for a writer on SQLite.
    """
    known = stored.offices_of(session, actor)
    for one in offices:
        if one.municipality not in known and one != SocialOffice(one.municipality):
            _put_row(session, actor, one.municipality, now)
    return stored.held_offices(session, actor)


def _held(session: Session, actor: Actor, code: MunicipalityCode, now: datetime) -> Row:
    """The row, locked; there is one from now on."""
    _put_row(session, actor, code, now)
    return stored.held_offices(session, actor, code)[code]


def _put_row(session: Session, actor: Actor, code: MunicipalityCode, now: datetime) -> None:
    empty = dict.fromkeys(("number", "hours", "day_number", "note"), "")
    insert_once(
        session,
        Row,
        organisation=actor.organisation,
        municipality=code,
        **empty,
        version=0,
        changed_at=now,
        changed_by_id=actor.account_id,
    )


def _differing(row: Row, typed: SocialOffice) -> Sequence[str]:
    return [name for name in FIELDS if getattr(row, name) != getattr(typed, name)]


def _write(row: Row, typed: SocialOffice, actor: Actor, now: datetime) -> None:
    for name in FIELDS:
        setattr(row, name, getattr(typed, name))
    row.version += 1
    row.changed_at, row.changed_by_id = now, actor.account_id


def _value(row: Row) -> SocialOffice:
    return SocialOffice(
        MunicipalityCode(row.municipality),
        **{name: getattr(row, name) for name in FIELDS},
        version=row.version,
    )
