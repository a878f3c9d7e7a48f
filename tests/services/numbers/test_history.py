"""The long curve: published figures beside our own, never added, and taken in and away whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from app.domain.cases import reference_of
from app.domain.errors import NotFound
from app.domain.history import Run, SeriesUnit
from app.domain.lines import LineKey, OrganisationKey
from app.domain.permissions import AccountId, Actor, Role
from app.domain.retention import Decision, RecordClass
from app.domain.trends import Period
from app.services.csv_reading import FileWrong, Mistake
from app.services.keeping import retention_rules
from app.services.numbers import history, history_import
from app.services.numbers.figure_rows import Imported, Refused, Wrong
from app.storage.models import Case, Destruction, RetentionDecision
from tests.services.counting import count_changes
from tests.services.skane_half_year import NOW, held, put_someone

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.orm import Session

    from app.domain.policy import Policy
    from app.services.numbers.history import History, Series

NATIONAL = Actor(
    AccountId("chef"), None, OrganisationKey("nationell"), frozenset({LineKey("nationell")}), frozenset({Role.MANAGER})
)
SKANE = replace(NATIONAL, organisation=OrganisationKey("skane"), lines=frozenset({LineKey("skane")}))
TODAY = NOW.date()
HEAD = "line;unit;first;last;number;source\n"
OLD = HEAD + "skane;consultations;2023-01-01;2023-12-31;300;Årsrapport\n"


@pytest.fixture
def national(root: Path) -> str:
    """The published series as it is shipped."""
    return (root / "docs" / "examples" / "national-series.csv").read_text(encoding="utf-8")


def taken_in(session: Session, policy: Policy, text: str, actor: Actor | None = SKANE) -> Imported | Refused:
    return history_import.import_file(session, policy, actor, text, TODAY, NOW)


def asked(session: Session, policy: Policy, actor: Actor = SKANE, line: LineKey | None = None) -> History:
    found = history.of(session, policy, actor, line, NOW)
    assert found is not None
    return found


def series(found: History, unit: SeriesUnit) -> Series:
    return next(one for one in found.series if one.unit is unit)


def test_the_national_series_has_4302_cases_and_5157_exposed_persons(
    session: Session, policy: Policy, national: str
) -> None:
    assert taken_in(session, policy, national, NATIONAL) == Imported(14, 0, 0)

    cases, persons = asked(session, policy, NATIONAL).published

    whole = Period(date(2014, 3, 13), date(2020, 12, 31))
    assert (cases.unit, persons.unit) == (SeriesUnit.CASES, SeriesUnit.PERSONS)
    assert (cases.runs, persons.runs) == ([Run(whole, 4_302)], [Run(whole, 5_157)])
    assert [one.percent for one in cases.changes] == [None, None, 53, 32, 60, 6, -23]
    assert [one.year.mean_a_month for one in cases.changes] == [20, 25, 38, 50, 80, 85, 65]
    assert [one.percent for one in persons.changes] == [None, None, 40, 29, 35, -2, -14]
    assert [one.year.is_whole for one in cases.changes] == [False, *[True] * 6]
    assert cases.sources == ("Länsstyrelsen Östergötland, rapport 2021-02-16",)


def test_published_and_own_years_stand_beside_each_other(session: Session, policy: Policy) -> None:
    put_someone(session)
    held(session, datetime(2023, 12, 31, 22, 59, tzinfo=UTC), "1280", exposed=2)
    held(session, datetime(2023, 12, 31, 23, 1, tzinfo=UTC), "1280", exposed=3)
    count_changes(session, policy)
    taken_in(session, policy, OLD)

    found = asked(session, policy)

    both, after = series(found, SeriesUnit.CONSULTATIONS).years
    assert (both.year, both.is_both, after.is_both) == (2023, True, False)
    assert both.imported is not None
    assert both.own is not None
    assert (both.imported.number, both.own.number, both.own.is_whole) == (300, 1, False)
    assert after.own is not None
    assert (after.own.number, after.own.period) == (1, Period(date(2024, 1, 1), TODAY))
    persons = series(found, SeriesUnit.PERSONS)
    assert [one.own.number for one in persons.years if one.own] == [2, 3]
    assert [one.imported for one in persons.years] == [None, None]
    assert {one.unit for one in found.series} == {SeriesUnit.CONSULTATIONS, SeriesUnit.PERSONS}


def opened(session: Session, number: int, at: datetime) -> None:
    one = Case(reference=reference_of(100_000 + number).digits, organisation="skane", line="skane")
    one.staff_id, one.opened_at = "ovning", at
    session.add(one)
    session.flush()


def test_cases_are_counted_by_the_year_on_the_wall(session: Session, policy: Policy) -> None:
    put_someone(session)
    held(session, datetime(2022, 5, 1, tzinfo=UTC), "1280")
    opened(session, 1, datetime(2022, 12, 31, 22, 59, tzinfo=UTC))
    opened(session, 2, datetime(2022, 12, 31, 23, 0, tzinfo=UTC))
    opened(session, 3, datetime(2024, 1, 1, 8, tzinfo=UTC))
    count_changes(session, policy)

    cases = series(asked(session, policy), SeriesUnit.CASES)

    assert [(one.year, one.own.number if one.own else None) for one in cases.years] == [(2022, 1), (2023, 1), (2024, 1)]


def test_no_number_of_cases_is_given_for_years_of_which_some_are_destroyed(session: Session, policy: Policy) -> None:
    put_someone(session)
    held(session, datetime(2022, 5, 1, tzinfo=UTC), "1280")
    opened(session, 1, datetime(2022, 12, 1, tzinfo=UTC))
    opened(session, 2, datetime(2024, 1, 1, 8, tzinfo=UTC))
    retention_rules.enter(
        session, None, SKANE.organisation, RecordClass.CASES, Decision(12, "KS 2024/1", date(2024, 1, 15)), NOW
    )
    rule = session.query(RetentionDecision).one()
    gone = Destruction(organisation="skane", record_class=RecordClass.CASES, decision_id=rule.id, number=4)
    gone.before, gone.began_at = datetime(2022, 8, 1, tzinfo=UTC), NOW
    session.add(gone)
    count_changes(session, policy)

    cases = series(asked(session, policy), SeriesUnit.CASES)

    assert [(one.year, one.own.number) for one in cases.years if one.own] == [(2024, 1)]


def test_a_figure_that_stands_there_is_replaced_only_when_that_is_said(session: Session, policy: Policy) -> None:
    taken_in(session, policy, OLD)
    newer = OLD.replace("300", "310")

    assert taken_in(session, policy, OLD) == Imported(0, 0, 1)
    assert taken_in(session, policy, newer) == Refused((Mistake(2, "number", Wrong.STANDS, "300"),))
    assert history_import.replace_by_file(session, policy, SKANE, newer, TODAY, NOW) == Imported(0, 1, 0)
    assert [one.number for one in history.figures(session, SKANE, [LineKey("skane")])] == [310]


def test_a_figure_is_never_counted_into_two_periods(session: Session, policy: Policy) -> None:
    taken_in(session, policy, OLD)
    quarter = (
        HEAD + "skane;consultations;2023-04-01;2023-06-30;80;Kvartal\nskane;calls;2023-04-01;2023-06-30;90;Kvartal\n"
    )

    refused = Refused((Mistake(2, "first", Wrong.OVERLAPS, "2023-01-01/2023-12-31"),))
    assert taken_in(session, policy, quarter) == refused
    assert history_import.replace_by_file(session, policy, SKANE, quarter, TODAY, NOW) == refused
    assert [one.number for one in history.figures(session, SKANE, [LineKey("skane")])] == [300]


def test_what_was_taken_in_can_be_taken_away(session: Session, policy: Policy, national: str) -> None:
    taken_in(session, policy, national, None)

    def gone(actor: Actor | None) -> int:
        return history_import.take_away(session, policy, actor, LineKey("nationell"), SeriesUnit.CASES, NOW)

    with pytest.raises(NotFound):
        gone(SKANE)
    assert gone(NATIONAL) == 7
    with pytest.raises(NotFound):
        gone(None)
    assert {one.unit for one in history.figures_of(session, policy)} == {SeriesUnit.PERSONS}


def test_figures_of_other_houses_are_neither_seen_nor_written(session: Session, policy: Policy, national: str) -> None:
    refused = taken_in(session, policy, national, SKANE)

    assert isinstance(refused, Refused)
    assert {one.wrong for one in refused.mistakes} == {Wrong.NO_LINE}
    taken_in(session, policy, national, NATIONAL)
    assert history.figures(session, SKANE, [LineKey("nationell")]) == []
    with pytest.raises(NotFound):
        asked(session, policy, SKANE, LineKey("nationell"))
    assert history.of(session, policy, replace(SKANE, lines=frozenset()), None, NOW) is None
    assert asked(session, policy).series == []


ROW = ("skane", "cases", "2015-01-01", "2015-12-31", "298", "Rapport")


def with_(**cells: str) -> str:
    row = dict(zip(HEAD.strip().split(";"), ROW, strict=True)) | cells
    return HEAD + ";".join(row.values()) + "\n"


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        (with_(line="ystad"), Mistake(2, "line", Wrong.NO_LINE, "ystad")),
        (with_(unit="things"), Mistake(2, "unit", Wrong.NO_UNIT, "things")),
        (with_(first="2015"), Mistake(2, "first", Wrong.NO_DAY, "2015")),
        (with_(last="2015-02-30"), Mistake(2, "last", Wrong.NO_DAY, "2015-02-30")),
        (with_(first="1815-01-01"), Mistake(2, "first", Wrong.NO_DAY, "1815-01-01")),
        (with_(last="2015-12-30"), Mistake(2, "last", Wrong.NO_PERIOD, "2015-01-01/2015-12-30")),
        (with_(last="2014-12-31"), Mistake(2, "last", Wrong.NO_PERIOD, "2015-01-01/2014-12-31")),
        (with_(first="2024-01-01", last="2024-12-31"), Mistake(2, "last", Wrong.AHEAD, "2024-12-31")),
        (with_(number="-1"), Mistake(2, "number", Wrong.NO_NUMBER, "-1")),
        (with_(source=""), Mistake(2, "source", Wrong.NO_SOURCE)),
        (with_() + ";".join(ROW), Mistake(3, "first", FileWrong.TWICE, "2015-01-01/2015-12-31")),
        (
            with_() + ";".join(ROW).replace("2015-01-01", "2015-11-01"),
            Mistake(3, "first", Wrong.OVERLAPS, "2015-01-01/2015-12-31"),
        ),
    ],
)
def test_a_file_is_taken_whole_or_not(session: Session, policy: Policy, text: str, mistake: Mistake) -> None:
    assert taken_in(session, policy, text) == Refused((mistake,))
    assert history.figures_of(session, policy) == []


def test_a_swedish_file_is_read_as_well(session: Session, policy: Policy) -> None:
    text = "linje;enhet;första;sista;antal;källa\nSkane;Utsatta;2019-01-01;2019-12-31;1 019;Årsrapport\n"

    assert taken_in(session, policy, text) == Imported(1, 0, 0)
    (figure,) = history.figures_of(session, policy)
    assert (figure.unit, figure.number) == (SeriesUnit.PERSONS, 1_019)
