"""The page of staffing: what it says, that each number is explained, and whom it is for."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

import pytest

from app.domain.permissions import Role
from app.domain.wall_clock import ONE_DAY, instant_at
from app.storage.base import db
from app.web.setup import EXTENSION
from tests.services.counting import count_changes
from tests.services.offering import rang, was_talked
from tests.services.on_duty import STOCKHOLM, hire_all

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.web.desk.conftest import Browser

TODAY = datetime.now(STOCKHOLM).date()
LAST_WEDNESDAY = TODAY - (TODAY.weekday() + 5) * ONE_DAY
PAGE = "/trends/staffing"


@pytest.fixture
def coordinator(account: Callable[..., str], browser: Browser) -> Browser:
    browser.sign_in(account("schema@skane.example", Role.COORDINATOR))
    return browser


@pytest.fixture
def busy(app: Flask) -> None:
    """Three on duty; for 50 weeks three calls each Wednesday at ten, one of them talked for twenty minutes."""
    with app.app_context():
        session = db.session()
        hire_all(session)
        rang(session, wednesday(60))
        for week in range(50):
            at = wednesday(week)
            rang(session, at)
            rang(session, at)
            was_talked(session, at, 20 * 60)
        count_changes(session, app.extensions[EXTENSION].policy)


def wednesday(weeks_ago: int) -> datetime:
    return instant_at(LAST_WEDNESDAY - timedelta(weeks=weeks_ago), time(10), STOCKHOLM)


def words_of(page: str) -> str:
    """What somebody reads, on one line; spaces that don't break are spaces."""
    plain = re.sub(r"<[^>]+>", " ", page).replace("\N{NO-BREAK SPACE}", " ").replace("&lt;", "<")
    return re.sub(r" ([.,:])", r"\1", " ".join(plain.split()))


@pytest.mark.usefixtures("busy")
def test_the_page_says_how_many_meet_all_busy_and_what_one_more_or_fewer_would_do(coordinator: Browser) -> None:
    said = words_of(coordinator.get(PAGE).text)

    assert re.search(r"Med det kommande jourschemat möts \d+ % av samtalen av att alla specialister är upptagna", said)
    assert re.search(r"Med en specialist färre varje timme: \d+ %, omkring \d+ samtal på ett år\.", said)
    assert re.search(r"Med en mer varje timme: \d+ %, omkring \d+ samtal på ett år\.", said)
    assert "Ett samtal tar en specialist 35 min i snitt: 20 min samtal och 15 min skrivande." in said
    assert re.search(r"Onsdag 10\W11: \d+ %", said)
    assert "Räknat på 150 samtal från" in said


@pytest.mark.usefixtures("busy")
def test_the_week_is_a_table_with_heads_for_both_ways(coordinator: Browser) -> None:
    page = coordinator.get(PAGE).text

    week = page.partition('<caption id="week">')[2].partition("</table>")[0]
    heads = re.findall(r'<th scope="col"[^>]*>([^<]+)</th>', week)
    assert (len(heads), heads[0], heads[1], heads[-1]) == (6, "Timme", "mån", "fre")
    assert len(re.findall(r'<th scope="row">', week)) == 7
    assert week.count("<td") == 35
    assert 'tabindex="0"' in page
    assert [one for one in re.findall(r"<summary>([^<]+)</summary>", page) if one.endswith("dag")] == [
        "Måndag",
        "Tisdag",
        "Onsdag",
        "Torsdag",
        "Fredag",
    ]


@pytest.mark.usefixtures("busy")
def test_every_number_leads_to_what_it_means(coordinator: Browser) -> None:
    page = coordinator.get(PAGE).text

    targets = set(re.findall(r'href="#([\w-]+)"', page)) - {"main"}
    assert targets == {"calls", "all-busy"}
    assert targets <= set(re.findall(r'\bid="([\w-]+)"', page))
    assert "Vad modellen inte kan säga" in page


@pytest.mark.usefixtures("busy")
def test_in_english_numbers_are_written_as_in_english(coordinator: Browser) -> None:
    coordinator.get("/language/en?back=/")

    said = words_of(coordinator.get(PAGE).text)

    assert re.search(r"With one specialist fewer in every hour: \d+%, about \d+ calls in a year\.", said)


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize(
    ("asked", "minutes"),
    [("", 15), ("wrap_up=30", 30), ("wrap_up=7", 7), ("wrap_up=99", 60), ("wrap_up=-1", 15), ("wrap_up=²", 15)],
)
def test_the_time_for_writing_is_the_askers(coordinator: Browser, asked: str, minutes: int) -> None:
    page = coordinator.get(f"{PAGE}?{asked}").text

    chosen = re.findall(r'name="wrap_up"\s+value="(\d+)"\s+checked', page)
    assert chosen == [str(minutes)]


@pytest.mark.usefixtures("busy")
def test_a_queue_that_never_ends_has_no_wait(app: Flask, coordinator: Browser) -> None:
    with app.app_context():
        for _ in range(600):
            rang(db.session(), wednesday(0))
        db.session.commit()

    said = words_of(coordinator.get(PAGE).text)

    assert "fler samtal än som kan tas emot" in said


def test_too_few_calls_are_said_to_be_too_few(app: Flask, coordinator: Browser) -> None:
    with app.app_context():
        for days in range(100, 110):
            rang(db.session(), instant_at(TODAY - days * ONE_DAY, time(10), STOCKHOLM))
        db.session.commit()

    said = words_of(coordinator.get(PAGE).text)

    assert "För få samtal för att säga något" in said
    assert "minst 30 samtal" in said
    assert "Andel samtal" not in said


def test_another_organisations_line_is_not_there(coordinator: Browser) -> None:
    assert coordinator.get(f"{PAGE}?line=nationell").status_code == 404
    assert coordinator.get(f"{PAGE}?line=finns-inte").status_code == 404
    assert coordinator.get(f"{PAGE}?line=skane").status_code == 200


@pytest.mark.parametrize(("role", "status"), [(Role.MANAGER, 200), (Role.SPECIALIST, 200), (Role.ADMINISTRATOR, 403)])
def test_whoever_sees_figures_sees_it(account: Callable[..., str], browser: Browser, role: Role, status: int) -> None:
    browser.sign_in(account("nagon@skane.example", role))

    assert browser.get(PAGE).status_code == status


def test_the_figures_lead_to_it(coordinator: Browser) -> None:
    assert f'href="{PAGE}"' in coordinator.get("/figures").text
