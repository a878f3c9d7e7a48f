"""Whom to ring next, and when to stop."""

from __future__ import annotations

from datetime import UTC, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from app.domain.callflow.values import Phase, RingOne
from app.domain.rotas import Tier

if TYPE_CHECKING:
    from datetime import datetime

    from app.domain.callflow.nodes import Ring
    from app.domain.callflow.turn import Turn
    from app.domain.callflow.values import Candidate

MOST_ATTEMPTS = 12
MOST_RINGS_EACH = 2
DIAL_MARGIN_SECONDS = 5
"""Twilio rings up to about five seconds longer than it is told."""

_TIERS = (Tier.PRIMARY, Tier.BACKUP)


class Cause(StrEnum):
    """Why nobody was reached."""

    NOBODY_ON_DUTY = "nobody_on_duty"
    ALL_BUSY = "all_busy"
    NO_ANSWER = "no_answer"


def begin_ringing(turn: Turn, node: Ring) -> RingOne | None:
    """Come to a ring node. ``None``: there is nobody to ring."""
    now = turn.facts.now.astimezone(UTC)
    turn.move(
        phase=Phase.WAIT,
        ring_node=node.id,
        tier=Tier.PRIMARY,
        tier_began=now,
        # The whole chain is bounded, also when a call comes to a second ring node.
        ring_began=turn.position.ring_began or now,
        cause="",
    )
    return _next(turn, node)


def ring_on(turn: Turn, node: Ring) -> RingOne | None:
    """After an attempt that nobody accepted: the next one, or ``None``."""
    return _next(turn, node)


def _next(turn: Turn, node: Ring) -> RingOne | None:
    for tier in _TIERS[_TIERS.index(turn.position.tier or Tier.PRIMARY) :]:
        if tier is not turn.position.tier:
            turn.move(tier=tier, tier_began=turn.facts.now.astimezone(UTC))
        chosen = _free(turn, node, tier)
        if chosen and _has_time(turn, node):
            turn.move(rung=(*turn.position.rung, chosen.staff))
            return RingOne(chosen.staff, node.ring_seconds, turn.filled(node.screen))
    turn.move(cause=_cause(turn).value)
    return None


def _free(turn: Turn, node: Ring, tier: Tier) -> Candidate | None:
    """The free person of the tier who was rung least, the first in ringing order among equals."""
    rung = turn.position.rung
    if len(rung) >= MOST_ATTEMPTS:
        return None
    most = min(node.rounds, MOST_RINGS_EACH)
    free = [one for one in turn.facts.candidates if one.tier is tier and one.is_free and rung.count(one.staff) < most]
    return min(free, key=lambda one: rung.count(one.staff), default=None)


def _has_time(turn: Turn, node: Ring) -> bool:
    attempt = timedelta(seconds=node.ring_seconds + DIAL_MARGIN_SECONDS)
    tier_left = _left(turn, turn.position.tier_began, node.tier_seconds)
    return attempt <= min(tier_left, _left(turn, turn.position.ring_began, node.total_seconds))


def _left(turn: Turn, began: datetime | None, seconds: int) -> timedelta:
    return timedelta(seconds=seconds) - ((turn.facts.now - began) if began else timedelta())


def _cause(turn: Turn) -> Cause:
    if turn.position.rung:
        return Cause.NO_ANSWER
    return Cause.ALL_BUSY if turn.facts.candidates else Cause.NOBODY_ON_DUTY
