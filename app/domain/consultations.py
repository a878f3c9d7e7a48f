"""What is answered in a record, how an answer changes it, and what is missing before it can be closed.

Nothing here can say who a consultation was about: answers are codes, one number, and the area of the caller's service.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, assert_never

from app.domain.errors import Problem, RejectedInput
from app.domain.lines import Audience
from app.domain.taxonomy import NOTE, Code, Group, GroupKey, GroupKind, Taxonomy

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from app.domain.lines import Line, MunicipalityCode
    from app.domain.municipalities import CountyCode, Municipalities

MOST_EXPOSED = 20
"""What the database takes, too."""
LONGEST_NOTE = 500
_LONGEST_SHOWN = 40


class PlaceKind(StrEnum):
    """How exactly the area of the caller's service is known. The codes are the taxonomy's."""

    MUNICIPALITY = "KOMMUN"
    COUNTY = "LAN"
    """The municipality isn't known, its county is."""
    WHOLE_COUNTY = "HELA_LAN"
    """A whole county, or another one than the line's."""
    ABROAD = "UTOMLANDS"
    UNKNOWN = "OKAND"


OF_A_COUNTY = frozenset({PlaceKind.COUNTY, PlaceKind.WHOLE_COUNTY})


@dataclass(frozen=True, slots=True)
class Place:
    """The area of the caller's service. Raises ``ValueError`` for a code too few, too many, or in the wrong county."""

    kind: PlaceKind
    municipality: MunicipalityCode | None = None
    county: CountyCode | None = None
    """Of a municipality, too."""

    def __post_init__(self) -> None:
        named = self.kind is PlaceKind.MUNICIPALITY
        if (self.municipality is not None) != named or (self.county is not None) != (named or self.kind in OF_A_COUNTY):
            message = f"a place {self.kind} with municipality {self.municipality} and county {self.county}"
            raise ValueError(message)
        if self.municipality is not None and self.municipality[:2] != self.county:
            message = f"municipality {self.municipality} can't lie in county {self.county}"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class Answers:
    """Everything that is answered. A group without a key has no answer; a code may be older than the taxonomy."""

    chosen: Mapping[GroupKey, tuple[Code, ...]] = field(default_factory=dict)
    """In the taxonomy's order; never an empty tuple."""
    place: Place | None = None
    exposed: int | None = None


@dataclass(frozen=True, slots=True)
class Chosen:
    """These codes, and no others, are chosen in the group; none takes the answer back."""

    group: GroupKey
    codes: tuple[Code, ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """This place; ``None`` takes the answer back."""

    group: GroupKey
    place: Place | None


@dataclass(frozen=True, slots=True)
class Counted:
    """So many; ``None`` takes the answer back."""

    group: GroupKey
    number: int | None


Change = Chosen | Placed | Counted


@dataclass(frozen=True, slots=True)
class Form:
    """What a record of one line is filled in by."""

    taxonomy: Taxonomy
    municipalities: Municipalities
    line: Line


def applies(form: Form, answers: Answers, key: GroupKey) -> bool:
    """Whether the group, or the note, is asked, as things are answered."""
    referred = form.taxonomy.referred
    if referred and is_referred(form, answers) and key not in referred.keeps:
        return False
    group = form.taxonomy.groups.get(key)
    if group is None:
        return key == NOTE
    return all(codes & set(answers.chosen.get(other, ())) for other, codes in group.applies.items())


def is_referred(form: Form, answers: Answers) -> bool:
    """Whether the caller isn't one whom the line serves: they are referred on, and no details are kept."""
    referred = form.taxonomy.referred
    if referred is None or Audience.EXPOSED in form.line.serves:
        return False
    return bool(referred.codes & set(answers.chosen.get(referred.group, ())))


def required_left(form: Form, answers: Answers) -> tuple[GroupKey, ...]:
    """Which groups still need an answer before the record can be closed, in the order in which they are shown."""
    return tuple(
        key
        for key, group in form.taxonomy.groups.items()
        if group.required and applies(form, answers, key) and not is_answered(group, answers)
    )


def is_answered(group: Group, answers: Answers) -> bool:
    """Whether the group has an answer; zero is one."""
    return value_of(group, answers) is not None


def value_of(group: Group, answers: Answers) -> tuple[Code, ...] | Place | int | None:
    """The answer to a group, whatever its kind."""
    match group.kind:
        case GroupKind.ONE | GroupKind.MANY:
            return answers.chosen.get(group.key)
        case GroupKind.NUMBER:
            return answers.exposed
        case GroupKind.PLACE:
            return answers.place
        case _:  # pragma: no cover - every kind is above
            assert_never(group.kind)


def changed(form: Form, before: Answers, after: Answers) -> tuple[GroupKey, ...]:
    """The groups whose answers differ."""
    groups = form.taxonomy.groups.items()
    return tuple(key for key, group in groups if value_of(group, before) != value_of(group, after))


def apply(form: Form, answers: Answers, change: Change) -> Answers:
    """The answers after the change. Those that no longer apply with it are gone.

    Raises ``RejectedInput``, with the group as the key, for what can't be answered so.
    """
    group = _group(form, answers, change)
    match change:
        case Chosen():
            codes = _codes(group, answers, change)
            _refuse_other_than_the_only(form, answers, group, codes)
            others = {key: value for key, value in answers.chosen.items() if key != group.key}
            chosen = {**others, group.key: codes} if codes else others
            return _tidied(form, replace(answers, chosen=chosen))
        case Placed():
            return replace(answers, place=_place(form, group, change.place))
        case Counted():
            return replace(answers, exposed=_number(group, change.number))
        case _:  # pragma: no cover - every kind is above
            assert_never(change)


def _group(form: Form, answers: Answers, change: Change) -> Group:
    group = form.taxonomy.groups.get(change.group)
    if group is None:
        raise _rejected(change.group, "a group that doesn't exist", ", ".join(form.taxonomy.groups))
    wanted: Collection[GroupKind]
    match change:
        case Chosen():
            wanted = (GroupKind.ONE, GroupKind.MANY)
        case Placed():
            wanted = (GroupKind.PLACE,)
        case Counted():
            wanted = (GroupKind.NUMBER,)
        case _:  # pragma: no cover - every kind is above
            assert_never(change)
    if group.kind not in wanted:
        raise _rejected(group.key, "an answer of another kind", f"an answer of the kind {group.kind}")
    takes_back = change in (Chosen(group.key, ()), Placed(group.key, None), Counted(group.key, None))
    if not takes_back and not applies(form, answers, group.key):
        raise _rejected(group.key, "an answer to what isn't asked here", "no answer, as the others stand")
    return group


def _codes(group: Group, answers: Answers, change: Chosen) -> tuple[Code, ...]:
    wanted, before = set(change.codes), answers.chosen.get(group.key, ())
    usable = [code for code, choice in group.choices.items() if not choice.retired]
    for code in change.codes:
        if code not in usable and code not in before:
            what = f'"{code}", which is retired' if code in group.choices else f'"{code[:_LONGEST_SHOWN]}"'
            raise _rejected(group.key, what, f"one of {', '.join(usable)}")
    if len(wanted) > group.most:
        raise _rejected(group.key, f"{len(wanted)} choices", f"at most {group.most}")
    known = [choice for code, choice in group.choices.items() if code in wanted]
    for choice in known:
        for other in known:
            if other is not choice and not choice.goes_with(other):
                raise _rejected(group.key, f'"{choice.code}" with "{other.code}"', "one or the other")
    return tuple(choice.code for choice in known) + tuple(code for code in before if code in wanted - {*group.choices})


def _refuse_other_than_the_only(form: Form, answers: Answers, group: Group, codes: tuple[Code, ...]) -> None:
    """Whoever is referred on has one answer in some groups."""
    referred = form.taxonomy.referred
    if referred and group.key in referred.only and is_referred(form, answers):
        only = referred.only[group.key]
        if codes != (only,):
            found = f'"{", ".join(codes)}" for somebody whom the line doesn\'t serve'
            raise _rejected(group.key, found, only)


def _place(form: Form, group: Group, place: Place | None) -> Place | None:
    if place is None:
        return None
    if place.municipality is not None and place.municipality not in form.municipalities.by_code:
        raise _rejected(group.key, f'"{place.municipality[:_LONGEST_SHOWN]}"', "the code of a municipality")
    if place.county is not None and place.county not in form.municipalities.county_names:
        raise _rejected(group.key, f'"{place.county[:_LONGEST_SHOWN]}"', "the code of a county")
    return place


def _number(group: Group, number: int | None) -> int | None:
    if number is not None and not 0 <= number <= group.most:
        raise _rejected(group.key, str(number), f"a whole number from 0 to {group.most}")
    return number


def _tidied(form: Form, answers: Answers) -> Answers:
    """Without what no longer applies; with the one answer that is left to somebody who is referred on."""
    referred = form.taxonomy.referred
    chosen = dict(answers.chosen)
    if referred and is_referred(form, answers):
        chosen |= {key: (code,) for key, code in referred.only.items()}
    tidy = replace(answers, chosen=chosen)
    gone = {key for key in form.taxonomy.groups if not applies(form, tidy, key)}
    kinds = {form.taxonomy.groups[key].kind for key in gone}
    return Answers(
        {key: codes for key, codes in chosen.items() if key not in gone},
        None if GroupKind.PLACE in kinds else answers.place,
        None if GroupKind.NUMBER in kinds else answers.exposed,
    )


def _rejected(key: str, found: str, allowed: str) -> RejectedInput:
    return RejectedInput([Problem("", key[:_LONGEST_SHOWN], found, allowed)])
