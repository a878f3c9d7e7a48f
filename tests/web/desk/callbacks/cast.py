"""Two specialists at the call-back pages, with a telephone provider that does as it is told."""

from __future__ import annotations

import html
import re
import secrets
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain.callbacks import BackState
from app.domain.callflow.values import NumberSource
from app.domain.calls import CallSid, Outcome, Source, Verdict
from app.domain.lines import LineKey, OrganisationKey
from app.domain.permissions import AccountId, Actor, Role
from app.domain.phone import PhoneNumber
from app.services.account import accounts, web_sessions
from app.services.account.accounts import NewAccount
from app.services.line import callbacks
from app.services.record import records
from app.services.record.records import NewCall
from app.storage.base import db
from app.storage.models import Account, AuditEntry, CallbackAttempt, CallbackRequest
from app.web.accounts.cookie import NAME
from tests.web.desk.conftest import Browser

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from flask import Flask
    from sqlalchemy.orm import Session
    from werkzeug.test import TestResponse

    from app.telephony import placing
    from app.telephony.rest import ProviderCall

CALLER = "+46701740629"
ASTRID, BEATE = "astrid@skane.example", "beate@skane.example"


def now() -> datetime:
    """This moment: in a long run sessions would be over that began when the tests were read."""
    return datetime.now(UTC)


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
    staff: dict[str, str] = field(default_factory=dict)
    astrid: Browser = field(init=False)
    beate: Browser = field(init=False)

    def signs_in(self, email: str, specialist: str | None) -> Browser:
        """A browser with a session, without the time that a password takes. It speaks English."""
        policy = self.app.extensions["radrum"].policy
        new = NewAccount(email, OrganisationKey("skane"), frozenset({Role.SPECIALIST}), specialist=specialist)
        with self.database() as session:
            accounts.add(session, policy, new, now())
            made = session.scalars(select(Account).where(Account.email == email)).one()
            made.must_change_password = False
            known = made.fs_uniquifier, web_sessions.begin(session, AccountId(made.id), now())
        client = self.app.test_client()
        with client.session_transaction() as cookie:
            cookie["_user_id"], cookie[NAME] = known
        client.set_cookie("radrum_language", "en")
        return Browser(client)

    def actor(self) -> Actor:
        with self.database() as session:
            account = session.scalars(select(Account).where(Account.email == ASTRID)).one()
            return accounts.actor_of(account, self.app.extensions["radrum"].policy)

    @contextmanager
    def database(self) -> Iterator[Session]:
        with self.app.app_context():
            yield db.session()
            db.session.commit()

    def request(self, caller: str = "professional", line: str = "skane", **fields: object) -> int:
        """Somebody who asked an hour ago to be rung back."""
        at, known = now() - timedelta(hours=1), self.app.extensions["radrum"].policy.lines[LineKey(line)]
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

    def tried(self, request: int, who: str = ASTRID, /, **facts: object) -> None:
        """A try of theirs; without ``ended_at`` it goes on."""
        given = {
            "state": BackState.RINGING,
            "began_at": now() - timedelta(minutes=9),
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

    def changes(self, request: int, **fields: object) -> None:
        with self.database() as session:
            made = session.get_one(CallbackRequest, request)
            for name, value in fields.items():
                setattr(made, name, value)

    def log(self, request: int) -> list[str]:
        with self.app.app_context():
            query = select(AuditEntry.what).where(AuditEntry.record == f"callback_request:{request}")
            return [what.value for what in db.session.scalars(query.order_by(AuditEntry.sequence))]


def words(answer: TestResponse) -> str:
    """What a page says, without its tags; never the caller's number, nor the end of it."""
    page = answer.get_data(as_text=True)
    said = html.unescape(" ".join(re.sub(r"<[^>]+>", " ", page).split()))
    assert "0629" not in said
    # In tags stand tokens and moments, where any four digits may stand by chance.
    assert not re.search(r"174[ -]?06[ -]?29", page)
    return said


def seen(browser: Browser, request: int) -> str:
    """What the page of a request says that it has shown about the hours in which it is safe to ring."""
    found = re.search(r'name="seen"[^>]*value="(\w*)"', browser.get(f"/callbacks/{request}").get_data(as_text=True))
    return found[1] if found else ""


def act(browser: Browser, request: int, what: str, **fields: str) -> TestResponse:
    """Press a button of the request's page."""
    if what == "exposed":
        fields = {"seen": seen(browser, request), **fields}
    return browser.fill(f"/callbacks/{request}", f"/callbacks/{request}/{what}", **fields)


def page(browser: Browser, request: int) -> str:
    return words(browser.get(f"/callbacks/{request}"))
