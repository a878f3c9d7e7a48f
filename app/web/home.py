"""The first page, the way to the practice phones, and the sound files of the callflows."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from flask import Blueprint, abort, redirect, render_template

from app.services import duty, numbering
from app.storage.base import db
from app.storage.engine import begin_read_only
from app.web.setup import setup

if TYPE_CHECKING:
    from werkzeug import Response

home = Blueprint("home", __name__)


@home.get("/")
def lines() -> str:
    """Which lines there are, whether they are open, and when they open next."""
    now = datetime.now(UTC)
    policy = setup().policy
    begin_read_only(db.session())
    shown = [
        {
            "name": line.name,
            "number": numbering.written(line.public_number),
            "opening": duty.opening(db.session(), policy, key, now),
        }
        for key, line in policy.lines.items()
    ]
    return render_template("home.html", lines=shown, is_practice=setup().is_practice)


@home.get("/practice")
def practice() -> Response:
    """To the simulator's page, which is a process of its own."""
    simulator = setup().simulator_url
    if simulator is None:
        abort(404)
    return redirect(f"{simulator}/practice", code=303)
