"""Invented consultations in the form of a published half-year of a regional centre: 193 for 22 of 33 municipalities.

Many of them lie where a count goes wrong first: at the ends of the period, at midnight, and where the clock is set
forward or back. Beside them lies what must not be among them.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from app.domain.calls import Source
from app.domain.consultations import PlaceKind
from app.domain.phone import PhoneNumber
from app.storage.models import Consultation, ConsultationTag, Staff
from tests.services.counting import count_changes

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.domain.policy import Policy

SWEDEN = ZoneInfo("Europe/Stockholm")
HELD, REACHED, MUNICIPALITIES = 193, 22, 33
NOW = datetime(2024, 9, 2, 8, tzinfo=UTC)
AT_THE_EDGES = (
    datetime(2023, 10, 1, 0, 0, tzinfo=SWEDEN),
    datetime(2023, 10, 1, 0, 10, tzinfo=SWEDEN),
    datetime(2023, 10, 29, 2, 30, tzinfo=SWEDEN),
    datetime(2023, 10, 29, 2, 30, fold=1, tzinfo=SWEDEN),
    datetime(2023, 10, 29, 23, 30, tzinfo=SWEDEN),
    datetime(2023, 12, 31, 23, 59, 59, tzinfo=SWEDEN),
    datetime(2024, 1, 1, 0, 0, tzinfo=SWEDEN),
    datetime(2024, 2, 29, 23, 59, tzinfo=SWEDEN),
    datetime(2024, 3, 31, 1, 59, 59, tzinfo=SWEDEN),
    datetime(2024, 3, 31, 3, 0, tzinfo=SWEDEN),
    datetime(2024, 3, 31, 23, 10, tzinfo=SWEDEN),
    datetime(2024, 3, 31, 23, 59, 59, tzinfo=SWEDEN),
)
JUST_OUTSIDE = (
    datetime(2023, 9, 30, 23, 59, 59, tzinfo=SWEDEN),
    datetime(2024, 4, 1, 0, 0, tzinfo=SWEDEN),
)
LARGE = ("1280", "1283", "1281")
"""Most of the calls come from the largest towns."""


def skane_half_year(session: Session, policy: Policy) -> None:
    """Put it all into the database, and count it. Commits."""
    put_someone(session)
    codes = sorted(policy.lines[next(key for key in policy.lines if key == "skane")].catchment)
    reached = [*LARGE, *(code for code in codes if code not in LARGE)][:REACHED]
    for at, code in zip(_instants(), _codes(reached), strict=True):
        held(session, at, code)
    silent = next(code for code in codes if code not in reached)
    for at in JUST_OUTSIDE:
        held(session, at, silent)
    held(session, AT_THE_EDGES[4], silent, kind="FEL")
    session.commit()
    count_changes(session, policy)


def put_someone(session: Session) -> None:
    """A specialist, who holds them all."""
    who = Staff(id="ovning", organisation="skane", alias="Övning", name="Övning", phone=PhoneNumber("+46701740640"))
    who.competences, who.languages, who.created_at = [], [], NOW
    session.add(who)
    session.flush()


def held(
    session: Session,
    at: datetime,
    municipality: str | None = None,
    *,
    place: PlaceKind | None = None,
    county: str | None = None,
    exposed: int | None = None,
    kind: str = "ARENDE",
) -> None:
    """One consultation."""
    at = at.astimezone(UTC)
    one = Consultation(line="skane", organisation="skane", source=Source.PRACTICE, opened_at=at, held_at=at)
    one.staff_id, one.exposed, one.place, one.county = "ovning", exposed, place, county
    if municipality:
        one.place, one.municipality, one.county = PlaceKind.MUNICIPALITY, municipality, municipality[:2]
    session.add(one)
    session.flush()
    session.add(ConsultationTag(consultation_id=one.id, kind="type", code=kind, position=1))
    session.flush()


def _instants() -> list[datetime]:
    """As many as were held: those at the edges, and others in the daytime through the half-year."""
    daytime = (datetime(2023, 10, 2, 9, 15, tzinfo=SWEDEN) + timedelta(days=number) for number in range(HELD))
    rest = HELD - len(AT_THE_EDGES)
    within = [at for at in daytime if at < AT_THE_EDGES[-1]]
    return [*AT_THE_EDGES, *islice(cycle(within), rest)]


def _codes(reached: list[str]) -> list[str]:
    """Each of them at least once, the large ones most."""
    return [*reached, *islice(cycle(LARGE), HELD - len(reached))]
