"""Who is at the ends of a call. There are two forms of them: by a script, and live (``live_people``)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.simulator.caller import ScriptedCaller
from app.simulator.phones import ScriptedPhone

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.simulator.caller import Caller
    from app.simulator.legs import Leg
    from app.simulator.phones import Phone
    from app.simulator.plan import CallPlan
    from app.simulator.transcript import Line
    from app.simulator.twiml import Number


def _nobody_watches(line: Line) -> None:
    """A scripted call is read when it is over."""


@dataclass(frozen=True, slots=True)
class People:
    """Who is at the ends of a call, and who watches."""

    caller: Caller
    phone: Callable[[Number, Leg], Phone]
    """The phone of a number that is rung on a leg."""
    watch: Callable[[Line], None] = _nobody_watches


def scripted(plan: CallPlan) -> People:
    """Everybody as the plan has it."""
    return People(ScriptedCaller(plan.script), lambda number, _: ScriptedPhone(plan.behaviour_of(number.phone)))
