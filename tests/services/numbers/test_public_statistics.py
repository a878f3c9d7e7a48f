"""The yearly figures for everybody: what is counted, when it is published, and that it stays as it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

import pytest

from app.domain.calls import Outcome
from app.domain.consultations import PlaceKind
from app.domain.public_statistics import REST, Dimension, Unit
from app.domain.tallies import TallyUnit
from app.services.numbers import public_statistics
from app.storage.models import ConsultationTag, PublishedYear, RetentionTally
from tests.services.numbers.test_figures import SKANE, STOCKHOLM, call, consultation, hire, wall

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.domain.policy import Policy

NOW = datetime(2026, 2, 1, 3, 35, tzinfo=STOCKHOLM)


def held(session: Session, at: str, by: str, times: int = 1, **tags: str) -> None:
    """Consultations of the line in Skåne; ``place``: a municipality, ``exposed``: how many persons in each."""
    place, exposed = tags.pop("place", None), tags.pop("exposed", None)
    for _ in range(times):
        one = consultation(session, wall(at), by=by)
        one.municipality, one.county, one.place = (
            (place, place[:2], PlaceKind.MUNICIPALITY) if place else (None, None, None)
        )
        one.exposed = int(exposed) if exposed else None
        session.add_all(
            ConsultationTag(consultation_id=one.id, kind=kind, code=code, position=1) for kind, code in tags.items()
        )
    session.flush()


def begun(session: Session, at: str = "2025-01-02T09:00") -> str:
    """The line's first call, by which the year is a whole one; gives somebody who answers."""
    call(session, wall(at))
    return hire(session)


def shown(session: Session, policy: Policy, unit: Unit, dimension: Dimension) -> dict[str, int | None]:
    (skane,) = (one for one in public_statistics.of_lines(session, policy) if one.line.key == SKANE)
    rows = skane.years[0].rows
    return {row.code: row.number for row in rows if (row.unit, row.dimension) == (unit, dimension)}


def test_a_year_is_counted_by_quarter_service_type_theme_place_and_age(session: Session, policy: Policy) -> None:
    by = begun(session)
    held(
        session,
        "2025-02-03T10:00",
        by,
        9,
        service="SOC",
        type="ARENDE",
        theme="FYS",
        place="1280",
        exposed="2",
        age="15_17",
    )
    held(session, "2025-05-05T10:00", by, 8, service="SOC", type="ARENDE", theme="TVANG", place="1281")
    held(session, "2025-08-05T10:00", by, 7, service="SKOLA", type="ARENDE", theme="TVANG")
    held(session, "2025-11-05T10:00", by, 6, service="OKAND", type="GENERELL", theme="OKAND", place="0180")
    held(session, "2025-11-06T10:00", by, 3, service="POLIS", type="GENERELL")

    assert public_statistics.publish(session, policy, NOW) == 1

    assert shown(session, policy, Unit.HELD, Dimension.YEAR) == {"": 33}
    assert shown(session, policy, Unit.HELD, Dimension.QUARTER) == {"1": 9, "2": 8, "3": 7, "4": 9}
    services = shown(session, policy, Unit.HELD, Dimension.SERVICE)
    assert {code: number for code, number in services.items() if number} == {"SOC": 17, "SKOLA": 7, REST: 9}
    types = shown(session, policy, Unit.HELD, Dimension.TYPE)
    assert {code: number for code, number in types.items() if number} == {"ARENDE": 24, REST: 9}
    themes = shown(session, policy, Unit.HELD, Dimension.THEME)
    assert {code: number for code, number in themes.items() if number} == {"FYS": 9, "TVANG": 15}
    places = shown(session, policy, Unit.HELD, Dimension.MUNICIPALITY)
    assert {code: number for code, number in places.items() if number} == {"1280": 9, "1281": 8, REST: 16}
    assert len(places) == 33 + 1
    assert shown(session, policy, Unit.EXPOSED, Dimension.YEAR) == {"": 18}
    assert shown(session, policy, Unit.EXPOSED, Dimension.AGE) == {"under_18": None, "18_and_over": None, REST: 18}


def test_calls_count_for_the_line_that_was_dialled_whatever_became_of_them(session: Session, policy: Policy) -> None:
    begun(session)
    for month in (1, 4, 7, 10):
        for number in range(6):
            one = call(session, wall(f"2025-{month:02d}-15T10:00"))
            one.outcome = Outcome.ANSWERED if number else Outcome.ABANDONED
    call(session, wall("2025-05-05T10:00"), "nationell")
    session.flush()

    public_statistics.publish(session, policy, NOW)

    assert shown(session, policy, Unit.CALLS, Dimension.QUARTER) == {"1": 7, "2": 6, "3": 6, "4": 6}
    outcomes = shown(session, policy, Unit.CALLS, Dimension.OUTCOME)
    assert {code: number for code, number in outcomes.items() if number is not None} == {"answered": 20, REST: 5}


def test_the_wrong_target_group_and_other_years_and_lines_are_not_counted(session: Session, policy: Policy) -> None:
    by, other = begun(session), hire(session, "nationell")
    held(session, "2024-12-31T23:59:59", by, 5, type="ARENDE")
    held(session, "2025-01-01T00:00", by, 5, type="ARENDE")
    held(session, "2025-12-31T23:59:59", by, 5, type="ARENDE")
    held(session, "2026-01-01T00:00", by, 5, type="ARENDE")
    held(session, "2025-06-01T10:00", by, 5, type="FEL")
    consultation(session, wall("2025-06-01T10:00"), "nationell", by=other)
    consultation(session, wall("2025-06-01T10:00"))

    public_statistics.publish(session, policy, NOW)

    assert shown(session, policy, Unit.HELD, Dimension.YEAR) == {"": 10}
    assert "FEL" not in shown(session, policy, Unit.HELD, Dimension.TYPE)


def test_what_was_published_is_never_changed(session: Session, policy: Policy) -> None:
    by = begun(session)
    held(session, "2025-05-05T10:00", by, 8)
    public_statistics.publish(session, policy, NOW)

    held(session, "2025-05-05T10:00", by)
    again = public_statistics.publish(session, policy, NOW.replace(day=2))

    assert again == 0
    assert shown(session, policy, Unit.HELD, Dimension.YEAR) == {"": 8}


def test_a_small_number_is_not_even_stored(session: Session, policy: Policy) -> None:
    by = begun(session)
    held(session, "2025-05-05T10:00", by, 4)

    public_statistics.publish(session, policy, NOW)

    assert {row[-1] for row in session.get_one(PublishedYear, (SKANE, 2025)).rows} == {None}


@pytest.mark.parametrize(
    ("began", "at", "years"),
    [
        ("2025-01-02T09:00", "2026-01-31T23:59", []),
        ("2025-01-02T09:00", "2026-02-01T00:00", [2025]),
        ("2025-02-01T09:00", "2026-02-01T00:00", []),
        ("2022-06-01T09:00", "2026-02-01T00:00", [2025, 2024, 2023]),
    ],
)
def test_whole_years_are_published_from_february_on(
    session: Session, policy: Policy, began: str, at: str, years: list[int]
) -> None:
    begun(session, began)

    public_statistics.publish(session, policy, wall(at))

    of_skane = next(one for one in public_statistics.of_lines(session, policy) if one.line.key == SKANE)
    assert [one.year for one in of_skane.years] == years


def test_a_year_of_which_something_was_destroyed_is_never_published(session: Session, policy: Policy) -> None:
    begun(session, "2023-01-02T09:00")
    session.add(
        RetentionTally(
            organisation="skane",
            line="skane",
            unit=TallyUnit.CONSULTATION,
            month=date(2024, 12, 1),
            dimension="all",
            code="",
            number=1,
        )
    )
    session.flush()

    assert public_statistics.publish(session, policy, NOW) == 2
    of_skane = next(one for one in public_statistics.of_lines(session, policy) if one.line.key == SKANE)
    assert [one.year for one in of_skane.years] == [2025, 2023]


def test_a_line_that_does_not_choose_it_is_not_published_and_one_that_stops_is_hidden(
    session: Session, policy: Policy
) -> None:
    begun(session)
    hidden = replace(policy, lines={key: replace(line, public_statistics=False) for key, line in policy.lines.items()})

    assert public_statistics.publish(session, hidden, NOW) == 0
    assert public_statistics.publish(session, policy, NOW) == 1
    assert public_statistics.of_lines(session, hidden) == []


def test_whom_a_line_never_serves_has_no_row(policy: Policy) -> None:
    rows = {key: public_statistics.rows_of(policy, line).of[Dimension.SERVICE] for key, line in policy.lines.items()}

    assert {key for key, services in rows.items() if "EJ_YRKES" in services} == {"skaraborg", "vastmanland"}
    assert not any({"OKAND", "ANNAN"} & {*services} for services in rows.values())
