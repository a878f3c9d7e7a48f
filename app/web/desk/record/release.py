"""Handing out one record: what is secret is masked, looked at, and only then printed or sent. Without a script.

A page that goes on to the next carries the names of the fields to be shown, never a value; what isn't named is masked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import abort, render_template, request
from flask_babel import gettext

from app.domain.errors import NotFound
from app.domain.permissions import Permission
from app.domain.register import SWEDEN
from app.domain.release import LONGEST_GROUND, SHOWN_AT_FIRST, SPECIALIST, TIME, masked
from app.domain.taxonomy import NOTE
from app.services.csv_rows import tidy
from app.services.record import release as services
from app.storage.base import db
from app.web import language
from app.web.desk.access import actor, asks_for_password, needs
from app.web.desk.blueprint import desk
from app.web.desk.csv_answer import csv_answer
from app.web.desk.record.register import KINDS
from app.web.desk.record_answers import tokens_of
from app.web.desk.record_words import said
from app.web.desk.wall_clocks import zone_of
from app.web.setup import setup

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Set as AbstractSet

    from flask import Response

    from app.services.record.release import Asked

_PREVIEW, _PAGE, _CSV = "preview", "page", "csv"


@dataclass(frozen=True, slots=True)
class Part:
    """One field of the document."""

    key: str
    label: str
    words: str
    """Empty where it is masked."""
    is_shown: bool
    may_show: bool = True


@dataclass(frozen=True, slots=True)
class Document:
    """What is handed out. Of what is masked there is nothing in it but the name of the field."""

    serial: str
    record: int
    public: tuple[tuple[str, str], ...]
    """Label and value of what the register's extract tells as well."""
    parts: tuple[Part, ...]
    ground: str
    today: object

    @property
    def has_masks(self) -> bool:
        """Whether anything is masked."""
        return not all(part.is_shown for part in self.parts)


@desk.get("/records/<int(max=2147483647):record>/release")
@needs(Permission.RELEASE_RECORDS)
@asks_for_password
def release(record: int) -> str:
    """Each field, and whether it is to be shown; what is secret isn't, at first."""
    asked = _asked(record)
    return _choices(asked, asked.may_show & SHOWN_AT_FIRST, "", "")


@desk.post("/records/<int(max=2147483647):record>/release")
@needs(Permission.RELEASE_RECORDS)
@asks_for_password
def release_record(record: int) -> Response | str | tuple[str, int]:
    """On to the preview, back to the choices, or out with it: then it is noted."""
    asked = _asked(record)
    shown = asked.may_show & set(request.form.getlist("show"))
    ground, step = tidy(request.form.get("ground", "")), request.form.get("step", "")
    hidden = masked(asked.fields, shown)
    error = _wrong(ground) if hidden else ""
    if error:
        return _choices(asked, shown, ground, error), HTTPStatus.UNPROCESSABLE_ENTITY
    document = _document(asked, shown, ground)
    if step == _PREVIEW:
        return render_template("desk/release_preview.html", document=document, shown=sorted(shown))
    if step not in {_PAGE, _CSV}:
        return _choices(asked, shown, ground, "")
    services.note_release(db.session(), actor(), record, hidden, datetime.now(UTC))
    db.session.commit()
    if step == _CSV:
        return csv_answer(f"record-{document.serial or record}", _rows(document))
    return render_template("desk/released.html", document=document)


def _asked(record: int) -> Asked:
    try:
        found = services.asked_for(db.session(), setup().policy, actor(), record, datetime.now(UTC))
    except NotFound:
        abort(HTTPStatus.NOT_FOUND)
    # Whoever reads is in the log before they see anything; what was read stays readable.
    db.session.expunge(found.record.consultation)
    db.session.commit()
    return found


def _wrong(ground: str) -> str:
    if not ground:
        return str(gettext("Write by which rule something is masked, for example OSL 26:1."))
    if len(ground) > LONGEST_GROUND:
        return str(gettext("Write at most %(most)d characters.", most=LONGEST_GROUND))
    return ""


def _choices(asked: Asked, shown: AbstractSet[str], ground: str, error: str) -> str:
    return render_template(
        "desk/release.html",
        document=_document(asked, asked.may_show, ground),
        shown=shown,
        errors=[error] if error else [],
    )


def _document(asked: Asked, shown: AbstractSet[str], ground: str) -> Document:
    return Document(
        serial=asked.serial,
        record=asked.record.consultation.id,
        public=(
            (gettext("Serial number"), asked.serial or gettext("not registered")),
            (gettext("Date"), asked.on.isoformat()),
            (gettext("Kind"), str(KINDS[asked.kind])),
            (gettext("Line"), asked.record.form.line.name),
        ),
        parts=tuple(
            Part(key, label, words if key in shown else "", key in shown, key in asked.may_show)
            for key, label, words in _parts(asked)
        ),
        ground=ground,
        today=datetime.now(UTC).astimezone(SWEDEN).date(),
    )


def _parts(asked: Asked) -> Iterator[tuple[str, str, str]]:
    record, spoken = asked.record, language.spoken()
    form, tokens = record.form, tokens_of(record.form, record.answers)
    opened_at = record.consultation.opened_at
    yield TIME, gettext("Time of day"), language.clock(opened_at, zone_of(form.line.key))
    yield SPECIALIST, gettext("Specialist"), asked.alias or gettext("nobody")
    for key, group in form.taxonomy.groups.items():
        yield key, group.labels[spoken], said(form, key, tokens[key], spoken)
    yield NOTE, gettext("Note"), record.note or gettext("no note")


def _rows(document: Document) -> Iterator[tuple[str, str]]:
    yield gettext("Field"), gettext("Content")
    yield from document.public
    for part in document.parts:
        yield part.label, part.words if part.is_shown else gettext("Masked")
    if document.has_masks:
        yield gettext("Masked under"), document.ground
