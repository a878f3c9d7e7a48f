"""Whatever somebody presses, in whichever order, a record stays one that could have been filled in by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.consultations import (
    OF_A_COUNTY,
    Answers,
    Change,
    Chosen,
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
from app.domain.taxonomy import Code, GroupKey, GroupKind
from app.reading import read_municipalities
from app.reading.taxonomy import read_taxonomy
from tests.domain.forms_of_tests import EXPOSED, PLACE, Forms, forms_of

if TYPE_CHECKING:
    from app.domain.policy import Policy

_TAXONOMY = read_taxonomy([])
assert _TAXONOMY
_CODES = {key: [*one.choices, Code("NONE")] for key, one in _TAXONOMY.groups.items()}
_CODED = [key for key, one in _TAXONOMY.groups.items() if one.kind in (GroupKind.ONE, GroupKind.MANY)]
_MUNICIPALITIES = sorted(read_municipalities().codes)


def _place(kind: PlaceKind, code: str) -> Place:
    if kind is PlaceKind.MUNICIPALITY:
        return Place(kind, MunicipalityCode(code), CountyCode(code[:2]))
    return Place(kind, county=CountyCode(code[:2])) if kind in OF_A_COUNTY else Place(kind)


def _chosen(key: GroupKey) -> st.SearchStrategy[Change]:
    return st.builds(Chosen, st.just(key), st.lists(st.sampled_from(_CODES[key]), max_size=3).map(tuple))


_PLACES = st.builds(_place, st.sampled_from(PlaceKind), st.sampled_from(_MUNICIPALITIES))
CHANGES: st.SearchStrategy[Change] = st.one_of(
    st.sampled_from(_CODED).flatmap(_chosen),
    st.builds(Placed, st.just(PLACE), st.none() | _PLACES),
    st.builds(Counted, st.just(EXPOSED), st.none() | st.integers(-1, 21)),
)
SEQUENCES = st.lists(CHANGES, max_size=20)


@pytest.fixture(scope="module")
def forms(policy: Policy) -> Forms:
    return forms_of(policy)


def after(form: Form, changes: list[Change]) -> Answers:
    """Those that are refused change nothing."""
    answers = Answers()
    for change in changes:
        try:
            answers = apply(form, answers, change)
        except RejectedInput:
            continue
    return answers


def assert_valid(form: Form, answers: Answers) -> None:
    for key, group in form.taxonomy.groups.items():
        codes = answers.chosen.get(key, ())
        assert key not in answers.chosen or codes
        assert len(codes) == len(set(codes)) <= group.most
        assert set(codes) <= group.choices.keys()
        assert all(group.choices[a].goes_with(group.choices[b]) for a in codes for b in codes if a != b)
        assert value_of(group, answers) is None or applies(form, answers, key)
    assert answers.chosen.keys() <= form.taxonomy.groups.keys()


@given(changes=SEQUENCES)
def test_no_sequence_of_changes_leads_to_an_invalid_record(forms: Forms, changes: list[Change]) -> None:
    for form in (forms.professionals, forms.everybody):
        assert_valid(form, after(form, changes))


@given(changes=SEQUENCES, change=CHANGES)
def test_a_change_that_was_taken_changes_nothing_the_second_time(
    forms: Forms, changes: list[Change], change: Change
) -> None:
    form = forms.professionals
    answers = after(form, changes)
    try:
        once = apply(form, answers, change)
    except RejectedInput:
        return

    assert apply(form, once, change) == once


@given(changes=SEQUENCES, change=CHANGES)
def test_answering_what_is_missing_never_makes_more_missing_but_by_what_it_brings_in(
    forms: Forms, changes: list[Change], change: Change
) -> None:
    """A required field gets an answer: it is missing no longer; what is missing then was, or wasn't asked before."""
    form = forms.professionals
    answers = after(form, changes)
    missing = required_left(form, answers)
    try:
        then = apply(form, answers, change)
    except RejectedInput:
        return
    gave_an_answer = value_of(form.taxonomy.groups[change.group], then) is not None
    if change.group not in missing or not gave_an_answer:
        return

    left = required_left(form, then)

    assert change.group not in left
    assert all(key in missing or not applies(form, answers, key) for key in left)


@given(changes=SEQUENCES, change=CHANGES)
def test_a_change_touches_its_own_field_and_those_that_stop_applying_or_follow_from_it(
    forms: Forms, changes: list[Change], change: Change
) -> None:
    form = forms.professionals
    answers = after(form, changes)
    try:
        then = apply(form, answers, change)
    except RejectedInput:
        return

    follows = form.taxonomy.referred.only if form.taxonomy.referred else {}
    for key in changed(form, answers, then):
        assert key == change.group or not applies(form, then, key) or key in follows
