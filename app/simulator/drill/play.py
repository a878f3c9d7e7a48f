"""Placing the calls of a drill: in threads, in one virtual time."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from app.simulator.drill.clock import SharedTime
from app.simulator.engine import place_call

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.simulator.drill.clock import SharedClock
    from app.simulator.network import Network
    from app.simulator.plan import CallPlan, Service
    from app.simulator.transcript import Transcript


def play(
    service: Service,
    plans: Sequence[CallPlan],
    network: Network,
    *,
    at_once: int,
    rate: float | None = None,
    ended: Callable[[], None] = lambda: None,
) -> tuple[Transcript, ...]:
    """Place all calls, each at its instant, or when another is over where ``at_once`` are under way.

    ``rate``: begin no more than so many in a real second. Calls ``ended`` after each. Virtual time goes by in the
    calls, the same for all, so that a drill lasts as long as the service takes to answer. Interrupted, it waits for the
    calls under way alone.
    """
    began_at = [(plan.starts_at or datetime.now(UTC)).astimezone(UTC) for plan in plans]
    order = sorted(range(len(plans)), key=began_at.__getitem__)
    if not order:
        return ()
    shared = SharedTime(began_at[order[0]])
    played = _Played(service, plans, network, began_at, order, rate, ended)
    clocks = [shared.clock() for _ in range(min(at_once, len(plans)))]
    with ThreadPoolExecutor(len(clocks)) as pool:
        workers = [pool.submit(played.place_calls, clock) for clock in clocks]
        try:
            for worker in as_completed(workers):
                worker.result()
        except BaseException:
            played.interrupted.set()
            raise
    return tuple(played.transcripts[number] for number in sorted(played.transcripts))


@dataclass
class _Played:
    """The calls of a drill: which are due, which are over."""

    service: Service
    plans: Sequence[CallPlan]
    network: Network
    starts_at: Sequence[datetime]
    order: list[int]
    rate: float | None
    ended: Callable[[], None]
    transcripts: dict[int, Transcript] = field(default_factory=dict)
    interrupted: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)
    began: float = field(default_factory=time.perf_counter)
    taken: int = 0

    def place_calls(self, clock: SharedClock) -> None:
        """One call after the other, until none is left."""
        try:
            while (number := self._take()) is not None:
                clock.sleep_until(self.starts_at[self.order[number]])
                self._wait_for_real(number)
                if self.interrupted.is_set():
                    return
                self._place(self.order[number], clock)
        finally:
            clock.leave()

    def _take(self) -> int | None:
        with self.lock:
            self.taken += 1
            return self.taken - 1 if self.taken <= len(self.order) else None

    def _wait_for_real(self, number: int) -> None:
        due = self.began + number / self.rate if self.rate else self.began
        self.interrupted.wait(max(0.0, due - time.perf_counter()))

    def _place(self, number: int, clock: SharedClock) -> None:
        transcript = place_call(self.service, self.plans[number], self.network, clock)
        with self.lock:
            self.transcripts[number] = transcript
            self.ended()
