"""Whom to ring next, and when to stop."""

from __future__ import annotations

from datetime import UTC, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from app.domain.callflow.nodes import CallerKind, Ring
from app.domain.callflow.values import Phase, RingOne, Stage
from app.domain.lines import Audience
from app.domain.skills import Language

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from app.domain.callflow.nodes import Flow, NodeId
    from app.domain.callflow.turn import Turn
    from app.domain.callflow.values import Candidate, Position
    from app.domain.lines import StaffId

MOST_ATTEMPTS = 12
MOST_RINGS_EACH = 2
DIAL_MARGIN_SECONDS = 5
"""Twilio rings up to about five seconds longer than it is told."""

_STAGES = tuple(Stage)
_AUDIENCE = {CallerKind.PROFESSIONAL: Audience.PROFESSIONAL, CallerKind.EXPOSED: Audience.EXPOSED}


class Cause(StrEnum):
    """Why nobody was reached."""

    NOBODY_ON_DUTY = "nobody_on_duty"
    ALL_BUSY = "all_busy"
    NO_ANSWER = "no_answer"


def begin_ringing(turn: Turn, node: Ring) -> NodeId | RingOne:
    """Come to a ring node: the first one to ring, or where the call goes if there is none."""
    now = turn.facts.now.astimezone(UTC)
    turn.move(
        phase=Phase.WAIT,
        ring_node=node.id,
        stage=Stage.PRIMARY,
        stage_began=now,
        # The whole chain is bounded, also when a call comes to a second ring node, or back from hold.
        ring_began=turn.position.ring_began or now,
        cause="",
    )
    return _ring_responsible(turn, node) or ring_on(turn, node)


def ring_on(turn: Turn, node: Ring) -> NodeId | RingOne:
    """After an attempt that nobody accepted: the next one, or where the call goes if there is none."""
    left = list(_left_to_ring(turn, node))
    unclaimed = _unclaimed(left, turn.facts.ahead)
    for stage in _STAGES[_STAGES.index(turn.position.stage or Stage.PRIMARY) :]:
        if stage is not turn.position.stage:
            turn.move(stage=stage, stage_began=turn.facts.now.astimezone(UTC) - _rung_before(turn, node, stage))
        chosen = _best(turn, [one for one in unclaimed if one.stage is stage])
        if chosen and has_time(turn, node) and _stage_has_time(turn, node):
            return _ring(turn, node, chosen)
    turn.move(cause=_cause(turn).value)
    # Whoever is left although nobody could be chosen is in a call, is claimed, or there is no time for them.
    someone_is_busy = any(one not in unclaimed for one in left)
    return node.busy if node.busy is not None and someone_is_busy else node.nobody


def has_time(turn: Turn, node: Ring, *, after_seconds: int = 0) -> bool:
    """Whether one more attempt fits into the time that the whole chain may take, begun so many seconds from now."""
    attempt = timedelta(seconds=after_seconds) + _attempt(node)
    return attempt <= _time_left(turn, turn.position.ring_began, node.total_seconds)


def may_be_rung_for(flow: Flow, position: Position, staff: StaffId) -> bool:
    """Whether the bounds let the call at ``position`` ring them (again)."""
    node = flow.nodes.get(position.ring_node) if position.ring_node else None
    most = min(node.rounds, MOST_RINGS_EACH) if isinstance(node, Ring) else 1
    return len(position.rung) < MOST_ATTEMPTS and position.rung.count(staff) < most


def may_overflow(serves: frozenset[Audience], others_serve: frozenset[Audience], kind: CallerKind) -> bool:
    """Whether the line that this one overflows to serves the caller, whoever they may be of those that this one serves.

    ``others_serve`` is empty where there is no such line.
    """
    could_be = frozenset({_AUDIENCE[kind]}) if kind in _AUDIENCE else serves
    return bool(others_serve) and could_be <= others_serve


def _ring_responsible(turn: Turn, node: Ring) -> RingOne | None:
    """Whoever is responsible for the caller's case goes first, of whichever tier; wrapping up, too: it may be of that.

    Only if they are on duty for the dialled line, free, and weren't rung yet. Nobody is waited for.
    """
    keyed = turn.position.keyed_case
    if keyed is None or keyed.responsible in turn.position.rung or not has_time(turn, node):
        return None
    unclaimed = _unclaimed(list(_left_to_ring(turn, node)), turn.facts.ahead)
    chosen = next((one for one in unclaimed if one.staff == keyed.responsible and one.overflow is None), None)
    if chosen is None:
        return None
    if chosen.stage is not Stage.PRIMARY:
        turn.move(stage=None)  # the primary tier has all of its time afterwards
    return _ring(turn, node, chosen)


def _rung_before(turn: Turn, node: Ring, stage: Stage) -> timedelta:
    """What a stage has spent before it began, on whoever is responsible: as many phones ring for a case as for none."""
    keyed = turn.position.keyed_case
    if keyed is None or keyed.responsible not in turn.position.rung:
        return timedelta()
    is_theirs = any(one.staff == keyed.responsible and one.stage is stage for one in turn.facts.candidates)
    return _attempt(node) if is_theirs else timedelta()


def _ring(turn: Turn, node: Ring, chosen: Candidate) -> RingOne:
    turn.move(rung=(*turn.position.rung, chosen.staff))
    return RingOne(chosen.staff, node.ring_seconds, turn.screened(node.screen))


def _left_to_ring(turn: Turn, node: Ring) -> Iterator[Candidate]:
    """Everyone who serves this caller and whom the bounds let us ring, free or not; in ringing order."""
    rung = turn.position.rung
    most = min(node.rounds, MOST_RINGS_EACH) if len(rung) < MOST_ATTEMPTS else 0
    overflows = may_overflow(turn.facts.serves, turn.facts.overflow_serves, turn.position.caller_kind)
    for one in turn.facts.candidates:
        if rung.count(one.staff) < most and (overflows or one.overflow is None):
            yield one


def _unclaimed(left: list[Candidate], ahead: tuple[frozenset[StaffId], ...]) -> list[Candidate]:
    """Those who are free, but for one each for the callers who wait already: first come, first served."""
    free = [one for one in left if one.is_free]
    for wanted in ahead:
        theirs = next((one for one in free if one.staff in wanted), None)
        if theirs:
            free.remove(theirs)
    return free


def _best(turn: Turn, free: list[Candidate]) -> Candidate | None:
    """Who was rung least; then who isn't wrapping up, speaks the language, knows the matter; then in ringing order."""
    position = turn.position

    def rank(one: Candidate) -> tuple[int, bool, bool, bool]:
        return (
            position.rung.count(one.staff),
            one.wraps_up,
            position.language is not Language.SWEDISH and position.language not in one.languages,
            position.competence is not None and position.competence not in one.competences,
        )

    return min(free, key=rank, default=None)


def _stage_has_time(turn: Turn, node: Ring) -> bool:
    return _attempt(node) <= _time_left(turn, turn.position.stage_began, node.tier_seconds)


def _attempt(node: Ring) -> timedelta:
    return timedelta(seconds=node.ring_seconds + DIAL_MARGIN_SECONDS)


def _time_left(turn: Turn, began: datetime | None, seconds: int) -> timedelta:
    return timedelta(seconds=seconds) - ((turn.facts.now - began) if began else timedelta())


def _cause(turn: Turn) -> Cause:
    if turn.position.rung:
        return Cause.NO_ANSWER
    return Cause.ALL_BUSY if turn.facts.candidates else Cause.NOBODY_ON_DUTY
