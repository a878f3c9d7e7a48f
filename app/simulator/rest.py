"""The part of Twilio's REST API that we use: the calls, one call, placing one, ending one, leading it elsewhere."""

from __future__ import annotations

import hmac
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from flask import Blueprint, jsonify, request

from app.domain.calls import CallStatus
from app.simulator.legs import Instead
from app.simulator.outgoing import NotRung, Order

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue

    from app.simulator.legs import Leg
    from app.simulator.network import Network

MOST_PER_PAGE = 1000
_PER_PAGE = 50
_VERSION = "2010-04-01"
_LONGEST_TWIML = 4000
_LONGEST_RINGING = 600


def rest_api(
    network: Network, account_sid: str, auth_token: str, ring_out: Callable[[Order], Leg] | None = None
) -> Blueprint:
    """The routes of one account. ``ring_out``: what rings phones, where any can be rung."""
    api = Blueprint("rest", __name__, url_prefix=f"/{_VERSION}/Accounts/<account>")

    @api.before_request
    def check() -> ResponseReturnValue | None:
        if not _is_known(account_sid, auth_token):
            return _problem(401, 20003, "Authenticate")
        if (request.view_args or {}).get("account") != account_sid:
            return _not_found()
        return None

    @api.get("/Calls.json")
    def calls(account: str) -> ResponseReturnValue:  # noqa: ARG001 - checked above
        try:
            wanted = _wanted()
            page, size = _paging()
        except ValueError as wrong:
            return _problem(400, 20001, str(wrong))
        found = [leg for leg in network.legs() if all(fits(leg) for fits in wanted)]
        return jsonify(_page(found, page, size))

    @api.get("/Calls/<sid>.json")
    def call(account: str, sid: str) -> ResponseReturnValue:  # noqa: ARG001 - checked above
        leg = network.leg(sid)
        return jsonify(as_resource(leg)) if leg else _not_found()

    @api.post("/Calls/<sid>.json")
    def update(account: str, sid: str) -> ResponseReturnValue:  # noqa: ARG001 - checked above
        leg = network.leg(sid)
        if leg is None:
            return _not_found()
        return _update(network, leg)

    _take_orders(api, network, ring_out)
    return api


def _take_orders(api: Blueprint, network: Network, ring_out: Callable[[Order], Leg] | None) -> None:
    @api.post("/Calls.json")
    def place(account: str) -> ResponseReturnValue:  # noqa: ARG001 - checked before
        if ring_out is None:
            return _problem(400, 21215, "no phone can be rung here")
        try:
            leg = ring_out(_order())
        except NotRung as refused:
            return _problem(400, refused.code, str(refused))
        if network.fails_after_placing():
            return _problem(500, 20500, "an error, after doing it")
        # As it stands in the queue, however quickly its thread has begun.
        return jsonify(as_resource(leg) | {"status": CallStatus.QUEUED.value}), 201


def _is_known(account_sid: str, auth_token: str) -> bool:
    given = request.authorization
    return (
        given is not None
        and given.type == "basic"
        and hmac.compare_digest((given.username or "").encode(), account_sid.encode())
        and hmac.compare_digest((given.password or "").encode(), auth_token.encode())
    )


def as_resource(leg: Leg) -> dict[str, Any]:
    """A leg as the API shows it. Duration and end are empty for a call that didn't complete."""
    completed = leg.status is CallStatus.COMPLETED
    return {
        "account_sid": leg.account_sid,
        "answered_by": None,
        "api_version": _VERSION,
        "caller_name": None,
        "date_created": _date(leg.created_at),
        "date_updated": _date(leg.ended_at or leg.created_at),
        "direction": leg.direction,
        "duration": str(leg.seconds) if completed else None,
        "end_time": _date(leg.ended_at) if completed and leg.ended_at else None,
        "forwarded_from": None,
        "from": leg.caller,
        "from_formatted": leg.caller,
        "group_sid": None,
        "parent_call_sid": leg.parent_sid,
        "phone_number_sid": None,
        "price": None,
        "price_unit": None,
        "queue_time": "0",
        "sid": leg.sid,
        "start_time": _date(leg.created_at),
        "status": leg.status.value,
        "subresource_uris": {},
        "to": leg.called,
        "to_formatted": leg.called,
        "trunk_sid": None,
        "uri": f"/{_VERSION}/Accounts/{leg.account_sid}/Calls/{leg.sid}.json",
    }


def _order() -> Order:
    """The order in a form. Raises ``NotRung``."""
    form = request.form
    ring_seconds = form.get("Timeout", "60")
    if not (ring_seconds.isdecimal() and 1 <= int(ring_seconds) <= _LONGEST_RINGING):
        raise NotRung(20001, f"Timeout: 1 to {_LONGEST_RINGING}")
    if not form.get("Url"):
        raise NotRung(21205, "Url: what the phone is to hear")
    return Order(
        to=form.get("To", ""),
        caller_id=form.get("From", ""),
        url=form["Url"],
        method=form.get("Method", "POST").upper(),
        status_url=form.get("StatusCallback"),
        status_events=frozenset(form.getlist("StatusCallbackEvent")) or frozenset({"completed"}),
        ring_seconds=int(ring_seconds),
    )


def _update(network: Network, leg: Leg) -> ResponseReturnValue:
    if leg.status.is_terminal:
        return _problem(400, 21220, "Call is not in-progress. Cannot redirect.")
    if "Url" in request.form or "Twiml" in request.form:
        return _lead_elsewhere(leg)
    return _end(network, leg, request.form.get("Status", ""))


def _lead_elsewhere(leg: Leg) -> ResponseReturnValue:
    """Abandon the current verb for another document: Url, or Twiml itself."""
    url, twiml, method = request.form.get("Url"), request.form.get("Twiml"), request.form.get("Method", "POST").upper()
    if (url is None) == (twiml is None) or not (url or twiml):
        return _problem(400, 20001, "Url or Twiml, one of them")
    if method not in {"GET", "POST"}:
        return _problem(400, 20001, "Method: GET or POST")
    if len(twiml or "") > _LONGEST_TWIML:
        return _problem(400, 20001, f"Twiml: at most {_LONGEST_TWIML} characters")
    if leg.parent_sid:
        return _problem(400, 20001, "this stand-in leads callers' legs elsewhere, not those of phones")
    leg.request_instead(Instead(url or "", method, twiml))
    return jsonify(as_resource(leg))


def _end(network: Network, leg: Leg, status: str) -> ResponseReturnValue:
    if status not in {"completed", "canceled"}:
        return _problem(400, 20001, "Status: completed or canceled")
    if status == "canceled" and leg.answered_at is not None:
        return _problem(400, 21220, "Only a call that is queued or ringing can be canceled")
    caller = network.leg(leg.parent_sid) if leg.parent_sid else leg
    if caller is not None:
        caller.request_end()
    return jsonify(as_resource(leg))


def _wanted() -> list[Callable[[Leg], bool]]:
    """The filters of a request, together. Raises ``ValueError`` for a date that isn't one."""
    exact: dict[str, Callable[[Leg], str | None]] = {
        "To": lambda leg: leg.called,
        "From": lambda leg: leg.caller,
        "Status": lambda leg: leg.status.value,
        "ParentCallSid": lambda leg: leg.parent_sid,
    }
    wanted = [_equals(read, request.args[name]) for name, read in exact.items() if name in request.args]
    for name, read in (("StartTime", lambda leg: leg.created_at), ("EndTime", lambda leg: leg.ended_at)):
        if f"{name}>" in request.args:
            wanted.append(_from(read, _instant(request.args[f"{name}>"])))
        if f"{name}<" in request.args:
            wanted.append(_until(read, _latest(request.args[f"{name}<"])))
    return wanted


def _equals(read: Callable[[Leg], str | None], value: str) -> Callable[[Leg], bool]:
    return lambda leg: read(leg) == value


def _from(read: Callable[[Leg], datetime | None], instant: datetime) -> Callable[[Leg], bool]:
    return lambda leg: (at := read(leg)) is not None and at >= instant


def _until(read: Callable[[Leg], datetime | None], instant: datetime) -> Callable[[Leg], bool]:
    return lambda leg: (at := read(leg)) is not None and at <= instant


def _instant(text: str) -> datetime:
    """A date (its first instant, UTC) or an instant."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        message = "a time is YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ"
        raise ValueError(message) from error
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at


def _latest(text: str) -> datetime:
    """As ``_instant``, but a date is its last second."""
    whole_day = timedelta(days=1, microseconds=-1) if "T" not in text else timedelta(0)
    return _instant(text) + whole_day


def _paging() -> tuple[int, int]:
    page, size = int(request.args.get("Page", "0")), int(request.args.get("PageSize", str(_PER_PAGE)))
    return max(0, page), min(max(1, size), MOST_PER_PAGE)


def _page(found: list[Leg], page: int, size: int) -> dict[str, Any]:
    start = page * size
    here = found[start : start + size]

    def uri(number: int) -> str:
        kept = {name: value for name, value in request.args.items() if name not in {"Page", "PageSize", "PageToken"}}
        return f"{request.path}?{urlencode({**kept, 'PageSize': size, 'Page': number})}"

    return {
        "calls": [as_resource(leg) for leg in here],
        "end": start + max(0, len(here) - 1),
        "first_page_uri": uri(0),
        "next_page_uri": uri(page + 1) if len(found) > start + size else None,
        "page": page,
        "page_size": size,
        "previous_page_uri": uri(page - 1) if page else None,
        "start": start,
        "uri": uri(page),
    }


def _date(at: datetime) -> str:
    return format_datetime(at.astimezone(UTC))


def _not_found() -> ResponseReturnValue:
    return _problem(404, 20404, f"The requested resource {request.path} was not found")


def _problem(status: int, code: int, message: str) -> ResponseReturnValue:
    answer = {"code": code, "message": message, "more_info": "", "status": status}
    return jsonify(answer), status
