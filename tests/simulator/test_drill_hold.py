"""Who waited how long, and who was rung for before whom, read from transcripts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.domain.calls import CallStatus
from app.simulator.drill.hold import Overtaking, Reach, Waiting, waiting
from app.simulator.transcript import Ending, Line, LineKind, Transcript

ANNA, BO, BACKUP = "+46701740641", "+46701740642", "+46701740605"
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
WAIT = "Du står i kö."
EARLIER, LATER = "CA" + "1" * 32, "CA" + "2" * 32
OVERFLOWED = {EARLIER: Reach(may_overflow=False, overflowed=frozenset()), LATER: Reach(True, frozenset({BO}))}  # noqa: FBT003


def call(sid: str, *lines: tuple[float, LineKind, str]) -> Transcript:
    """A call by its lines, each so many seconds after noon; the text of phones is their number."""
    told = tuple(
        Line(NOON + timedelta(seconds=after), kind, "" if text.startswith("+") else text, text * text.startswith("+"))
        for after, kind, text in lines
    )
    return Transcript(
        sid, "+4640349800", "anonymous", NOON, NOON, CallStatus.COMPLETED, Ending.HUNG_UP, 60, told, (), ()
    )


def hold(*seconds: float) -> tuple[tuple[float, LineKind, str], ...]:
    return tuple((after, LineKind.SAID, WAIT) for after in seconds)


def waited(*transcripts: Transcript, reach: dict[str, Reach] | None = None) -> Waiting:
    return waiting(transcripts, {WAIT}, reach or {}, {BACKUP})


def test_a_wait_is_measured_from_the_first_phone_to_the_last() -> None:
    found = waited(
        call(
            EARLIER,
            (0, LineKind.RANG, ANNA),
            (25, LineKind.LEG_ENDED, ANNA),
            *hold(25, 44),
            (50, LineKind.KEYED, "5"),
            (50, LineKind.RANG, BO),
            (60, LineKind.PICKED_UP, BO),
            (70, LineKind.BRIDGED, BO),
            (400, LineKind.LEG_ENDED, BO),
        )
    )

    assert (found.callers, found.most_turns, found.became) == (1, 2, {"answered": 1})
    assert (found.longest_silence_seconds, found.longest_chain_seconds) == (19, 60)
    assert (found.too_silent, found.too_long) == (0, 0)


@pytest.mark.parametrize(
    ("end", "became"),
    [
        (((10, LineKind.CALLER_HUNG_UP, ""),), "hung up on hold"),
        (((10, LineKind.KEYED, "1"), (10, LineKind.SAID, "Numret är")), "pressed 1 to be rung back"),
        (((10, LineKind.RANG, ANNA), (35, LineKind.LEG_ENDED, ANNA)), "rung for, nobody took the call"),
        (((19, LineKind.NO_KEY, ""), (19, LineKind.SAID, "Ring igen.")), "heard the last words"),
    ],
)
def test_every_wait_comes_to_something(end: tuple[tuple[float, LineKind, str], ...], became: str) -> None:
    assert waited(call(EARLIER, *hold(0), *end)).became == {became: 1}


def test_silence_and_length_beyond_the_bounds_are_counted() -> None:
    silent = call(EARLIER, *hold(0), (20.1, LineKind.SAID, "Ring igen."))
    often = call(EARLIER, *hold(*range(16)), (16, LineKind.CALLER_HUNG_UP, ""))
    long = call(EARLIER, (0, LineKind.RANG, ANNA), *hold(290), (301, LineKind.CALLER_HUNG_UP, ""))

    assert waited(silent).too_silent == 1
    assert waited(often).too_long == 1
    assert waited(long).too_long == 1


ON_AND_ON = (*hold(0, 19, 38), (57, LineKind.CALLER_HUNG_UP, ""))
RUNG_NEXT = (*hold(0, 19), (38, LineKind.RANG, ANNA))
RUNG_FIRST = ((-30, LineKind.RANG, BO), (-5, LineKind.LEG_ENDED, BO), *hold(0, 19, 38), (57, LineKind.SAID, "Ring."))
GONE = (*hold(0, 19), (37, LineKind.CALLER_HUNG_UP, ""))


@pytest.mark.parametrize(
    ("earlier", "reach", "why"),
    [
        (ON_AND_ON, {}, Overtaking.UNEXPLAINED),
        (RUNG_NEXT, {}, Overtaking.KEPT),
        (RUNG_FIRST, {}, Overtaking.RUNG_BEFORE),
        (GONE, {}, Overtaking.GONE),
        (ON_AND_ON, OVERFLOWED, Overtaking.NOT_FOR_THEM),
    ],
)
def test_of_a_later_caller_who_is_rung_for_first_it_is_said_why(
    earlier: tuple[tuple[float, LineKind, str], ...], reach: dict[str, Reach], why: Overtaking
) -> None:
    later = call(LATER, *hold(10), (29, LineKind.RANG, BO))

    found = waited(call(EARLIER, *earlier), later, reach=reach)

    assert found.overtakings == {why: 1}
    assert found.unexplained == (why is Overtaking.UNEXPLAINED)


def test_nobody_is_overtaken_by_those_who_came_first_on_other_lines_or_by_the_backup_number() -> None:
    earlier = call(EARLIER, *ON_AND_ON)
    first = call(LATER, *hold(-5), (29, LineKind.RANG, BO))
    elsewhere = replace(call(LATER, (29, LineKind.RANG, BO)), line_number="+46500498000")
    failing = call(LATER, (29, LineKind.RANG, BACKUP))

    assert [waited(earlier, other).overtakings for other in (first, elsewhere, failing)] == [{}, {}, {}]


def test_who_waits_not_at_all_is_not_counted() -> None:
    assert waited(call(EARLIER, (0, LineKind.RANG, ANNA))) == Waiting()
