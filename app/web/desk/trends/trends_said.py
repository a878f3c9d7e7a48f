"""What a manager says of a period: how many of each unit, and how that compares with a year ago, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext, ngettext

from app.domain.tallies import TallyUnit
from app.services.numbers.changes import change
from app.services.numbers.report_facts import catchment, reached
from app.web.desk.number_words import number
from app.web.desk.trends import trend_words, trends_words

if TYPE_CHECKING:
    from app.services.numbers.trends import Trends


def sentences(found: Trends) -> list[str]:
    """What a manager says of the period; each number with its unit."""
    now, year_before = found.now, found.year_before
    held = ngettext("%(count)s held consultation", "%(count)s held consultations", now.held, count=number(now.held))
    persons = ngettext("%(count)s exposed person", "%(count)s exposed persons", now.persons, count=number(now.persons))
    calls = ngettext("%(count)s call", "%(count)s calls", now.calls, count=number(now.calls))
    said = [
        _compared(found, TallyUnit.CONSULTATION, f"{held} {_reach(found)}", now.held, year_before.held),
        _compared(found, TallyUnit.PERSON, persons, now.persons, year_before.persons),
        _compared(found, TallyUnit.CALL, calls, now.calls, year_before.calls),
    ]
    if now.wrong:
        wrong = ngettext(
            "Besides, %(count)s consultation was held with the wrong target group.",
            "Besides, %(count)s consultations were held with the wrong target group.",
            now.wrong,
            count=number(now.wrong),
        )
        said.append(wrong)
    return said


def _reach(found: Trends) -> str:
    some, all_of_them = number(len(reached(found, found.now))), number(len(catchment(found)))
    return str(gettext("for %(reached)s of %(all)s municipalities", reached=some, all=all_of_them))


def _compared(found: Trends, unit: TallyUnit, what: str, now: int, then: int) -> str:
    in_a_year = change(found, unit, now, found.year_before, then)
    if in_a_year is None:
        return f"{what}."
    than = trends_words.year_before(found.kind, found.year_before.period, is_over=found.is_over)
    return f"{what}: {trend_words.said(in_a_year, than)}."
