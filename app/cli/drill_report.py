"""What a drill found, for people and for programs."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from app.services.line.reconcile import Report
    from app.simulator.drill.figures import Overflow, Verdict
    from app.simulator.drill.hold import Waiting

_NAMES = {
    "missing": "missing",
    "doubled": "doubled",
    "silent": "silent",
    "unexpected_outbound": "unexpected outbound",
    "server_errors": "5xx",
    "rung_while_in_a_call": "rung while in a call",
    "wrongly_answered": "wrongly answered",
    "forgotten": "forgotten",
    "still_open": "still open",
    "wrongly_owned": "wrongly owned",
    "too_silent_on_hold": "too silent on hold",
    "too_long_on_hold": "too long on hold",
    "overtaken": "overtaken",
    "objections": "findings",
    "complaints": "errors logged",
}
_KEYS = {"server_errors": "http5xx"}
_MOST_SHOWN = 10


@dataclass(frozen=True, slots=True)
class DrillReport:
    """A verdict, and how it came about."""

    verdict: Verdict
    reconciled: Report
    how: Mapping[str, Any]
    """Seed, commit, engine, and what was asked for."""
    seconds: float
    """Real ones, from the first call to the last."""
    complaints: tuple[str, ...]
    """Of the service, in its log."""

    @property
    def has_lost_nothing(self) -> bool:
        """Whether all is as it must be."""
        return not self.verdict.losses

    def as_json(self) -> dict[str, Any]:
        """For a file: one flat table of counts, and what they consist of."""
        verdict = self.verdict
        losses = {_KEYS.get(name, name): number for name, number in asdict(verdict.losses).items()}
        milliseconds = {f"{name}_ms": value for name, value in asdict(verdict.latencies).items()}
        return {
            **self.how,
            "seconds": round(self.seconds, 1),
            "calls": verdict.calls,
            "rows": verdict.rows,
            "requests": verdict.requests,
            "acked": verdict.acked,
            **losses,
            "untold": verdict.untold,
            "reconstructed": self.reconciled.reconstructed,
            "closed": self.reconciled.closed,
            **milliseconds,
            "on_hold": asdict(verdict.waiting),
            "overflow": asdict(verdict.overflow),
            "endings": dict(verdict.endings),
            "faults": dict(verdict.faults),
            "findings": dict(verdict.findings),
            "log": list(self.complaints[:_MOST_SHOWN]),
        }

    def sentences(self) -> Iterator[str]:
        """For a terminal."""
        verdict, losses = self.verdict, asdict(self.verdict.losses)
        yield "  ".join(f"{name} {value}" for name, value in self.how.items() if value is not None)
        yield ""
        counts = {
            "calls": verdict.calls,
            "rows": verdict.rows,
            **{name: losses[key] for key, name in _NAMES.items()},
            "reconstructed": self.reconciled.reconstructed,
            "closed by reconciliation": self.reconciled.closed,
            "webhooks": verdict.requests,
            "acknowledged": verdict.acked,
            "faults played": sum(verdict.faults.values()),
        }
        width = max(map(len, counts))
        for name, number in counts.items():
            yield f"{name:<{width}}  {number:>8}"
        for name, value in asdict(verdict.latencies).items():
            yield f"{name:<{width}}  {value:>8.1f} ms"
        yield ""
        yield f"Endings: {_counted(verdict.endings)}."
        yield from _waiting_in_words(verdict.waiting)
        yield _overflow_in_words(verdict.overflow)
        if verdict.untold:
            yield (
                f"Recorded as answered: {verdict.untold} calls in which a specialist pressed 1 as the caller hung up,"
                " and every request that would have told it was lost."
            )
        yield f"{verdict.calls} calls in {self.seconds:.1f} s: {verdict.calls / self.seconds:.1f} calls a second."
        for what, number in list(verdict.findings.items())[:_MOST_SHOWN]:
            yield f"Found {number} times: {what}"
        for line in self.complaints[:_MOST_SHOWN]:
            yield f"Logged: {line}"

    def verdict_sentence(self) -> str:
        """The last word."""
        if self.has_lost_nothing:
            return "Nothing was lost."
        losses = asdict(self.verdict.losses)
        return f"lost: {_counted({_NAMES[name]: number for name, number in losses.items() if number})}"


def _waiting_in_words(waited: Waiting) -> Iterator[str]:
    if not waited.callers:
        yield "On hold: nobody."
        return
    yield f"On hold: {waited.callers} callers: {_counted(waited.became)}."
    yield (
        f"At most: {waited.most_turns} turns on hold, {waited.longest_chain_seconds:.0f} s of ringing and waiting,"
        f" {waited.longest_silence_seconds:.1f} s from the beginning of some words to the next sound."
    )
    if waited.overtakings:
        yield f"Rung for a later caller of the same line meanwhile: {sum(waited.overtakings.values())} times."
    for why, number in sorted(waited.overtakings.items()):
        yield f"  {number} times: {why}"


def _overflow_in_words(overflow: Overflow) -> str:
    if not overflow.rung:
        return "Overflow: none."
    records = f"; their records: {_counted(overflow.records)}" if overflow.records else ""
    return f"Overflow: {overflow.rung} calls rang another line's staff, {overflow.answered} were answered{records}."


def _counted(numbers: Mapping[str, int]) -> str:
    return ", ".join(f"{number} {name}" for name, number in sorted(numbers.items()))
