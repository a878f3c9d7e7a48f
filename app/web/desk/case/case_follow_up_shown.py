"""The follow-up of a case as its page shows it, with the forms that change it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.followups import FollowUpEnd
from app.domain.permissions import Permission, allowed
from app.services.case import followup_lists
from app.storage.base import db
from app.web.desk.access import actor
from app.web.desk.case.follow_up_forms import DropForm, MoveForm
from app.web.desk.case.follow_up_shown import follow_up_of
from app.web.desk.wall_clocks import zone_of
from app.web.desk.ways import address_if_there
from app.web.setup import setup

if TYPE_CHECKING:
    from datetime import datetime

    from app.services.case.case_pages import Head
    from app.web.desk.case.follow_up_shown import FollowUpShown


@dataclass(frozen=True, slots=True)
class Sent:
    """What came with a form that wasn't taken; the others are empty."""

    moving: MoveForm | None = None
    dropping: DropForm | None = None
    refused: str = ""
    """Why what was asked can't be done as things stand now."""


@dataclass(frozen=True, slots=True)
class CaseFollowUp:
    """What the template shows."""

    stands: FollowUpShown | None
    """``None``: nothing is promised, or what was promised is over."""
    moving: MoveForm
    is_moving: bool
    """Whether the form to move it came back, and so is open."""
    dropping: DropForm
    is_dropping: bool
    may_change: bool
    by_hand: str
    """Where the conversation of a follow-up that is done is written down; empty otherwise."""


def follow_up_in(head: Head, now: datetime, sent: Sent) -> CaseFollowUp:
    """The follow-up of a case that the reader has opened."""
    found = followup_lists.in_case(db.session(), setup().policy, actor(), head.id, now)
    may_change = allowed(actor(), Permission.FOLLOW_UP)
    moving = sent.moving or MoveForm.here(is_sent=False)
    moving.between(now.astimezone(zone_of(head.line)).date())
    is_done = not found and followup_lists.ended_last(db.session(), head.id) is FollowUpEnd.DONE
    return CaseFollowUp(
        stands=follow_up_of(found, now) if found else None,
        moving=moving,
        is_moving=sent.moving is not None,
        dropping=sent.dropping or DropForm.here(is_sent=False),
        is_dropping=sent.dropping is not None,
        may_change=may_change,
        by_hand=address_if_there("desk.new_record") if is_done and may_change and head.ended_at is None else "",
    )
