"""One practice call as rows: the record that the real service would have made of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from app.domain import callflow
from app.domain.callbacks import CallbackRules, Closing
from app.domain.calls import AttemptState, CallFacts, Source, settle
from app.services.practice_data.demo_play import Play, Stage
from app.storage.models import Attempt, Call, CallbackRequest, Consultation

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from random import Random

__all__ = ["PlayedCall", "Stage", "play_call"]


@dataclass(frozen=True, slots=True)
class PlayedCall:
    """The rows of one call; those that refer to it wait for its id."""

    call: Call
    consultation: Consultation
    attempts: Sequence[Attempt]
    callback: CallbackRequest | None


def play_call(stage: Stage, began: datetime, until: datetime, chance: Random) -> PlayedCall | None:
    """A call that arrived at ``began``; ``None`` when it would last beyond ``until``: nothing is in the future."""
    play = Play(stage, began, chance)
    play.run()
    # Whoever is in a call that isn't over is taken all the same, so that the calls beside it don't depend on the clock.
    stage.busy_until.update({attempt.staff_id: attempt.ended_at or play.clock for attempt in play.attempts})
    if play.clock > until:
        return None
    answered = next((one for one in play.attempts if one.state is AttemptState.ACCEPTED), None)
    call = _call(play, was_answered=answered is not None)
    if play.callback:
        _expire_if_old(play.callback, until)
    return PlayedCall(call, _consultation(play, answered), play.attempts, play.callback)


def _call(play: Play, *, was_answered: bool) -> Call:
    """Turns aren't logged: a practice history has no webhooks that could be repeated."""
    settled = settle(
        CallFacts(
            arrived=True,
            ended=True,
            verdict=play.verdict,
            answered=was_answered,
            hung_up_at=play.step.position.node,
        )
    )
    return Call(
        sid=f"CA{play.chance.getrandbits(128):032x}",
        line=play.stage.line.key,
        organisation=play.stage.line.organisation,
        source=Source.PRACTICE,
        started_at=play.began,
        last_heard_at=play.clock,
        ended_at=play.clock,
        arrived=True,
        turn=play.turn + 1,
        position=callflow.position_to_json(play.step.position),
        verdict=play.verdict.outcome if play.verdict else None,
        verdict_reason=play.verdict.reason if play.verdict else "",
        outcome=settled.outcome,
        reason=settled.reason,
    )


def _expire_if_old(request: CallbackRequest, until: datetime) -> None:
    """As the jobs would have done: what nobody got to lost its number, and is on no list any more."""
    expired_at = (request.confirmed_at or request.made_at) + timedelta(days=CallbackRules().keep_days)
    if expired_at < until:
        request.number, request.closed_as, request.closed_at = None, Closing.EXPIRED, expired_at


def _consultation(play: Play, answered: Attempt | None) -> Consultation:
    return Consultation(
        organisation=play.stage.line.organisation,
        line=play.stage.line.key,
        source=Source.PRACTICE,
        opened_at=play.began,
        staff_id=answered.staff_id if answered else None,
        held_at=answered.accepted_at if answered else None,
    )
