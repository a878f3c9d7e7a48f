"""The taxonomy that is shipped, and what is said about one that is wrong."""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING

import pytest

from app.domain.consultations import PlaceKind
from app.domain.taxonomy import LANGUAGES, NOTE_PRESS, GroupKey, Taxonomy
from app.reading.taxonomy import TAXONOMY, parse_taxonomy

if TYPE_CHECKING:
    from app.domain.errors import Problem
    from app.domain.policy import Policy

TEXT = resources.files("app.domain").joinpath(TAXONOMY).read_text(encoding="utf-8")
SOC = '{ code = "SOC", press = "1", sv = "Socialtjänst", en = "Social services" }'
ROLE = 'key = "role"\nlist = "A"\nkind = "one"\npress = "r"'
ONLY_FOR_CASES = 'press = "u"\napplies = { type = ["ARENDE", "RISK", "UPPF"] }'
KEEPS = 'keeps = ["service", "type", "advice"]'


def read(text: str) -> tuple[Taxonomy | None, list[Problem]]:
    problems: list[Problem] = []
    return parse_taxonomy(text, problems), problems


def test_the_shipped_taxonomy_is_that_of_every_policy(policy: Policy) -> None:
    taxonomy, problems = read(TEXT)

    assert problems == []
    assert policy.taxonomy == taxonomy
    assert len(policy.municipalities.codes) == 290


def test_it_has_the_groups_and_codes_that_records_hold(policy: Policy) -> None:
    groups = policy.taxonomy.groups

    assert [key for key, one in groups.items() if one.required] == ["service", "place", "type", "theme", "advice"]
    assert {one.part for one in groups.values()} == set("ABCDEFGHIJ")
    assert "".join(one.part for one in groups.values()) == "".join(sorted(one.part for one in groups.values()))
    assert [PlaceKind(code) for code in groups[GroupKey("place")].choices] == list(PlaceKind)
    assert groups[GroupKey("theme")].most == 5


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_has_a_label_of_its_own_in_each_language(policy: Policy, language: str) -> None:
    groups = policy.taxonomy.groups.values()

    assert len({one.labels[language] for one in groups}) == len(groups)
    for group in groups:
        assert len({one.labels[language] for one in group.choices.values()}) == len(group.choices)


def test_every_group_and_every_choice_has_a_key_and_no_key_means_two_things(policy: Policy) -> None:
    groups = policy.taxonomy.groups.values()
    to_groups = [NOTE_PRESS, *(one.press for one in groups)]

    assert len(set(to_groups)) == len(to_groups)
    for group in groups:
        presses = [one.press for one in group.choices.values()]
        assert all(presses)
        assert len(set(presses)) == len(presses)
        assert not set(presses) & set(to_groups)


def test_a_usual_record_takes_at_most_fourteen_keys(policy: Policy) -> None:
    """Group and choice; for the place the group, three letters and Enter; two themes and two pieces of advice."""
    groups = policy.taxonomy.groups
    usual = {"service": 1, "place": 4, "type": 1, "theme": 2, "advice": 1}

    assert sum(len(groups[GroupKey(key)].press) + number for key, number in usual.items()) <= 14


def test_whatever_is_missing_can_be_answered_with_unknown(policy: Policy) -> None:
    for group in policy.taxonomy.groups.values():
        if group.required:
            assert {"OKAND", "INGET"} & group.choices.keys()


@pytest.mark.parametrize(
    ("old", "new", "key", "found", "allowed"),
    [
        ("version = 1", "", "version", "nothing", "a whole number from 1"),
        ("version = 1", "version = 0", "version", "0", "a whole number from 1"),
        ("version = 1", "version = 1\nname = 1", "name", "means nothing here", "version"),
        ("version = 1", "version = ", "line 25, column 11", "invalid value", "a TOML file"),
        ('kind = "one"', 'kind = "two"', "group.service.kind", '"two"', "one, many, number, place"),
        ('list = "A"', 'list = "K"', "group.service.list", '"K"', "A to J"),
        ('sv = "Verksamhet"', "", "group.service.sv", "nothing", "text"),
        ('en = "Service"', f'en = "{"x" * 81}"', "group.service.en", "xxx", "at most 80 characters"),
        ('press = "v"', 'press = "1"', "group.service.press", '"1"', "a small letter"),
        ('press = "v"', 'press = "a"', "group.service.press", "also the key of the note", "a key of its own"),
        ('press = "v"', 'press = "r"', "group.role.press", "also the key of service", "a key of its own"),
        ('key = "service"', 'key = "Service"', "group.Service.key", '"Service"', "small letters"),
        ('key = "service"', 'key = "note"', "group.note.key", '"note" twice', "each key once"),
        (ROLE, ROLE.replace('"role"', '"service"'), "group.service.key", '"service" twice', "each key once"),
        ("required = true", "required = 1", "group.service.required", "1 (a whole number)", "true or false"),
        ("required = true", "needed = true", "group.service.needed", "means nothing here", "required"),
        (SOC, SOC.replace('"SOC"', '"soc"'), "group.service.choices.soc.code", '"soc"', "capitals"),
        (SOC, SOC.replace('"SOC"', '"SKOLA"'), "group.service.choices.SKOLA.code", '"SKOLA" twice', "each code once"),
        (SOC, SOC.replace('press = "1", ', ""), "group.service.choices.SOC.press", "nothing", "a digit"),
        (SOC, SOC.replace('"1"', '"2"'), "group.service.choices.SKOLA.press", "also the key of SOC", "no other choice"),
        (SOC, SOC.replace('"1"', '"t"'), "group.service.choices.SOC.press", "goes to theme", "goes to no group"),
        (SOC, SOC.replace(" }", ", retired = 1 }"), "group.service.choices.SOC.retired", "1", "true or false"),
        (SOC, SOC.replace(" }", ', beside = ["AKL"] }'), "group.service.choices.SOC.beside", "AKL", "nothing, without"),
        (SOC, SOC.replace(" }", ", name = 1 }"), "group.service.choices.SOC.name", "means nothing here", "code"),
        ('beside = ["GOTT"]', 'beside = ["GOT"]', "group.gap.choices.INGEN.beside", '"GOT"', 'did you mean "GOTT"'),
        ("most = 5", "most = 1", "group.theme.most", "1", "a whole number from 2 to 16"),
        ("most = 20", "most = 21", "group.exposed.most", "21", "a whole number from 1 to 20"),
        (ONLY_FOR_CASES, ONLY_FOR_CASES.replace("type", "typ"), "group.exposed.applies.typ", '"typ"', "conditions of"),
        (ONLY_FOR_CASES, ONLY_FOR_CASES.replace("RISK", "RSK"), "group.exposed.applies.type", '"RSK"', '"RISK"'),
        (ONLY_FOR_CASES, ONLY_FOR_CASES.replace("type", "gap"), "group.exposed.applies.gap", '"gap"', "service, role"),
        (
            ONLY_FOR_CASES,
            'press = "u"\napplies = { type = [] }',
            "group.exposed.applies.type",
            "an empty list",
            "a list of codes",
        ),
        (ONLY_FOR_CASES, 'press = "u"\napplies = "type"', "group.exposed.applies", '"type"', "a table"),
        ('kind = "number"', 'kind = "place"', "group.exposed.kind", 'a second "place"', "one at most"),
        ('{ code = "UTOMLANDS"', '{ code = "ANNAN"', "group.place.choices", "ANNAN", "exactly KOMMUN, LAN"),
        ('group = "service"', 'group = "place"', "referred.group", '"place"', "service"),
        ('codes = ["EJ_YRKES"]', 'codes = ["EJ"]', "referred.codes", '"EJ"', "codes of service"),
        ('only = { type = "FEL" }', 'only = { type = "FAL" }', "referred.only.type", '"FAL"', "a code of type"),
        ('only = { type = "FEL" }', 'only = { gap = "INGEN" }', "referred.only.gap", '"gap"', "that is kept"),
        (KEEPS, 'keeps = ["service", "type", "advise"]', "referred.keeps", '"advise"', 'did you mean "advice"'),
        (KEEPS, 'keeps = ["type"]', "referred.keeps", "type", "a list with service"),
    ],
)
def test_a_mistake_is_named_with_its_key_and_what_is_allowed(
    old: str, new: str, key: str, found: str, allowed: str
) -> None:
    assert old in TEXT

    taxonomy, problems = read(TEXT.replace(old, new, 1))

    assert taxonomy is None
    assert {problem.where for problem in problems} == {TAXONOMY}
    named = [one for one in problems if one.key == key and found in one.found and allowed in one.allowed]
    assert named, "\n".join(map(str, problems))


def test_without_the_rule_for_those_who_are_referred_on_there_is_none() -> None:
    begin, end = TEXT.index("[referred]"), TEXT.index("# --- Who rings")

    taxonomy, problems = read(TEXT[:begin] + TEXT[end:])

    assert problems == []
    assert taxonomy
    assert taxonomy.referred is None


def test_a_retired_choice_frees_its_key() -> None:
    retired = SOC.replace(" }", ", retired = true }").replace('press = "1", ', "")
    heir = '{ code = "NY", press = "1", sv = "Ny", en = "New" }'

    taxonomy, problems = read(TEXT.replace(SOC, f"{retired},\n    {heir}"))

    assert problems == []
    assert taxonomy
    assert [one.code for one in taxonomy.groups[GroupKey("service")].choices.values() if one.retired] == ["SOC"]


@pytest.mark.parametrize("value", ['"x"', "1", "true", "[]", "{}", "1.5", "2026-01-01", "[[1]]", "[{ a = 1 }]"])
@pytest.mark.parametrize("key", ["version", "group", "referred", "kind", "choices", "press", "applies", "most", "list"])
def test_no_value_anywhere_is_more_than_a_problem(key: str, value: str) -> None:
    lines = TEXT.splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith((f"{key} =", f"[{key}]", f"[[{key}]]")))
    head = [] if key in ("version", "group", "referred") else lines[:at]

    taxonomy, problems = read("\n".join([*head, f"{key} = {value}"]))

    assert taxonomy is None
    assert problems


def test_a_group_has_no_more_choices_than_there_are_keys() -> None:
    many = ", ".join(
        SOC.replace('"SOC"', f'"C{number}"').replace('press = "1"', "retired = true") for number in range(30)
    )

    taxonomy, problems = read(TEXT.replace(SOC, f"{SOC}, {many}"))

    assert taxonomy is None
    assert [(one.key, one.found) for one in problems] == [("group.service.choices", "42 choices")]


def test_number_groups_have_no_choices() -> None:
    taxonomy, problems = read(TEXT.replace("most = 20", f"most = 20\nchoices = [{SOC}]"))

    assert taxonomy is None
    assert [problem.key for problem in problems] == ["group.exposed.choices"]
