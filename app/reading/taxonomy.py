"""taxonomy.toml, which comes with the package, as values or problems."""

from __future__ import annotations

import re
from importlib import resources
from typing import TYPE_CHECKING

from app.domain.consultations import MOST_EXPOSED, PlaceKind
from app.domain.taxonomy import (
    LANGUAGES,
    NOTE,
    NOTE_PRESS,
    Choice,
    Code,
    Group,
    GroupKey,
    GroupKind,
    Referred,
    Taxonomy,
)
from app.reading.files import parse_toml
from app.reading.tables import Table, one_of, shown, suggestion

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from app.domain.errors import Problem

TAXONOMY = "taxonomy.toml"

_KEY = re.compile(r"[a-z][a-z0-9_]{0,15}")
_A_KEY = "small letters a to z, digits and _, at most 16 characters, a letter first"
_CODE = re.compile(r"[A-Z0-9][A-Z0-9_]{0,15}")
_A_CODE = "capitals A to Z, digits and _, at most 16 characters"
_PART = re.compile(r"[A-J]")
_PRESS = re.compile(r"[a-z0-9]")
_LETTER = re.compile(r"[a-z]")
_MOST_CHOICES = 30
_MOST_VERSION = 100_000
_LABEL_CHARACTERS = 80
_SINGLE = (GroupKind.NUMBER, GroupKind.PLACE)
"""Stored in columns of their own: there is one of each at most."""


def read_taxonomy(problems: list[Problem]) -> Taxonomy | None:
    """The shipped one."""
    text = resources.files("app.domain").joinpath(TAXONOMY).read_text(encoding="utf-8")
    return parse_taxonomy(text, problems)


def parse_taxonomy(text: str, problems: list[Problem], where: str = TAXONOMY) -> Taxonomy | None:
    """The taxonomy; ``None``, with every problem noted, when something in it is wrong."""
    before = len(problems)
    content = parse_toml(text, where, problems)
    if content is None:
        return None
    table = Table(where, content, problems)
    version = table.whole("version", low=1, high=_MOST_VERSION)
    tables = table.listed_tables("group", "key") or ()
    groups = [(one, group) for one in tables if (group := _group(one))]
    _check_groups(groups)
    by_key = {group.key: group for _, group in groups}
    referred = _referred(table.table("referred", optional=True), by_key)
    table.close()
    return Taxonomy(version, by_key, referred) if version and len(problems) == before else None


def _group(table: Table) -> Group | None:
    key = table.text("key", allowed=_A_KEY, form=_KEY)
    kind = table.choice("kind", GroupKind)
    part = table.text("list", allowed="a letter from A to J", form=_PART)
    press = table.text("press", allowed="a small letter, a to z", form=_LETTER)
    required = table.switch("required", default=False)
    labels = _labels(table)
    applies = _applies(table.table("applies", optional=True))
    has_choices = kind is not None and kind is not GroupKind.NUMBER
    choices = _choices(table) if has_choices else {}
    most = _most(table, kind, len(choices))
    table.close()
    if key is None or kind is None or part is None or press is None or labels is None:
        return None
    return Group(GroupKey(key), kind, press, labels, part, required, most, choices, applies)


def _most(table: Table, kind: GroupKind | None, choices: int) -> int:
    if kind is GroupKind.MANY:
        return table.whole("most", low=2, high=max(2, choices)) or 1
    if kind is GroupKind.NUMBER:
        return table.whole("most", low=1, high=MOST_EXPOSED) or 1
    return 1


def _labels(table: Table) -> Mapping[str, str] | None:
    labels = {language: table.text(language, longest=_LABEL_CHARACTERS) for language in LANGUAGES}
    whole = {language: label for language, label in labels.items() if label}
    return whole if len(whole) == len(LANGUAGES) else None


def _applies(table: Table | None) -> Mapping[GroupKey, frozenset[Code]]:
    if table is None:
        return {}
    found = {GroupKey(key): table.texts(key, allowed="a list of codes") for key in table.keys}
    for key, codes in found.items():
        if codes == ():
            table.problem(key, "an empty list", "a list of codes")
    return {key: frozenset(map(Code, codes)) for key, codes in found.items() if codes}


def _choices(table: Table) -> Mapping[Code, Choice]:
    found: dict[Code, Choice] = {}
    tables = table.listed_tables("choices", "code") or ()
    if len(tables) > _MOST_CHOICES:
        table.problem("choices", f"{len(tables)} choices", f"at most {_MOST_CHOICES}")
    for one in tables:
        choice = _choice(one)
        if choice and choice.code in found:
            one.problem("code", f'"{choice.code}" twice', "each code once")
        elif choice:
            found[choice.code] = choice
    _check_presses(table, found.values())
    for choice in found.values():
        for code in sorted(choice.beside - found.keys()):
            allowed = f"codes of this group: {one_of(found)}{suggestion(code, found)}"
            table.problem(f"choices.{choice.code}.beside", shown(code), allowed)
    return found


def _choice(table: Table) -> Choice | None:
    code = table.text("code", allowed=_A_CODE, form=_CODE)
    retired = table.switch("retired", default=False)
    press = table.text("press", allowed="a digit or a small letter, a to z", form=_PRESS, optional=retired)
    alone = table.switch("alone", default=False)
    beside = table.texts("beside", allowed="a list of codes", optional=True) or ()
    if beside and not alone:
        table.problem("beside", shown(list(beside)), 'nothing, without "alone = true"')
    labels = _labels(table)
    table.close()
    if code is None or labels is None:
        return None
    return Choice(Code(code), labels, "" if retired else press or "", retired, alone, frozenset(map(Code, beside)))


def _check_presses(table: Table, choices: Iterable[Choice]) -> None:
    first: dict[str, Code] = {}
    for choice in choices:
        if choice.press and choice.press in first:
            found = f'"{choice.press}", also the key of {first[choice.press]}'
            table.problem(f"choices.{choice.code}.press", found, "a key that no other choice of the group has")
        first.setdefault(choice.press, choice.code)


def _check_groups(groups: Sequence[tuple[Table, Group]]) -> None:
    presses: dict[str, str] = {NOTE_PRESS: "the note"}
    seen: set[str] = {NOTE}
    for table, group in groups:
        if group.key in seen:
            table.problem("key", f'"{group.key}" twice', f"each key once, and not {NOTE}")
        seen.add(group.key)
        if group.press in presses:
            table.problem("press", f'"{group.press}", also the key of {presses[group.press]}', "a key of its own")
        presses.setdefault(group.press, group.key)
    _check_keys_apart(groups, presses)
    _check_single(groups)
    _check_applies(groups)


def _check_keys_apart(groups: Sequence[tuple[Table, Group]], presses: Mapping[str, str]) -> None:
    """A key means one thing wherever the person is: so no choice has the key of a group."""
    for table, group in groups:
        for choice in group.choices.values():
            if choice.press in presses:
                found = f'"{choice.press}", which goes to {presses[choice.press]}'
                table.problem(f"choices.{choice.code}.press", found, "a key that goes to no group")


def _check_single(groups: Sequence[tuple[Table, Group]]) -> None:
    for kind in _SINGLE:
        for table, _ in [(table, group) for table, group in groups if group.kind is kind][1:]:
            table.problem("kind", f'a second "{kind}"', "one at most")
    for table, group in groups:
        if group.kind is GroupKind.PLACE and set(group.choices) != {Code(one) for one in PlaceKind}:
            table.problem("choices", one_of(group.choices), f"exactly {one_of(PlaceKind)}")


def _check_applies(groups: Sequence[tuple[Table, Group]]) -> None:
    """A condition looks at a group of choices that is always asked, so that one look is enough."""
    by_key = {group.key: group for _, group in groups}
    always = [key for key, one in by_key.items() if one.kind not in _SINGLE and not one.applies]
    for table, group in groups:
        for other, codes in group.applies.items():
            if other not in always:
                allowed = f"a group of choices without conditions of its own: {one_of(always)}"
                table.problem(f"applies.{other}", shown(other), allowed + suggestion(other, always))
                continue
            _check_codes(table, f"applies.{other}", codes, by_key[other])


def _check_codes(table: Table, key: str, codes: Collection[Code], group: Group) -> None:
    for code in sorted(set(codes) - {*group.choices}):
        table.problem(
            key, shown(code), f"codes of {group.key}: {one_of(group.choices)}{suggestion(code, group.choices)}"
        )


def _referred(table: Table | None, groups: Mapping[GroupKey, Group]) -> Referred | None:
    if table is None:
        return None
    listed = [key for key, one in groups.items() if one.kind not in _SINGLE and not one.applies]
    name = table.named("group", listed, "a group of choices without conditions")
    codes = frozenset(map(Code, table.texts("codes", allowed="a list of codes") or ()))
    keeps = table.texts("keeps", allowed="a list of groups") or ()
    only = _only(table.table("only", optional=True), groups, keeps)
    table.close()
    for key in keeps:
        if key not in groups:
            table.problem("keeps", shown(key), f"groups: {one_of(groups)}{suggestion(key, groups)}")
    if name is None:
        return None
    _check_codes(table, "codes", codes, groups[GroupKey(name)])
    if name not in keeps:
        table.problem("keeps", one_of(keeps), f"a list with {name}, or nobody would know why")
    return Referred(GroupKey(name), codes, only, frozenset(map(GroupKey, keeps)))


def _only(table: Table | None, groups: Mapping[GroupKey, Group], keeps: Collection[str]) -> Mapping[GroupKey, Code]:
    if table is None:
        return {}
    found: dict[GroupKey, Code] = {}
    for key in table.keys:
        group = groups.get(GroupKey(key))
        if group is None or key not in keeps or group.kind in _SINGLE or group.applies:
            table.problem(key, shown(key), f"a group of choices that is kept: {one_of(keeps)}{suggestion(key, keeps)}")
            table.given(key, "")
            continue
        usable = [code for code, choice in group.choices.items() if not choice.retired]
        code = table.named(key, usable, f"a code of {key}")
        if code:
            found[group.key] = Code(code)
    return found
