"""A follow-up as pages show it: in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.cases import Reference
from app.web.desk.case import follow_up_words as words
from app.web.desk.wall_clocks import zone_of

if TYPE_CHECKING:
    from datetime import date, datetime

    from app.domain.followups import FollowUpState
    from app.services.case.followups import Listed


@dataclass(frozen=True, slots=True)
class FollowUpShown:
    """One that is still to be done."""

    id: int
    reference: Reference
    line: str
    responsible: str
    is_mine: bool
    due: date
    state: FollowUpState
    look: str
    latest: str
    """No later than when."""
    stands: str
    """How it stands."""
    tried: str
    is_moved: bool


def follow_up_of(one: Listed, now: datetime) -> FollowUpShown:
    """In the language of the page."""
    today = now.astimezone(zone_of(one.line)).date()
    return FollowUpShown(
        id=one.id,
        reference=Reference(one.reference),
        line=one.line,
        responsible=one.responsible,
        is_mine=one.is_mine,
        due=one.due,
        state=one.state,
        look=words.LOOKS[one.state],
        latest=words.no_later_than(one.due),
        stands=words.state_in_words(one.state, one.due, today),
        tried=words.tried(one.tried),
        is_moved=one.is_moved,
    )
