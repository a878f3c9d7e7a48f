"""Specialists at the desk who ring callers back, and the telephone that they ring by."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from app.domain.callbacks import CallbackState, NotNow, Why
from app.domain.callflow.values import NumberSource
from app.domain.calls import CallSid, CallStatus, Outcome, Source, Verdict
from app.domain.errors import Unavailable
from app.domain.lines import LineKey, OrganisationKey, StaffId
from app.domain.permissions import Actor, Role
from app.domain.phone import PhoneNumber
from app.services.account import accounts
from app.services.account.accounts import NewAccount
from app.services.callback import callback_list
from app.services.callback.ring_back import Rung, ring_back
from app.services.line import callbacks
from app.services.record import records
from app.services.record.records import NewCall
from app.storage.models import CallbackAttempt, CallbackRequest, Consultation, Staff
from app.telephony.rest import ProviderCall
from tests.support.webhooks import Answered, Twilio
from tests.voice.moments import MONDAY_AT_TEN

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    from app.domain.policy import Policy
    from app.telephony import placing


ETT, TVA, TRE, FYRA = "+46701740641", "+46701740642", "+46701740643", "+46701740644"
CALLER = PhoneNumber("+46701740605")


NOW = MONDAY_AT_TEN.astimezone(UTC)


ORIGIN = "https://radrum.example.se"


LEG = CallSid("CA" + "e" * 32)


@dataclass
class Telephone:
    """A provider that rings what it is told to, or fails in the way it is told to."""

    raises: Exception | None = None
    does_it_all_the_same: bool = False
    answers_questions: bool = True
    meanwhile: Callable[[placing.NewCall, CallSid], object] = lambda _new, _sid: None
    ordered: list[placing.NewCall] = field(default_factory=list)
    calls: list[ProviderCall] = field(default_factory=list)
    legs: list[ProviderCall] = field(default_factory=list)

    def ring(self, new: placing.NewCall) -> CallSid:
        self.ordered.append(new)
        sid = CallSid(f"CA{len(self.ordered):032x}")
        if self.raises is None or self.does_it_all_the_same:
            self.calls.append(ProviderCall(sid, new.to, CallStatus.RINGING, NOW, None, None, None))
        self.meanwhile(new, sid)
        if self.raises:
            raise self.raises
        return sid

    def rung(self, to: PhoneNumber, caller_id: PhoneNumber, since: datetime) -> Sequence[ProviderCall]:
        del caller_id, since
        self._assert_there()
        return [one for one in self.calls if one.to == to]

    def fetch(self, sid: CallSid) -> ProviderCall | None:
        self._assert_there()
        return next((one for one in self.calls if one.sid == sid), None)

    def children(self, parent_sid: CallSid) -> Sequence[ProviderCall]:
        return [leg for leg in self.legs if leg.parent_sid == parent_sid]

    def is_over(self, status: CallStatus = CallStatus.COMPLETED) -> None:
        self.calls = [replace(one, status=status, ended_at=NOW + timedelta(minutes=5)) for one in self.calls]

    def _assert_there(self) -> None:
        if not self.answers_questions:
            msg = "nobody there"
            raise Unavailable(msg)


@dataclass
class Ringing:
    """One try, as Twilio plays it."""

    twilio: Twilio
    path: str

    def pick_up(self) -> Answered:
        return self.twilio.post(self.path)

    def press(self, key: str = "1", **fields: str) -> Answered:
        return self.twilio.post(f"{self.path}/key", Digits=key, **fields)

    def caller(self, status: str, **fields: str) -> Answered:
        return self.twilio.post(f"{self.path}/leg", CallSid=LEG, CallStatus=status, **fields)

    def dial_ended(self, status: str, *, bridged: bool, leg: str = "in-progress", **fields: str) -> Answered:
        told = {"DialCallStatus": status, "DialBridged": str(bridged).lower(), "CallStatus": leg}
        return self.twilio.post(f"{self.path}/end", **told, **fields)

    def over(self, status: str = "completed", **fields: str) -> Answered:
        return self.twilio.post(f"{self.path}/status", CallStatus=status, **fields)

    def talk(self, seconds: int = 90) -> None:
        self.pick_up()
        self.press()
        self.caller("in-progress")
        self.dial_ended("completed", bridged=True, DialCallDuration=str(seconds))
        self.over()


@dataclass
class Desk:
    """A desk in Skåne, with one caller who wants to be rung back."""

    app: Flask
    client: FlaskClient
    session: Session
    policy: Policy
    telephone: Telephone = field(default_factory=Telephone)
    request: int = 0
    rung: Rung | None = None

    def actor(self, phone: str = ETT, lines: tuple[str, ...] = ("skane",), organisation: str = "skane") -> Actor:
        staff = next(one for one in self.session.scalars(select(Staff)) if one.phone.e164 == phone)
        reach = frozenset(map(LineKey, lines))
        account: Any = f"account of {staff.alias}"
        made = Actor(account, StaffId(staff.id), OrganisationKey(organisation), reach, frozenset({Role.SPECIALIST}))
        self.session.commit()
        return made

    def signs_up(self, phone: str) -> None:
        """The specialist has an account that reaches all lines of their organisation."""
        staff = next(one for one in self.session.scalars(select(Staff)) if one.phone.e164 == phone)
        email = f"{staff.id}@{staff.organisation}.example"
        roles = frozenset({Role.SPECIALIST})
        new = NewAccount(email, OrganisationKey(staff.organisation), roles, specialist=staff.alias)
        accounts.add(self.session, self.policy, new, NOW)
        self.session.commit()

    def ring(self, who: Actor | None = None, *, now: datetime = NOW, policy: Policy | None = None) -> Ringing:
        actor, policy = who or self.actor(), policy or self.policy
        self.rung = ring_back(self.session, policy, actor, self.request, self.telephone, now, public_url=ORIGIN)
        order = self.telephone.ordered[-1]
        path = urlsplit(order.url).path
        sid = f"CA{len(self.telephone.ordered):032x}"
        return Ringing(Twilio(self.client, order.to.e164, now, sid, caller=order.caller_id.e164), path)

    def try_(self) -> CallbackAttempt:
        self.session.rollback()
        self.session.expire_all()
        return self.session.scalars(select(CallbackAttempt).order_by(CallbackAttempt.id.desc())).all()[0]

    def stored(self) -> CallbackRequest:
        self.session.rollback()
        self.session.expire_all()
        return self.session.get_one(CallbackRequest, self.request)

    def consultation(self) -> Consultation:
        return self.session.scalars(select(Consultation).where(Consultation.call_id == self.stored().call_id)).one()

    def state(self) -> CallbackState:
        self.session.rollback()
        (one,) = callback_list.work_list(self.session, self.actor(), NOW)
        return one.state


def asks_to_be_rung(session: Session, policy: Policy, sid: str = "CA" + "9" * 32, line: str = "skane") -> int:
    """A caller who confirmed their number, an hour ago."""
    at = NOW - timedelta(hours=1)
    call = records.open_record(
        session, NewCall(CallSid(sid), policy.lines[LineKey(line)], Source.LIVE, at, arrived=True)
    )
    callbacks.propose(session, call, CALLER, NumberSource.CALLER, at)
    session.flush()
    callbacks.confirm(session, call, at)
    records.decide(call, Verdict(Outcome.CALLBACK, "offer"))
    records.end(session, call, at + timedelta(minutes=1))
    records.refresh(session, call)
    session.commit()
    return session.scalars(select(CallbackRequest.id).where(CallbackRequest.call_id == call.id)).one()


def refused(desk: Desk, **how: Any) -> Why:  # noqa: ANN401 - as ring takes them
    with pytest.raises(NotNow) as caught:
        desk.ring(**how)
    desk.session.rollback()
    return caught.value.why
