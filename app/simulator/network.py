"""What all calls share: the ledger, the legs that the REST API shows, and which phones are in use."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from app.simulator.ledger import Ledger

if TYPE_CHECKING:
    from app.simulator.legs import Leg


class Network:
    """A telephone network of its own; safe for many calls in threads.

    A phone is in use, in real time, from the service's answer that rings it until just before the service can hear that
    its leg is over. So a phone that is rung while in use was rung against better knowledge.
    """

    def __init__(self, ledger: Ledger | None = None) -> None:
        self.ledger = ledger or Ledger()
        self._lock = threading.Lock()
        self._legs: dict[str, Leg] = {}
        self._in_use: dict[str, str] = {}
        self._failures = 0

    def fail_after_placing(self, times: int) -> None:
        """Let the REST API answer so many orders with an error, although it carries them out."""
        with self._lock:
            self._failures = times

    def fails_after_placing(self) -> bool:
        """Whether the order that was just carried out is to be answered so."""
        with self._lock:
            fails = self._failures > 0
            self._failures -= fails
            return fails

    def add(self, leg: Leg) -> None:
        """Show a leg."""
        with self._lock:
            self._legs[leg.sid] = leg

    def leg(self, sid: str) -> Leg | None:
        """The leg with that SID."""
        with self._lock:
            return self._legs.get(sid)

    def legs(self) -> tuple[Leg, ...]:
        """All legs, newest first."""
        with self._lock:
            legs = tuple(self._legs.values())
        return tuple(sorted(legs, key=lambda leg: (leg.created_at, leg.sid), reverse=True))

    def take(self, phone: str, leg_sid: str) -> bool:
        """Whether the phone was free; from now on it isn't."""
        with self._lock:
            return self._in_use.setdefault(phone, leg_sid) == leg_sid

    def release(self, phone: str, leg_sid: str) -> None:
        """Free the phone, if that leg has it."""
        with self._lock:
            if self._in_use.get(phone) == leg_sid:
                del self._in_use[phone]
