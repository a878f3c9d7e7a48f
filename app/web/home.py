"""The first page, the way to the practice phones, and the sound files of the callflows."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from flask import Blueprint, abort, redirect, render_template, send_from_directory

from app.domain.callflow.words import spoken_closure
from app.domain.permissions import Permission, allowed
from app.domain.skills import Language
from app.services import numbering
from app.services.numbers import public_statistics
from app.services.rota import duty
from app.storage.base import db
from app.storage.engine import begin_read_only
from app.web import language
from app.web.accounts.cookie import signed_in
from app.web.desk.today import pages as today
from app.web.setup import setup

if TYPE_CHECKING:
    from werkzeug import Response

    from app.domain.lines import Line

home = Blueprint("home", __name__)

# Twilio keeps what it played; a changed file gets a new name.
_AUDIO_SECONDS = 3600


@home.get("/")
def lines() -> str:
    """Today, for those who work here; else which lines there are, whether they are open, and when that changes."""
    now = datetime.now(UTC)
    asking = signed_in()
    begin_read_only(db.session())
    if asking is not None and allowed(asking, Permission.SEE_TODAY):
        return today.page(asking, now)
    shown = [_shown(line, now) for line in setup().policy.lines.values()]
    has_statistics = bool(public_statistics.public_lines(setup().policy))
    return render_template("home.html", lines=shown, is_inside=asking is not None, has_statistics=has_statistics)


def _shown(line: Line, now: datetime) -> dict[str, object]:
    opening = duty.opening(db.session(), setup().policy, line.key, now)
    words = setup().policy.words.in_language(Language(language.spoken()))
    return {
        "name": line.name,
        "number": numbering.written(line.public_number),
        "opening": opening,
        "why": spoken_closure(words, opening.closed) if opening.closed else "",
    }


@home.get("/practice")
def practice() -> Response:
    """To the simulator's page, which is a process of its own."""
    simulator = setup().simulator_url
    if simulator is None:
        abort(404)
    return redirect(f"{simulator}/practice", code=303)


@home.get("/prompts/<name>")
def prompt(name: str) -> Response:
    """A sound file that a callflow plays in place of a voice. Holds nothing that callers don't hear anyway."""
    return send_from_directory(setup().audio, name, mimetype="audio/wav", max_age=_AUDIO_SECONDS)
