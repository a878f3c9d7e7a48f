"""What a save answers, for the script of an open page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import request

from app.domain.taxonomy import NOTE, GroupKey
from app.services.record.consultations import Conflict, Edit
from app.web import language
from app.web.desk.record_answers import changes_of, tokens_of
from app.web.desk.record_words import REFUSED, label_of, said
from app.web.desk.wall_clocks import zone_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from app.domain.consultations import Answers, Form
    from app.domain.taxonomy import Taxonomy
    from app.services.record.consultations import Saved, Theirs

Json = dict[str, Any]


def asked_edit(taxonomy: Taxonomy) -> tuple[Edit, int]:
    """What the script asks to be saved, and the version that its page shows.

    Raises ``ValueError`` for another shape, and ``RejectedInput`` for what is no answer.
    """
    sent = request.get_json(silent=True)
    if not isinstance(sent, dict):
        message = "no JSON object"
        raise ValueError(message)  # noqa: TRY004 - one error for whatever isn't ours
    fields, note, version, page = (sent.get(name) for name in ("fields", "note", "version", "page"))
    is_ours = isinstance(fields, dict) and all(_are_words(words) for words in fields.values())
    is_page = isinstance(page, str) and page.isascii() and page.isprintable()
    if not (is_ours and isinstance(note, str | None) and type(version) is int and is_page):
        message = "fields, note, version or page are of another kind"
        raise ValueError(message)
    return Edit(changes_of(taxonomy, fields or {}), note, str(page)), version


def saved_json(form: Form, done: Saved, now: datetime, *, is_complete: bool) -> Json:
    """What stands there now."""
    zone = zone_of(form.line.key)
    return {
        "state": "saved",
        "version": done.version,
        "at": language.clock(now, zone),
        "values": tokens_of(form, done.answers),
        "left": list(done.left),
        "is_complete": is_complete,
        "theirs": [_theirs(form, one, done.answers, done.note, zone) for one in done.theirs],
        "note": done.note,
        "note_refused": str(REFUSED[done.note_refused]) if done.note_refused else None,
    }


def conflict_json(form: Form, met: Conflict) -> Json:
    """Nothing was stored: who changed what, and to what."""
    zone = zone_of(form.line.key)
    return {
        "state": "conflict",
        "version": met.version,
        "values": tokens_of(form, met.answers),
        "theirs": [_theirs(form, one, met.answers, met.note, zone) for one in met.theirs],
        "note": met.note,
    }


def theirs_in_words(form: Form, met: Conflict, typed: Mapping[str, list[str]], note: str) -> list[Json]:
    """For the page without a script: who changed what to what, and what was typed here."""
    zone, spoken = zone_of(form.line.key), language.spoken()
    return [
        {
            "label": label_of(form, one.field, spoken),
            "who": one.by or "?",
            "theirs": _theirs(form, one, met.answers, met.note, zone)["words"],
            "yours": note if one.field == NOTE else said(form, one.field, typed.get(one.field, []), spoken),
        }
        for one in met.theirs
    ]


def _theirs(form: Form, one: Theirs, answers: Answers, note: str | None, zone: ZoneInfo) -> Json:
    spoken = language.spoken()
    is_note = one.field == NOTE
    words = (note or "") if is_note else said(form, one.field, tokens_of(form, answers)[GroupKey(one.field)], spoken)
    return {
        "field": one.field,
        "label": label_of(form, one.field, spoken),
        "by": one.by,
        "at": language.clock(one.at, zone),
        "words": words,
    }


def _are_words(words: object) -> bool:
    return isinstance(words, list) and all(isinstance(word, str) for word in words)
