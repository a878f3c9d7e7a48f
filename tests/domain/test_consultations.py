"""What can be answered in a record, and what is missing before it can be closed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from app.domain.consultations import (
    Answers,
    Change,
    Counted,
    Form,
    Place,
    Placed,
    PlaceKind,
    applies,
    apply,
    changed,
    required_left,
    value_of,
)
from app.domain.errors import RejectedInput
from app.domain.lines import MunicipalityCode
from app.domain.municipalities import CountyCode
from app.domain.taxonomy import NOTE, Code, GroupKey
from tests.domain.forms_of_tests import (
    ADVICE,
    AGE,
    EXPOSED,
    PLACE,
    SERVICE,
    THEME,
    TYPE,
    Forms,
    answered,
    choose,
    forms_of,
)

if TYPE_CHECKING:
    from app.domain.policy import Policy

MALMO = Place(PlaceKind.MUNICIPALITY, MunicipalityCode("1280"), CountyCode("12"))
SIX = ("KONTROLL", "PSYK", "FYS", "SEX", "BARNAKT", "TVANG")


@pytest.fixture(scope="module")
def forms(policy: Policy) -> Forms:
    return forms_of(policy)


@pytest.fixture(scope="module")
def form(forms: Forms) -> Form:
    return forms.professionals


def refusal(form: Form, answers: Answers, change: Change) -> tuple[str, str, str]:
    with pytest.raises(RejectedInput) as refused:
        apply(form, answers, change)
    [problem] = refused.value.problems
    assert problem.where == ""
    return problem.key, problem.found, problem.allowed


def test_five_answers_close_a_record_and_nothing_else_is_needed(form: Form) -> None:
    assert required_left(form, Answers()) == (SERVICE, PLACE, TYPE, THEME, ADVICE)

    answers = answered(form, service="SOC", type="ARENDE", theme="KONTROLL", advice="ORO")
    answers = apply(form, answers, Placed(PLACE, Place(PlaceKind.UNKNOWN)))

    assert required_left(form, answers) == ()


def test_choices_stand_in_the_order_of_the_list_however_they_were_chosen(form: Form) -> None:
    answers = answered(form, theme="FYS KONTROLL FYS")

    assert answers.chosen == {THEME: ("KONTROLL", "FYS")}


def test_an_answer_can_be_taken_back(form: Form) -> None:
    full = Answers({SERVICE: (Code("SOC"),), TYPE: (Code("ARENDE"),)}, MALMO, 0)

    changes: list[Change] = [choose("service"), choose("type"), Placed(PLACE, None), Counted(EXPOSED, None)]
    empty = full
    for change in changes:
        empty = apply(form, empty, change)

    assert empty == Answers()


@pytest.mark.parametrize(
    ("before", "change", "key", "found", "allowed"),
    [
        ({}, choose("service", "SOCIAL"), "service", '"SOCIAL"', "SOC, SKOLA"),
        ({}, choose("service", "SOC", "POLIS"), "service", "2 choices", "at most 1"),
        (
            {},
            choose("theme", *["KONTROLL", "PSYK", "FYS", "SEX", "BARNAKT", "TVANG"]),
            "theme",
            "6 choices",
            "at most 5",
        ),
        ({}, choose("theme", "OKAND", "FYS"), "theme", '"FYS" with "OKAND"', "one or the other"),
        ({}, choose("advice", "INGET", "ORO"), "advice", '"ORO" with "INGET"', "one or the other"),
        ({}, choose("name", "Anna"), "name", "a group that doesn't exist", "service"),
        ({}, choose("place", "KOMMUN"), "place", "an answer of another kind", "an answer of the kind place"),
        ({}, Counted(THEME, 2), "theme", "an answer of another kind", "an answer of the kind many"),
        ({}, Placed(EXPOSED, MALMO), "exposed", "an answer of another kind", "an answer of the kind number"),
        ({}, Counted(EXPOSED, 2), "exposed", "an answer to what isn't asked here", "no answer"),
        ({"type": "GENERELL"}, choose("age", "0_11"), "age", "an answer to what isn't asked here", "no answer"),
        ({"type": "ARENDE"}, Counted(EXPOSED, 21), "exposed", "21", "a whole number from 0 to 20"),
        ({"type": "ARENDE"}, Counted(EXPOSED, -1), "exposed", "-1", "a whole number from 0 to 20"),
        ({"service": "EJ_YRKES"}, choose("type", "ARENDE"), "type", "doesn't serve", "FEL"),
        ({"service": "EJ_YRKES"}, choose("theme", "FYS"), "theme", "an answer to what isn't asked here", "no answer"),
        ({"service": "EJ_YRKES"}, Placed(PLACE, MALMO), "place", "an answer to what isn't asked here", "no answer"),
        (
            {},
            Placed(PLACE, Place(PlaceKind.MUNICIPALITY, MunicipalityCode("1299"), CountyCode("12"))),
            "place",
            '"1299"',
            "the code of a municipality",
        ),
        ({}, Placed(PLACE, Place(PlaceKind.COUNTY, county=CountyCode("02"))), "place", '"02"', "the code of a county"),
    ],
)
def test_what_cannot_be_answered_is_refused_by_the_name_of_its_field(
    form: Form, before: dict[str, str], change: Change, key: str, found: str, allowed: str
) -> None:
    told = refusal(form, answered(form, **before), change)

    assert told[0] == key
    assert found in told[1]
    assert allowed in told[2]


def test_a_good_example_may_stand_beside_no_gap(form: Form) -> None:
    answers = answered(form, type="ARENDE", gap="GOTT INGEN")

    assert answers.chosen[GroupKey("gap")] == ("INGEN", "GOTT")


@pytest.mark.parametrize(
    ("kind", "municipality", "county"),
    [
        (PlaceKind.MUNICIPALITY, None, None),
        (PlaceKind.MUNICIPALITY, "1280", None),
        (PlaceKind.MUNICIPALITY, "1280", "01"),
        (PlaceKind.COUNTY, None, None),
        (PlaceKind.COUNTY, "1280", "12"),
        (PlaceKind.WHOLE_COUNTY, None, None),
        (PlaceKind.ABROAD, None, "12"),
        (PlaceKind.UNKNOWN, "1280", None),
    ],
)
def test_a_place_says_as_much_as_its_kind_and_no_more(
    kind: PlaceKind, municipality: str | None, county: str | None
) -> None:
    with pytest.raises(ValueError, match="county"):
        Place(
            kind,
            MunicipalityCode(municipality) if municipality else None,
            CountyCode(county) if county else None,
        )


def test_a_retired_choice_stays_where_it_was_and_can_be_chosen_nowhere_else(form: Form) -> None:
    before = answered(form, theme="FYS KONTROLL")
    theme = form.taxonomy.groups[THEME]
    choices = {code: replace(one, retired=True) if code == "FYS" else one for code, one in theme.choices.items()}
    groups = {**form.taxonomy.groups, THEME: replace(theme, choices=choices)}
    later = replace(form, taxonomy=replace(form.taxonomy, groups=groups))

    kept = apply(later, before, choose("theme", "FYS", "PSYK"))
    told = refusal(later, Answers(), choose("theme", "FYS"))

    assert kept.chosen[THEME] == ("PSYK", "FYS")
    assert told[1] == '"FYS", which is retired'
    assert "FYS" not in told[2]


def test_a_code_that_the_taxonomy_no_longer_knows_is_kept_until_it_is_taken_away(form: Form) -> None:
    old = Answers({THEME: (Code("FYS"), Code("GAMMAL"))})

    kept = apply(form, old, choose("theme", "GAMMAL", "KONTROLL"))
    gone = apply(form, kept, choose("theme", "KONTROLL"))

    assert kept.chosen[THEME] == ("KONTROLL", "GAMMAL")
    assert gone.chosen[THEME] == ("KONTROLL",)
    assert form.taxonomy.groups[THEME].label_of(Code("GAMMAL"), "sv") == "GAMMAL"
    assert form.taxonomy.groups[THEME].label_of(Code("FYS"), "en") == "Physical violence"


def test_what_no_longer_applies_is_gone(form: Form) -> None:
    case = apply(form, answered(form, type="ARENDE", age="15_17", theme="FYS"), Counted(EXPOSED, 3))

    general = apply(form, case, choose("type", "GENERELL"))

    assert general == answered(form, type="GENERELL", theme="FYS")
    assert changed(form, case, general) == (TYPE, EXPOSED, AGE)


def test_of_a_private_person_a_line_for_professionals_keeps_that_they_were_referred_and_where(form: Form) -> None:
    case = answered(form, service="SOC", type="ARENDE", theme="FYS", age="15_17", advice="ORO", role="HANDL")
    case = apply(form, case, Placed(PLACE, MALMO))

    referred = apply(form, case, choose("service", "EJ_YRKES"))

    assert referred == Answers({SERVICE: (Code("EJ_YRKES"),), TYPE: (Code("FEL"),), ADVICE: (Code("ORO"),)})
    assert required_left(form, referred) == ()
    assert not applies(form, referred, NOTE)
    assert applies(form, case, NOTE)


def test_a_line_for_exposed_persons_asks_them_what_it_asks_everybody(forms: Forms) -> None:
    form = forms.everybody

    answers = answered(form, service="EJ_YRKES", type="ARENDE", theme="FYS")

    assert applies(form, answers, NOTE)
    assert required_left(form, answers) == (PLACE, ADVICE)


def test_zero_is_a_number(form: Form) -> None:
    answers = apply(form, answered(form, type="ARENDE"), Counted(EXPOSED, 0))

    assert value_of(form.taxonomy.groups[EXPOSED], answers) == 0


def test_nothing_outside_the_taxonomy_applies(form: Form) -> None:
    assert not applies(form, Answers(), GroupKey("name"))
