"""The page of trends and its files: every number with its unit, compared, and the same on both databases."""

from __future__ import annotations

import csv
import io
import re
from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from app.domain.audit import What
from app.domain.permissions import Role
from app.domain.register import SWEDEN
from app.storage.base import db
from app.storage.models import AuditEntry, Consultation, ConsultationTag, DirtyDay
from app.web.desk.number_words import DASH
from app.web.desk.trends.trends_file import PARTS
from tests.services.old_records import OPEN, Matter, put, put_people

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.web.desk.conftest import Browser

WHOLE = "kind=own&day=2026-08-01&last=2026-11-23"
MATTERS = [
    Matter(2, case=1, promised=OPEN),
    Matter(2, held=False),
    Matter(9, case=1, exposed=3, themes=("FYS", "PSYK")),
    Matter(9, exposed=None, municipality=None),
    Matter(95, exposed=0),
    Matter(96, by="nationell"),
]


@pytest.fixture
def filled(app: Flask) -> Flask:
    with app.app_context():
        put_people(db.session())
        put(db.session(), MATTERS, {1: OPEN})
    return app


@pytest.fixture
def manager(filled: Flask, account: Callable[..., str], browser: Browser) -> Browser:
    assert filled is browser.client.application
    browser.client.set_cookie("radrum_language", "en")
    browser.sign_in(account("chef@skane.example", Role.MANAGER))
    return browser


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def rows(browser: Browser, part: str, query: str = WHOLE) -> list[list[str]]:
    answer = browser.get(f"/trends/{part}.csv?{query}")
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff")), delimiter=";"))


def test_the_first_sentences_say_how_many_of_what_for_how_many_municipalities(manager: Browser) -> None:
    page = words(manager.get(f"/trends?{WHOLE}").get_data(as_text=True))

    assert "4 held consultations for 1 of 33 municipalities." in page
    assert "5 exposed persons." in page
    assert "5 calls." in page


def test_what_was_just_changed_is_in_the_numbers(manager: Browser, filled: Flask) -> None:
    manager.get(f"/trends?{WHOLE}")
    with filled.app_context():
        db.session.execute(update(Consultation).where(Consultation.id == 1).values(exposed=9, version=7))
        db.session.commit()

    page = words(manager.get(f"/trends?{WHOLE}").get_data(as_text=True))

    assert "12 exposed persons." in page
    with filled.app_context():
        assert db.session.scalar(select(DirtyDay.id)) is None


def test_wrong_targets_are_counted_apart(manager: Browser, filled: Flask) -> None:
    with filled.app_context():
        db.session.add(ConsultationTag(consultation_id=1, kind="type", code="FEL", position=1))
        db.session.execute(update(Consultation).where(Consultation.id == 1).values(version=7))
        db.session.commit()

    page = words(manager.get(f"/trends?{WHOLE}").get_data(as_text=True))

    assert "3 held consultations" in page
    assert "Besides, 1 consultation was held with the wrong target group." in page


def test_every_outcome_of_calls_adds_up_to_all_calls(manager: Browser) -> None:
    head, *outcomes, total = rows(manager, "call-outcome")

    assert head[1] == "What became of the calls"
    assert head[2].startswith("calls, 2026-08-01")
    assert sum(int(row[2]) for row in outcomes) == int(total[2]) == 5


@pytest.mark.parametrize("part", ["service", "type", "urgency", "person-age", "person-gender", "place", "channel"])
def test_a_question_with_one_answer_adds_up_with_those_who_gave_none(manager: Browser, part: str) -> None:
    _, *answers, total = rows(manager, part)

    assert sum(int(row[2]) for row in answers) == int(total[2]) > 0


def test_steps_add_up_to_the_period(manager: Browser) -> None:
    _, *steps = rows(manager, "over-time")

    assert [sum(int(row[column] or 0) for row in steps) for column in (2, 4, 5)] == [4, 5, 5]


BEGAN_WITHIN = "kind=own&day=2026-08-11&last=2026-08-30"
"""Ten days of the twenty were counted."""
AFTER = "kind=own&day=2026-08-31&last=2026-09-19"
BEFORE_ALL = "kind=quarter&day=2019-01-01"


def test_a_cell_of_what_was_not_counted_or_not_whole_is_empty_in_a_file_and_a_dash_on_the_page(
    manager: Browser,
) -> None:
    *_, total = rows(manager, "service", AFTER)
    page = manager.get(f"/trends?{AFTER}").get_data(as_text=True)

    assert total[2:] == ["0", "", ""]
    [table] = re.findall(r'id="part-call-outcome".*?</table>', manager.get(f"/trends?{WHOLE}").text, re.DOTALL)
    assert re.findall(r"<td[^>]*>([^<]*)</td>", table)[-3:] == [DASH] * 3
    assert "Nothing was counted in this period" in page


def test_steps_before_the_first_that_was_counted_have_no_number(manager: Browser) -> None:
    _, *steps = rows(manager, "over-time", BEGAN_WITHIN)
    _, *themes = rows(manager, "themes-over-time", BEGAN_WITHIN)

    assert [row[2] for row in steps] == [""] * 9 + ["1"] + ["0"] * 10
    assert [row[4] for row in themes] == [""] * 9 + ["1"] + ["0"] * 10
    page = manager.get(f"/trends?{BEGAN_WITHIN}").get_data(as_text=True)
    assert (
        f"The line is counted only since 20 August 2026: the numbers are of 20 August {DASH} 30 August 2026 alone"
        in page
    )
    assert "from Thursday 20 August 2026 to Sunday 30 August 2026: at least 0, at most 1." in page


def test_of_a_period_before_anything_was_counted_there_is_no_number(manager: Browser) -> None:
    assert rows(manager, "service", BEFORE_ALL)[-1][2:] == ["", "", ""]
    assert {cell for row in rows(manager, "over-time", BEFORE_ALL)[1:] for cell in row[2:]} == {""}
    page = words(manager.get(f"/trends?{BEFORE_ALL}").get_data(as_text=True))
    assert "counted then: it is since 20 August 2026." in page


def test_every_part_is_a_file_and_every_file_is_in_the_read_log(manager: Browser, filled: Flask) -> None:
    for part in sorted(PARTS):
        assert rows(manager, part)

    with filled.app_context():
        noted = db.session.scalars(select(AuditEntry.record).where(AuditEntry.what == What.EXPORTED)).all()
    assert {str(file).split(":")[1].rsplit("-2026", 2)[0] for file in noted} == PARTS


def test_every_part_of_the_page_leads_to_its_file_and_its_definition(manager: Browser) -> None:
    page = manager.get(f"/trends?{WHOLE}").get_data(as_text=True)

    anchors = set(re.findall(r'href="#([\w-]+)"', page))
    assert anchors <= set(re.findall(r'id="([\w-]+)"', page))
    files = {address.replace("&amp;", "&") for address in re.findall(r'href="(/trends/[^"]+)"', page)}
    assert files
    assert all(manager.get(address).status_code == 200 for address in files)


def test_what_was_not_counted_a_year_ago_is_compared_with_nothing(manager: Browser) -> None:
    page = words(manager.get(f"/trends?{WHOLE}").get_data(as_text=True))

    assert "than the same days last year" not in page
    assert "A year before this period it wasn't counted yet" in page


@pytest.mark.parametrize(
    "query",
    [
        "line=nationell",
        "line=nowhere",
        "line=nationell&kind=own",
    ],
)
def test_what_is_out_of_reach_is_not_there(manager: Browser, query: str) -> None:
    assert manager.get(f"/trends?{query}").status_code == 404
    assert manager.get(f"/trends/theme.csv?{query}").status_code == 404


GIVE_A_DAY, AHEAD = "Give a day.", "That lies ahead: give today or an earlier day."


@pytest.mark.parametrize("page", ["/trends", "/trends/municipalities"])
def test_a_period_that_cannot_be_shown_is_said_at_its_field_and_kept(manager: Browser, page: str) -> None:
    refused = [
        ("own", "", "", "day", GIVE_A_DAY),
        ("own", "", "2026-05-01", "day", GIVE_A_DAY),
        ("own", "2026-05-02", "", "last", GIVE_A_DAY),
        ("own", "2026-05-02", "2026-05-01", "last", "Give the first day or a later one."),
        ("own", "2001-01-01", "2026-01-01", "last", "That is too long a time: ten years at the most."),
        ("own", "1900-01-01", "1900-02-01", "day", "Give a day of 1990 or later."),
        ("own", "2999-01-01", "2999-01-02", "day", AHEAD),
        ("year", "2999-01-01", "", "day", AHEAD),
        ("quarter", "9999-12-31", "", "day", AHEAD),
        ("week", "0001-01-01", "", "day", "Give a day of 1990 or later."),
    ]

    for kind, day, last, field, error in refused:
        answer = manager.get(f"{page}?kind={kind}&day={day}&last={last}&line=skane")

        assert answer.status_code == 422
        typed = [re.findall(rf'id="{name}"\s+name="{name}"\s+value="(.*?)"', answer.text) for name in ("day", "last")]
        assert typed == [[day], [last]]
        assert re.search(rf'value="{kind}"\s*(checked|selected)', answer.text)
        assert re.findall(r'id="(\w+)-error">\s*(.*?)\s*</p>', answer.text, re.DOTALL) == [(field, error)]
        assert re.findall(r'aria-describedby="(day|last)-error" aria-invalid="true"', answer.text) == [field]
        assert f'href="#{field}"' in answer.text
        assert 'rel="prev"' not in answer.text


@pytest.mark.parametrize("query", ["kind=own", "kind=own&day=2026-05-02&last=2026-05-01", "kind=year&day=2999-01-01"])
def test_of_a_period_that_cannot_be_shown_there_is_no_file(manager: Browser, query: str) -> None:
    assert manager.get(f"/trends/theme.csv?{query}").status_code == 404
    assert manager.get(f"/trends/municipalities.csv?{query}").status_code == 404


@pytest.mark.parametrize("query", ["", "kind=nonsense", "day=31-12-2026"])
def test_what_cannot_be_read_in_the_address_is_as_if_it_was_not_there(manager: Browser, query: str) -> None:
    assert manager.get(f"/trends?{query}").status_code == 200


def test_a_period_that_goes_on_is_compared_with_as_many_days(manager: Browser) -> None:
    today = datetime.now(SWEDEN).date()

    page = words(manager.get(f"/trends?kind=year&day={today}").get_data(as_text=True))

    assert "This period isn't over." in page


@pytest.mark.parametrize("kind", ["week", "month", "quarter", "half", "year"])
def test_every_kind_of_period_leads_to_the_one_before(manager: Browser, kind: str) -> None:
    page = manager.get(f"/trends?kind={kind}&day=2026-11-21").get_data(as_text=True)

    [earlier] = re.findall(r'href="([^"]+)" rel="prev"', page) or [""]
    if earlier:
        assert manager.get(earlier.replace("&amp;", "&")).status_code == 200
