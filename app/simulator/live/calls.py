"""Live calls: in real time, with people at both ends. Each has a thread; all that they share is on the board."""

from __future__ import annotations

import logging
import threading
import time
from functools import partial
from typing import TYPE_CHECKING

from app.domain.calls import CallStatus
from app.domain.errors import Unavailable
from app.simulator.clock import never
from app.simulator.engine import see_through
from app.simulator.live.board import Board, Hears, LiveCall, LivePhone, OnDuty, PhoneState, Speaking
from app.simulator.live.clock import LiveClock, PracticeClock
from app.simulator.live.people import LiveCaller, LivePhoneLeg
from app.simulator.live.refusals import GONE, NOT_NOW, UNKNOWN, WRONG, Refused
from app.simulator.live.service import ServiceSide
from app.simulator.live.start import Start, instant_of
from app.simulator.orders import FICTIVE_CALLER, WITHHELD_ON_THE_WIRE, ask_the_time
from app.simulator.outgoing import Holder, NotRung, Queue
from app.simulator.outgoing import see_through as see_through_outgoing
from app.simulator.people import People
from app.simulator.plan import CallPlan
from app.simulator.run import Run
from app.simulator.shown import written_caller
from app.simulator.twiml import Number

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from app.simulator.legs import Leg
    from app.simulator.lines import PracticeLine
    from app.simulator.live.service import Json
    from app.simulator.network import Network
    from app.simulator.outgoing import Order
    from app.simulator.plan import Service

MOST_LIVE = 30
_MOST_LISTS = 100
_log = logging.getLogger(__name__)


class LiveCalls:
    """All live calls of this process."""

    def __init__(
        self, service: Service, lines: Sequence[PracticeLine], network: Network, *, speed: float = 1.0
    ) -> None:
        self.lines = {line.key: line for line in lines}
        self.board = Board()
        self.clock = PracticeClock(speed)
        self.side = ServiceSide(service)
        self.looked_at = next(iter(self.lines), "")
        """The key of the line that somebody dealt with last: its phones are shown to whoever names no other."""
        self._lists: dict[tuple[str, datetime | None], list[OnDuty]] = {}
        self._service = service
        self._network = network
        self._queue = Queue()

    # --- the caller ---------------------------------------------------------------------------------------------------

    def line(self, key: str) -> PracticeLine:
        """The line of that key. Raises ``Refused``."""
        if key not in self.lines:
            raise Refused(WRONG, "no_line", line=key[:40], lines=", ".join(self.lines))
        return self.lines[key]

    def dial(
        self,
        line_key: str,
        at: str | None,
        *,
        withheld: bool = False,
        is_background: bool = False,
        unless: Callable[[], bool] = never,
    ) -> LiveCall:
        """Place a call, and let it run. ``unless``: asked last, nobody wants it any more. Raises ``Refused``."""
        line = self.line(line_key)
        start = self.start(line, at)
        caller = WITHHELD_ON_THE_WIRE if withheld else FICTIVE_CALLER
        with self.board.changed:
            if unless():
                raise Refused(NOT_NOW, "call_over")
            self._set_clock(start)
            if len(self.board.live()) >= MOST_LIVE:
                raise Refused(NOT_NOW, "too_many", most=str(MOST_LIVE))
            if not is_background:
                self.looked_at = line.key
            call = LiveCall(line, written_caller(caller), self.clock.now, is_background)
            run = self._run(call, caller)
            self.board.add(call)
        # A daemon: nobody waits for a conversation when the process is told to end.
        threading.Thread(
            target=self._see_through, args=(call, partial(see_through, run)), name=f"call {call.sid}", daemon=True
        ).start()
        return call

    def press(self, sid: str, key: str) -> None:
        """The caller presses a key; where none is asked for, nothing comes of it."""
        call = self._under_way(sid)
        with self.board.changed:
            if call.takes_keys:
                call.keys.append(key)
                self.board.changed.notify_all()

    def hang_up(self, sid: str) -> None:
        """The caller puts the phone down."""
        self.end(self._under_way(sid))

    def end_all(self) -> None:
        """Every caller puts the phone down."""
        for call in self.board.live():
            self.end(call)

    def end(self, call: LiveCall) -> None:
        """The caller of a call puts the phone down."""
        with self.board.changed:
            call.has_hung_up = True
            if call.leg:
                call.leg.request_end()

    def is_speaking(self, sid: str, entry: int, *, is_speaking: bool) -> None:
        """A browser reads an entry's words out, or has done so."""
        call = self._known(sid)
        with self.board.changed:
            if not 0 < entry <= len(call.entries):
                raise Refused(WRONG, "no_entry")
            call.spoken[entry] = Speaking(is_speaking, time.monotonic())
            self.board.changed.notify_all()

    def ring_out(self, order: Order) -> Leg:
        """The service places a call itself: a phone rings here, and may be answered. Raises ``NotRung``."""
        order.check(self._service, frozenset(line.number for line in self.lines.values()))
        line = next(one for one in self.lines.values() if one.number == order.caller_id)
        with self.board.changed:
            if len(self.board.live()) >= MOST_LIVE:
                raise NotRung(20429, "too many calls")
            if not self.board.live():
                self.clock.follow()
            self.looked_at = line.key
            leg = order.leg(self._service, self.clock.now)
            call = LiveCall(line, None, self.clock.now, rings_out=order.to)
            clock = self._clock_of(call)
            own = LivePhoneLeg(self.board, call, clock, Number(order.to, screen_url=order.url), leg)
            people = People(Holder(own), partial(LivePhoneLeg, self.board, call, clock), partial(self.board.note, call))
            run = Run(self._service, CallPlan(line.number, order.to), self._network, clock, people, leg=leg)
            leg.wake = self.board.touch
            call.sid, call.leg, clock.leg = leg.sid, leg, leg
            self.board.add(call)
        waits = self._queue.seconds(self.clock.now)
        see = partial(see_through_outgoing, run, order, own, waits)
        threading.Thread(target=self._see_through, args=(call, see), name=f"call {call.sid}", daemon=True).start()
        return leg

    # --- the phones ---------------------------------------------------------------------------------------------------

    def on_duty(self, line_key: str, at: datetime | None) -> list[OnDuty]:
        """The phones that a call to a line can make ring, in that order, its overflow line's last.

        ``at``: looked up for a call that might begin then; ``None``: by the practice clock while calls are under way,
        and by the real one else. While the service doesn't answer, as it said last.
        """
        with self.board.changed:
            instant = at or self.shown_time(None)
        told = self.side.duty(line_key, instant)
        with self.board.changed:
            before = self._lists.get((line_key, at))
            if told is None:
                return before or []
            listed = [OnDuty(self._named(one), one["line"], one["tier"], one["place"]) for one in told]
            if before is None and len(self._lists) > _MOST_LISTS:
                self._lists.clear()
            self._lists[line_key, at] = listed
            if before is not None and listed != before:
                self.board.touch()
            return listed

    def _named(self, told: Json) -> LivePhone:
        phone = self.board.phones.setdefault(told["phone"], LivePhone(told["phone"], told["alias"]))
        phone.alias, phone.is_on_a_list = told["alias"], True
        return phone

    def answer(self, phone_id: str) -> None:
        """Somebody picks a ringing phone up."""
        self._react(phone_id, CallStatus.IN_PROGRESS)

    def decline(self, phone_id: str) -> None:
        """Somebody rejects the call of a ringing phone: busy, to the network."""
        self._react(phone_id, CallStatus.BUSY)

    def press_on_phone(self, phone_id: str, key: str) -> None:
        """A key of a phone that hears the screening; in a conversation nothing comes of it."""
        phone = self._phone(phone_id)
        with self.board.changed:
            if phone.state not in {PhoneState.SCREENING, PhoneState.TALKING}:
                raise Refused(NOT_NOW, "nothing_to_press")
            if phone.takes_keys:
                phone.keys.append(key)
                self.board.changed.notify_all()

    def put_down(self, phone_id: str) -> None:
        """Whoever holds the phone hangs up."""
        phone = self._phone(phone_id)
        with self.board.changed:
            if phone.state not in {PhoneState.SCREENING, PhoneState.TALKING}:
                raise Refused(NOT_NOW, "nothing_to_hang_up")
            phone.is_put_down = True
            self.board.changed.notify_all()
            call = phone.call
        if call and call.rings_out == phone.number:
            self.end(call)

    def _react(self, phone_id: str, reaction: CallStatus) -> None:
        phone = self._phone(phone_id)
        with self.board.changed:
            if phone.state is not PhoneState.RINGING or phone.reaction:
                raise Refused(NOT_NOW, "not_ringing")
            phone.reaction = reaction
            self.board.changed.notify_all()

    def _phone(self, phone_id: str) -> LivePhone:
        phone = self.board.phone(phone_id)
        if phone is None:
            raise Refused(UNKNOWN, "no_phone")
        return phone

    def _known(self, sid: str) -> LiveCall:
        call = self.board.call(sid)
        if call is None:
            raise Refused(UNKNOWN, "no_call")
        return call

    def _under_way(self, sid: str) -> LiveCall:
        call = self._known(sid)
        if not call.is_live:
            raise Refused(NOT_NOW, "call_over")
        return call

    # --- time ---------------------------------------------------------------------------------------------------------

    def shown_time(self, at: datetime | None) -> datetime:
        """What the clock shows to somebody who chose ``at`` (``None``: now). Under the board's lock."""
        if self.board.live():
            return self.clock.now
        return at or self.clock.present

    def start(self, line: PracticeLine, at: str | None) -> Start:
        """When a call that is placed now begins. Raises ``Refused``, also when the service isn't there at all."""
        try:
            service_now = ask_the_time(self._service)
        except Unavailable as gone:
            raise Refused(GONE, "no_service", url=self._service.public_url) from gone
        with self.board.changed:
            self.clock.learn(service_now)
        return Start(service_now, None) if at is None else Start(instant_of(line, at), at)

    def _set_clock(self, start: Start) -> None:
        """Under the board's lock. While calls are under way the clock runs on: their time can't be another."""
        if self.board.live():
            if start.as_written not in {None, self.clock.chosen}:
                raise Refused(NOT_NOW, "time_runs")
        elif start.as_written is None:
            self.clock.follow()
        else:
            self.clock.choose(start.instant, start.as_written)

    # --- one call -----------------------------------------------------------------------------------------------------

    def _clock_of(self, call: LiveCall) -> LiveClock:
        seen = 0

        def look() -> None:
            """What the service has recorded changes with each request, and with nothing else."""
            nonlocal seen
            count = len(self._network.ledger.of(call.sid))
            if count > seen:
                seen = count
                self._learn(call)

        return LiveClock(self.clock, self.board.changed, look)

    def _run(self, call: LiveCall, caller: str) -> Run:
        clock = self._clock_of(call)
        people = People(
            LiveCaller(self.board, call),
            partial(LivePhoneLeg, self.board, call, clock),
            partial(self.board.note, call),
        )
        run = Run(self._service, CallPlan(call.line.number, caller), self._network, clock, people)
        run.leg.wake = self.board.touch
        call.sid, call.leg, clock.leg = run.leg.sid, run.leg, run.leg
        return run

    def _see_through(self, call: LiveCall, see: Callable[[], object]) -> None:
        try:
            see()
        except Exception:  # noqa: BLE001 - the phones must be free again, whatever happened
            _log.exception("a live call broke")
        finally:
            self._learn(call)
            with self.board.changed:
                for phone in self.board.phones.values():
                    if phone.call is call:
                        phone.rest()
                call.ended_at = self.clock.now
                call.hears, call.takes_keys = Hears.NOTHING, False
                self.board.touch()

    def _learn(self, call: LiveCall) -> None:
        told = self.side.call(call.sid)
        with self.board.changed:
            if told is not None and told != call.told:
                call.told = told
                self.board.touch()
