"""A call from the first look at the page to its record, for whoever wants to look at the page on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.browser.days import an_open_day

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.domain.policy import Policy
    from tests.browser.telephone import Telephone

SKANE = "Resurscentrum heder Skåne"
"""The line that is rung: it is for professionals, and overflows to the national one."""

STATES = ("idle", "ringing", "screening", "talking", "ended")


def states(telephone: Telephone, policy: Policy) -> Iterator[str]:
    """Lead a call through every state of the page; gives the name of each when it is there.

    Whoever looks may take a while on a busy machine: a phone rings, and says who calls, for some seconds only; then the
    next one does.
    """
    telephone.sets(SKANE, an_open_day(policy))
    yield "idle"
    telephone.redials()
    telephone.hears("Välkommen")
    telephone.presses("1")
    telephone.ringing_phone()
    yield "ringing"
    alias = telephone.ringing_phone()
    telephone.picks_up(alias)
    yield "screening"
    if not telephone.is_screening(alias):
        alias = telephone.ringing_phone()
        telephone.picks_up(alias)
    telephone.takes(alias)
    telephone.hears("Samtalet är framkopplat")
    yield "talking"
    telephone.hangs_up()
    telephone.person.waits_for("besvarat", within=telephone.record)
    yield "ended"
