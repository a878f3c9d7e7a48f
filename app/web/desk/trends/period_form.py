"""The form by which a period is chosen: with the one that is shown, or with what was typed and is wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from flask import request
from flask_babel import lazy_gettext

from app.domain.calendar_periods import Kind
from app.services.numbers.asked_period import EARLIEST, Why
from app.web.desk.access import actor
from app.web.desk.trends import trend_address
from app.web.desk.trends.trend_address import KINDS, line_options
from app.web.forms import Mistake, Option
from app.web.setup import setup

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from flask_babel import LazyString

    from app.domain.lines import Line
    from app.domain.trends import Period
    from app.services.numbers.asked_period import NoSuchPeriod

DAY, LAST = "day", "last"
_LABELS: Final = {
    DAY: lazy_gettext("First day, or a day within it"),
    LAST: lazy_gettext("Last day (only from one day to another)"),
}
_WRONG: Final[Mapping[Why, tuple[str, LazyString]]] = {
    Why.NO_FIRST: (DAY, lazy_gettext("Give a day.")),
    Why.NO_LAST: (LAST, lazy_gettext("Give a day.")),
    Why.TURNED: (LAST, lazy_gettext("Give the first day or a later one.")),
    Why.AHEAD: (DAY, lazy_gettext("That lies ahead: give today or an earlier day.")),
    Why.TOO_EARLY: (DAY, lazy_gettext("Give a day of %(year)d or later.", year=EARLIEST)),
    Why.TOO_LONG: (LAST, lazy_gettext("That is too long a time: ten years at the most.")),
}


@dataclass(frozen=True, slots=True)
class PeriodForm:
    """What stands in the fields. ``errors``: what is wrong, by the name of the field."""

    kinds: Sequence[Option]
    day: str
    last: str
    lines: Sequence[Option]
    errors: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def labels(self) -> Mapping[str, str]:
        """What the fields of days are called."""
        return {name: str(label) for name, label in _LABELS.items()}

    @property
    def mistakes(self) -> Sequence[Mistake]:
        """The same errors, for what comes first on the page."""
        return [Mistake(name, self.labels[name], error) for name, errors in self.errors.items() for error in errors]


def filled(kind: Kind, period: Period, in_reach: Sequence[Line], lines: Sequence[Line]) -> PeriodForm:
    """With the period that is shown."""
    return PeriodForm(
        kinds=_kinds(kind),
        day=period.first.isoformat(),
        last=period.last.isoformat() if kind is Kind.OWN else "",
        lines=line_options(in_reach, {line.key for line in lines}),
    )


def refused(error: NoSuchPeriod) -> PeriodForm:
    """With what was typed, and what is wrong with it."""
    asked = trend_address.asked()
    in_reach = [line for line in setup().policy.lines.values() if line.key in actor().lines]
    name, words = _WRONG[error.why]
    return PeriodForm(
        kinds=_kinds(asked.kind),
        day=request.args.get(DAY, ""),
        last=request.args.get(LAST, ""),
        lines=line_options(in_reach, asked.lines or actor().lines),
        errors={name: [str(words)]},
    )


def _kinds(chosen: Kind) -> list[Option]:
    return [Option(kind.value, str(label), kind is chosen) for kind, label in KINDS.items()]
