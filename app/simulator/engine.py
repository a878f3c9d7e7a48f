"""Runs one call against the service, over real HTTP, as Twilio would."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from app.domain.calls import CallStatus
from app.simulator.clock import VirtualClock
from app.simulator.dialling import dial
from app.simulator.findings import Finding, FindingKind
from app.simulator.gathering import gather
from app.simulator.network import Network
from app.simulator.run import CallDropped, CallerGone, Redirected, Run
from app.simulator.transcript import ChildLeg, Ending, LineKind, Transcript
from app.simulator.twiml import Dial, Document, Gather, Hangup, Pause, Play, Redirect, Reject, Say

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.simulator.clock import Clock
    from app.simulator.plan import CallPlan, Service


class _Rejected(Exception):
    """Never answered, by the service's will."""

    def __init__(self, status: CallStatus) -> None:
        self.status = status
        super().__init__()


def place_call(
    service: Service, plan: CallPlan, network: Network | None = None, clock: Clock | None = None
) -> Transcript:
    """Place one call and see it through to its last callback.

    In virtual time, unless ``clock`` says otherwise. Never raises for what the service does: that is in the findings.
    """
    clock = clock or VirtualClock(plan.starts_at or datetime.now(UTC))
    return see_through(Run(service, plan, network or Network(), clock))


def see_through(run: Run) -> Transcript:
    """See a call through that is about to begin. Never raises for what the service does."""
    began_at = run.clock.now
    ending = _live(run)
    run.callbacks.close()
    return Transcript(
        call_sid=run.leg.sid,
        line_number=run.plan.line_number,
        caller=run.plan.caller,
        began_at=began_at,
        ended_at=run.clock.now,
        status=run.leg.status,
        ending=ending,
        seconds=run.leg.seconds,
        lines=tuple(run.lines),
        legs=tuple(
            ChildLeg(leg.sid, leg.called, leg.caller, leg.status, leg.seconds, leg.joined) for leg in run.children
        ),
        findings=tuple(run.findings),
        exchanges=run.network.ledger.of(run.leg.sid),
    )


def _live(run: Run) -> Ending:
    try:
        converse(run, partial(run.next_document, run.service.voice_url, "POST", run.plan.extra_fields))
    except CallerGone as gone:
        return _farewell(run, gone)
    except _Rejected as rejected:
        run.note(LineKind.REJECTED, rejected.status.value)
        return _end(run, rejected.status, Ending.REJECTED)
    except CallDropped:
        run.answer()
        run.note(LineKind.DROPPED)
        return _end(run, CallStatus.COMPLETED, Ending.DROPPED)
    run.answer()
    run.note(LineKind.SERVICE_HUNG_UP)
    return _end(run, CallStatus.COMPLETED, _last_word(run))


def converse(run: Run, first: Callable[[], Document]) -> None:
    """Go through documents to the end of the last, from the one that ``first`` fetches."""
    following = first
    while True:
        try:
            document: Document | None = following()
            while document is not None:
                document = _execute(run, document)
            run.heed_new_document()
        except Redirected as redirected:
            following = partial(run.document_instead, redirected.instead)
        else:
            return


def _execute(run: Run, document: Document) -> Document | None:
    """The document that follows; ``None``: this one came to its end, and so does the call."""
    for place, verb in enumerate(document.verbs):
        run.heed_new_document()
        if not _answers_later(verb, is_first=place == 0):
            run.answer()
        following: Document | None = None
        match verb:
            case Say() | Play() | Pause():
                run.hear(verb)
                run.answer()
            case Gather():
                following = gather(run, verb)
            case Redirect():
                following = run.next_document(verb.url, verb.method, {})
            case Dial():
                following = dial(run, verb, is_first=place == 0)
            case Reject() if not run.leg.answered_at:
                raise _Rejected(CallStatus.BUSY if verb.reason == "busy" else CallStatus.NO_ANSWER)
            case Hangup() | Reject():
                return None
        if following is not None:
            return following
    return None


def _answers_later(verb: object, *, is_first: bool) -> bool:
    """Whether an unanswered call stays so when this verb begins."""
    return is_first and isinstance(verb, Pause | Dial | Reject)


def _farewell(run: Run, gone: CallerGone) -> Ending:
    run.note(LineKind.CALLER_HUNG_UP)
    status = run.abandoned_status()
    run.leg.end(status, run.clock.now)
    if run.plan.variants.status_before_action:
        _tell_status(run)
        run.callbacks.pump()
    if gone.action:
        gone.action()
    if gone.afterwards:
        gone.afterwards()
    if not run.plan.variants.status_before_action:
        _tell_status(run)
    return Ending.TALKED if run.has_talked else Ending.HUNG_UP


def _end(run: Run, status: CallStatus, ending: Ending) -> Ending:
    run.leg.end(status, run.clock.now)
    _tell_status(run)
    return ending


def _tell_status(run: Run) -> None:
    run.call_back(run.leg, run.service.status_url, "POST", {"CallDuration": str(run.leg.seconds)})


def _last_word(run: Run) -> Ending:
    if run.has_talked:
        return Ending.TALKED
    if run.has_last_word:
        return Ending.SPEECH
    run.object_to(Finding(FindingKind.SILENT_END, "hung up without a word"))
    return Ending.SILENT
