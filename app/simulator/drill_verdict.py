"""What a drill's ledger and the service's records say of each other: how often what must never be was."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from math import ceil
from typing import TYPE_CHECKING

from app.domain.calls import CallStatus
from app.simulator.findings import FindingKind
from app.simulator.ledger import RequestKind
from app.simulator.transcript import Ending

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.simulator.ledger import Exchange, Ledger
    from app.simulator.transcript import Transcript

_WITHOUT_A_WORD = frozenset({Ending.SILENT, Ending.DROPPED})


@dataclass(frozen=True, slots=True)
class Recorded:
    """One call as the service recorded it."""

    call_sid: str
    consultations: int
    is_answered: bool
    is_open: bool
    rang: tuple[str, ...]
    """The phones, in order, one for each attempt."""


@dataclass(frozen=True, slots=True)
class Losses:
    """What must never be. All zero: nothing was lost."""

    missing: int = 0
    """Calls without a row, or without a consultation record."""
    doubled: int = 0
    """Calls with two rows or records, or with more attempts than phones that were rung."""
    silent: int = 0
    """Callers who ended with neither a human nor a word."""
    unexpected_outbound: int = 0
    """Phones that were rung without an attempt in the records, or after the caller had left."""
    server_errors: int = 0
    """Answers of 5xx."""
    rung_while_in_a_call: int = 0
    wrongly_answered: int = 0
    """Recorded as answered although nobody talked, or the other way round."""
    forgotten: int = 0
    """Calls that the service acknowledged and had no row of, or of which it took the end and that stayed open; both
    before reconciliation mended them."""
    still_open: int = 0
    """After reconciliation."""
    objections: int = 0
    """All findings of the simulator, those counted above included."""
    complaints: int = 0
    """Errors in the service's log."""

    def __bool__(self) -> bool:
        return any(asdict(self).values())


@dataclass(frozen=True, slots=True)
class Latencies:
    """How long the service took to answer, in milliseconds."""

    p50: float
    p95: float
    p99: float
    max: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """The whole of it."""

    calls: int
    rows: int
    requests: int
    """That reached the service."""
    acked: int
    """Of them, answered with 2xx."""
    losses: Losses
    latencies: Latencies
    endings: Mapping[str, int]
    faults: Mapping[str, int]
    findings: Mapping[str, int]


def judge(
    ledger: Ledger,
    transcripts: Sequence[Transcript],
    recorded: Sequence[Recorded],
    *,
    before: Sequence[Recorded],
    origin: str,
    elsewhere: frozenset[str] = frozenset(),
    complaints: Sequence[str] = (),
) -> Verdict:
    """Hold the records against the ledger.

    ``before``: the records before reconciliation. ``origin``: the service's, beside the fallback's.
    ``elsewhere``: phones that may ring without an attempt (the lines' backup numbers).
    """
    exchanges = [one for one in ledger if one.status and one.url.startswith(f"{origin}/")]
    findings = [finding for _, finding in ledger.findings]
    kinds = Counter(finding.kind for finding in findings)
    sids = ledger.call_sids
    ours = [one for one in recorded if one.call_sid in sids]
    rung = {one.call_sid: Counter(leg.phone for leg in one.legs if leg.phone not in elsewhere) for one in transcripts}
    unrecorded, unrung = _outbound(rung, ours)
    losses = Losses(
        missing=len(sids - {one.call_sid for one in ours if one.consultations}),
        doubled=len(_twice(ours) | unrung),
        silent=sum(one.ending in _WITHOUT_A_WORD for one in transcripts),
        unexpected_outbound=unrecorded + kinds[FindingKind.DIALLED_AFTER_HANG_UP],
        server_errors=sum(one.status >= 500 for one in exchanges),  # noqa: PLR2004 - what 5xx means
        rung_while_in_a_call=kinds[FindingKind.RUNG_WHILE_IN_A_CALL],
        wrongly_answered=len({one.call_sid for one in ours if one.is_answered} ^ _talked(transcripts, elsewhere)),
        forgotten=len(_forgotten(exchanges, before)),
        still_open=sum(one.is_open for one in ours),
        objections=len(findings),
        complaints=len(complaints),
    )
    return Verdict(
        calls=len(transcripts),
        rows=len(ours),
        requests=len(exchanges),
        acked=sum(200 <= one.status < 300 for one in exchanges),  # noqa: PLR2004 - what 2xx means
        losses=losses,
        latencies=_latencies([one.seconds * 1000 for one in exchanges]),
        endings=Counter(one.ending.value for one in transcripts),
        faults=Counter(one.played_fault for one in ledger if one.played_fault),
        findings=Counter(f"{finding.kind.value}: {finding.what}" for finding in findings),
    )


def _twice(recorded: Sequence[Recorded]) -> set[str]:
    rows = Counter(one.call_sid for one in recorded)
    return {one.call_sid for one in recorded if rows[one.call_sid] > 1 or one.consultations > 1}


def _outbound(rung: Mapping[str, Counter[str]], recorded: Sequence[Recorded]) -> tuple[int, set[str]]:
    """How many phones rang without an attempt, and the calls with attempts at which no phone rang."""
    attempted = {one.call_sid: Counter(one.rang) for one in recorded}
    unrecorded = sum((legs - attempted.get(sid, Counter())).total() for sid, legs in rung.items())
    return unrecorded, {sid for sid, attempts in attempted.items() if attempts - rung.get(sid, Counter())}


def _talked(transcripts: Sequence[Transcript], elsewhere: frozenset[str]) -> set[str]:
    return {one.call_sid for one in transcripts if any(leg.joined and leg.phone not in elsewhere for leg in one.legs)}


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
