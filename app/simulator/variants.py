"""What Twilio's documentation leaves open: each reading can be played."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from app.domain.calls import CallStatus

if TYPE_CHECKING:
    import random


class ScreenFailure(StrEnum):
    """What becomes of a leg whose screening document can't be fetched."""

    DROPPED = "dropped"
    FALLBACK = "fallback"
    BRIDGED = "bridged"


@dataclass(frozen=True, slots=True)
class Variants:
    """One reading of everything that is unconfirmed. The defaults are what was met most often."""

    empty_digits_field: bool = False
    """An empty result is sent as ``Digits=`` instead of no such field."""
    action_after_hang_up_in_gather: bool = False
    status_before_action: bool = False
    """The number's status callback overtakes the action of the verb in which the caller hung up."""
    unbridged_duration_zero: bool = False
    """A phone that was never picked up has ``DialCallDuration=0`` instead of no such field."""
    abandoned_dial_status: CallStatus = CallStatus.CANCELED
    """DialCallStatus when the caller hangs up while it rings: canceled or no-answer."""
    no_action_after_bridged_hang_up: bool = False
    abandoned_call_status: CallStatus = CallStatus.NO_ANSWER
    """The caller's status when they hang up before anything answered: no-answer or canceled."""
    rings_without_caller_id: bool = False
    """A withheld caller and no callerId: the phone rings without an id, instead of a failed Dial."""
    no_duration_of_whisper: bool = False
    """A phone that was picked up and not joined has no DialCallDuration."""
    screen_failure: ScreenFailure = ScreenFailure.DROPPED
    accept_after_action: bool = False
    """The caller hangs up between the key and its answer: the key arrives after the Dial's action."""


USUAL = Variants()


def any_variants(rng: random.Random) -> Variants:
    """A reading drawn at random, with the parts that a service must survive all alike."""
    return Variants(
        empty_digits_field=_coin(rng),
        action_after_hang_up_in_gather=_coin(rng),
        status_before_action=_coin(rng),
        unbridged_duration_zero=_coin(rng),
        abandoned_dial_status=rng.choice((CallStatus.CANCELED, CallStatus.NO_ANSWER)),
        no_action_after_bridged_hang_up=_coin(rng),
        abandoned_call_status=rng.choice((CallStatus.NO_ANSWER, CallStatus.CANCELED)),
        no_duration_of_whisper=_coin(rng),
        accept_after_action=_coin(rng),
    )


def _coin(rng: random.Random) -> bool:
    return rng.choice((True, False))
