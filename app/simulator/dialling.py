"""Dial: phones ring, one is joined with the caller, and the action hears how it went."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from email.utils import format_datetime
from functools import partial
from typing import TYPE_CHECKING

from app.domain.calls import CallStatus
from app.domain.phone import PhoneNumber, caller_number
from app.simulator.caller import Moment
from app.simulator.findings import Finding, FindingKind
from app.simulator.legs import Leg, new_sid
from app.simulator.phones import AT_ONCE_SECONDS
from app.simulator.run import CallerGone, Redirected
from app.simulator.screening import Screening
from app.simulator.transcript import LineKind

if TYPE_CHECKING:
    from app.simulator.phones import Phone
    from app.simulator.run import Run
    from app.simulator.twiml import Dial, Document, Number

# "About five seconds" longer than asked for (https://www.twilio.com/docs/voice/twiml/dial).
_TIMEOUT_SURPLUS_SECONDS = 5
_GIVES_UP_SECONDS = 3.0
_STAR_SECONDS = 10.0


@dataclass(slots=True)
class _Rung:
    """A phone that rings: ``after_seconds`` it is ``comes_to``, unless it reacts before that."""

    number: Number
    leg: Leg
    phone: Phone
    after_seconds: float
    comes_to: CallStatus
    fired: int = 0


@dataclass(slots=True)
class Dialling:
    """One Dial."""

    run: Run
    verb: Dial
    rung: list[_Rung]
    answered: _Rung | None = None

    def result(self) -> Document | None:
        """The action's document; ``None``: there is no action, and the next verb is due."""
        try:
            self._ring()
            if self.answered:
                self._converse(self.answered)
        except CallerGone as gone:
            self._abandon(gone)
            raise
        except Redirected:
            self._cut_off()
            raise
        self.run.has_last_word = False
        return self._report(self._how_it_went())

    def _ring(self) -> None:
        self.run.has_last_word = False
        self.run.end_of_silence()
        for rung in self.rung:
            self.run.note(LineKind.RANG, "", rung.number.phone)
            self._tell(rung, "initiated", CallStatus.INITIATED)
            if rung.after_seconds > AT_ONCE_SECONDS:
                self._tell(rung, "ringing", CallStatus.RINGING)
        self.run.caller.hears_ringing()
        self._perhaps_give_up()
        self._until_one_answers()
        for rung in self.rung:
            if rung is not self.answered:
                self._end(rung, CallStatus.CANCELED)

    def _until_one_answers(self) -> None:
        waiting, began, passed = list(self.rung), self.run.clock.now, 0.0
        while waiting and not self.answered:
            foreseen = min(waiting, key=lambda one: one.after_seconds)
            self.run.pass_seconds(foreseen.after_seconds - passed, lambda: any(one.phone.reaction() for one in waiting))
            rung = next((one for one in waiting if one.phone.reaction()), foreseen)
            reaction = rung.phone.reaction()
            passed = (self.run.clock.now - began).total_seconds() if reaction else rung.after_seconds
            waiting.remove(rung)
            if (reaction or rung.comes_to) is CallStatus.IN_PROGRESS:
                self._is_picked_up(rung)
            else:
                self._end(rung, reaction or rung.comes_to)

    def _is_picked_up(self, rung: _Rung) -> None:
        self.answered = rung
        rung.leg.answer(self.run.clock.now)
        rung.phone.is_picked_up()
        self.run.note(LineKind.PICKED_UP, "", rung.number.phone)
        self._tell(rung, "answered", CallStatus.IN_PROGRESS)

    def _perhaps_give_up(self) -> None:
        rings_for = min(one.after_seconds for one in self.rung)
        if rings_for > AT_ONCE_SECONDS and self.run.caller.hangs_up(Moment.RINGING):
            self.run.pass_seconds(min(_GIVES_UP_SECONDS, rings_for / 2))
            raise CallerGone

    def _converse(self, rung: _Rung) -> None:
        run = self.run
        if not Screening(run, rung.leg, rung.phone).passes(rung.number):
            self._end(rung, CallStatus.COMPLETED)
            return
        run.answer()
        rung.leg.joined = run.has_talked = True
        run.had_input()
        rung.phone.is_joined()
        run.note(LineKind.BRIDGED, "", rung.number.phone)
        seconds = float(min(rung.phone.talk_seconds, self.verb.time_limit_seconds))
        if self.verb.hang_up_on_star and run.caller.presses_star:
            seconds = min(seconds, _STAR_SECONDS)
        if run.caller.hangs_up(Moment.BRIDGED):
            run.pass_seconds(seconds / 2)
            raise CallerGone
        run.caller.talks(run, seconds, rung.phone, star_ends=self.verb.hang_up_on_star)
        self._end(rung, CallStatus.COMPLETED)

    def _cut_off(self) -> None:
        for rung in self.rung:
            self._end(rung, CallStatus.COMPLETED if rung.leg.answered_at else CallStatus.CANCELED)

    def _abandon(self, gone: CallerGone) -> None:
        run, variants = self.run, self.run.plan.variants
        self._cut_off()
        joined = bool(self.answered and self.answered.leg.joined)
        if self.verb.action is None or (joined and variants.no_action_after_bridged_hang_up):
            return
        fields = self._how_it_went()
        if not joined:
            fields["DialCallStatus"] = variants.abandoned_dial_status.value
        gone.action = partial(run.tell_action, run.leg, self.verb.action, self.verb.method, fields)

    def _how_it_went(self) -> dict[str, str]:
        """The Dial's own fields for its action."""
        shown = self.answered or self.rung[0]
        leg, variants = shown.leg, self.run.plan.variants
        status = leg.status if len(self.rung) == 1 or self.answered else CallStatus.NO_ANSWER
        fields = {"DialCallStatus": status.value, "DialCallSid": leg.sid, "DialBridged": str(leg.joined).lower()}
        if leg.joined or (leg.answered_at and not variants.no_duration_of_whisper):
            fields["DialCallDuration"] = str(leg.seconds)
        elif variants.unbridged_duration_zero and not leg.answered_at:
            fields["DialCallDuration"] = "0"
        return fields

    def _report(self, fields: dict[str, str]) -> Document | None:
        if self.verb.action is None:
            return None
        return self.run.next_document(self.verb.action, self.verb.method, fields)

    def _end(self, rung: _Rung, status: CallStatus) -> None:
        leg = rung.leg
        if leg.status.is_terminal:
            return
        leg.end(status, self.run.clock.now)
        # Free before the service can hear of it, so that whoever rings it then rings it rightly.
        self.run.network.release(leg.called, leg.sid)
        rung.phone.is_over()
        self.run.note(LineKind.LEG_ENDED, status.value, rung.number.phone)
        self._tell(rung, "completed", status)

    def _tell(self, rung: _Rung, event: str, status: CallStatus) -> None:
        rung.leg.status = status
        number = rung.number
        if number.callback_url is None or event not in number.callback_events:
            return
        extra = {
            "Timestamp": format_datetime(self.run.clock.now.astimezone(UTC)),
            "CallbackSource": "call-progress-events",
            "SequenceNumber": str(rung.fired),
        }
        if status.is_terminal:
            extra["CallDuration"] = str(rung.leg.seconds)
        rung.fired += 1
        self.run.call_back(rung.leg, number.callback_url, number.callback_method, extra)


def dial(run: Run, verb: Dial, *, is_first: bool) -> Document | None:
    """Run a Dial; ``None``: the next verb is due. Raises ``CallerGone``."""
    if not (is_first and verb.answer_on_bridge):
        run.answer()
    caller_id = _caller_id(run, verb)
    if caller_id is not None:
        return Dialling(run, verb, [_place(run, verb, number, caller_id) for number in verb.numbers]).result()
    run.object_to(Finding(FindingKind.CALLER_ID, "the caller id isn't a number of ours (13214)", verb.action or ""))
    run.has_last_word = False
    if verb.action is None:
        return None
    fields = {"DialCallStatus": CallStatus.FAILED.value, "DialBridged": "false"}
    return run.next_document(verb.action, verb.method, fields)


def _caller_id(run: Run, verb: Dial) -> str | None:
    """What the rung phones show; ``None``: Twilio refuses."""
    if verb.caller_id is None:
        if caller_number(run.plan.caller) is not None:
            return run.plan.caller
        return "" if run.plan.variants.rings_without_caller_id else None
    allowed = {run.plan.line_number, run.plan.caller} | run.service.numbers
    return verb.caller_id if verb.caller_id in allowed else None


def _place(run: Run, verb: Dial, number: Number, caller_id: str) -> _Rung:
    leg = Leg(
        sid=new_sid("CA"),
        account_sid=run.service.account_sid,
        direction="outbound-dial",
        caller=caller_id,
        called=number.phone,
        created_at=run.clock.now,
        parent_sid=run.leg.sid,
        status=CallStatus.QUEUED,
    )
    run.network.add(leg)
    run.children.append(leg)
    run.numbers.add(number.phone)
    phone = run.people.phone(number, leg)
    after, status = _what_becomes_of(run, leg, verb, number, phone)
    return _Rung(number, leg, phone, after, status)


def _what_becomes_of(run: Run, leg: Leg, verb: Dial, number: Number, phone: Phone) -> tuple[float, CallStatus]:
    if not _can_be_rung(leg.called):
        return AT_ONCE_SECONDS, CallStatus.FAILED
    # A number without a screen is a switchboard (the backup number): many can ring it.
    if number.screen_url and not run.network.take(leg.called, leg.sid):
        run.object_to(Finding(FindingKind.RUNG_WHILE_IN_A_CALL, "a phone that is in a call was rung"))
        return AT_ONCE_SECONDS, CallStatus.BUSY
    return phone.rings(float(verb.timeout_seconds + _TIMEOUT_SURPLUS_SECONDS))


def _can_be_rung(phone: str) -> bool:
    try:
        return PhoneNumber(phone).may_be_rung
    except ValueError:
        return False
