"""Where a consultation, a call and a follow-up are counted."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.calls import Outcome
from app.domain.channels import Channel
from app.domain.consultations import Answers, Place, PlaceKind
from app.domain.followups import FollowUpEnd
from app.domain.lines import MunicipalityCode
from app.domain.municipalities import CountyCode
from app.domain.promises import promises_of
from app.domain.tallies import (
    CALLS,
    HELD,
    PERSONS,
    WRONG,
    Cell,
    Continued,
    CountedCall,
    HeldConsultation,
    Promise,
    TallyUnit,
    cells_of,
    cells_of_call,
    of_hour,
    promise_of,
)
from app.domain.taxonomy import Code, GroupKey

SKANE = Place(PlaceKind.MUNICIPALITY, MunicipalityCode("1280"), CountyCode("12"))


def answers(place: Place | None = None, exposed: int | None = None, **chosen: str) -> Answers:
    groups = {GroupKey(group): tuple(map(Code, codes.split())) for group, codes in chosen.items()}
    return Answers(groups, place, exposed)


def counted(given_: Answers, continued: Continued | None = None) -> dict[str, int]:
    cells = cells_of(HeldConsultation(given_, Channel.CALL, continued))
    return {f"{cell.unit}:{cell.dimension}:{cell.code}": number for cell, number in cells}


def test_a_consultation_counts_once_for_each_answer_and_its_persons_by_their_number() -> None:
    found = counted(answers(SKANE, 3, theme="FYS PSYK", age="12_14", type="ARENDE"), Continued.SAME)

    assert found == {
        "consultation:all:": 1,
        "consultation:theme:FYS": 1,
        "consultation:theme:PSYK": 1,
        "consultation:age:12_14": 1,
        "consultation:type:ARENDE": 1,
        "consultation:channel:call": 1,
        "consultation:continued:same": 1,
        "consultation:place:KOMMUN": 1,
        "consultation:county:12": 1,
        "consultation:municipality:1280": 1,
        "consultation:exposed:3": 1,
        "person:all:": 3,
        "person:age:12_14": 3,
        "person:gender:OKAND": 3,
    }


def test_a_wrong_target_is_counted_as_such_and_nowhere_else() -> None:
    cells = dict(cells_of(HeldConsultation(answers(SKANE, 2, type="FEL", service="SOC"), Channel.CALL)))

    assert cells == {HELD: 1, WRONG: 1}


@pytest.mark.parametrize("exposed", [None, 0])
def test_nobody_exposed_counts_no_person(exposed: int | None) -> None:
    cells = dict(cells_of(HeldConsultation(answers(exposed=exposed), Channel.CALL)))

    assert PERSONS not in cells


@pytest.mark.parametrize(
    ("outcome", "wait", "talk", "more"),
    [
        (Outcome.ANSWERED, 47, 1261, {("wait", "45"), ("talk", "1260")}),
        (Outcome.ABANDONED, None, None, set()),
    ],
)
def test_a_call_counts_by_its_outcome_and_hour(
    outcome: Outcome, wait: int | None, talk: int | None, more: set[tuple[str, str]]
) -> None:
    at = datetime(2026, 11, 30, 9, 59, tzinfo=ZoneInfo("Europe/Stockholm"))

    cells = list(cells_of_call(CountedCall(at, outcome, wait, talk)))

    hour = f"1-09-{outcome}"
    wanted = {("all", ""), ("outcome", outcome.value), ("hour", hour), *more}
    assert {(cell.dimension, cell.code) for cell in cells} == wanted
    assert cells[0] == CALLS
    assert of_hour(hour) == (1, 9, outcome)


@pytest.mark.parametrize(
    ("ended_as", "in_time", "promise"),
    [
        (None, False, Promise.OPEN),
        (FollowUpEnd.DONE, True, Promise.KEPT),
        (FollowUpEnd.DONE, False, Promise.LATE),
        *((end, True, Promise.DROPPED) for end in FollowUpEnd if end is not FollowUpEnd.DONE),
    ],
)
def test_a_follow_up_is_one_of_four(ended_as: FollowUpEnd | None, in_time: bool, promise: Promise) -> None:  # noqa: FBT001 - a value
    assert promise_of(ended_as, within_two_weeks=in_time) is promise


@given(st.dictionaries(st.sampled_from(Promise), st.integers(0, 99)))
def test_the_four_together_are_all_that_were_promised(counted: dict[Promise, int]) -> None:
    found = promises_of({str(promise): number for promise, number in counted.items()})

    assert found.promised == sum(counted.values()) == found.kept + found.late + found.dropped + found.still_open
    assert found.late == counted.get(Promise.LATE, 0)


def test_cells_of_units_never_meet() -> None:
    assert len({Cell(unit, "all", "") for unit in TallyUnit}) == len(TallyUnit)
