"""Live calls over HTTP: the state that the page shows, and every button on it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from flask import Blueprint, jsonify

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue

    from app.simulator.lines import PracticeLine


def live_api(lines: Sequence[PracticeLine]) -> Blueprint:
    """The routes below ``/practice/api``."""
    api = Blueprint("live", __name__, url_prefix="/practice/api")

    @api.get("/state")
    def state() -> ResponseReturnValue:
        now = datetime.now(UTC).astimezone(lines[0].zone if lines else UTC)
        clock = {"now": now.isoformat(timespec="seconds"), "is_chosen": False, "may_be_set": True}
        return jsonify({"version": 0, "clock": clock, "phones": [], "calls": []})

    return api
