"""How many people live in each municipality: taken in from a file. Nothing here commits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.services.keeping import audit
from app.services.numbers.figure_files import read_population
from app.services.numbers.figure_rows import Imported, Refused
from app.storage.locks import one_at_a_time
from app.storage.queries import reached as stored

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from app.domain.lines import OrganisationKey
    from app.domain.municipalities import Municipalities
    from app.domain.permissions import Actor
    from app.services.numbers.figure_files import Inhabitants

_LOCK = "population"


def import_own(
    session: Session, municipalities: Municipalities, actor: Actor, text: str, today: date, now: datetime
) -> Imported | Refused:
    """All of a CSV file for the actor's organisation, or nothing of it."""
    done = import_for(session, municipalities, [actor.organisation], text, today)
    if isinstance(done, Refused):
        return done
    own = done[actor.organisation]
    if own.added or own.replaced:
        audit.note_change(session, actor, "population:file", ("number",), now)
    return own


def import_for(
    session: Session, municipalities: Municipalities, organisations: Iterable[OrganisationKey], text: str, today: date
) -> Mapping[OrganisationKey, Imported] | Refused:
    """All of a CSV file for each of these organisations, or nothing of it.

    A municipality's number of the same year is replaced; other years and municipalities stay.
    """
    read, mistakes = read_population(text, municipalities, today)
    if mistakes:
        return Refused(mistakes)
    one_at_a_time(session, _LOCK)
    return {organisation: _store(session, organisation, read) for organisation in sorted(set(organisations))}


def _store(session: Session, organisation: OrganisationKey, read: Sequence[Inhabitants]) -> Imported:
    known = stored.population_of(session, organisation)
    changed = [one for one in read if known.get((one.municipality, one.year)) != one.number]
    stored.store_population(session, organisation, [(one.municipality, one.year, one.number) for one in changed])
    added = sum((one.municipality, one.year) not in known for one in changed)
    return Imported(added, len(changed) - added, len(read) - len(changed))
