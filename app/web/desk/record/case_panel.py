"""The case of a record, as it stands beside the record: in one, or not yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.permissions import Permission, allowed
from app.services.case import case_pages
from app.storage.base import db
from app.web.desk.access import actor
from app.web.desk.case.case_shown import side_of
from app.web.desk.record.promise_panel import promise_of

if TYPE_CHECKING:
    from datetime import datetime

    from app.storage.models import Consultation
    from app.web.desk.case.case_shown import Side
    from app.web.desk.record.promise_panel import PromiseShown


@dataclass(frozen=True, slots=True)
class Answered:
    """What somebody asked of the panel, and how it went; nothing, when the page is opened."""

    typed: str = ""
    """The reference that is in the field."""
    error: str = ""
    said: str = ""
    days: str = ""
    """Within how many days a follow-up was to be promised."""
    not_promised: str = ""
    """Why it wasn't."""


@dataclass(frozen=True, slots=True)
class Panel:
    """What the template shows."""

    side: Side | None
    may_open: bool
    """Whether somebody held the consultation, and so would be responsible."""
    typed: str
    error: str
    said: str
    promise: PromiseShown | None
    """``None`` where no follow-up is promised, and none can be."""


def panel_of(record: Consultation, now: datetime, answered: Answered | None = None) -> Panel:
    """The panel of a record that the reader has opened. That its case was read is noted; the caller commits."""
    found, how = case_pages.beside(db.session(), actor(), record, now), answered or Answered()
    side = side_of(found) if found else None
    return Panel(
        side=side,
        may_open=record.staff_id is not None,
        typed=how.typed,
        error=how.error,
        said=how.said,
        promise=promise_of(record, side, now, days=how.days, error=how.not_promised, may_promise=may_follow_up()),
    )


def may_follow_up() -> bool:
    """Whether the reader opens cases and puts records into them."""
    return allowed(actor(), Permission.FOLLOW_UP) and allowed(actor(), Permission.WRITE_RECORDS)
