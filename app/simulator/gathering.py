"""Gather: a question, and the keys that the caller presses."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from app.simulator.caller import Moment
from app.simulator.run import CallerGone
from app.simulator.transcript import LineKind

if TYPE_CHECKING:
    from app.simulator.run import Run
    from app.simulator.twiml import Document, Gather

_THINKING_SECONDS = 1.0


def gather(run: Run, verb: Gather) -> Document | None:
    """Run a Gather; ``None``: nothing was keyed, and the next verb is due."""
    keys = run.caller.keys_for_the_next_question()
    try:
        _ask(run, verb, keys)
        digits = _press(run, verb, keys)
    except CallerGone as gone:
        if run.plan.variants.action_after_hang_up_in_gather and gone.action is None:
            gone.action = partial(run.tell_action, run.leg, verb.action, verb.method, {})
        raise
    run.has_last_word = False
    if digits:
        run.had_input()
        run.end_of_silence()
        return run.next_document(verb.action, verb.method, {"Digits": digits})
    if verb.action_on_empty_result:
        extra = {"Digits": ""} if run.plan.variants.empty_digits_field else {}
        return run.next_document(verb.action, verb.method, extra)
    return None


def _ask(run: Run, verb: Gather, keys: str) -> None:
    """The prompts, until the first key stops them."""
    left = run.caller.script.keys_after_seconds if keys else None
    for prompt in verb.prompts:
        if left is not None and left <= 0:
            break
        heard = run.hear(prompt, left)
        left = None if left is None else left - heard
    if run.caller.hangs_up(Moment.GATHER):
        run.wait_in_silence(verb.timeout_seconds / 2)
        raise CallerGone
    if keys:
        run.wait_in_silence(_THINKING_SECONDS if left is None else max(0.0, left))


def _press(run: Run, verb: Gather, keys: str) -> str:
    """The digits that the Gather ends with."""
    digits = ""
    finished = False
    for key in keys:
        if digits:
            run.pass_seconds(run.caller.script.between_keys_seconds)
        finished = key == verb.finish_on_key
        if finished:
            break
        digits += key
        finished = len(digits) == verb.num_digits
        if finished:
            break
    run.numbers.add(digits)
    if digits:
        run.note(LineKind.KEYED, digits)
    if not finished:
        run.wait_in_silence(verb.timeout_seconds)
    if not digits:
        run.note(LineKind.NO_KEY, keys)
    return digits
