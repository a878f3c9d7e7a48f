"""Status callbacks: on a queue of their own, where they are late, lost, doubled and in any order."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from app.simulator.faults import CallbackFault

if TYPE_CHECKING:
    from app.simulator.delivery import Delivery
    from app.simulator.faults import Dice
    from app.simulator.wire import Request


class CallbackQueue:
    """The callbacks of one call. They go out before its next request for TwiML, unless a fault says otherwise."""

    def __init__(self, delivery: Delivery, dice: Dice) -> None:
        self._delivery = delivery
        self._dice = dice
        self._due: list[tuple[Request, CallbackFault | None]] = []
        self._held_back: list[Request] = []
        self._late: list[Request] = []
        self._threads: list[threading.Thread] = []

    def put(self, callback: Request) -> None:
        """Something happened that the service wants to hear of."""
        fault = self._dice.for_callback()
        match fault:
            case CallbackFault.DROPPED:
                self._delivery.drop(callback, fault)
                return
            case CallbackFault.DELAYED:
                self._late.append(callback)
                return
            case CallbackFault.HELD_BACK:
                self._held_back.append(callback)
                return
            case CallbackFault.DOUBLED:
                self._due.append((callback, fault))
                self._due.append((self._delivery.renewed(callback), fault))
            case _:
                self._due.append((callback, fault))
        self._due += [(waiting, CallbackFault.HELD_BACK) for waiting in self._held_back]
        self._held_back.clear()

    def pump(self) -> None:
        """Deliver what is due."""
        due, self._due = self._due, []
        for callback, fault in due:
            if fault is CallbackFault.AT_ONCE:
                thread = threading.Thread(target=self._delivery.tell, args=(callback, fault))
                thread.start()
                self._threads.append(thread)
            else:
                self._delivery.tell(callback, fault)

    def close(self) -> None:
        """The call is over: deliver all that is left."""
        self.pump()
        for callback in self._held_back:
            self._delivery.tell(callback, CallbackFault.HELD_BACK)
        for callback in self._late:
            self._delivery.tell(callback, CallbackFault.DELAYED)
        for thread in self._threads:
            thread.join()
