"""What a drill shows of waiting: how long, how often spoken to, and in which order callers on hold were served.

Read from the transcripts: a caller is on hold from the first of the words that are spoken on hold until something else
can be heard. Clocks may be apart by the window of ``drill_clock``: who looked first within it is not known here.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING

from app.simulator.drill.clock import WINDOW
from app.simulator.transcript import LineKind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from app.simulator.transcript import Line, Transcript

MOST_TURNS = 15
LONGEST_CHAIN_SECONDS = 300
LONGEST_SILENCE_SECONDS = 20
_CALLBACK_KEY = "1"
_SOUNDS = frozenset(LineKind) - {
    LineKind.KEYED,
    LineKind.NO_KEY,
    LineKind.LEG_ENDED,
    LineKind.SCREEN_SAID,
    LineKind.SCREEN_KEYED,
}
"""What ends the silence after some words, be it by ending the call."""


class Overtaking(StrEnum):
    """Why somebody who came later was rung for while an earlier caller of the same line was on hold."""

    RUNG_BEFORE = "rung for the earlier caller already"
    NOT_FOR_THEM = "of a line that doesn't serve the earlier caller"
    KEPT = "another phone was kept free for the earlier caller, and rang at their next look"
    GONE = "the earlier caller went, asked to be rung back, or had no time left for an attempt"
    UNEXPLAINED = "unexplained"


@dataclass(frozen=True, slots=True)
class Look:
    """A turn on hold: words, silence, and what was heard next."""

    begins: datetime
    ends: datetime
    led_to: LineKind
    stays: bool
    """Whether what was heard next are words of hold again."""


@dataclass(frozen=True, slots=True)
class Waiter:
    """A caller on hold."""

    call_sid: str
    line_number: str
    looks: tuple[Look, ...]
    rang: tuple[tuple[datetime, str], ...]
    """When which phone rang for them."""
    chain_seconds: float
    """From the first phone, or the first words on hold, until the last phone was picked up or stopped ringing."""
    became: str

    @property
    def longest_silence_seconds(self) -> float:
        """From the first of some words on hold until the next sound."""
        return max((one.ends - one.begins).total_seconds() for one in self.looks)


@dataclass(frozen=True, slots=True)
class Waiting:
    """All callers on hold, in figures."""

    callers: int = 0
    became: Mapping[str, int] = field(default_factory=dict)
    most_turns: int = 0
    longest_silence_seconds: float = 0.0
    longest_chain_seconds: float = 0.0
    overtakings: Mapping[str, int] = field(default_factory=dict)
    too_silent: int = 0
    """Callers who heard nothing for longer than they may."""
    too_long: int = 0
    """Callers with more turns, or a longer chain, than there may be."""

    @property
    def unexplained(self) -> int:
        """Overtakings that first come, first served doesn't explain."""
        return self.overtakings.get(Overtaking.UNEXPLAINED, 0)


@dataclass(frozen=True, slots=True)
class Reach:
    """Whose phones may ring for a call, by the records."""

    may_overflow: bool
    overflowed: frozenset[str]
    """Phones that rang for it and belong to the line that its own overflows to."""


def waiting(
    transcripts: Sequence[Transcript],
    hold_words: Collection[str],
    reach: Mapping[str, Reach],
    elsewhere: Collection[str] = (),
) -> Waiting:
    """Everybody's wait. ``elsewhere``: phones that nobody is kept waiting for (the lines' backup numbers)."""
    waiters = [one for transcript in transcripts if (one := _waiter(transcript, hold_words, elsewhere))]
    return Waiting(
        callers=len(waiters),
        became=dict(Counter(one.became for one in waiters)),
        most_turns=max((len(one.looks) for one in waiters), default=0),
        longest_silence_seconds=max((one.longest_silence_seconds for one in waiters), default=0.0),
        longest_chain_seconds=max((one.chain_seconds for one in waiters), default=0.0),
        overtakings=dict(Counter(_overtakings(waiters, _rings(transcripts, elsewhere), reach))),
        too_silent=sum(one.longest_silence_seconds > LONGEST_SILENCE_SECONDS for one in waiters),
        too_long=sum(len(one.looks) > MOST_TURNS or one.chain_seconds > LONGEST_CHAIN_SECONDS for one in waiters),
    )


def _waiter(transcript: Transcript, hold_words: Collection[str], elsewhere: Collection[str]) -> Waiter | None:
    sounds = [line for line in transcript.lines if line.kind in _SOUNDS]
    looks = tuple(
        Look(line.at, after.at, after.kind, _is_hold(after, hold_words))
        for line, after in pairwise(sounds)
        if _is_hold(line, hold_words)
    )
    if not looks:
        return None
    rang = tuple((line.at, line.phone) for line in sounds if line.kind is LineKind.RANG and line.phone not in elsewhere)
    return Waiter(
        transcript.call_sid,
        transcript.line_number,
        looks,
        rang,
        _chain_seconds(transcript.lines, looks, elsewhere),
        _became(transcript, looks[-1]),
    )


def _is_hold(line: Line, hold_words: Collection[str]) -> bool:
    return line.kind is LineKind.SAID and line.text in hold_words


def _chain_seconds(lines: Sequence[Line], looks: Sequence[Look], elsewhere: Collection[str]) -> float:
    """What the specialist hears and talks is not part of it."""
    begins, ends = looks[0].begins, looks[-1].ends
    picked_up = set[str]()
    for line in lines:
        if not line.phone or line.phone in elsewhere:
            continue
        if line.kind is LineKind.RANG:
            begins = min(begins, line.at)
            picked_up.discard(line.phone)
        if line.kind is LineKind.PICKED_UP:
            picked_up.add(line.phone)
        if line.kind is LineKind.PICKED_UP or (line.kind is LineKind.LEG_ENDED and line.phone not in picked_up):
            ends = max(ends, line.at)
    return (ends - begins).total_seconds()


def _became(transcript: Transcript, last: Look) -> str:
    """What a wait led to, in the end."""
    after = [line for line in transcript.lines if line.at >= last.begins]
    kinds = {line.kind for line in after}
    keys = [line.text for line in after if line.kind is LineKind.KEYED]
    if LineKind.BRIDGED in kinds:
        return "answered"
    if last.led_to is LineKind.CALLER_HUNG_UP:
        return "hung up on hold"
    if keys[:1] == [_CALLBACK_KEY] and last.led_to is LineKind.SAID:
        return "pressed 1 to be rung back"
    if LineKind.RANG in kinds:
        return "rung for, nobody took the call"
    return "heard the last words"


def _rings(transcripts: Iterable[Transcript], elsewhere: Collection[str]) -> dict[str, list[tuple[datetime, str, str]]]:
    """By dialled number: when which phone rang for which call."""
    found = defaultdict[str, list[tuple[datetime, str, str]]](list)
    for transcript in transcripts:
        for line in transcript.lines:
            if line.kind is LineKind.RANG and line.phone not in elsewhere:
                found[transcript.line_number].append((line.at, line.phone, transcript.call_sid))
    return found


def _overtakings(
    waiters: Sequence[Waiter], rings: Mapping[str, list[tuple[datetime, str, str]]], reach: Mapping[str, Reach]
) -> Iterator[Overtaking]:
    """One for each phone that rang for a later caller while an earlier one of the same line was on hold."""
    came = {one.call_sid: one.looks[0].begins for one in waiters}
    for earlier in waiters:
        for at, phone, sid in rings.get(earlier.line_number, ()):
            later_came = came.get(sid, at)
            if sid == earlier.call_sid or min(later_came, at) <= came[earlier.call_sid] + WINDOW:
                continue
            look = next((one for one in earlier.looks if one.begins + WINDOW < at < one.ends - WINDOW), None)
            if look:
                yield _why(earlier, look, (at, phone), reach.get(earlier.call_sid), reach.get(sid))


def _why(earlier: Waiter, look: Look, rang: tuple[datetime, str], own: Reach | None, later: Reach | None) -> Overtaking:
    at, phone = rang
    if any(before == phone and when < at for when, before in earlier.rang):
        return Overtaking.RUNG_BEFORE
    if later and own and phone in later.overflowed and not own.may_overflow:
        return Overtaking.NOT_FOR_THEM
    if look.led_to is LineKind.RANG:
        return Overtaking.KEPT
    return Overtaking.UNEXPLAINED if look.stays else Overtaking.GONE
