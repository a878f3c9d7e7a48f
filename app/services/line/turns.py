"""One turn of a call: an event comes in, the callflow takes a step, and the step is stored before it is answered.

The step is stored, not its TwiML: a repeat of the same event renders the same answer again, and no private number lies
in the log. Nothing here commits.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.domain import callflow
from app.domain.callflow.nodes import Hold, ReferenceQuestion
from app.domain.callflow.values import (
    Arrived,
    ConversationEnded,
    Event,
    Facts,
    Keys,
    NotReached,
    NumberSource,
    Phase,
    Position,
    RingOne,
    Silence,
    Step,
)
from app.domain.calls import Source
from app.domain.lines import LineKey
from app.domain.phone import typed_number
from app.services.call_times import is_conversation
from app.services.case import case_calls
from app.services.line import attempts, callbacks
from app.services.line.situation import facts_of
from app.services.line.waking import LED, is_on_the_way
from app.services.record import records
from app.services.record.records import NewCall

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.domain.calls import CallSid, CallStatus
    from app.domain.lines import Line
    from app.domain.phone import PhoneNumber
    from app.domain.policy import Policy
    from app.services.line.attempts import Dialled, DialReport
    from app.storage.models import Call


@dataclass(frozen=True, slots=True)
class Heard:
    """One webhook about the caller's leg, read once at the edge."""

    sid: CallSid
    source: Source
    line: Line | None
    """The line of ``To``; only needed to open a record."""
    caller: PhoneNumber | None
    """The caller's number: used in this request, never stored unless the caller confirms it."""
    status: CallStatus | None
    keys: str
    dial: DialReport | None
    idempotency_token: str | None

    @property
    def caller_is_gone(self) -> bool:
        """Whether the caller hung up: an answer would be heard by nobody."""
        return self.status is not None and self.status.is_terminal


@dataclass(frozen=True, slots=True)
class Answer:
    """What to answer: a step, and what only the request or the database can fill in. No step: the caller is gone."""

    line: Line
    step: Step | None
    next_turn: int
    number: PhoneNumber | None = None
    """What {number} stands for in the words."""
    dialled: Dialled | None = None
    """Given when the step rings somebody."""


def arrive(session: Session, policy: Policy, heard: Heard, line: Line, now: datetime) -> Answer:
    """The first webhook of a call: open its record on its line, greet or say why it is closed."""
    call = records.open_record(session, NewCall(heard.sid, line, heard.source, now, arrived=True))
    return _repeated(session, policy, call, heard, 0) or _take(session, policy, call, heard, 0, Arrived(), now)


def advance(session: Session, policy: Policy, heard: Heard, turn: int, now: datetime) -> Answer | None:
    """A later webhook of a call: ``turn`` is the number in its URL. ``None``: nothing tells which line it is on."""
    call = records.hold(session, heard.sid)
    if call is None:
        return _unknown(session, policy, heard, heard.line, turn, now) if heard.line else None
    repeated = _repeated(session, policy, call, heard, turn)
    if repeated:
        return repeated
    event = _event(session, call, heard, turn, now) if call.position else Arrived()
    if heard.caller_is_gone or call.ended_at is not None:
        return _gone(session, policy, call, heard, turn, now)
    if call.position and turn != call.turn:
        return Answer(policy.lines[LineKey(call.line)], None, call.turn)  # a turn that we never asked for
    return _take(session, policy, call, heard, turn, event, now)


def fetched(session: Session, policy: Policy, heard: Heard, turn: int, now: datetime) -> Answer | None:
    """Twilio has led a caller here from hold at ``turn``, whatever they heard at that moment: somebody is free.

    They may have come back by themselves in the meantime; then this goes on from where they are now.
    """
    call = records.hold(session, heard.sid)
    if call is None or call.position is None:
        return advance(session, policy, heard, turn, now)
    before = records.logged(session, call, LED, str(turn))
    if before:
        return _repeated(session, policy, call, heard, before.what["turn"])
    if heard.caller_is_gone or call.ended_at is not None:
        return _gone(session, policy, call, heard, call.turn, now)
    here = _fetched_to(session, policy, call, now)
    records.log(session, call, LED, str(turn), now, what={"turn": here})
    return _repeated(session, policy, call, heard, here) or _take(session, policy, call, heard, here, Silence(), now)


def _fetched_to(session: Session, policy: Policy, call: Call, now: datetime) -> int:
    """The turn whose answer a fetched caller hears: the next one, but for questions, which are asked again."""
    position = callflow.position_from_json(call.position or {})
    attempt = attempts.made_by(session, call, call.turn - 1)
    if attempt:  # rung for already, by this very phone: it rings anew
        attempts.left_for_another_answer(attempt, now)
        call.position = callflow.position_to_json(replace(position, rung=position.rung[:-1]))
        return call.turn
    return call.turn if _is_on_hold(policy, call, position) else call.turn - 1


def _is_on_hold(policy: Policy, call: Call, position: Position) -> bool:
    return isinstance(policy.flows[LineKey(call.line)].nodes.get(position.node), Hold)


def _unknown(session: Session, policy: Policy, heard: Heard, line: Line, turn: int, now: datetime) -> Answer:
    """A call that is under way, and that we have no record of: take it from the start, if the caller is still there."""
    if not heard.caller_is_gone:
        return arrive(session, policy, heard, line, now)
    call = records.open_record(session, NewCall(heard.sid, line, Source.RECONSTRUCTED, now, arrived=False))
    return _gone(session, policy, call, heard, turn, now)


def _event(session: Session, call: Call, heard: Heard, turn: int, now: datetime) -> Event:
    if heard.dial is None:
        return Keys(heard.keys) if heard.keys else Silence()
    attempt = attempts.made_by(session, call, turn - 1)
    if attempt is None:
        return NotReached()
    attempts.dial_ended(attempt, heard.dial, now, caller_gone=heard.caller_is_gone)
    return ConversationEnded() if is_conversation(attempt) else NotReached()


def _repeated(session: Session, policy: Policy, call: Call, heard: Heard, turn: int) -> Answer | None:
    """The answer that this turn got before. The very same words, whatever has happened since."""
    event = records.logged(session, call, "turn", str(turn))
    if event is None:
        return None
    step = callflow.step_from_json(event.step) if event.step else None
    return _answer(session, policy, call, heard, turn, step)


def _take(session: Session, policy: Policy, call: Call, heard: Heard, turn: int, event: Event, now: datetime) -> Answer:
    loggable = Keys("") if isinstance(event, Keys) and _is_asked_for_case(policy, call) else event
    step = _step(session, policy, call, heard, turn, event, now)
    _keep_number(session, policy, call, heard, step, now)
    if step.verdict:
        records.decide(call, step.verdict)
    call.position = callflow.position_to_json(step.position)
    call.holding_since = step.position.hold_began if _is_on_hold(policy, call, step.position) else None
    _log_turn(session, call, heard, turn, loggable, step, now)
    records.refresh(session, call)
    return _answer(session, policy, call, heard, turn, step)


def _is_asked_for_case(policy: Policy, call: Call) -> bool:
    """Whether the keys that come are the reference of a case, or a part of one."""
    node = policy.flows[LineKey(call.line)].nodes.get((call.position or {}).get("node", ""))
    return isinstance(node, ReferenceQuestion)


def _gone(session: Session, policy: Policy, call: Call, heard: Heard, turn: int, now: datetime) -> Answer:
    """Nobody hears this answer; what the request told about the attempt is kept."""
    _log_turn(session, call, heard, turn, Silence(), None, now)
    records.end(session, call, now)
    records.refresh(session, call)
    return _answer(session, policy, call, heard, turn, None)


def _log_turn(
    session: Session, call: Call, heard: Heard, turn: int, event: Event, step: Step | None, now: datetime
) -> None:
    what = {"event": type(event).__name__, "node": (call.position or {}).get("node", "")}
    if isinstance(event, Keys) and len(event.digits) == 1:  # more digits are a number, and numbers aren't logged
        what["key"] = event.digits
    form = callflow.step_to_json(step) if step else None
    records.log(session, call, "turn", str(turn), now, what=what, step=form, idempotency_token=heard.idempotency_token)
    call.turn = max(call.turn, turn + 1)
    call.last_heard_at = max(now, call.last_heard_at)


def _step(session: Session, policy: Policy, call: Call, heard: Heard, turn: int, event: Event, now: datetime) -> Step:
    """The callflow's step. Where it rings somebody, the attempt is made; if another call was quicker, the next one."""
    flow, words = policy.flows[LineKey(call.line)], policy.words
    position = callflow.position_from_json(call.position) if call.position else None
    facts = _facts(session, policy, call, heard, event, now)
    while True:
        if isinstance(event, Arrived) or position is None:
            step = callflow.begin(flow, words, facts)
        else:
            step = callflow.step(flow, words, position, event, facts)
        if not isinstance(step.wait, RingOne):
            return step
        chosen = next(one for one in facts.candidates if one.staff == step.wait.staff)
        if attempts.begin(session, call, chosen, turn, now):
            return step
        taken = replace(chosen, is_free=False)
        facts = replace(facts, candidates=tuple(taken if one == chosen else one for one in facts.candidates))


def _facts(session: Session, policy: Policy, call: Call, heard: Heard, event: Event, now: datetime) -> Facts:
    flow = policy.flows[LineKey(call.line)]
    is_new = isinstance(event, Arrived) or call.position is None
    position = Position(flow.start) if is_new else callflow.position_from_json(call.position or {})
    typed = typed_number(event.digits) if isinstance(event, Keys) else None
    reference = event.digits if isinstance(event, Keys) and _is_asked_for_case(policy, call) else ""
    facts = facts_of(session, policy, call, position, now, let_in_at=None if is_new else call.started_at)
    if call.holding_since is not None and is_on_the_way(session, call, call.turn):
        facts = replace(facts, candidates=tuple(replace(one, is_free=False) for one in facts.candidates))
    return replace(
        facts,
        caller_may_be_rung=_may_be_rung_back(policy, heard.caller),
        keys_may_be_rung=_may_be_rung_back(policy, typed),
        keyed_case=case_calls.keyed_case(session, call, reference, now) if reference else None,
    )


def _may_be_rung_back(policy: Policy, number: PhoneNumber | None) -> bool:
    """Swedish, not premium, and not a line: ringing that would ring ourselves."""
    return number is not None and number.may_be_rung and policy.line_with(number) is None


def _keep_number(session: Session, policy: Policy, call: Call, heard: Heard, step: Step, now: datetime) -> None:
    """A keyed-in number waits, sealed, for its confirmation; a confirmed one goes to the work list."""
    if step.confirmed is NumberSource.CALLER and heard.caller:
        callbacks.propose(session, call, heard.caller, NumberSource.CALLER, now)
    if step.position.phase is Phase.CONFIRM_TYPED:
        typed = typed_number(heard.keys)
        if typed and _may_be_rung_back(policy, typed):
            callbacks.propose(session, call, typed, NumberSource.TYPED, now)
    if step.confirmed:
        callbacks.confirm(session, call, now)


def _answer(session: Session, policy: Policy, call: Call, heard: Heard, turn: int, step: Step | None) -> Answer:
    """What the step needs beside itself: the number to read back, the phone to ring."""
    line = policy.lines[LineKey(call.line)]
    answer = Answer(line=line, step=step, next_turn=turn + 1)
    if step is None:
        return answer
    if isinstance(step.wait, RingOne):
        return replace(answer, dialled=attempts.dialled_by(session, call, turn))
    if step.position.phase is Phase.CONFIRM_CALLER:
        return replace(answer, number=heard.caller)
    if step.position.phase is Phase.CONFIRM_TYPED:
        return replace(answer, number=typed_number(heard.keys) or callbacks.proposed(session, call))
    return answer
