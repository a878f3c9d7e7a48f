"""Ringing back from the desk: what the list and the page of a request show, what is done, and what is refused."""

from __future__ import annotations

import re
import secrets
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from app.domain.callbacks import BackState
from app.domain.callflow.values import NumberSource
from app.domain.calls import CallSid, Outcome, Source, Verdict
from app.domain.lines import LineKey
from app.domain.permissions import Role
from app.domain.phone import PhoneNumber
from app.factory import create_app
from app.services import callbacks, records
from app.services.records import NewCall
from app.storage.base import db
from app.storage.models import Account, AuditEntry, CallbackAttempt, CallbackRequest, Staff
from tests.web.desk.conftest import Browser

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from flask import Flask
    from sqlalchemy.orm import Session
    from werkzeug.test import TestResponse

    from app.settings import Settings
    from app.telephony import placing
    from app.telephony.rest import ProviderCall

CALLER = "+46701740605"
ASTRID, BEATE = "astrid@skane.example", "beate@skane.example"
NOW = datetime.now(UTC)


@dataclass
class Telephone:
    """A provider that rings what it is told to, or fails as it is told to."""

    raises: Exception | None = None
    ordered: list[placing.NewCall] = field(default_factory=list)

    def ring(self, new: placing.NewCall) -> CallSid:
        self.ordered.append(new)
        if self.raises:
            raise self.raises
        return CallSid(f"CA{len(self.ordered):032x}")

    def rung(self, to: PhoneNumber, caller_id: PhoneNumber, since: datetime) -> Sequence[ProviderCall]:
        del to, caller_id, since
        return ()


@dataclass
class Desk:
    """Two specialists of Skåne, each at a browser, and a telephone provider."""

    app: Flask
    telephone: Telephone
    astrid: Browser
    beate: Browser
    staff: dict[str, str]

    @contextmanager
    def database(self) -> Iterator[Session]:
        with self.app.app_context():
            yield db.session()
            db.session.commit()

    def request(self, caller: str = "professional", line: str = "skane", **fields: object) -> int:
        """Somebody who asked an hour ago to be rung back."""
        at, known = NOW - timedelta(hours=1), self.app.extensions["radrum"].policy.lines[LineKey(line)]
        with self.database() as session:
            sid = CallSid(f"CA{secrets.token_hex(16)}")
            call = records.open_record(session, NewCall(sid, known, Source.LIVE, at, arrived=True))
            call.position = {"node": "offer", "language": "sv", "competence": "law", "caller_kind": caller}
            callbacks.propose(session, call, PhoneNumber(CALLER), NumberSource.CALLER, at)
            session.flush()
            callbacks.confirm(session, call, at)
            records.decide(call, Verdict(Outcome.CALLBACK, "offer"))
            records.end(session, call, at + timedelta(minutes=1))
            records.refresh(session, call)
            made = session.scalars(select(CallbackRequest).where(CallbackRequest.call_id == call.id)).one()
            for name, value in fields.items():
                setattr(made, name, value)
            return made.id

    def tried(self, request: int, who: str = ASTRID, **facts: object) -> None:
        """A try of theirs; without ``ended_at`` it goes on."""
        given = {
            "state": BackState.RINGING,
            "began_at": NOW - timedelta(minutes=9),
            "sid": f"CA{secrets.token_hex(16)}",
        }
        with self.database() as session:
            made = CallbackAttempt(
                request_id=request,
                organisation="skane",
                line="skane",
                staff_id=self.staff[who],
                token=secrets.token_hex(16),
                **{**given, **facts},
            )
            session.add(made)

    def stored(self, request: int) -> CallbackRequest:
        with self.app.app_context():
            found = db.session.get_one(CallbackRequest, request)
            db.session.expunge(found)
            return found

    def changes(self, **fields: object) -> None:
        """Every request gets these."""
        with self.database() as session:
            for one in session.scalars(select(CallbackRequest)):
                for name, value in fields.items():
                    setattr(one, name, value)

    def log(self, request: int) -> list[str]:
        with self.app.app_context():
            query = select(AuditEntry.what).where(AuditEntry.record == f"callback_request:{request}")
            return [what.value for what in db.session.scalars(query.order_by(AuditEntry.sequence))]


@pytest.fixture
def telephone() -> Telephone:
    return Telephone()


@pytest.fixture
def app(settings: Settings, telephone: Telephone) -> Iterator[Flask]:
    app = create_app(settings)
    fake: Any = telephone
    app.extensions["radrum"] = replace(app.extensions["radrum"], telephone=fake)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def desk(app: Flask, telephone: Telephone, account: Callable[..., str]) -> Desk:
    made = Desk(app, telephone, Browser(app.test_client()), Browser(app.test_client()), {})
    for number, (email, browser) in enumerate(((ASTRID, made.astrid), (BEATE, made.beate))):
        account(email, Role.SPECIALIST)
        alias = email.split("@")[0].capitalize()
        with made.database() as session:
            staff = Staff(id=f"{number:032x}", organisation="skane", alias=alias, name=alias)
            staff.phone = PhoneNumber(f"+4670174064{number}")
            staff.competences, staff.languages, staff.created_at = [], [], NOW
            session.add(staff)
            session.flush()
            session.scalars(select(Account).where(Account.email == email)).one().staff_id = staff.id
            made.staff[email] = staff.id
        browser.client.set_cookie("radrum_language", "en")
        assert browser.sign_in(email).status_code in {302, 303}
    return made


def words(answer: TestResponse) -> str:
    """What the page says, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)).split())


def act(browser: Browser, request: int, what: str, **fields: str) -> TestResponse:
    """Press a button of the request's page."""
    return browser.fill(f"/callbacks/{request}", f"/callbacks/{request}/{what}", **fields)


def test_an_empty_list_says_what_that_means(desk: Desk) -> None:
    said = words(desk.astrid.get("/callbacks"))

    assert "Nobody waits to be rung back" in said


def test_the_list_shows_who_waits_and_no_number(desk: Desk) -> None:
    first, second = desk.request(confirmed_at=NOW - timedelta(days=3)), desk.request(line="skane", caller="unknown")
    act(desk.beate, second, "take")

    answer = desk.astrid.get("/callbacks")

    said, page = words(answer), answer.get_data(as_text=True)
    assert page.index(f"/callbacks/{first}") < page.index(f"/callbacks/{second}")
    assert "3 days ago" in said
    assert "Professional about: Law" in said
    assert "Beate has it" in said
    assert "0605" not in page
    assert desk.log(first) == []


def test_ringing_now_rings_ones_own_phone_once(desk: Desk) -> None:
    request = desk.request()

    answer = act(desk.astrid, request, "ring")

    assert answer.status_code == 303
    (order,) = desk.telephone.ordered
    assert order.to.e164 == "+46701740640"
    said = words(desk.astrid.get(f"/callbacks/{request}"))
    assert "Your phone rings" in said
    assert "press 1" in said
    assert desk.log(request) == ["opened_callback", "rang_back", "opened_callback"]
