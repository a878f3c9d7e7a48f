"""How promises were kept, as the page of figures shows it: a row for each line, of follow-ups alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext

from app.domain.promises import Promises
from app.services.numbers import promises_kept
from app.storage.base import db
from app.web.desk.access import actor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.services.numbers.figures import Figures


def rows_of(figures: Figures) -> Sequence[Sequence[str]]:
    """The lines that the figures show, in their whole weeks; and all together, where there are several."""
    lines = [one.line for one in figures.lines]
    kept = promises_kept.kept_on(db.session(), actor(), lines, figures.period)
    rows = [_row(one.line.name, one.promises) for one in kept]
    together = sum((one.promises for one in kept), Promises())
    return [*rows, _row(gettext("All lines"), together)] if len(rows) > 1 else rows


def _row(name: str, promises: Promises) -> Sequence[str]:
    counted = (promises.promised, promises.kept, promises.late, promises.dropped, promises.still_open)
    return [name, *map(str, counted)]
