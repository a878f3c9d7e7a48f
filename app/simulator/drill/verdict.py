"""What a drill's ledger and the service's records say of each other: how often what must never be was."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from math import ceil
from typing import TYPE_CHECKING

from app.domain.calls import CallStatus
from app.simulator.drill.figures import NOTHING_KNOWN, Latencies, Losses, Overflow, Verdict
from app.simulator.drill.hold import Reach, waiting
from app.simulator.findings import FindingKind
from app.simulator.ledger import RequestKind
from app.simulator.transcript import Ending

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.simulator.drill.figures import Drilled, Recorded
    from app.simulator.drill.hold import Waiting
    from app.simulator.ledger import Exchange, Ledger
    from app.simulator.transcript import Transcript

_WITHOUT_A_WORD = frozenset({Ending.SILENT, Ending.DROPPED})


def judge(
    ledger: Ledger,
    transcripts: Sequence[Transcript],
    recorded: Sequence[Recorded],
    *,
    before: Sequence[Recorded],
    origin: str,
    drilled: Drilled = NOTHING_KNOWN,
    complaints: Sequence[str] = (),
) -> Verdict:
    """Hold the records against the ledger.

    ``before``: the records before reconciliation. ``origin``: the service's, beside the fallback's.
    """
    return _Evidence(ledger, transcripts, recorded, before, origin, drilled, complaints).verdict()


@dataclass(frozen=True)
class _Evidence:
    """Everything that a drill left behind."""

    ledger: Ledger
    transcripts: Sequence[Transcript]
    recorded: Sequence[Recorded]
    before: Sequence[Recorded]
    origin: str
    drilled: Drilled
    complaints: Sequence[str]

    @cached_property
    def exchanges(self) -> list[Exchange]:
        """Those with the service itself."""
        return [one for one in self.ledger if one.status and one.url.startswith(f"{self.origin}/")]

    @cached_property
    def ours(self) -> list[Recorded]:
        sids = self.ledger.call_sids
        return [one for one in self.recorded if one.call_sid in sids]

    @cached_property
    def talked(self) -> dict[str, str]:
        return _talked(self.transcripts, self.drilled.backup_numbers)

    @cached_property
    def answered(self) -> set[str]:
        return {one.call_sid for one in self.ours if one.is_answered}

    @cached_property
    def untold(self) -> set[str]:
        return (self.answered - self.talked.keys()) & _with_an_untold_end(self.ledger)

    @cached_property
    def waited(self) -> Waiting:
        reach = {one.call_sid: Reach(one.may_overflow, one.overflowed) for one in self.ours}
        return waiting(self.transcripts, self.drilled.hold_words, reach, self.drilled.backup_numbers)

    def losses(self) -> Losses:
        findings = Counter(finding.kind for _, finding in self.ledger.findings)
        unrecorded, unrung = _outbound(_rung(self.transcripts, self.drilled.backup_numbers), self.ours)
        return Losses(
            missing=len(self.ledger.call_sids - {one.call_sid for one in self.ours if one.consultations}),
            doubled=len(_twice(self.ours) | unrung),
            silent=sum(one.ending in _WITHOUT_A_WORD for one in self.transcripts),
            unexpected_outbound=unrecorded + findings[FindingKind.DIALLED_AFTER_HANG_UP],
            server_errors=sum(one.status >= 500 for one in self.exchanges),  # noqa: PLR2004 - what 5xx means
            rung_while_in_a_call=findings[FindingKind.RUNG_WHILE_IN_A_CALL],
            wrongly_answered=len((self.answered ^ self.talked.keys()) - self.untold),
            forgotten=len(_forgotten(self.exchanges, self.before)),
            still_open=sum(one.is_open for one in self.ours),
            wrongly_owned=_wrongly_owned(self.ours, self.transcripts, self.talked, self.drilled),
            too_silent_on_hold=self.waited.too_silent,
            too_long_on_hold=self.waited.too_long,
            overtaken=self.waited.unexplained,
            objections=findings.total(),
            complaints=len(self.complaints),
        )

    def verdict(self) -> Verdict:
        return Verdict(
            calls=len(self.transcripts),
            rows=len(self.ours),
            requests=len(self.exchanges),
            acked=sum(200 <= one.status < 300 for one in self.exchanges),  # noqa: PLR2004 - what 2xx means
            losses=self.losses(),
            untold=len(self.untold),
            latencies=_latencies([one.seconds * 1000 for one in self.exchanges]),
            endings=Counter(one.ending.value for one in self.transcripts),
            faults=Counter(one.played_fault for one in self.ledger if one.played_fault),
            findings=Counter(f"{finding.kind.value}: {finding.what}" for _, finding in self.ledger.findings),
            waiting=self.waited,
            overflow=_overflow(self.ours, self.talked),
        )


def _rung(transcripts: Sequence[Transcript], elsewhere: frozenset[str]) -> dict[str, Counter[str]]:
    """By call: how often which phone rang."""
    return {one.call_sid: Counter(leg.phone for leg in one.legs if leg.phone not in elsewhere) for one in transcripts}


def _twice(recorded: Sequence[Recorded]) -> set[str]:
    rows = Counter(one.call_sid for one in recorded)
    return {one.call_sid for one in recorded if rows[one.call_sid] > 1 or one.consultations > 1}


def _outbound(rung: Mapping[str, Counter[str]], recorded: Sequence[Recorded]) -> tuple[int, set[str]]:
    """How many phones rang without an attempt, and the calls with attempts at which no phone rang."""
    attempted = {one.call_sid: Counter(one.rang) for one in recorded}
    unrecorded = sum((legs - attempted.get(sid, Counter())).total() for sid, legs in rung.items())
    return unrecorded, {sid for sid, attempts in attempted.items() if attempts - rung.get(sid, Counter())}


def _talked(transcripts: Sequence[Transcript], elsewhere: frozenset[str]) -> dict[str, str]:
    """The calls in which somebody talked to a specialist, and that one's phone."""
    return {
        one.call_sid: leg.phone for one in transcripts for leg in one.legs if leg.joined and leg.phone not in elsewhere
    }


def _overflow(recorded: Sequence[Recorded], talked: Mapping[str, str]) -> Overflow:
    answered = [one for one in recorded if talked.get(one.call_sid) in one.overflowed]
    return Overflow(
        sum(bool(one.overflowed) for one in recorded), len(answered), dict(Counter(one.owner for one in answered))
    )


def _wrongly_owned(
    recorded: Sequence[Recorded], transcripts: Sequence[Transcript], talked: Mapping[str, str], drilled: Drilled
) -> int:
    dialled = {one.call_sid: drilled.lines.get(one.line_number) for one in transcripts}
    due = {one.call_sid: drilled.phones.get(talked.get(one.call_sid, ""), dialled[one.call_sid]) for one in transcripts}
    # Who talked although the record says otherwise is counted elsewhere.
    agreed = [one for one in recorded if one.is_answered == (one.call_sid in talked)]
    return sum(due.get(one.call_sid) not in {None, one.owner} for one in agreed)


def _with_an_untold_end(ledger: Ledger) -> set[str]:
    """The calls with a Dial whose end never reached the service."""
    told: dict[tuple[str, str], bool] = {}
    for one in ledger:
        dialled = one.field("DialCallSid")
        if dialled is not None:
            told[one.call_sid, dialled] = told.get((one.call_sid, dialled), False) or bool(one.status)
    return {call_sid for (call_sid, _), is_told in told.items() if not is_told}


def _forgotten(exchanges: Sequence[Exchange], before: Sequence[Recorded]) -> set[str]:
    acknowledged = [one for one in exchanges if one.trouble is None]
    known = {one.call_sid for one in before}
    closed = {one.call_sid for one in before if not one.is_open}
    ended = {one.call_sid for one in acknowledged if _tells_the_end(one)}
    return ({one.call_sid for one in acknowledged} - known) | (ended - closed)


def _tells_the_end(callback: Exchange) -> bool:
    """Whether it says of the caller's own leg that it is over."""
    return (
        callback.kind is RequestKind.CALLBACK
        and callback.field("CallSid") == callback.call_sid
        and CallStatus(callback.field("CallStatus") or "").is_terminal
    )


def _latencies(milliseconds: Sequence[float]) -> Latencies:
    in_order = sorted(milliseconds)

    def at(share: float) -> float:
        return round(in_order[max(0, ceil(share * len(in_order)) - 1)], 1) if in_order else 0.0

    return Latencies(at(0.5), at(0.95), at(0.99), at(1.0))
