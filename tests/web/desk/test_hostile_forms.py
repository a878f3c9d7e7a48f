"""Whatever is sent to a form of the desk, its answer is a page or a refusal, and never an error of ours.

A few inputs for each form run with all other tests; ``HOSTILE_INPUTS=3000`` before the command tries as many.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_from_bytes

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.domain.calls import Outcome, Source
from app.domain.cases import reference_of
from app.domain.permissions import Role
from app.domain.phone import PhoneNumber
from app.storage.base import db
from app.storage.models import Account, Case, Consultation, FollowUp, Staff
from tests.services.today_cast import add_call
from tests.web.desk.callbacks.cast import Desk, Telephone

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from flask import Flask
    from werkzeug.test import TestResponse

    from tests.web.desk.conftest import Browser

INPUTS = int(os.environ.get("HOSTILE_INPUTS", "15"))
# As many as somebody wants to wait for: the limit of all tests is for a few.
pytestmark = pytest.mark.timeout(300 + INPUTS)
many = settings(
    max_examples=INPUTS,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
FINE = {200, 302, 303, 400, 403, 404, 409, 413, 422, 429}
SCRIPT = "<script>alert(1)</script>"

NASTY = (
    *("", " ", "\x00", "a\x00b", "\r\n", "\u2028", "\u202e", "\ufeff", "\U0001f600" * 50, "å" * 5_000, "0" * 400),
    *(
        "-1",
        "1e9",
        "NaN",
        "٣",
        "²",
        "½",
        "9" * 30,
        "2147483648",
        "true",
        "[]",
        "{}",
        "null",
        "None",
        "../../etc/passwd",
    ),
    *(SCRIPT, "' OR 1=1 --", "{{ 7*7 }}", "%s%n%(x)s", "=1+1", "javascript:alert(1)", "Set-Cookie: a=b\r\n\r\n"),
    *("24:00", "25:61", "09:30", "2026-02-30", "0000-00-00", "9999-12-31", "10000-01-01", "2026-W53", "2026-W60"),
    *("070-1740640", "+46", "1280", "SOC", "y", "on", "hours", "no", "talked", "reached", "lunch"),
)
RAW = (b"\xff\xfe", b"\xed\xa0\x80", b"\xc0\x80", b"\xf0\x9f", b"\xe5r")
VALUES = st.sampled_from([*(text.encode() for text in NASTY), *RAW]) | st.text(max_size=40).map(str.encode)
VALUES |= st.binary(max_size=20)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.sampled_from(NASTY),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)

_RECORD = ("service", "type", "theme", "place", "exposed", "note")
_REFERRAL = ("name", "number", "hours", "whom", "note", "verified_on", "position", "version")
FORMS: Mapping[str, tuple[str, Sequence[str]]] = {
    "a record": ("/records/{record}", (*_RECORD, "version", "page", "shown", "was-note", "was-theme", "then")),
    "a call-back's colleague": ("/callbacks/{callback}/pass-on", ("colleague",)),
    "a call-back's end": ("/callbacks/{callback}/close", ("closing",)),
    "safe hours": ("/callbacks/{callback}/exposed", ("safe", "begins", "ends", "is_sure")),
    "a pause": ("/today/pause", ("reason", "until", "seen")),
    "a missed call": ("/today/calls/{call}", ("call-{call}-dealt_as",)),
    "a referral": ("/referrals/new", _REFERRAL),
    "a shipped referral": (
        "/referrals/sos/edit",
        _REFERRAL,
    ),
    "a municipality": (
        "/referrals/municipalities/1280",
        ("number", "hours", "day_number", "note", "verified_on", "version"),
    ),
    "a promise": ("/records/{record}/case", ("case", "reference", "days")),
    "a follow-up's day": ("/cases/{reference}/follow-up/{follow_up}/move", ("move-to", "move-why")),
    "a follow-up's end": ("/cases/{reference}/follow-up/{follow_up}/drop", ("drop-how",)),
    "a note on the time axis": ("/trends/notes/new", ("day", "line", "text", "token", "version", "marked")),
    "keys": ("/account/keys", ("single_keys",)),
}
"""By what it is about: the address, and the names of its fields."""
ASKED = {
    "/figures": ("span", "until", "line"),
    "/figures.csv": ("span", "until", "line"),
    "/trends/municipalities": ("kind", "day", "last", "line", "silent", "since", "sort", "order", "only"),
    "/trends/municipalities.csv": ("kind", "day", "last", "line", "silent", "since", "sort", "order", "only"),
    "/trends/history": ("line",),
    "/trends/history.csv": ("line",),
    "/records": ("before",),
    "/referrals": ("municipality", "undo"),
    "/referrals/panel": ("municipality", "undo"),
    "/language/sv": ("back",),
    "/sign-in": ("next",),
}


@dataclass
class Room:
    """Somebody of every role who is signed in, and of each kind of thing one."""

    browser: Browser
    token: str
    places: dict[str, int | str]

    def sends(self, path: str, fields: Mapping[str, Sequence[bytes]]) -> TestResponse:
        given = {"csrf_token": [self.token.encode()], **fields}
        body = "&".join(
            f"{name.format(**self.places)}={quote_from_bytes(value)}"
            for name, values in given.items()
            for value in values
        )
        return self.browser.client.post(
            path.format(**self.places),
            data=body,
            content_type="application/x-www-form-urlencoded",
            headers={"Accept": "text/html"},
        )

    def sends_json(self, path: str, content: object) -> TestResponse:
        return self.browser.client.post(
            path.format(**self.places),
            data=json.dumps(content),
            content_type="application/json",
            headers={"X-CSRFToken": self.token},
        )


@pytest.fixture
def room(app: Flask, browser: Browser, account: Callable[..., str]) -> Room:
    now, desk = datetime.now(UTC), Desk(app, Telephone())
    email = account("alla@skane.example", Role.SPECIALIST, Role.COORDINATOR, Role.MANAGER)
    with app.app_context():
        staff = Staff(id="s1", organisation="skane", alias="Astrid", name="Astrid", phone=PhoneNumber("+46701740680"))
        staff.competences, staff.languages, staff.created_at = [], [], now
        record = Consultation(organisation="skane", line="skane", source=Source.LIVE, opened_at=now)
        db.session.add_all([staff, record])
        db.session.flush()
        db.session.scalars(select(Account).where(Account.email == email)).one().staff_id = staff.id
        call = add_call(db.session(), now - timedelta(minutes=9), now - timedelta(minutes=7), Outcome.UNANSWERED)
        case = Case(reference=reference_of(200_000).digits, organisation="skane", line="skane", opened_at=now)
        case.staff_id = staff.id
        db.session.add(case)
        db.session.flush()
        promised = FollowUp(case_id=case.id, consultation_id=record.id, organisation="skane", line="skane")
        promised.promised_at, promised.within_days = now, 14
        db.session.add(promised)
        db.session.flush()
        places: dict[str, int | str] = {"record": record.id, "call": call.id}
        places |= {"reference": case.reference, "follow_up": promised.id}
        db.session.commit()
    places["callback"] = desk.request()
    browser.sign_in(email)
    return Room(browser, browser.token("/account"), places)


def is_answered(answer: TestResponse) -> None:
    assert answer.status_code in FINE
    assert SCRIPT not in answer.get_data(as_text=True)
    for value in answer.headers.values():
        assert "\n" not in value


@pytest.mark.parametrize("what", FORMS)
@many
@given(data=st.data())
def test_no_form_breaks(room: Room, what: str, data: st.DataObject) -> None:
    path, names = FORMS[what]
    chosen = {name: st.lists(VALUES, max_size=2) for name in names}
    if "version" in chosen:
        # Else most inputs would be turned away before anything reads them.
        chosen["version"] = st.just([b"0"]) | chosen["version"]

    is_answered(room.sends(path, data.draw(st.fixed_dictionaries({}, optional=chosen))))


@pytest.mark.parametrize("what", ["save", "complete"])
@many
@given(data=st.data())
def test_no_script_breaks_a_record(room: Room, what: str, data: st.DataObject) -> None:
    keys = ("fields", "note", "version", "page", "answers")
    fields = st.dictionaries(st.sampled_from(["service", "theme", "place", "exposed", "note", "x"]), JSON, max_size=3)
    shaped = st.fixed_dictionaries({}, optional=dict.fromkeys(keys, JSON | fields))
    valid_but_for: Any = {"fields": {}, "note": None, "version": 0, "page": "p"}
    nearly = shaped.map(lambda some: {**valid_but_for, **some})

    is_answered(room.sends_json(f"/records/{{record}}/{what}", data.draw(JSON | shaped | nearly)))


@many
@given(note=JSON | st.sampled_from(NASTY) | st.text(max_size=200))
def test_no_note_breaks_its_marks(room: Room, note: object) -> None:
    is_answered(room.sends_json("/records/marks", {"note": note}))


@pytest.mark.parametrize("path", ASKED)
@many
@given(data=st.data())
def test_no_address_breaks(room: Room, path: str, data: st.DataObject) -> None:
    names = ASKED[path]
    fields = data.draw(st.fixed_dictionaries({}, optional={name: st.lists(VALUES, max_size=2) for name in names}))
    query = "&".join(f"{name}={quote_from_bytes(value)}" for name, values in fields.items() for value in values)

    is_answered(room.browser.get(f"{path}?{query}"))


FILES = {
    "/referrals/municipalities": b"kommunkod;kommun;telefon;tider;dagtid;anteckning;kontrollerad",
    "/trends/municipalities": "kod;år;folkmängd".encode(),
    "/trends/history": b"line;unit;first;last;number;source",
}
"""Where files are sent, and how they begin."""


@pytest.mark.parametrize("path", FILES)
@many
@given(data=st.data())
def test_no_file_breaks(room: Room, path: str, data: st.DataObject) -> None:
    rows = st.lists(st.lists(VALUES, max_size=7).map(b";".join), max_size=5)
    content = data.draw(st.binary(max_size=200) | rows.map(lambda some: b"\r\n".join([FILES[path], *some])))

    answer = room.browser.client.post(path, data={"csrf_token": room.token, "file": (BytesIO(content), "f.csv")})

    is_answered(answer)
