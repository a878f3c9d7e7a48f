"""What a drill is judged by, and what it found: frozen values."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.simulator.drill.hold import Waiting


@dataclass(frozen=True, slots=True)
class Recorded:
    """One call as the service recorded it."""

    call_sid: str
    consultations: int
    is_answered: bool
    is_open: bool
    rang: tuple[str, ...]
    """The phones, in order, one for each attempt."""
    overflowed: frozenset[str] = frozenset()
    """Those of them that belong to the line which the dialled one overflows to."""
    may_overflow: bool = True
    """Whether that line serves this caller."""
    owner: str = ""
    """The organisation that the consultation belongs to."""


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
    """Recorded as answered although nobody talked, or the other way round; but for ``Verdict.untold``."""
    forgotten: int = 0
    """Calls that the service acknowledged and had no row of, or of which it took the end and that stayed open; both
    before reconciliation mended them."""
    still_open: int = 0
    """After reconciliation."""
    wrongly_owned: int = 0
    """Records that don't belong to the organisation that answered, else to that of the dialled line."""
    too_silent_on_hold: int = 0
    """Callers on hold who heard neither words nor ringing for more than 20 seconds."""
    too_long_on_hold: int = 0
    """Callers with more than 15 turns on hold, or rung and waiting for more than five minutes."""
    overtaken: int = 0
    """Phones that rang for a later caller although they should have rung for one on hold."""
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
class Overflow:
    """Calls that rang the staff of the line which the dialled one overflows to."""

    rung: int = 0
    answered: int = 0
    records: Mapping[str, int] = field(default_factory=dict)
    """Of those answered: how many records are which organisation's."""


@dataclass(frozen=True, slots=True)
class Drilled:
    """What has to be known of the service that is drilled."""

    phones: Mapping[str, str] = field(default_factory=dict)
    """The organisation of each specialist's phone. The record of a call has to belong to that of whoever answered."""
    lines: Mapping[str, str] = field(default_factory=dict)
    """The organisation of each line by its number; unless somebody answered, the record has to be theirs."""
    backup_numbers: frozenset[str] = frozenset()
    """Phones that may ring without an attempt."""
    hold_words: frozenset[str] = frozenset()
    """What callers on hold hear."""


NOTHING_KNOWN = Drilled()


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
    untold: int
    """Calls recorded as answered, by a specialist who took them, of which no request ever told that the caller had hung
    up just before the two were joined: all that would have told it was lost."""
    latencies: Latencies
    endings: Mapping[str, int]
    faults: Mapping[str, int]
    findings: Mapping[str, int]
    waiting: Waiting
    overflow: Overflow
