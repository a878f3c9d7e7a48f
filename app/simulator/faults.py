"""What can go wrong between Twilio and us, and the dice that decide when it does."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    import random

_Fault = TypeVar("_Fault", bound=StrEnum)


class RequestFault(StrEnum):
    """What happens to a request for TwiML."""

    TWICE_SAME_TOKEN = "twice_same_token"  # noqa: S105 - an idempotency token is no secret
    TWICE_NEW_TOKEN = "twice_new_token"  # noqa: S105 - as above
    TWICE_AT_ONCE = "twice_at_once"
    LOST_ONCE = "lost_once"
    """The first try doesn't connect; the retry does."""
    LOST = "lost"
    """No try connects."""
    ANSWER_LOST = "answer_lost"
    """The service did its work, and the answer never came: Twilio's read timeout. The retry gets through."""


class CallbackFault(StrEnum):
    """What happens to a status callback."""

    DROPPED = "dropped"
    DOUBLED = "doubled"
    DELAYED = "delayed"
    """It arrives after the call has ended, behind all others."""
    HELD_BACK = "held_back"
    """It waits for the next one, and may change places with it."""
    AT_ONCE = "at_once"
    """It travels beside the next request instead of before it."""


@dataclass(frozen=True, slots=True)
class FaultPlan:
    """A probability for each fault; what they leave to 1 is undisturbed."""

    requests: tuple[tuple[RequestFault, float], ...] = ()
    callbacks: tuple[tuple[CallbackFault, float], ...] = ()

    def __post_init__(self) -> None:
        for table in (self.requests, self.callbacks):
            shares = [share for _, share in table]
            if any(share < 0 for share in shares) or sum(shares) > 1:
                message = "probabilities of faults are at least 0 and together at most 1"
                raise ValueError(message)


NO_FAULTS = FaultPlan()


class Dice:
    """Draws the faults of one call, the same for the same seed."""

    def __init__(self, plan: FaultPlan, rng: random.Random) -> None:
        self._plan = plan
        self._rng = rng

    def for_request(self) -> RequestFault | None:
        """The fault of the next request for TwiML, if any."""
        return _draw(self._plan.requests, self._rng)

    def for_callback(self) -> CallbackFault | None:
        """The fault of the next callback, if any."""
        return _draw(self._plan.callbacks, self._rng)


def _draw(table: tuple[tuple[_Fault, float], ...], rng: random.Random) -> _Fault | None:
    drawn = rng.random()
    for fault, share in table:
        drawn -= share
        if drawn < 0:
            return fault
    return None
