"""Many calls, one virtual time: nobody runs ahead of a call that waits for its answer."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from time import sleep

from app.simulator.drill.clock import SharedTime

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
WINDOW = timedelta(seconds=2)


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def test_alone_it_jumps() -> None:
    clock = SharedTime(NOON, WINDOW).clock()

    clock.pass_seconds(3600)
    clock.sleep_until(NOON)

    assert clock.now == after(3600)
    assert clock.practice_now == "2026-11-23T13:00:00+00:00"


def test_nobody_is_further_ahead_than_the_window() -> None:
    time = SharedTime(NOON, WINDOW)
    slow, quick = time.clock(), time.clock()
    reached: list[float] = []

    def hurry() -> None:
        for _ in range(4):
            quick.pass_seconds(1)
            reached.append((quick.now - slow.now).total_seconds())
        quick.leave()

    thread = threading.Thread(target=hurry)
    thread.start()
    while len(reached) < 2:
        sleep(0.01)
    thread.join(0.2)
    waits = thread.is_alive()
    slow.pass_seconds(10)
    thread.join(60)

    assert waits
    assert not thread.is_alive()
    assert reached[:2] == [1, 2]


def test_whoever_leaves_is_waited_for_no_longer() -> None:
    time = SharedTime(NOON, WINDOW)
    gone, here = time.clock(), time.clock()

    gone.leave()
    here.pass_seconds(60)

    assert here.now == after(60)


def test_events_come_in_the_order_of_their_instants_whatever_the_threads_do() -> None:
    time = SharedTime(NOON, timedelta(0))
    clocks = [time.clock() for _ in range(5)]
    happened: list[datetime] = []
    lock = threading.Lock()

    def live(number: int) -> None:
        clock = clocks[number]
        for step in range(20):
            clock.pass_seconds(1 + (number * 7 + step * 3) % 5)
            with lock:
                happened.append(clock.now)
        clock.leave()

    threads = [threading.Thread(target=live, args=(number,)) for number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert len(happened) == 100
    assert happened == sorted(happened)
