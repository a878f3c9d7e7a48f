"""A record's answers as forms and scripts send them: each field a list of short words, and back into changes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, assert_never

from app.domain.consultations import OF_A_COUNTY, Chosen, Counted, Place, Placed, PlaceKind, value_of
from app.domain.errors import Problem, RejectedInput
from app.domain.lines import MunicipalityCode
from app.domain.municipalities import CountyCode
from app.domain.taxonomy import Code, Group, GroupKey, GroupKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.domain.consultations import Answers, Change, Form
    from app.domain.taxonomy import Taxonomy

_MUNICIPALITY = re.compile(r"[0-9]{4}", re.ASCII)
_WHOLE = re.compile(r"[0-9]{1,3}", re.ASCII)
_LONGEST_SHOWN = 40

Tokens = dict[str, list[str]]
"""By the group's key: codes, a place, or a number, as words; an empty list is no answer."""


def tokens_of(form: Form, answers: Answers) -> Tokens:
    """Every group's answer."""
    return {key: _tokens(value_of(group, answers)) for key, group in form.taxonomy.groups.items()}


def changes_of(taxonomy: Taxonomy, sent: Mapping[str, Sequence[str]]) -> tuple[Change, ...]:
    """What was sent, as changes in the taxonomy's order. Raises ``RejectedInput`` for what can't be read."""
    for key in sent:
        if key not in taxonomy.groups:
            raise _rejected(key, "a group that doesn't exist", ", ".join(taxonomy.groups))
    return tuple(_change(group, sent[key]) for key, group in taxonomy.groups.items() if key in sent)


def place_token(place: Place) -> str:
    """A municipality's code; a county's after its kind and a colon; else the kind."""
    if place.municipality is not None:
        return place.municipality
    return f"{place.kind}:{place.county}" if place.county else place.kind.value


def place_of(token: str) -> Place:
    """Raises ``ValueError`` for what is no place."""
    if _MUNICIPALITY.fullmatch(token):
        return Place(PlaceKind.MUNICIPALITY, MunicipalityCode(token), CountyCode(token[:2]))
    kind, _, county = token.partition(":")
    return Place(PlaceKind(kind), None, CountyCode(county) if PlaceKind(kind) in OF_A_COUNTY else None)


def _tokens(value: tuple[Code, ...] | Place | int | None) -> list[str]:
    match value:
        case None:
            return []
        case Place():
            return [place_token(value)]
        case int():
            return [str(value)]
        case _:
            return list(value)


def _change(group: Group, sent: Sequence[str]) -> Change:
    words = [word.strip() for word in sent if word.strip()]
    match group.kind:
        case GroupKind.ONE | GroupKind.MANY:
            return Chosen(group.key, tuple(dict.fromkeys(map(Code, words))))
        case GroupKind.PLACE:
            return Placed(group.key, _place(group, words[0]) if words else None)
        case GroupKind.NUMBER:
            return Counted(group.key, _number(group, words[0]) if words else None)
        case _:  # pragma: no cover - every kind is above
            assert_never(group.kind)


def _place(group: Group, word: str) -> Place:
    try:
        return place_of(word)
    except ValueError:
        raise _rejected(group.key, f'"{word[:_LONGEST_SHOWN]}"', "a place of the list") from None


def _number(group: Group, word: str) -> int:
    if not _WHOLE.fullmatch(word):
        raise _rejected(group.key, f'"{word[:_LONGEST_SHOWN]}"', f"a whole number from 0 to {group.most}")
    return int(word)


def _rejected(key: str, found: str, allowed: str) -> RejectedInput:
    return RejectedInput([Problem("", GroupKey(key[:_LONGEST_SHOWN]), found, allowed)])
