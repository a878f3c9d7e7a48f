"""The questions that the trends answer, each with its unit, its rows, and what they are compared with."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from flask_babel import gettext, lazy_gettext

from app.domain.calls import Outcome
from app.domain.consultations import PlaceKind
from app.domain.tallies import Continued, Dimension, Promise, TallyUnit
from app.domain.taxonomy import Code, GroupKey
from app.services.numbers.changes import change
from app.web import language
from app.web.desk.record_words import CHANNELS, OUTCOMES
from app.web.setup import setup

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from flask_babel import LazyString

    from app.domain.comparing import Change
    from app.services.numbers.trends import Counted, Trends

_HELD = lazy_gettext("held consultations")
_PERSONS = lazy_gettext("exposed persons")
_CALLS = lazy_gettext("calls")
_FOLLOW_UPS = lazy_gettext("follow-ups")
PROMISES = {
    Promise.KEPT: lazy_gettext("Kept within 14 days"),
    Promise.LATE: lazy_gettext("Done later"),
    Promise.DROPPED: lazy_gettext("Dropped without a conversation"),
    Promise.OPEN: lazy_gettext("Still open"),
}
CONTINUED = {
    Continued.SAME: lazy_gettext("By the same specialist as before"),
    Continued.OTHER: lazy_gettext("By another specialist"),
}
AGES = {
    "under": lazy_gettext("Under 18"),
    "over": lazy_gettext("18 or older"),
    "unknown": lazy_gettext("Unknown"),
}
_BAND_OF = {"0_11": "under", "12_14": "under", "15_17": "under", "18_24": "over", "25_": "over"}


class Section(StrEnum):
    """What stands under one heading, in the order of the page."""

    WHO = "who"
    WHERE = "where"
    ABOUT = "about"
    PERSONS = "persons"
    DONE = "done"
    CALLS = "calls"
    PROMISES = "promises"


@dataclass(frozen=True, slots=True)
class Row:
    """One answer, counted in the three periods."""

    code: str
    label: str
    now: int
    before: int
    year_before: int
    change: Change | None
    """From the year before; ``None`` where that wasn't counted."""
    from_before: Change | None
    """From the period before, of which chance is said nothing; ``None`` likewise."""


@dataclass(frozen=True, slots=True)
class Part:
    """One question with its answers, of one unit."""

    key: str
    title: str
    unit: str
    of: str
    """The definition that it leads to."""
    total: Row
    rows: Sequence[Row]
    adds_up: bool
    """Whether each of the unit is in one row: else in several, or in none."""

    @property
    def most(self) -> int:
        """The highest number, for the length of bars."""
        return max((row.now for row in self.rows), default=0)


@dataclass(frozen=True, slots=True)
class Question:
    """What a part is made of."""

    section: Section
    unit: TallyUnit
    dimension: str
    title: LazyString | str = ""
    """A group of the taxonomy has its own."""
    in_order: bool = True
    """As the taxonomy has them; else the most first."""


def key_of(question: Question) -> str:
    """How addresses name it."""
    unit = "" if question.unit is TallyUnit.CONSULTATION else f"{question.unit.replace('_', '-')}-"
    return f"{unit}{question.dimension}"


QUESTIONS = (
    Question(Section.WHO, TallyUnit.CONSULTATION, "service", in_order=False),
    Question(Section.WHO, TallyUnit.CONSULTATION, "role", in_order=False),
    Question(Section.WHO, TallyUnit.CONSULTATION, "level"),
    Question(Section.WHO, TallyUnit.CONSULTATION, Dimension.CHANNEL, lazy_gettext("How it took place")),
    Question(
        Section.WHERE, TallyUnit.CONSULTATION, Dimension.MUNICIPALITY, lazy_gettext("Municipality"), in_order=False
    ),
    Question(Section.WHERE, TallyUnit.CONSULTATION, Dimension.COUNTY, lazy_gettext("County"), in_order=False),
    Question(Section.WHERE, TallyUnit.CONSULTATION, Dimension.PLACE, lazy_gettext("How exactly the place is known")),
    Question(Section.ABOUT, TallyUnit.CONSULTATION, "type"),
    Question(Section.ABOUT, TallyUnit.CONSULTATION, "theme", in_order=False),
    Question(Section.ABOUT, TallyUnit.CONSULTATION, "urgency"),
    Question(Section.PERSONS, TallyUnit.PERSON, Dimension.AGE, lazy_gettext("Age (of the youngest)")),
    Question(Section.PERSONS, TallyUnit.PERSON, Dimension.GENDER),
    Question(Section.PERSONS, TallyUnit.CONSULTATION, "household"),
    Question(Section.DONE, TallyUnit.CONSULTATION, "advice", in_order=False),
    Question(Section.DONE, TallyUnit.CONSULTATION, "gap", in_order=False),
    Question(Section.CALLS, TallyUnit.CALL, Dimension.OUTCOME, lazy_gettext("What became of the calls")),
    Question(Section.PROMISES, TallyUnit.FOLLOW_UP, Dimension.OUTCOME, lazy_gettext("Follow-ups that were promised")),
    Question(
        Section.PROMISES, TallyUnit.CONSULTATION, Dimension.CONTINUED, lazy_gettext("Later consultations of a case")
    ),
)
QUESTION_OF = {key_of(question): question for question in QUESTIONS}
"""By the name that addresses use."""
_UNITS = {
    TallyUnit.CONSULTATION: (_HELD, "held"),
    TallyUnit.PERSON: (_PERSONS, "persons"),
    TallyUnit.CALL: (_CALLS, "calls"),
    TallyUnit.FOLLOW_UP: (_FOLLOW_UPS, "follow-ups"),
}
_OTHER_TOTALS = frozenset({Dimension.CONTINUED, Dimension.COUNTY, Dimension.MUNICIPALITY})
"""What asks only some of its unit: the sum is of those alone."""
_MANY = frozenset({"theme", "advice", "gap"})


def parts_of(found: Trends) -> Sequence[tuple[Section, Sequence[Part]]]:
    """All parts, under their headings. One without any number isn't there."""
    made = [(question.section, part_of(found, question)) for question in QUESTIONS]
    return [
        (section, parts) for section in Section if (parts := [part for of, part in made if of is section and part.rows])
    ]


def part_of(found: Trends, question: Question) -> Part:
    """One question, answered."""
    periods = (found.now, found.before, found.year_before)
    counted = [_numbers(question, one) for one in periods]
    label, order = _labels(question)
    codes = sorted({code for one in counted for code in one}, key=lambda code: order.get(code, len(order)))
    if not question.in_order:
        codes.sort(key=lambda code: -counted[0][code])
    rows = [_row(found, question, code, label(code), [one[code] for one in counted]) for code in codes]
    unit, definition = _UNITS[question.unit]
    adds_up = question.dimension not in _MANY
    totals = [_total(question, one, numbers) for one, numbers in zip(periods, counted, strict=True)]
    if adds_up and question.dimension not in _OTHER_TOTALS:
        rest = [max(0, total - sum(numbers.values())) for total, numbers in zip(totals, counted, strict=True)]
        if any(rest):
            rows.append(_row(found, question, "", gettext("Not asked, or not answered yet"), rest))
    total = _row(found, question, "", gettext("All") if adds_up else gettext("All, each once"), totals)
    return Part(key_of(question), _title(question), str(unit), definition, total, rows, adds_up=adds_up)


def _numbers(question: Question, counted: Counted) -> Counter[str]:
    numbers = Counter(counted.of(question.unit, question.dimension))
    if question.unit is TallyUnit.CONSULTATION and question.dimension == "type":
        # Wrong targets are counted apart, and aren't among the held.
        del numbers["FEL"]
    if question.unit is TallyUnit.PERSON and question.dimension == Dimension.AGE:
        bands: Counter[str] = Counter()
        for code, number in numbers.items():
            bands[_BAND_OF.get(code, "unknown")] += number
        return bands
    return numbers


def _total(question: Question, counted: Counted, numbers: Counter[str]) -> int:
    if question.dimension in _OTHER_TOTALS:
        return sum(numbers.values())
    match question.unit:
        case TallyUnit.CONSULTATION:
            return counted.held
        case TallyUnit.PERSON:
            return counted.persons
        case TallyUnit.CALL:
            return counted.calls
        case _:
            return sum(numbers.values())


def _row(found: Trends, question: Question, code: str, label: str, numbers: Iterable[int]) -> Row:
    now, before, year_before = numbers
    in_a_year = change(found, question.unit, now, found.year_before, year_before)
    return Row(
        code, label, now, before, year_before, in_a_year, change(found, question.unit, now, found.before, before)
    )


def _title(question: Question) -> str:
    group = setup().policy.taxonomy.groups.get(GroupKey(question.dimension))
    if question.title or group is None:
        return str(question.title)
    return group.labels[language.spoken()]


def _labels(question: Question) -> tuple[Callable[[str], str], Mapping[str, int]]:
    """What a code is called, and in which place it stands."""
    named = _named(question)
    if named is not None:
        return (lambda code: str(named.get(code, code))), {code: place for place, code in enumerate(named)}
    group, spoken = setup().policy.taxonomy.groups[GroupKey(question.dimension)], language.spoken()
    order = {str(code): place for place, code in enumerate(group.choices)}
    return (lambda code: group.label_of(Code(code), spoken)), order


def _named(question: Question) -> Mapping[str, str | LazyString] | None:
    """The words of codes that aren't the taxonomy's."""
    known = setup().policy.municipalities
    match question.unit, question.dimension:
        case (TallyUnit.CALL, Dimension.OUTCOME):
            return {outcome.value: OUTCOMES[outcome] for outcome in Outcome}
        case (TallyUnit.FOLLOW_UP, Dimension.OUTCOME):
            return {promise.value: words for promise, words in PROMISES.items()}
        case (TallyUnit.PERSON, Dimension.AGE):
            return dict(AGES)
        case (_, Dimension.CONTINUED):
            return {continued.value: words for continued, words in CONTINUED.items()}
        case (_, Dimension.CHANNEL):
            return {channel.value: words for channel, words in CHANNELS.items()}
        case (_, Dimension.MUNICIPALITY):
            return {str(one.code): one.name for one in known.by_code.values()}
        case (_, Dimension.COUNTY):
            return {str(code): name for code, name in known.county_names.items()}
        case (_, Dimension.PLACE):
            group = setup().policy.taxonomy.groups[GroupKey("place")]
            return {kind.value: group.label_of(Code(kind.value), language.spoken()) for kind in PlaceKind}
    return None
