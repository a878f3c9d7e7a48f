"""Gather: a question, and the keys that are pressed; by the caller, or on a leg that is screened."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from app.simulator.caller import Moment
from app.simulator.run import CallerGone
from app.simulator.transcript import LineKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from app.simulator.run import Run
    from app.simulator.twiml import Document, Gather


HIDDEN = "•"
"""In place of a key that is nobody's to read."""


def gather(run: Run, verb: Gather) -> Document | None:
    """Run a Gather; ``None``: nothing was keyed, and the next verb is due."""
    run.caller.begins_question()
    try:
        digits = _ask(run, verb)
    except CallerGone as gone:
        if run.plan.variants.action_after_hang_up_in_gather and gone.action is None:
            gone.action = partial(run.tell_action, run.leg, verb.action, verb.method, {})
        raise
    finally:
        run.caller.ends_question()
    run.has_last_word = False
    if digits:
        run.had_input()
        run.end_of_silence()
        return run.next_document(verb.action, verb.method, {"Digits": digits})
    if verb.action_on_empty_result:
        extra = {"Digits": ""} if run.plan.variants.empty_digits_field else {}
        return run.next_document(verb.action, verb.method, extra)
    return None


def digits_of(verb: Gather, next_key: Callable[[], str]) -> Iterator[str]:
    """The digits that a Gather takes, as they are pressed. ``next_key`` waits as long as the verb allows."""
    taken = 0
    while taken != verb.num_digits:
        key = next_key()
        if not key or key == verb.finish_on_key:
            return
        taken += 1
        yield key


def _ask(run: Run, verb: Gather) -> str:
    """The prompts, until the first key stops them; then the digits that the Gather ends with."""
    for prompt in verb.prompts:
        if run.caller.has_keyed():
            break
        run.hear(prompt)
    if run.caller.hangs_up(Moment.GATHER):
        run.wait_in_silence(verb.timeout_seconds / 2)
        raise CallerGone
    return _press(run, verb)


def _press(run: Run, verb: Gather) -> str:
    digits, pressed, at = "", "", run.clock.now

    def next_key() -> str:
        nonlocal pressed
        key = run.caller.next_key(run, verb.timeout_seconds)
        pressed += key
        return key

    try:
        for digit in digits_of(verb, next_key):
            digits, at = digits + digit, run.clock.now
    finally:
        run.numbers.add(digits)
        if digits:
            run.note(LineKind.KEYED, _shown(verb, pressed), at=at)  # with the key that closed them
    if not digits:
        run.note(LineKind.NO_KEY, pressed)
    return digits


def _shown(verb: Gather, pressed: str) -> str:
    """What a transcript tells of it. So many digits are the reference of a case, which is for the service alone."""
    return HIDDEN * len(pressed) if verb.num_digits and verb.num_digits > 1 else pressed
