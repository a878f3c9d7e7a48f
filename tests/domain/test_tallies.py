"""Where a consultation, a call and a follow-up are counted, and what a histogram says."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from itertools import pairwise
from statistics import fmean
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
    STEPS,
    WRONG,
    Cell,
    Continued,
    CountedCall,
    HeldConsultation,
    Promise,
    TallyUnit,
    cells_of,
    cells_of_call,
    mean_seconds,
    of_hour,
    promise_of,
    quantile,
    step_of,
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


@given(st.lists(st.integers(0, 7000), min_size=2, max_size=200), st.sampled_from((5, 9)))
def test_a_quantile_of_the_histogram_is_that_of_the_times_but_for_its_steps(times: list[int], tenths: int) -> None:
    histogram = Counter(map(step_of, times))

    found = quantile(histogram, tenths / 10)

    assert found is not None
    times.sort()
    exact = times[max(0, -(-len(times) * tenths // 10) - 1)]
    width = next(after - before for before, after in pairwise(STEPS) if before <= exact < after)
    assert abs(found - exact) <= width


def test_no_times_have_no_quantile() -> None:
    assert quantile({}, 0.5) is None


@given(st.lists(st.integers(0, STEPS[-1]), min_size=1))
def test_the_mean_of_the_histogram_is_that_of_the_times_but_for_its_steps(times: list[int]) -> None:
    widest = max(ends - begins for begins, ends in pairwise(STEPS))

    found = mean_seconds(Counter(step_of(seconds) for seconds in times))

    assert found == pytest.approx(fmean(times), abs=widest / 2)


@pytest.mark.parametrize(("seconds", "mean"), [(0, 0), (9, 9), (10, 12), (1200, 1229.5), (1259, 1229.5), (7200, 7200)])
def test_a_time_is_taken_to_be_in_the_middle_of_its_step(seconds: int, mean: float) -> None:
    assert mean_seconds({step_of(seconds): 3}) == mean


def test_no_times_have_no_mean() -> None:
    assert mean_seconds({}) is None


@given(st.dictionaries(st.sampled_from(Promise), st.integers(0, 99)))
def test_the_four_together_are_all_that_were_promised(counted: dict[Promise, int]) -> None:
    found = promises_of({str(promise): number for promise, number in counted.items()})

    assert found.promised == sum(counted.values()) == found.kept + found.late + found.dropped + found.still_open
    assert found.late == counted.get(Promise.LATE, 0)


def test_cells_of_units_never_meet() -> None:
    assert len({Cell(unit, "all", "") for unit in TallyUnit}) == len(TallyUnit)
