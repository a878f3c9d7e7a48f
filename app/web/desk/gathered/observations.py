"""Notes on gaps and good examples, gathered for a year: a page to read and print, and a file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from flask import render_template, request
from flask_babel import gettext

from app.domain.audit import What
from app.domain.observations import GAP, SERVICE
from app.domain.permissions import Permission, allowed
from app.domain.taxonomy import Code
from app.services.gathered import observations as services
from app.storage.base import db
from app.web import language
from app.web.desk.access import actor, needs
from app.web.desk.blueprint import desk
from app.web.desk.csv_answer import csv_answer
from app.web.desk.gathered.year_pages import asked_year
from app.web.setup import setup

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask import Response

    from app.services.gathered.observations import Noted, Year


@dataclass(frozen=True, slots=True)
class Note:
    """One note in words."""

    id: int
    iso_day: str
    day: str
    service: str
    county: str
    text: str


@dataclass(frozen=True, slots=True)
class Part:
    """The notes of one code; ``count``: how many the year has of it, shown or not."""

    code: Code
    label: str
    count: int
    notes: Sequence[Note]


@desk.get("/observations")
@needs(Permission.READ_OBSERVATIONS)
def observations() -> str:
    """A year's notes, code by code."""
    code = _asked_code()
    found = _found(code, What.OPENED_RECORD)
    parts = _parts(found)
    # Whoever reads is in the log before they see anything.
    db.session.commit()
    return render_template(
        "desk/observations.html",
        year=found.year,
        years=sorted({*found.others, found.year, datetime.now(UTC).year}, reverse=True),
        parts=parts,
        code=code or "",
        total=sum(found.counts.values()),
        may_write=allowed(actor(), Permission.WRITE_OBSERVATIONS),
    )


@desk.get("/observations.csv")
@needs(Permission.READ_OBSERVATIONS)
def observations_csv() -> Response:
    """The same notes as a file."""
    found = _found(_asked_code(), What.EXPORTED)
    heads = [gettext("Day"), gettext("What it is about"), gettext("Service"), gettext("County"), gettext("Note")]
    rows = [
        [one.iso_day, part.label, one.service, one.county, one.text] for part in _parts(found) for one in part.notes
    ]
    db.session.commit()
    name = gettext("gaps-and-good-examples")
    return csv_answer(f"{name}-{found.year}", [heads, *rows])


def _found(code: Code | None, what: What) -> Year:
    now = datetime.now(UTC)
    return services.of_year(db.session(), setup().policy, actor(), asked_year(), code, now, what=what)


def _asked_code() -> Code | None:
    """The code that the address names; one that nobody knows is as if it weren't there."""
    given = Code(request.args.get("code", ""))
    return given if given in setup().policy.taxonomy.groups[GAP].choices else None


def _parts(found: Year) -> Sequence[Part]:
    gaps, spoken = setup().policy.taxonomy.groups[GAP], language.spoken()
    return [
        Part(
            code=code,
            label=gaps.label_of(code, spoken),
            count=count,
            notes=[_note(one) for one in found.noted if one.observation.code == code],
        )
        for code, count in found.counts.items()
    ]


def _note(one: Noted) -> Note:
    noted, policy = one.observation, setup().policy
    service = policy.taxonomy.groups[SERVICE].label_of(noted.service, language.spoken()) if noted.service else ""
    county = policy.municipalities.county_names.get(noted.county, noted.county) if noted.county else ""
    return Note(
        id=one.id,
        iso_day=noted.noted_on.isoformat(),
        day=language.date_words(noted.noted_on),
        service=service,
        county=county,
        text=noted.text,
    )
