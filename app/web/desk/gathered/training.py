"""Training occasions of a year, and their sums: a page, and a file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from flask import render_template
from flask_babel import gettext

from app.domain.permissions import Permission, allowed
from app.services.gathered import training as services
from app.services.gathered.training import SERVICE
from app.storage.base import db
from app.storage.engine import begin_read_only
from app.web import language
from app.web.desk.access import actor, needs
from app.web.desk.blueprint import desk
from app.web.desk.csv_answer import csv_answer
from app.web.desk.gathered.training_forms import hours_words
from app.web.desk.gathered.training_words import KINDS, place_words
from app.web.desk.gathered.year_pages import asked_year
from app.web.desk.wall_clocks import today
from app.web.setup import setup

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask import Response

    from app.domain.taxonomy import Code
    from app.services.gathered.training import Noted, Year


@dataclass(frozen=True, slots=True)
class Row:
    """One occasion in words."""

    id: int
    day: str
    iso_day: str
    kind: str
    services: str
    place: str
    participants: int
    hours: str


@desk.get("/training")
@needs(Permission.READ_TRAINING)
def training() -> str:
    """A year's occasions."""
    found = _found()
    return render_template(
        "desk/training.html",
        year=found.year,
        years=sorted({*found.others, found.year, today(datetime.now(UTC)).year}, reverse=True),
        rows=[_row(one) for one in found.noted],
        sums=found.sums,
        hours=hours_words(found.sums.minutes),
        by_service=_by_service(found),
        may_write=allowed(actor(), Permission.WRITE_TRAINING),
    )


@desk.get("/training.csv")
@needs(Permission.READ_TRAINING)
def training_csv() -> Response:
    """The same occasions as a file; the sums are left to the spreadsheet."""
    found = _found()
    heads = [
        gettext("Day"),
        gettext("Form"),
        gettext("For whom"),
        gettext("Place"),
        gettext("Participants"),
        gettext("Length in hours"),
    ]
    rows = [
        [one.iso_day, one.kind, one.services, one.place, str(one.participants), one.hours]
        for one in map(_row, found.noted)
    ]
    name = gettext("training")
    return csv_answer(f"{name}-{found.year}", [heads, *rows])


def _found() -> Year:
    begin_read_only(db.session())
    return services.of_year(db.session(), actor(), asked_year(), today(datetime.now(UTC)))


def _row(one: Noted) -> Row:
    occasion = one.occasion
    return Row(
        id=one.id,
        day=language.date_words(occasion.held_on),
        iso_day=occasion.held_on.isoformat(),
        kind=str(KINDS[occasion.kind]),
        services="; ".join(_service(code) for code in occasion.services),
        place=place_words(occasion.place),
        participants=occasion.participants,
        hours=hours_words(occasion.minutes),
    )


def _by_service(found: Year) -> Sequence[Sequence[str]]:
    """In the taxonomy's order; codes that it doesn't know any more come last."""
    order = list(setup().policy.taxonomy.groups[SERVICE].choices)
    codes = sorted(
        found.sums.by_service, key=lambda code: (code not in order, order.index(code) if code in order else 0)
    )
    sums = [(code, found.sums.by_service[code]) for code in codes]
    return [[_service(code), str(one.occasions), str(one.participants)] for code, one in sums]


def _service(code: Code) -> str:
    return setup().policy.taxonomy.groups[SERVICE].label_of(code, language.spoken())
