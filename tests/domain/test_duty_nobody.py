from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from app.domain.duty import on_duty, slot_at
from app.domain.hours import Calendar
from tests.domain.hours_of_tests import changed, opening_hours, wall
from tests.domain.rotas_of_tests import (
    BACKUP,
    DAILY,
    names_on_duty,
    people,
)

HOURS = opening_hours()
TWO = people("anna", "bo")


class TestNobody:
    @pytest.mark.parametrize(
        "at", ["2026-11-23 08:59:59", "2026-11-23 16:00:00", "2026-11-21 10:00", "2026-12-24 10:00"]
    )
    def test_is_on_duty_while_the_line_is_closed(self, at: str) -> None:
        assert names_on_duty(DAILY, TWO, at) == []

    def test_is_on_duty_without_a_rota(self) -> None:
        assert names_on_duty([], TWO, "2026-11-23 10:00") == []

    def test_is_on_duty_in_a_rota_without_people(self) -> None:
        assert names_on_duty(DAILY, people("anna", rota=BACKUP), "2026-11-23 10:00") == []

    def test_is_on_duty_before_the_anchor(self) -> None:
        assert names_on_duty(DAILY, people("anna", begins=date(2025, 1, 1)), "2025-12-30 10:00") == []

    def test_is_on_duty_in_lunch_break(self) -> None:
        lunch = opening_hours("09:00-12:00", "13:00-16:00")

        assert names_on_duty(DAILY, TWO, "2026-11-23 12:00", hours=lunch) == []
        assert names_on_duty(DAILY, TWO, "2026-11-23 13:00", hours=lunch) != []

    def test_is_on_duty_for_a_line_that_a_change_closed(self) -> None:
        moved = changed("2026-11-23", "12:00-14:00")

        assert names_on_duty(DAILY, TWO, "2026-11-23 10:00", changes=moved) == []
        assert len(names_on_duty(DAILY, TWO, "2026-11-23 12:00", changes=moved)) == 1


class TestWhatIsRefused:
    def test_an_anchor_before_the_calendar(self) -> None:
        hours = opening_hours(calendar=Calendar({}, {}, 2027, 2027))

        with pytest.raises(ValueError, match="rota skane begins on 2026-01-05: the calendar begins with 2027"):
            on_duty(hours, {}, [DAILY], TWO, wall("2027-02-01 10:00"))

    def test_but_not_an_anchor_in_its_first_year(self) -> None:
        hours = opening_hours(calendar=Calendar({}, {}, 2026, 2027))

        assert names_on_duty(DAILY, TWO, "2026-01-05 10:00", hours=hours) == ["anna"]

    def test_an_instant_without_offset(self) -> None:
        with pytest.raises(ValueError, match="offset"):
            slot_at(HOURS, DAILY, datetime(2026, 11, 23, 9))  # noqa: DTZ001 - what is refused

    @pytest.mark.parametrize("wrong", [{"length": 0}, {"at_once": 0}, {"weekdays": frozenset()}])
    def test_a_rota_in_which_nobody_could_serve(self, wrong: dict[str, object]) -> None:
        with pytest.raises(ValueError, match="rota skane"):
            replace(DAILY, **wrong)  # type: ignore[arg-type]
