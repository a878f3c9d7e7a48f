"""Ringing a caller back: from the work list to the record, one webhook at a time."""

from __future__ import annotations

import contextlib
import threading
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.domain.callbacks import BackState, CallbackRules, CallbackState, Closing, NotNow, SafeHours, Why
from app.domain.callflow.values import NumberSource
from app.domain.calls import CallSid, CallStatus, Outcome, Source, Verdict
from app.domain.channels import Channel
from app.domain.errors import NotFound, Unavailable
from app.domain.lines import LineKey, OrganisationKey, StaffId
from app.domain.permissions import Actor, Role
from app.domain.phone import PhoneNumber
from app.services.account import accounts
from app.services.account.accounts import NewAccount
from app.services.callback import back_sweep, callback_list
from app.services.callback.ring_back import Rung, ring_back
from app.services.line import callbacks
from app.services.line.callbacks import erase_old
from app.services.record import records
from app.services.record.records import NewCall
from app.storage.base import db
from app.storage.models import Attempt, Call, CallbackAttempt, CallbackRequest, Consultation, Staff
from app.storage.scope import narrow
from app.telephony.placing import Refused, Unclear
from app.telephony.rest import ProviderCall
from tests.support.webhooks import Answered, Twilio
from tests.voice.conftest import MONDAY_AT_TEN, SKANE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from flask import Flask
    from flask.testing import FlaskClient

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


@pytest.fixture
def desk(app: Flask, client: FlaskClient, policy: Policy) -> Iterator[Desk]:
    with app.app_context():
        engine = db.engine
    with Session(engine) as session:
        made = Desk(app, client, session, policy)
        made.request = asks_to_be_rung(session, policy)
        session.commit()
        yield made


def refused(desk: Desk, **how: Any) -> Why:  # noqa: ANN401 - as ring takes them
    with pytest.raises(NotNow) as caught:
        desk.ring(**how)
    desk.session.rollback()
    return caught.value.why


def test_the_specialists_own_phone_rings_first_with_the_lines_number(desk: Desk) -> None:
    desk.ring()

    (order,) = desk.telephone.ordered
    assert (order.to.e164, order.caller_id.e164) == (ETT, SKANE)
    assert order.longest_seconds == 7200
    assert desk.state() is CallbackState.RINGING


def test_they_hear_for_whom_it_is_and_only_a_key_leads_on(desk: Desk) -> None:
    ringing = desk.ring()

    heard = ringing.pick_up()

    assert "Återuppringning för Resurscentrum heder Skåne" in heard.text
    assert "Tryck 1" in heard.text
    assert heard.verbs == ["Gather", "Hangup"]
    assert heard.rings is None


def test_pressing_1_rings_the_caller_with_the_lines_number_and_nothing_on_the_callers_side(desk: Desk) -> None:
    ringing = desk.ring()
    ringing.pick_up()

    answer = ringing.press()

    number, dial = answer.document.find("Dial/Number"), answer.document.find("Dial")
    assert number is not None
    assert dial is not None
    assert (number.text, number.get("url")) == (CALLER.e164, None)
    assert (dial.get("callerId"), dial.get("timeLimit")) == (SKANE, "7200")


def test_a_conversation_makes_the_consultation_held_and_erases_the_number(desk: Desk) -> None:
    ringing = desk.ring()

    ringing.talk(seconds=90)

    request, attempt, held = desk.stored(), desk.try_(), desk.consultation()
    call = desk.session.get_one(Call, request.call_id)
    assert (request.number, request.closed_as) == (None, Closing.TALKED)
    assert (attempt.state, attempt.talk_seconds) == (BackState.REACHED, 90)
    assert (held.staff_id, held.held_at) == (attempt.staff_id, attempt.answered_at)
    assert held.channel is Channel.CALL_BACK
    assert call.outcome is Outcome.CALLBACK
    assert callback_list.work_list(desk.session, desk.actor(), NOW) == []


@pytest.mark.parametrize(
    ("leg", "state"),
    [
        ("no-answer", BackState.NO_ANSWER),
        ("busy", BackState.BUSY),
        ("failed", BackState.FAILED),
        ("canceled", BackState.CANCELLED),
    ],
)
def test_a_specialist_whose_phone_is_not_answered_rings_nobody(desk: Desk, leg: str, state: BackState) -> None:
    ringing = desk.ring()

    ringing.over(leg)

    assert desk.try_().state is state
    assert desk.state() is CallbackState.TAKEN
    assert desk.stored().number == CALLER


def test_a_phone_that_is_picked_up_without_a_key_rings_nobody(desk: Desk) -> None:
    ringing = desk.ring()

    ringing.pick_up()
    ringing.over()

    assert desk.try_().state is BackState.SILENT


def test_another_key_than_1_is_for_good(desk: Desk) -> None:
    ringing = desk.ring()
    ringing.pick_up()

    answers = [ringing.press("2"), ringing.press("1")]
    ringing.over()

    assert [one.verbs for one in answers] == [["Hangup"], ["Hangup"]]
    assert desk.try_().state is BackState.DECLINED


@pytest.mark.parametrize(
    ("status", "state", "said"),
    [
        ("busy", BackState.CALLER_BUSY, "upptaget"),
        ("no-answer", BackState.CALLER_NO_ANSWER, "Ingen svarar"),
        ("failed", BackState.CALLER_FAILED, "går inte att nå"),
    ],
)
def test_a_caller_who_is_not_reached_can_be_tried_again(desk: Desk, status: str, state: BackState, said: str) -> None:
    ringing = desk.ring()
    ringing.pick_up()
    ringing.press()

    answer = ringing.dial_ended(status, bridged=False)
    ringing.over()

    assert said in answer.text
    assert desk.try_().state is state
    (listed,) = callback_list.work_list(desk.session, desk.actor(), NOW)
    assert (listed.state, listed.missed, listed.last) == (CallbackState.TAKEN, 1, state)
    assert desk.consultation().held_at is None
    desk.ring()


def test_a_specialist_who_hangs_up_while_it_rings_has_reached_nobody(desk: Desk) -> None:
    ringing = desk.ring()
    ringing.pick_up()
    ringing.press()

    ringing.dial_ended("canceled", bridged=False, leg="completed")

    assert desk.try_().state is BackState.CANCELLED


def test_a_short_talk_may_be_a_voicemail_and_is_done_when_the_specialist_says_so(desk: Desk) -> None:
    desk.ring().talk(seconds=12)

    assert desk.stored().number == CALLER
    callback_list.close(desk.session, desk.actor(), desk.request, Closing.TALKED, NOW)
    desk.session.commit()

    assert desk.stored().number is None
    assert desk.consultation().held_at is not None


def test_a_request_that_nobody_was_reached_for_cannot_be_called_done(desk: Desk) -> None:
    with pytest.raises(NotNow) as caught:
        callback_list.close(desk.session, desk.actor(), desk.request, Closing.TALKED, NOW)

    assert caught.value.why is Why.NOT_TALKED


def test_callbacks_in_another_order_and_twice_end_the_same(desk: Desk) -> None:
    ringing = desk.ring()

    ringing.pick_up()
    first, second = ringing.press(), ringing.press()
    ringing.over()
    ringing.over()
    ringing.caller("completed", CallDuration="75")
    ringing.caller("in-progress")
    ringing.dial_ended("completed", bridged=True, leg="completed", DialCallDuration="75")

    assert first.response.data == second.response.data
    assert (desk.try_().state, desk.try_().talk_seconds) == (BackState.REACHED, 75)
    assert desk.stored().closed_as is Closing.TALKED


def test_an_order_that_was_carried_out_after_all_is_found_and_not_repeated(desk: Desk) -> None:
    desk.telephone = Telephone(Unclear("a 500"), does_it_all_the_same=True)

    desk.ring()

    assert len(desk.telephone.ordered) == 1
    assert desk.try_().sid == desk.telephone.calls[0].sid
    assert refused(desk) is Why.RINGING


def test_an_order_whose_phone_told_us_before_the_error_came_is_certain(desk: Desk) -> None:
    def tell(new: placing.NewCall, sid: CallSid) -> None:
        twilio = Twilio(desk.client, new.to.e164, NOW, sid, caller=new.caller_id.e164)
        Ringing(twilio, urlsplit(new.url).path).pick_up()

    desk.telephone = Telephone(Unclear("a 500"), does_it_all_the_same=True, meanwhile=tell)

    desk.ring()

    assert desk.rung is not None
    assert desk.rung.is_certain


def test_an_order_that_nobody_knows_of_stays_open_until_the_sweep_knows(desk: Desk) -> None:
    desk.telephone = Telephone(Unclear("no answer"))
    desk.ring()

    assert (desk.try_().sid, desk.state()) == (None, CallbackState.RINGING)
    assert refused(desk) is Why.RINGING
    assert back_sweep.sweep(desk.session, desk.policy, desk.telephone, NOW + timedelta(minutes=3)) == 1
    assert desk.try_().state is BackState.FAILED
    assert len(desk.telephone.ordered) == 1


def test_an_order_that_is_confirmed_late_still_works_by_its_webhooks(desk: Desk) -> None:
    desk.telephone = Telephone(Unclear("no answer"))

    desk.ring().talk()

    assert desk.stored().closed_as is Closing.TALKED


def test_of_an_order_that_was_carried_out_twice_one_call_alone_goes_on(desk: Desk) -> None:
    ringing = desk.ring()
    twin = Ringing(replace(ringing.twilio, sid="CA" + "d" * 32), ringing.path)
    ringing.pick_up()

    answer, key = twin.pick_up(), twin.press()

    assert "finns inte kvar" in answer.text
    assert key.verbs == ["Hangup"]


def test_what_is_refused_rings_nobody_and_says_so(desk: Desk) -> None:
    desk.telephone = Telephone(Refused("21215"))

    assert refused(desk) is Why.REFUSED
    assert desk.try_().state is BackState.FAILED


def test_a_provider_that_is_not_there_leaves_nobody_busy(desk: Desk) -> None:
    desk.telephone = Telephone(Unavailable("down"))

    with pytest.raises(Unavailable):
        desk.ring()

    assert desk.try_().state is BackState.FAILED


def test_a_try_that_nobody_can_be_asked_about_is_given_up(desk: Desk) -> None:
    desk.telephone = Telephone(Unclear("no answer"), answers_questions=False)
    desk.ring()

    with pytest.raises(Unavailable):
        back_sweep.sweep(desk.session, desk.policy, desk.telephone, NOW + timedelta(minutes=3))
    desk.session.rollback()

    assert back_sweep.sweep(desk.session, desk.policy, desk.telephone, NOW + timedelta(minutes=6)) == 1
    assert desk.try_().state is BackState.FAILED


def test_a_conversation_whose_callbacks_were_all_lost_is_found_in_the_providers_list(desk: Desk) -> None:
    ringing = desk.ring()
    ringing.pick_up()
    ringing.press()
    desk.telephone.is_over()
    parent = desk.telephone.calls[0].sid
    desk.telephone.legs = [ProviderCall(LEG, CALLER, CallStatus.COMPLETED, NOW, NOW, 300, parent)]

    assert back_sweep.sweep(desk.session, desk.policy, desk.telephone, NOW + timedelta(minutes=6)) == 1

    assert (desk.try_().state, desk.try_().talk_seconds) == (BackState.REACHED, 300)
    assert desk.consultation().held_at is not None
    assert desk.stored().number is None


def test_a_conversation_that_goes_on_is_left_alone(desk: Desk) -> None:
    ringing = desk.ring()
    ringing.pick_up()
    ringing.press()
    ringing.caller("in-progress")

    assert back_sweep.sweep(desk.session, desk.policy, desk.telephone, NOW + timedelta(minutes=30)) == 0
    assert desk.try_().state is BackState.TALKING


def test_two_who_press_at_once_ring_once(desk: Desk) -> None:
    actors, started, whys = [desk.actor(ETT), desk.actor(TVA)], threading.Barrier(2), []

    def press(actor: Actor) -> None:
        with desk.app.app_context():
            engine = db.engine
        with Session(engine) as session:
            started.wait()
            try:
                ring_back(session, desk.policy, actor, desk.request, desk.telephone, NOW, public_url=ORIGIN)
            except NotNow as refusal:
                whys.append(refusal.why)

    threads = [threading.Thread(target=press, args=(actor,)) for actor in actors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert whys == [Why.RINGING]
    assert len(desk.telephone.ordered) == 1


def test_whoever_rings_back_is_not_rung_by_an_incoming_call(desk: Desk, dial: Callable[..., Twilio]) -> None:
    desk.ring(desk.actor(TVA))

    twilio = dial()
    answer = twilio.press(twilio.arrive(), "1")

    assert answer.rings == ETT


def test_whoever_is_rung_by_an_incoming_call_does_not_ring_back(desk: Desk, dial: Callable[..., Twilio]) -> None:
    twilio = dial()
    assert twilio.press(twilio.arrive(), "1").rings == TVA

    assert refused(desk, who=desk.actor(TVA)) is Why.IN_A_CALL
    assert desk.telephone.ordered == []


def test_a_call_and_a_callback_at_the_same_moment_do_not_both_ring_one_phone(
    desk: Desk, dial: Callable[..., Twilio]
) -> None:
    twilio, actor, began = dial(), desk.actor(TVA), threading.Barrier(2)
    menu = twilio.arrive()

    def press() -> None:
        with desk.app.app_context():
            engine = db.engine
        with Session(engine) as session:
            began.wait()
            with contextlib.suppress(NotNow):
                ring_back(session, desk.policy, actor, desk.request, desk.telephone, NOW, public_url=ORIGIN)

    thread = threading.Thread(target=press)
    thread.start()
    began.wait()
    rung = twilio.press(menu, "1").rings
    thread.join()

    desk.session.rollback()
    live = [*desk.session.scalars(select(Attempt.staff_id).where(Attempt.ended_at.is_(None)))]
    live += desk.session.scalars(select(CallbackAttempt.staff_id).where(CallbackAttempt.ended_at.is_(None)))
    assert len(live) == len(set(live))
    assert rung in {ETT, TVA}


def test_the_caps_hold_for_each_line(desk: Desk) -> None:
    capped = replace(desk.policy, callbacks=CallbackRules(most_per_hour=1, most_per_day=2))
    desk.ring(policy=capped).over("no-answer")

    assert refused(desk, policy=capped) is Why.TOO_MANY_THIS_HOUR
    later = NOW + timedelta(hours=1)
    desk.ring(policy=capped, now=later).over("no-answer")
    assert refused(desk, policy=capped, now=later + timedelta(hours=1)) is Why.TOO_MANY_TODAY


@pytest.mark.parametrize("number", ["+46939123456", "+442071838750", SKANE])
def test_a_number_that_is_never_rung_is_not_rung_by_a_specialist_either(desk: Desk, number: str) -> None:
    desk.session.execute(update(CallbackRequest).values(number=PhoneNumber(number)))
    desk.session.commit()

    assert refused(desk) is Why.NOT_TO_BE_RUNG
    assert desk.telephone.ordered == []


def test_an_exposed_person_is_rung_only_where_and_when_it_was_noted_to_be_safe(desk: Desk) -> None:
    callback_list.note_exposed(desk.session, desk.actor(), desk.request, None, NOW, seen="")
    desk.session.commit()
    assert refused(desk) is Why.NOT_SAFE

    seen = callback_list.safe_note(desk.session.get_one(CallbackRequest, desk.request)).seen
    callback_list.note_exposed(desk.session, desk.actor(), desk.request, SafeHours(time(12), time(14)), NOW, seen=seen)
    desk.session.commit()
    assert refused(desk) is Why.NOT_SAFE_NOW

    desk.ring(now=NOW + timedelta(hours=2))
    assert len(desk.telephone.ordered) == 1


def test_what_another_organisation_asks_for_is_not_there(desk: Desk) -> None:
    other = desk.actor(FYRA, ("skaraborg",), "skaraborg")

    assert callback_list.work_list(desk.session, other, NOW) == []
    for deed in (callback_list.take, callback_list.give_back):
        with pytest.raises(NotFound):
            deed(desk.session, other, desk.request, NOW)
    with pytest.raises(NotFound):
        desk.ring(other)


def test_a_request_is_taken_handed_on_and_given_back(desk: Desk) -> None:
    one, two = desk.actor(ETT), desk.actor(TVA)
    assert desk.state() is CallbackState.WAITING

    callback_list.take(desk.session, one, desk.request, NOW)
    desk.session.commit()
    assert desk.state() is CallbackState.TAKEN
    assert refused(desk, who=two) is Why.SOMEBODY_ELSES

    assert two.staff_id
    desk.signs_up(TVA)
    callback_list.pass_on(desk.session, one, desk.request, two.staff_id, NOW)
    desk.session.commit()
    (listed,) = callback_list.work_list(desk.session, two, NOW)
    assert (listed.state, listed.has, listed.passed_by, listed.is_mine) == (CallbackState.PASSED_ON, "Två", "Ett", True)

    callback_list.take(desk.session, two, desk.request, NOW)
    callback_list.give_back(desk.session, two, desk.request, NOW)
    desk.session.commit()
    assert desk.state() is CallbackState.WAITING


def test_whoever_went_home_with_a_request_does_not_keep_it(desk: Desk) -> None:
    callback_list.take(desk.session, desk.actor(ETT), desk.request, NOW)

    callback_list.take(desk.session, desk.actor(TVA), desk.request, NOW + timedelta(hours=4))

    desk.session.commit()
    assert desk.stored().staff_id == desk.actor(TVA).staff_id


def test_colleagues_of_other_organisations_are_not_suggested(desk: Desk) -> None:
    for phone in (TVA, TRE, FYRA):
        desk.signs_up(phone)

    suggested = callback_list.colleagues(desk.session, desk.actor(), desk.request)

    assert [one.alias for one in suggested] == ["Tre", "Två"]
    with pytest.raises(NotNow) as caught:
        callback_list.pass_on(desk.session, desk.actor(), desk.request, StaffId("stranger"), NOW)
    assert caught.value.why is Why.NOBODY_THERE


def test_a_withdrawn_request_loses_its_number_and_cannot_be_rung(desk: Desk) -> None:
    callback_list.close(desk.session, desk.actor(), desk.request, Closing.NO_LONGER_WANTED, NOW)
    desk.session.commit()

    assert desk.stored().number is None
    assert desk.consultation().held_at is None
    assert refused(desk) is Why.CLOSED


def test_a_number_that_nobody_got_to_is_erased_after_the_configured_days(desk: Desk) -> None:
    assert erase_old(desk.session, desk.policy, NOW + timedelta(days=29)) == 0

    assert erase_old(desk.session, desk.policy, NOW + timedelta(days=30)) == 1

    assert (desk.stored().number, desk.stored().closed_as) == (None, Closing.EXPIRED)


def test_no_number_is_in_the_log_nor_left_in_the_file(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(0)

    desk.ring().talk()

    assert CALLER.e164[3:] not in caplog.text
    assert ETT[3:] not in caplog.text
    assert desk.session.scalars(select(CallbackRequest.id).where(CallbackRequest.number.is_not(None))).all() == []
    file = desk.session.get_bind().engine.url.database or ""
    if desk.session.get_bind().dialect.name == "sqlite":
        desk.session.rollback()
        with open(file, "rb") as stored:  # noqa: PTH123 - any file
            assert CALLER.e164[3:].encode() not in stored.read()


def test_webhooks_of_a_token_that_was_never_given_out_ring_nobody(desk: Desk) -> None:
    stranger = Ringing(Twilio(desk.client, ETT, NOW, LEG), "/twilio/back/" + "0" * 32)

    answers = [stranger.pick_up(), stranger.press(), stranger.dial_ended("busy", bridged=False), stranger.over()]

    assert [one.rings for one in answers] == [None] * 4


def test_an_unsigned_webhook_is_refused(desk: Desk) -> None:
    ringing = desk.ring()

    assert desk.client.post(f"{ringing.path}/key", data={"Digits": "1"}).status_code == 403


def test_a_desk_that_sees_its_own_lines_alone_can_ring_back_and_close(desk: Desk) -> None:
    actor = desk.actor()
    with Session(desk.session.get_bind()) as narrowed:
        narrow(narrowed, actor)

        callback_list.take(narrowed, actor, desk.request, NOW)
        narrowed.commit()
        ring_back(narrowed, desk.policy, actor, desk.request, desk.telephone, NOW, public_url=ORIGIN)

    assert desk.try_().sid == desk.telephone.calls[0].sid
