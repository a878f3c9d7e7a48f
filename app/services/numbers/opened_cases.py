"""How many cases were opened: from the tallies, where none of them has been destroyed since."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.domain.tallies import CASES
from app.domain.trends import bounds
from app.storage.queries import retention

if TYPE_CHECKING:
    from collections.abc import Iterable
    from zoneinfo import ZoneInfo

    from sqlalchemy.orm import Session

    from app.domain.permissions import Actor
    from app.domain.tallies import Question
    from app.domain.trends import Period

QUESTION: Final[Question] = CASES[:2]


def known(session: Session, actor: Actor, zone: ZoneInfo, periods: Iterable[Period]) -> frozenset[Period]:
    """The periods of which no case has been destroyed.

    Of the others nobody knows how many were opened: no number is given there, rather than a wrong one.
    """
    destroyed = retention.cases_destroyed_before(session, actor)
    return frozenset(one for one in periods if destroyed is None or bounds(one, zone)[0] >= destroyed)
