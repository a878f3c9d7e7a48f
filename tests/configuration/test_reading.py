"""What the shipped files say, the table of municipalities, and the Swedish days off."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections import Counter
from datetime import date, time, timedelta
from importlib import resources
from typing import TYPE_CHECKING

import pytest

from app.domain.hours import Interval
from app.domain.lines import Audience, LineKey, MunicipalityCode
from app.domain.municipalities import CountyCode, Municipality
from app.domain.phone import PhoneNumber
from app.domain.rotas import RotaUnit, Tier
from app.reading import read_municipalities, swedish_calendar

if TYPE_CHECKING:
    from app.domain.policy import Policy

SKARABORG = "1444 1445 1446 1447 1470 1471 1472 1473 1493 1494 1495 1496 1497 1498 1499"


@pytest.mark.parametrize(
    ("key", "number", "municipalities", "serves_exposed", "overflow"),
    [
        ("nationell", "+46102235760", 290, False, None),
        ("skane", "+4640349800", 33, False, "nationell"),
        ("skaraborg", "+46500498000", 15, True, "nationell"),
        ("vastmanland", "+46701740620", 10, True, "nationell"),
    ],
)
def test_the_shipped_lines(
    key: str, number: str, municipalities: int, *, serves_exposed: bool, overflow: str | None, policy: Policy
) -> None:
    line = policy.lines[LineKey(key)]

    assert line.public_number.e164 == number
    assert line.twilio_numbers == (PhoneNumber(number),)
    assert len(line.catchment) == municipalities
    assert (Audience.EXPOSED in line.serves) is serves_exposed
    assert Audience.PROFESSIONAL in line.serves
    assert line.overflow == overflow


def test_each_shipped_line_has_its_own_organisation(policy: Policy) -> None:
    assert len({line.organisation for line in policy.lines.values()}) == len(policy.lines) == 4


def test_skaraborg_is_its_fifteen_municipalities(policy: Policy) -> None:
    assert policy.lines[LineKey("skaraborg")].catchment == set(SKARABORG.split())


def test_no_shipped_backup_number_leads_back_to_us(policy: Policy) -> None:
    for line in policy.lines.values():
        assert policy.line_with(line.backup_number) is None


def test_the_shipped_lines_are_open_from_nine_to_four_on_weekdays(policy: Policy) -> None:
    for schedule in policy.schedules.values():
        nine_to_four = (Interval(time(9), time(16)),)
        assert schedule.hours.weekly == (nine_to_four,) * 5 + ((), ())
        assert schedule.hours.zone.key == "Europe/Stockholm"
        assert schedule.hours.close_on_eves
        assert not schedule.hours.special_days


def test_each_shipped_line_has_two_people_on_duty_and_one_behind_them(policy: Policy) -> None:
    for key, schedule in policy.schedules.items():
        found = {rota.key: (rota.tier, rota.at_once) for rota in schedule.rotas}
        assert found == {key: (Tier.PRIMARY, 2), f"{key}-backup": (Tier.BACKUP, 1)}


def test_the_shipped_rotas_differ_in_their_turns(policy: Policy) -> None:
    turns = {key: (schedule.rotas[0].unit, schedule.rotas[0].length) for key, schedule in policy.schedules.items()}

    assert turns == {
        "nationell": (RotaUnit.WEEK, 1),
        "skane": (RotaUnit.DAY, 1),
        "skaraborg": (RotaUnit.DAY, 1),
        "vastmanland": (RotaUnit.WEEK, 2),
    }


def test_the_table_of_municipalities_is_the_published_one() -> None:
    table = resources.files("app.domain").joinpath("municipalities.csv").read_bytes()

    digest = "67231be90bf963dfaae89f70157ec41a0f35ab86ee3265feda93438dc277497e"
    assert hashlib.sha256(table).hexdigest() == digest


def test_sweden_has_290_municipalities_in_21_counties() -> None:
    municipalities = read_municipalities()

    counted = Counter(one.county_name for one in municipalities.by_code.values())

    assert (counted.total(), len(counted)) == (290, 21)
    assert counted["Skåne län"] == 33
    assert counted["Västra Götalands län"] == 49
    assert counted["Östergötlands län"] == 13
    assert counted["Västmanlands län"] == 10
    assert counted["Stockholms län"] == 26
    assert counted["Gotlands län"] == 1


def test_skaraborg_lies_in_vastra_gotaland() -> None:
    municipalities = read_municipalities()

    counties = {municipalities.by_code[MunicipalityCode(code)].county_name for code in SKARABORG.split()}

    assert counties == {"Västra Götalands län"}


def test_a_code_covers_its_county_or_its_municipality_or_nothing() -> None:
    municipalities = read_municipalities()

    assert len(municipalities.covered_by("12")) == 33
    assert municipalities.covered_by("1280") == {"1280"}
    assert municipalities.covered_by("02") == frozenset()
    assert municipalities.county_names[CountyCode("12")] == "Skåne län"


def test_a_municipality_lies_in_the_county_that_its_code_begins_with() -> None:
    with pytest.raises(ValueError, match="1280 can't lie in county 14"):
        Municipality(MunicipalityCode("1280"), "Malmö", CountyCode("14"), "Västra Götalands län")


CLOSED = """
2026-01-01 2026-01-06 2026-04-03 2026-04-06 2026-05-01 2026-05-14 2026-06-19 2026-12-24 2026-12-25 2026-12-31
2027-01-01 2027-01-06 2027-03-26 2027-03-29 2027-05-06 2027-06-25 2027-12-24 2027-12-31
"""


def test_the_closed_weekdays_of_two_years_are_just_these() -> None:
    calendar = swedish_calendar()
    days = (date(2026, 1, 1) + timedelta(days=number) for number in range(730))

    closed = [day for day in days if day.weekday() < 5 and (day in calendar.holidays or day in calendar.eves)]

    assert closed == [date.fromisoformat(text) for text in CLOSED.split()]


def test_eves_are_apart_from_holidays() -> None:
    calendar = swedish_calendar()

    assert set(calendar.eves.values()) == {"Midsommarafton", "Julafton", "Nyårsafton"}
    assert len(calendar.eves) == 3 * (calendar.last_year - calendar.first_year + 1)
    assert not calendar.eves.keys() & calendar.holidays.keys()
    assert calendar.eves[date(2026, 6, 19)] == "Midsommarafton"


def test_sundays_are_no_holidays_and_lend_no_name() -> None:
    calendar = swedish_calendar()
    names = set(calendar.holidays.values())

    assert date(2026, 11, 22) not in calendar.holidays
    assert not any("öndag" in name for name in names)
    assert calendar.holidays[date(2027, 6, 6)] == "Nationaldagen"
    assert calendar.holidays[date(2027, 3, 29)] == "Annandag påsk"


def test_the_calendar_reaches_from_the_first_figures_far_past_today() -> None:
    calendar = swedish_calendar()

    assert (calendar.first_year, calendar.last_year) == (2014, 2099)
    assert min(calendar.holidays) == date(2014, 1, 1)
    assert max(calendar.eves) == date(2099, 12, 31)


@pytest.mark.parametrize("locale", ["C", "C.UTF-8", "en_US.UTF-8"])
def test_the_days_are_named_in_swedish_whatever_the_locale_of_the_process(locale: str) -> None:
    program = (
        "from datetime import date; from app.reading import swedish_calendar;"
        "print(ascii(swedish_calendar().holidays[date(2026, 6, 20)]))"
    )
    environ = {**os.environ, "LANG": locale, "LC_ALL": locale, "LANGUAGE": locale}

    said = subprocess.run([sys.executable, "-c", program], env=environ, capture_output=True, text=True, check=True)

    assert said.stdout.strip() == "'Midsommardagen'"
