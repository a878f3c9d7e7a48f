"""Today: who is on duty, on each line in reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import render_template

from app.services import duty
from app.storage.base import db
from app.storage.queries.practice import aliases_of
from app.web.setup import setup

if TYPE_CHECKING:
    from datetime import datetime

    from app.domain.lines import Line
    from app.domain.permissions import Actor


def page(actor: Actor, now: datetime) -> str:
    """The first page of whoever is signed in. The caller has begun the transaction."""
    lines = [line for line in setup().policy.lines.values() if line.key in actor.lines]
    return render_template("desk/today.html", lines=[_shown(line, now) for line in lines])


def _shown(line: Line, now: datetime) -> dict[str, object]:
    session, policy = db.session(), setup().policy
    persons = duty.duty_at(session, policy, line.key, now)
    aliases = aliases_of(session, [one.staff for one in persons])
    return {
        "name": line.name,
        "opening": duty.opening(session, policy, line.key, now),
        "on_duty": [aliases[one.staff] for one in persons],
    }
