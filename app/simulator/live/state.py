"""The state of live calls as the page reads it. No number of a phone is in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.domain.phone import PhoneNumber
from app.simulator.live.board import OnDuty, PhoneState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from app.simulator.lines import PracticeLine
    from app.simulator.live.board import Entry, LiveCall, LivePhone
    from app.simulator.live.calls import LiveCalls

Json = dict[str, Any]

_MOST_SHOWN = 20


def state(calls: LiveCalls, line: PracticeLine, listed: Sequence[OnDuty], at: datetime | None) -> Json:
    """Everything. ``line``: the one that is looked at; ``listed``: its phones; ``at``: the time, ``None`` for now."""
    board = calls.board
    with board.changed:
        return {
            "run": board.run,
            "version": board.version,
            "clock": {
                "now": _wall(calls.shown_time(at), line.zone),
                "is_chosen": bool(calls.clock.chosen if board.live() else at),
                "may_be_set": not board.live(),
            },
            "phones": [_phone(one, line.zone) for one in [*listed, *_others(calls, line, listed)]],
            "calls": [_call(calls, one) for one in board.calls[:_MOST_SHOWN]],
        }


def _others(calls: LiveCalls, line: PracticeLine, listed: Sequence[OnDuty]) -> list[OnDuty]:
    """Whoever is rung without being on the list: somebody of another line, or a backup number."""
    known = {one.phone.id for one in listed}
    rung = [phone for phone in calls.board.phones.values() if phone.state is not PhoneState.IDLE]
    strangers = [phone for phone in rung if phone.id not in known]
    return [
        OnDuty(phone, phone.call.line.key if phone.call else line.key, _part(phone), len(listed) + place)
        for place, phone in enumerate(strangers, 1)
    ]


def _part(phone: LivePhone) -> str:
    """What a phone that is on no list has to do with the call."""
    own = phone.call.rings_out if phone.call else None
    if own is None:
        return "backup"
    return "rings_back" if phone.number == own else "rung_back"


def _phone(one: OnDuty, zone: ZoneInfo) -> Json:
    phone = one.phone
    heard = phone.heard
    return {
        "id": phone.id,
        "alias": phone.alias,
        "line": one.line,
        "tier": one.tier,
        "place": one.place,
        "state": phone.state.value,
        "call": phone.call.sid if phone.call else None,
        "heard": {"text": heard.text, "language": heard.language} if heard else None,
        "since": _wall(phone.since, zone) if phone.since else None,
        "shows": phone.shows,
    }


def _call(calls: LiveCalls, call: LiveCall) -> Json:
    zone = call.line.zone
    told = call.told
    return {
        "sid": call.sid,
        "line": call.line.key,
        "caller": call.caller,
        "is_background": call.is_background,
        "state": "live" if call.is_live else "ended",
        "began_at": _wall(call.began_at, zone),
        "ended_at": _wall(call.ended_at, zone) if call.ended_at else None,
        "hears": call.hears.value,
        "takes_keys": call.takes_keys,
        "entries": [_entry(calls, entry, zone) for entry in call.entries],
        "flow": call.line.flow,
        "trail": told.get("trail", []),
        "at": told.get("at"),
        "record": told.get("record"),
        "log": told.get("log", []),
    }


def _entry(calls: LiveCalls, entry: Entry, zone: ZoneInfo) -> Json:
    line = entry.line
    return {
        "n": entry.number,
        "at": _wall(line.at, zone),
        "kind": line.kind.value,
        "text": line.text,
        "language": line.language or None,
        "phone": _alias(calls, line.phone) if line.phone else None,
        "seconds": None if line.seconds is None else round(line.seconds, 1),
    }


def _alias(calls: LiveCalls, number: str) -> str:
    phone = calls.board.phones.get(number)
    if phone is not None:
        return phone.alias
    try:
        return PhoneNumber(number).masked
    except ValueError:
        return "…"


def _wall(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).isoformat(timespec="seconds")
