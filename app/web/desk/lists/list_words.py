"""The words of the lists: what they can be looked for by, and how much was found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from babel.numbers import format_decimal
from flask_babel import gettext, lazy_gettext

from app.domain.cases import CaseEnd
from app.domain.finding import CaseState, FollowUpsOf, RecordState
from app.domain.followups import FollowUpEnd, FollowUpState
from app.domain.taxonomy import GroupKey
from app.web import language
from app.web.desk.record_words import OUTCOMES
from app.web.setup import setup

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.domain.finding import Sought
    from app.storage.queries.finding import Count

LABELS: Final = {
    "line": lazy_gettext("Line"),
    "first": lazy_gettext("From and including"),
    "last": lazy_gettext("To and including"),
    "state": lazy_gettext("State"),
    "staff": lazy_gettext("Specialist"),
    "municipality": lazy_gettext("Municipality"),
}
RECORD_STATES: Final = {
    RecordState.TO_COMPLETE.value: lazy_gettext("To be completed"),
    RecordState.COMPLETE.value: lazy_gettext("Complete"),
}
CALL_STATES: Final = {outcome.value: words for outcome, words in OUTCOMES.items()}
CASE_STATES: Final = {
    CaseState.OPEN.value: lazy_gettext("Open"),
    CaseState.ENDED.value: lazy_gettext("Ended"),
}
CASE_ENDS: Final = {
    CaseEnd.FINISHED: lazy_gettext("Finished"),
    CaseEnd.PASSED_ON: lazy_gettext("The caller turns elsewhere"),
}
FOLLOW_UPS_OF: Final = {
    FollowUpsOf.MINE.value: lazy_gettext("Mine, to be done"),
    FollowUpsOf.OVERDUE.value: lazy_gettext("Overdue"),
    FollowUpsOf.MINE_OVERDUE.value: lazy_gettext("Mine, overdue"),
    FollowUpsOf.ENDED.value: lazy_gettext("Over"),
}
FOLLOW_UP_STATES: Final = {
    FollowUpState.PLANNED: lazy_gettext("Planned"),
    FollowUpState.DUE: lazy_gettext("Due today"),
    FollowUpState.OVERDUE: lazy_gettext("Overdue"),
    FollowUpState.DONE: lazy_gettext("Done"),
    FollowUpState.DROPPED: lazy_gettext("Dropped"),
}
FOLLOW_UP_LOOKS: Final = {FollowUpState.DUE: "waiting", FollowUpState.OVERDUE: "danger-state"}
FOLLOW_UP_ENDS: Final = {
    FollowUpEnd.DONE: lazy_gettext("Done"),
    FollowUpEnd.NOT_REACHED: lazy_gettext("Not reached"),
    FollowUpEnd.NO_LONGER_WANTED: lazy_gettext("No longer wanted"),
}


def label_of(name: str) -> str:
    """What something that is looked for is called."""
    if name in LABELS:
        return str(LABELS[name])
    return setup().policy.taxonomy.groups[GroupKey(name)].labels[language.spoken()]


def chips(sought: Sought, states: Mapping[str, object], people: Mapping[str, str]) -> list[tuple[str, str]]:
    """Everything that is looked for: its name in the form, and how it reads."""
    return [(name, f"{label_of(name)}: {_value(name, sought, states, people)}") for name in sought.to_json()]


def counted(count: Count | None) -> str:
    """How many rows the whole list has; empty where that isn't counted."""
    if count is None or not count.number:
        return ""
    number = format_decimal(count.number, locale=language.locale())
    if count.is_all:
        return str(gettext("%(number)s in all", number=number))
    return str(gettext("more than %(number)s", number=number))


def _value(name: str, sought: Sought, states: Mapping[str, object], people: Mapping[str, str]) -> str:
    policy = setup().policy
    match name:
        case "line" if sought.line:
            return policy.lines[sought.line].name
        case "first" if sought.first:
            return language.date_words(sought.first)
        case "last" if sought.last:
            return language.date_words(sought.last)
        case "state":
            return str(states[sought.state])
        case "staff" if sought.staff:
            return people[sought.staff]
        case "municipality" if sought.municipality:
            return policy.municipalities.by_code[sought.municipality].name
    group = GroupKey(name)
    return policy.taxonomy.groups[group].label_of(sought.tags[group], language.spoken())
