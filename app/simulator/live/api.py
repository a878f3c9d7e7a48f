"""Live calls over HTTP: the state that the page shows, and every button on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from flask import Blueprint, jsonify, request

from app.simulator.live.busy import Busy
from app.simulator.live.refusals import UNKNOWN, WRONG, Refused
from app.simulator.live.start import instant_of
from app.simulator.live.state import state

if TYPE_CHECKING:
    from datetime import datetime

    from flask.typing import ResponseReturnValue

    from app.simulator.lines import PracticeLine
    from app.simulator.live.calls import LiveCalls

_POLL_SECONDS = 10.0
_KEYS = frozenset("0123456789*#")
_Value = TypeVar("_Value")
_DONE = "", 204


def live_api(calls: LiveCalls) -> Blueprint:  # noqa: C901 - a route for each button
    """The routes below ``/practice/api``."""
    api = Blueprint("live", __name__, url_prefix="/practice/api")
    busy = Busy(calls)

    @api.errorhandler(Refused)
    def refused(why: Refused) -> ResponseReturnValue:
        return jsonify({"detail": why.detail}), why.status

    @api.before_request
    def only_json() -> ResponseReturnValue | None:
        # JSON alone: another site can't send it without asking first.
        if request.method == "POST" and not request.is_json:
            return jsonify({"detail": Refused(WRONG, "json").detail}), 415
        return None

    @api.get("/state")
    def show() -> ResponseReturnValue:
        return _state(calls)

    @api.post("/calls")
    def dial() -> ResponseReturnValue:
        line, at, withheld = _text("line"), _text_or_null("at"), _truth("withheld")
        return jsonify({"sid": calls.dial(line, at, withheld=withheld).sid}), 201

    @api.post("/calls/<sid>/keys")
    def press(sid: str) -> ResponseReturnValue:
        calls.press(sid, _key())
        return _DONE

    @api.post("/calls/<sid>/hang-up")
    def hang_up(sid: str) -> ResponseReturnValue:
        _nothing()
        calls.hang_up(sid)
        return _DONE

    @api.post("/calls/<sid>/speaking")
    def speaking(sid: str) -> ResponseReturnValue:
        entry, is_speaking = _value("n", int, "a number"), _truth("is_speaking")
        calls.is_speaking(sid, entry, is_speaking=is_speaking)
        return _DONE

    @api.post("/phones/<phone>/keys")
    def press_on_phone(phone: str) -> ResponseReturnValue:
        calls.press_on_phone(phone, _key())
        return _DONE

    @api.post("/phones/<phone>/<any('answer', 'decline', 'hang-up'):what>")
    def handle(phone: str, what: str) -> ResponseReturnValue:
        _nothing()
        {"answer": calls.answer, "decline": calls.decline, "hang-up": calls.put_down}[what](phone)
        return _DONE

    @api.post("/busy")
    def fill() -> ResponseReturnValue:
        busy.begin(_text("line"), _text_or_null("at"))
        return jsonify({}), 202

    @api.post("/end-all")
    def end_all() -> ResponseReturnValue:
        _nothing()
        busy.stop()
        calls.end_all()
        return _DONE

    return api


def _state(calls: LiveCalls) -> ResponseReturnValue:
    """The state, or 304 when the asker knows it. ``wait=1``: at most ten seconds for a change."""
    line, since = _line_looked_at(calls), request.args.get("since", type=int)
    board = calls.board
    if since is not None and request.args.get("wait") == "1":
        with board.changed:
            board.changed.wait_for(lambda: board.version != since, _POLL_SECONDS)
    at = _looked_at(calls, line)
    listed = calls.on_duty(line.key, at)
    if since == board.version:
        return "", 304
    return jsonify(state(calls, line, listed, at))


def _line_looked_at(calls: LiveCalls) -> PracticeLine:
    key = request.args.get("line") or calls.looked_at
    if key not in calls.lines:
        raise Refused(UNKNOWN, "no_line", line=key[:40], lines=", ".join(calls.lines))
    return calls.lines[key]


def _looked_at(calls: LiveCalls, line: PracticeLine) -> datetime | None:
    """The time that somebody thinks of choosing, while it can be chosen. Half of a time is none yet."""
    at = request.args.get("at")
    if not at or calls.board.live():
        return None
    try:
        return instant_of(line, at)
    except Refused:
        return None


# --- what a body may hold ---------------------------------------------------------------------------------------------


def _body() -> dict[str, Any]:
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise Refused(WRONG, "body", allowed="{…}")
    return body


def _nothing() -> None:
    _body()


def _value(name: str, kind: type[_Value], allowed: str) -> _Value:
    value = _body().get(name)
    if type(value) is not kind:  # a bool isn't a number here
        raise Refused(WRONG, "body", allowed=f"{name}: {allowed}")
    return value


def _truth(name: str) -> bool:
    return name in _body() and _value(name, bool, "true or false")


def _text(name: str) -> str:
    return _value(name, str, "text")


def _text_or_null(name: str) -> str | None:
    return _text(name) if _body().get(name) is not None else None


def _key() -> str:
    key = _text("key")
    if key not in _KEYS:
        raise Refused(WRONG, "body", allowed="key: 0-9 * #")
    return key
