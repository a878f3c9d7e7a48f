"""The simulator's own pages: the phones, and the list of the calls that were ordered from the terminal."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Flask, redirect, render_template, request, url_for
from markupsafe import Markup, escape
from werkzeug.exceptions import HTTPException

from app.domain.callflow import draw_svg, proofs
from app.domain.phone import PhoneNumber, caller_number
from app.simulator.words import give_words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from flask.typing import ResponseReturnValue

    from app.simulator.lines import PracticeLine
    from app.simulator.plan import Service
    from app.simulator.transcript import Transcript

_REST = "/2010-04-01/"
# 114 14, 08-405 50 05: groups of digits, as numbers are written.
_NUMBER = re.compile(r"[0-9]+(?:[ -][0-9]+){1,6}", re.ASCII)
_NO_BREAK_SPACE = "\u00a0"
_CALLS_ON_A_PAGE = 20


@dataclass(frozen=True, slots=True)
class PlacedCall:
    """A practice call, and when it was placed by the clock of this computer: it may have played at another time."""

    transcript: Transcript
    placed_at: datetime


class Calls:
    """The practice calls ordered so far, newest first. Gone when the process ends."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls: list[PlacedCall] = []

    def add(self, transcript: Transcript, placed_at: datetime) -> None:
        """One more."""
        with self._lock:
            self._calls.insert(0, PlacedCall(transcript, placed_at))

    def page(self, number: int) -> tuple[list[PlacedCall], int]:
        """One page of them, from 1, and how many pages there are."""
        with self._lock:
            pages = max(1, -(-len(self._calls) // _CALLS_ON_A_PAGE))
            first = (min(max(1, number), pages) - 1) * _CALLS_ON_A_PAGE
            return self._calls[first : first + _CALLS_ON_A_PAGE], pages


def show_pages(app: Flask, service: Service, lines: Sequence[PracticeLine], calls: Calls, command: str) -> None:
    """Let ``app`` show its pages, and say its errors in the same way. ``command``: as people type it."""
    app.jinja_env.filters.update(wall_clock=_wall_clock, masked=_masked, caller=_caller, unbroken=_unbroken)
    give_words(app)
    by_number = {line.number: line for line in lines}
    drawn = {line.callflow.name: line.callflow for line in lines if line.callflow}
    flows = {name: Markup(draw_svg(flow, proofs(flow))) for name, flow in drawn.items()}  # noqa: S704 - our own, escaped
    everywhere = {"lines": lines, "service_url": service.public_url, "command": command}

    @app.get("/")
    def start() -> ResponseReturnValue:
        return redirect(url_for("page"))

    @app.get("/practice")
    def page() -> str:
        return render_template("practice.html", flows=flows, **everywhere)

    @app.get("/practice/calls")
    def ordered() -> str:
        number = request.args.get("page", 1, type=int)
        shown, pages = calls.page(number)
        here = min(max(1, number), pages)
        return render_template("calls.html", calls=shown, by_number=by_number, page=here, pages=pages, **everywhere)

    @app.errorhandler(HTTPException)
    def refused(error: HTTPException) -> ResponseReturnValue:
        if request.path.startswith(_REST):
            return error.get_response()
        return render_template("refused.html", code=error.code, service_url=service.public_url), error.code or 500


def _wall_clock(at: datetime, line: PracticeLine | None) -> datetime:
    return at.astimezone(line.zone) if line else at


def _unbroken(words: str) -> Markup:
    """Numbers stay on one line; also after a hyphen, which no-break spaces can't prevent."""
    parts, end = [], 0
    for found in _NUMBER.finditer(words):
        number = found.group().replace(" ", _NO_BREAK_SPACE)
        parts += [escape(words[end : found.start()]), Markup('<span class="number">{}</span>').format(number)]
        end = found.end()
    return Markup().join([*parts, escape(words[end:])])


def _masked(number: str) -> str:
    try:
        return PhoneNumber(number).masked
    except ValueError:
        return "…"


def _caller(number: str) -> str:
    """The caller's number, masked; empty for a withheld one."""
    known = caller_number(number)
    return known.masked if known else ""
