"""Equal access: which municipalities turn to a line, with a sum that is whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete

from app.domain.calendar_periods import Kind
from app.domain.consultations import PlaceKind
from app.domain.errors import NotFound
from app.domain.lines import LineKey, OrganisationKey
from app.domain.permissions import AccountId, Actor, Role
from app.domain.reach import Often
from app.domain.tallies import Grain
from app.services.csv_reading import FileWrong, Mistake
from app.services.numbers import equal_access, population
from app.services.numbers.asked_period import Asked
from app.services.numbers.equal_access import AskedReach, Reach
from app.services.numbers.figure_rows import Imported, Refused, Wrong
from app.storage.models import Tally
from app.storage.queries import reached
from tests.services.counting import count_changes
from tests.services.skane_half_year import (
    HELD,
    MUNICIPALITIES,
    NOW,
    REACHED,
    SWEDEN,
    held,
    put_someone,
    skane_half_year,
)

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.domain.policy import Policy

SKANE = Actor(
    AccountId("chef"), None, OrganisationKey("skane"), frozenset({LineKey("skane")}), frozenset({Role.MANAGER})
)
NATIONAL = replace(SKANE, organisation=OrganisationKey("nationell"), lines=frozenset({LineKey("nationell")}))
HALF_YEAR = AskedReach(Asked(Kind.OWN, date(2023, 10, 1), date(2024, 3, 31)))
MALMO, LUND, SVALOV, BURLOV = "1280", "1281", "1214", "1231"


def asked(session: Session, policy: Policy, what: AskedReach = HALF_YEAR, actor: Actor = SKANE) -> Reach:
    found = equal_access.of(session, policy, actor, what, NOW)
    assert found is not None
    return found


def of(found: Reach, code: str) -> equal_access.OfMunicipality:
    return next(one for one in found.rows if one.municipality.code == code)


def on(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 10, tzinfo=SWEDEN)


def test_the_half_year_of_skane_is_193_consultations_for_22_of_33_municipalities(
    session: Session, policy: Policy
) -> None:
    skane_half_year(session, policy)

    found = asked(session, policy)

    assert (found.held, found.for_municipalities) == (HELD, HELD)
    assert (found.with_any, len(found.rows)) == (REACHED, MUNICIPALITIES)
    assert found.apart.total == 0
    assert found.as_often(Often.NEVER) == MUNICIPALITIES - REACHED


def test_consultations_for_no_municipality_of_the_line_are_counted_apart(session: Session, policy: Policy) -> None:
    put_someone(session)
    held(session, on(2024, 1, 9), MALMO)
    held(session, on(2024, 1, 10), "0180")
    held(session, on(2024, 1, 11), place=PlaceKind.COUNTY, county="12")
    held(session, on(2024, 1, 12), place=PlaceKind.WHOLE_COUNTY, county="10")
    held(session, on(2024, 1, 15), place=PlaceKind.ABROAD)
    held(session, on(2024, 1, 16), place=PlaceKind.UNKNOWN)
    held(session, on(2024, 1, 17))
    held(session, on(2024, 1, 18), MALMO, kind="FEL")
    count_changes(session, policy)

    found = asked(session, policy)

    assert found.apart == equal_access.Apart(1, 1, 1, 1, 1, 1)
    assert found.for_municipalities + found.apart.total == found.held == 7


def test_how_often_and_when_last_is_said_of_each(session: Session, policy: Policy) -> None:
    put_someone(session)
    held(session, on(2023, 5, 9), BURLOV)
    for month in (1, 2, 3):
        held(session, on(2024, month, 5), MALMO)
    held(session, on(2024, 1, 5), LUND)
    held(session, on(2024, 1, 6), LUND)
    held(session, on(2023, 12, 6), SVALOV)
    count_changes(session, policy)

    found = asked(session, policy)

    assert [of(found, code).often for code in (MALMO, LUND, SVALOV, BURLOV)] == [
        Often.REGULARLY,
        Often.SEVERAL,
        Often.ONCE,
        Often.NEVER,
    ]
    assert [of(found, code).quiet_months for code in (MALMO, LUND, SVALOV, BURLOV)] == [0, 2, 3, 10]
    assert of(found, BURLOV).last == date(2023, 5, 1)
    assert MALMO not in {one.municipality.code for one in found.silent}
    assert {SVALOV, BURLOV} <= {
        one.municipality.code for one in asked(session, policy, replace(HALF_YEAR, silent_months=3)).silent
    }


def test_the_reach_is_counted_since_the_line_began_or_another_day(session: Session, policy: Policy) -> None:
    put_someone(session)
    held(session, on(2023, 5, 9), BURLOV)
    held(session, on(2024, 1, 9), MALMO)
    held(session, on(2024, 1, 20), LUND)
    held(session, on(2024, 4, 9), SVALOV)
    count_changes(session, policy)

    assert asked(session, policy).reached == 3
    assert asked(session, policy, replace(HALF_YEAR, since=date(2024, 1, 9))).reached == 2
    assert asked(session, policy, replace(HALF_YEAR, since=date(2024, 1, 10))).reached == 1
    assert asked(session, policy, replace(HALF_YEAR, since=date(2030, 1, 1))).since == date(2024, 3, 31)


def test_what_comes_after_the_period_says_nothing_of_it(session: Session, policy: Policy) -> None:
    put_someone(session)
    held(session, on(2024, 2, 9), MALMO)
    held(session, on(2024, 2, 20), LUND)
    count_changes(session, policy)

    found = asked(session, policy, AskedReach(Asked(Kind.OWN, date(2024, 1, 1), date(2024, 2, 15))))

    assert (of(found, MALMO).last, of(found, LUND).last) == (date(2024, 2, 9), None)
    assert (found.held, found.with_any) == (1, 1)


def test_the_national_line_has_every_municipality(session: Session, policy: Policy) -> None:
    skane_half_year(session, policy)

    found = asked(session, policy, actor=NATIONAL)

    assert len(found.rows) == 290
    assert (found.held, found.counted_since) == (0, None)


def test_nothing_is_shown_of_lines_that_are_out_of_reach(session: Session, policy: Policy) -> None:
    nobody = replace(SKANE, lines=frozenset())

    assert equal_access.of(session, policy, nobody, HALF_YEAR, NOW) is None
    with pytest.raises(NotFound):
        asked(session, policy, AskedReach(Asked(lines=frozenset({LineKey("nationell")}))))
    with pytest.raises(NotFound):
        asked(session, policy, AskedReach(Asked(Kind.YEAR, date(2030, 1, 1))))


FILE = "kod;år;folkmängd\n1280;2023;360 000\n1280;2024;365000\n1281;2023;130000\n"


def taken_in(session: Session, policy: Policy, text: str, actor: Actor = SKANE) -> Imported | Refused:
    return population.import_own(session, policy.municipalities, actor, text, date(2024, 9, 2), NOW)


def test_the_newest_population_gives_consultations_per_10_000(session: Session, policy: Policy) -> None:
    skane_half_year(session, policy)

    assert taken_in(session, policy, FILE) == Imported(3, 0, 0)
    found = asked(session, policy)

    malmo = of(found, MALMO)
    assert malmo.population == (2024, 365_000)
    assert malmo.per_10_000 == pytest.approx(malmo.held / 36.5)
    assert of(found, BURLOV).per_10_000 is None
    assert found.population_years == [2023, 2024]


def test_a_population_is_replaced_by_a_later_file_and_by_no_other_house(session: Session, policy: Policy) -> None:
    taken_in(session, policy, FILE)
    taken_in(session, policy, "code,year,population\n1280,2024,1\n", NATIONAL)

    assert taken_in(session, policy, "code;year;population\n1280;2024;366000\n1281;2023;130000\n") == Imported(0, 1, 1)
    assert of(asked(session, policy), MALMO).population == (2024, 366_000)
    assert of(asked(session, policy, actor=NATIONAL), MALMO).population == (2024, 1)


def test_a_command_takes_the_population_in_for_every_organisation(session: Session, policy: Policy) -> None:
    done = population.import_for(session, policy.municipalities, policy.organisations, FILE, date(2024, 9, 2))

    assert done == dict.fromkeys(policy.organisations, Imported(3, 0, 0))


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("", Mistake(0, "", FileWrong.NO_TABLE)),
        ('"', Mistake(0, "", FileWrong.NO_TABLE)),
        ("code;year\n", Mistake(1, "", FileWrong.HEADER)),
        ("code;year;population\n1280;2024\n", Mistake(2, "", FileWrong.CELLS)),
        ("code;year;population\n9999;2024;5\n", Mistake(2, "code", Wrong.NO_MUNICIPALITY, "9999")),
        ("code;year;population\n1280;2025;5\n", Mistake(2, "year", Wrong.NO_YEAR, "2025")),
        ("code;year;population\n1280;24;5\n", Mistake(2, "year", Wrong.NO_YEAR, "24")),
        ("code;year;population\n1280;2024;0\n", Mistake(2, "population", Wrong.NO_NUMBER, "0")),
        ("code;year;population\n1280;2024;3,5\n", Mistake(2, "population", Wrong.NO_NUMBER, "3,5")),
        ("code;year;population\n1280;2024;3\n1280;2024;4\n", Mistake(3, "code", FileWrong.TWICE, "1280 2024")),
    ],
)
def test_a_file_of_populations_is_taken_whole_or_not(
    session: Session, policy: Policy, text: str, mistake: Mistake
) -> None:
    assert taken_in(session, policy, text) == Refused((mistake,))
    assert asked(session, policy).population_years == []


def test_a_file_may_be_too_long(session: Session, policy: Policy) -> None:
    text = "code;year;population\n" + "1280;2024;3\n" * 20_000

    assert taken_in(session, policy, text) == Refused((Mistake(0, "", FileWrong.TOO_MANY, "20000"),))


def test_a_code_that_a_spreadsheet_cut_is_known(session: Session, policy: Policy) -> None:
    taken_in(session, policy, "code;year;population\n180;2024;984000\n")

    assert of(asked(session, policy, actor=NATIONAL), "0180").population is None
    assert reached.newest_population(session, SKANE) == {"0180": (2024, 984_000)}


def test_utc_is_no_calendar(session: Session, policy: Policy) -> None:
    put_someone(session)
    held(session, datetime(2024, 3, 31, 22, 30, tzinfo=UTC), MALMO)
    count_changes(session, policy)

    assert asked(session, policy).held == 0


def test_it_is_said_from_which_day_on_anything_was_counted(session: Session, policy: Policy) -> None:
    put_someone(session)
    held(session, on(2023, 11, 17), MALMO)
    count_changes(session, policy)

    assert asked(session, policy).counted_since == date(2023, 11, 17)

    session.execute(delete(Tally).where(Tally.grain == Grain.DAY))
    assert asked(session, policy).counted_since == date(2023, 11, 1)
