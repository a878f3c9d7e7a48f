"""The follow-up of a record, as it stands beside the record: promised, or to be promised by a day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from app.domain.taxonomy import Code, GroupKey
from app.services.case import followup_lists
from app.storage.base import db
from app.storage.queries.consultations import answers_of
from app.web.desk.access import actor
from app.web.desk.case import follow_up_words as words
from app.web.desk.case.follow_up_shown import FollowUpShown, follow_up_of
from app.web.forms import Option
from app.web.setup import setup

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from app.storage.models import Consultation
    from app.web.desk.case.case_shown import Side

AGREED: Final = (GroupKey("outcome"), Code("BOKAD"))
"""The group and the code of a record that says that a follow-up is agreed."""
PRESSES: Final = ("ö", "z")
"""The keys that go to it; no group and no choice has them. The second is for keyboards without the first."""


@dataclass(frozen=True, slots=True)
class PromiseShown:
    """What the template shows."""

    stands: FollowUpShown | None
    """What is promised in the record's case and isn't done."""
    choices: Sequence[Option]
    """Within how many days; empty where nothing can be promised."""
    error: str
    is_asked_for: bool
    """The record says that a follow-up is agreed, and none is promised."""
    asks: tuple[str, str] = AGREED
    """What the script looks for in the page, to ask at once."""


def promise_of(
    record: Consultation, side: Side | None, now: datetime, *, days: str, error: str, may_promise: bool
) -> PromiseShown | None:
    """The follow-up of a record whose case is ``side``. ``None`` where there is none, and none to be promised.

    ``days``: within how many one was just to be promised; ``error``: why it wasn't.
    """
    policy = setup().policy
    found = followup_lists.in_case(db.session(), policy, actor(), side.head.id, now) if side else None
    if found:
        return PromiseShown(follow_up_of(found, now), (), "", is_asked_for=False)
    can_be = side.head.ended_at is None if side else record.staff_id is not None
    if not may_promise or not can_be:
        return None
    group, code = AGREED
    answers = answers_of(db.session(), [record])[record.id]
    dues = followup_lists.would_be_due(db.session(), policy, record, now)
    return PromiseShown(
        stands=None,
        choices=[
            Option(
                str(one.within_days),
                words.by_day(one.days, one.due, one.state),
                str(one.within_days) == days,
            )
            for one in dues
        ],
        error=error,
        is_asked_for=code in answers.chosen.get(group, ()),
    )
