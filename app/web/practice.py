"""What the practice phones are told of the service's own side.

In practice mode alone, and only when Twilio's stand-in signed the question: the answer holds the staff's numbers, which
the stand-in rings and never shows.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, request
from werkzeug.datastructures import MultiDict

from app.domain.calls import CallSid
from app.domain.errors import NotFound
from app.domain.lines import LineKey
from app.services.line.practice import phones_on_duty, story_of
from app.storage.base import db
from app.storage.engine import begin_read_only
from app.web import metrics
from app.web.api import shown
from app.web.api.access import Reader
from app.web.setup import setup

if TYPE_CHECKING:
    from app.services.line.practice import CallStory, PhoneOnDuty
    from app.storage.models import CallEvent

practice = Blueprint("practice", __name__, url_prefix="/twilio/practice")

Json = dict[str, Any]
_SID = re.compile(r"CA[0-9a-fA-F]{32}", re.ASCII)
_ALL = Reader(None)


@practice.before_request
def only_the_stand_in() -> None:
    """404 where calls are real; 403 for whoever isn't our own stand-in."""
    if not setup().is_practice:
        abort(404)
    target = request.environ.get("RAW_URI") or request.environ.get("REQUEST_URI", "")
    try:
        is_ours = setup().signature.is_signed(target, MultiDict(), request.headers)
    except Exception:  # noqa: BLE001 - what can't be judged is refused
        is_ours = False
    if not is_ours:
        metrics.signature_failures.inc()
        abort(403)
    begin_read_only(db.session())


@practice.get("/duty")
def duty() -> Json:
    """Whose phones a call to a line can make ring."""
    line = LineKey(request.args.get("line", ""))
    try:
        at = datetime.fromisoformat(request.args.get("at", ""))
        if at.tzinfo is None:
            abort(400)
        return {"phones": [_phone(one) for one in phones_on_duty(db.session(), setup().policy, line, at)]}
    except NotFound:
        abort(404)
    except ValueError:  # no instant, or one beyond the calendar
        abort(400)


@practice.get("/calls/<sid>")
def call(sid: str) -> Json:
    """A call as it is recorded so far."""
    story = story_of(db.session(), CallSid(sid)) if _SID.fullmatch(sid) else None
    if story is None:
        abort(404)
    return {
        "record": _record(story),
        "log": [_event(story, event) for event in story.events],
        "trail": story.trail,
        "at": story.stands_at,
    }


def _phone(one: PhoneOnDuty) -> Json:
    return {
        "line": one.line,
        "alias": one.alias,
        "phone": one.phone.e164,
        "tier": one.tier,
        "place": one.place,
        "is_free": one.is_free,
    }


def _record(story: CallStory) -> Json:
    """The fields of the API, with aliases where it shows ids, and the owner's name."""
    policy = setup().policy
    record = shown.call(policy, story.record, _ALL)
    consultation = story.record.consultation
    owner = next(
        (one for key, one in policy.organisations.items() if consultation and key == consultation.organisation), None
    )
    return record | {
        "answered_by": story.aliases.get(record["answered_by"]),
        "attempts": [one | {"specialist": story.aliases.get(one["specialist"])} for one in record["attempts"]],
        "owner": owner.name if owner else None,
    }


def _event(story: CallStory, event: CallEvent) -> Json:
    zones = {key: schedule.hours.zone for key, schedule in setup().policy.schedules.items()}
    zone = zones.get(LineKey(story.record.call.line))
    at = event.at.astimezone(zone).isoformat(timespec="seconds")
    return {"at": at, "text": event.kind, "kind": event.kind, "what": event.what}
