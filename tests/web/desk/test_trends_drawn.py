"""What the trends draw besides bars over time: themes, waits and talks, and calls by weekday and hour."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest
from flask import render_template_string
from sqlalchemy import update

from app.domain.calls import AttemptState
from app.domain.permissions import Role
from app.storage.base import db
from app.storage.models import Attempt, Call, Consultation
from app.web.desk.charts import Given, chart
from app.web.desk.number_words import DASH
from tests.services.old_records import Matter, put, put_people

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.web.desk.conftest import Browser

WHOLE = "kind=own&day=2026-08-01&last=2026-11-23"
MATTERS = [
    Matter(2, held=False),
    Matter(9, themes=("FYS", "PSYK")),
    Matter(9),
    Matter(16),
    Matter(95, themes=("PSYK",)),
]
WORKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri"]
_VOID = frozenset({"br", "hr", "img", "input", "link", "meta"})


class _Drawn(HTMLParser):
    """The figures and tables of a page, and those that have no link to a definition beside them."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, str]] = []
        self.owners: list[list[str]] = []
        self.drawn: list[tuple[str, list[str] | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in _VOID:
            return
        is_owner = tag == "figure" or "part" in given.get("class", "").split()
        self.open.append((tag, "owner" if is_owner else ""))
        if is_owner:
            self.owners.append([])
        if tag == "a" and given.get("href", "").startswith("#def-") and self.owners:
            self.owners[-1].append(given["href"].removeprefix("#"))
        if tag in {"table", "figure"} or (tag == "svg" and given.get("role") == "img"):
            said = given.get("aria-label") or given.get("class", "")
            self.drawn.append((f"{tag} {said}", self.owners[-1] if self.owners else None))

    def handle_endtag(self, tag: str) -> None:
        while self.open:
            name, kind = self.open.pop()
            if kind:
                self.owners.pop()
            if name == tag:
                return


@pytest.fixture
def filled(app: Flask) -> Flask:
    with app.app_context():
        put_people(db.session())
        put(db.session(), MATTERS)
        for number, seconds in enumerate((7, 34, 75), start=2):
            began = db.session.get_one(Call, number).started_at
            taken = began.timestamp() + seconds
            accepted = {"state": AttemptState.ACCEPTED, "accepted_at": datetime.fromtimestamp(taken, UTC)}
            talked = {"bridged": True, "dial_seconds": 600 * number}
            db.session.execute(update(Attempt).where(Attempt.call_id == number).values(**accepted, **talked))
        db.session.commit()
    return app


@pytest.fixture
def manager(filled: Flask, account: Callable[..., str], browser: Browser) -> Browser:
    assert filled is browser.client.application
    browser.client.set_cookie("radrum_language", "en")
    browser.sign_in(account("chef@skane.example", Role.MANAGER))
    return browser


def page_of(browser: Browser) -> str:
    return browser.get(f"/trends?{WHOLE}").get_data(as_text=True)


def rows(browser: Browser, part: str) -> list[list[str]]:
    answer = browser.get(f"/trends/{part}.csv?{WHOLE}")
    return list(csv.reader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff")), delimiter=";"))


def test_every_figure_and_table_of_the_page_leads_to_what_it_counts(manager: Browser) -> None:
    page = page_of(manager)

    parser = _Drawn()
    parser.feed(page)

    kinds = {re.split(r"[ .]", drawn)[0] for drawn, _ in parser.drawn}
    assert kinds == {"figure", "table", "svg"}
    assert [drawn for drawn, definitions in parser.drawn if not definitions] == []
    for part in ("waits", "talks", "hours", "themes"):
        assert any(definitions == [f"def-{part}"] for _, definitions in parser.drawn)
        assert f'<dt id="def-{part}">' in page


def test_every_map_of_hours_has_all_workdays_and_every_hour_between(manager: Browser) -> None:
    _, *cells = rows(manager, "hours")

    kinds = {kind for kind, *_ in cells}
    hours = {kind: {(day, hour) for of, day, hour, _ in cells if of == kind} for kind in kinds}
    assert len(kinds) == 3
    for shown in hours.values():
        assert [day for day in dict.fromkeys(day for _, day, _, _ in cells) if (day, "11") in shown] == [
            *WORKDAYS,
            "Sat",
        ]
        assert {hour for _, hour in shown} == {"11", "12"}
    assert sum(int(many) for kind, _, _, many in cells if kind.startswith("Missed")) == 1


def test_waits_and_talks_are_counted_by_how_long_they_were(manager: Browser) -> None:
    head, *waits, total, median, most = rows(manager, "waits")
    _, *talks, talked, _, _ = rows(manager, "talks")

    assert head[:4] == ["How long those who were answered waited", "From, seconds", "Below, seconds", "Unit"]
    assert [row[:5] for row in waits if row[4] != "0"] == [
        ["Under 10\N{NO-BREAK SPACE}s", "0", "10", "calls", "1"],
        [f"30{DASH}60\N{NO-BREAK SPACE}s", "30", "60", "calls", "1"],
        [f"1{DASH}2\N{NO-BREAK SPACE}min", "60", "120", "calls", "1"],
    ]
    assert [row[4] for row in talks if row[4] != "0"] == ["1", "2"]
    assert total[4] == talked[4] == "3"
    assert (median[3], most[3]) == ("seconds", "seconds")
    assert 30 <= int(median[4]) < 35
    assert 75 <= int(most[4]) < 90


def test_what_was_not_counted_is_empty_in_the_file(manager: Browser) -> None:
    _, *waits = rows(manager, "waits")

    assert {cell for row in waits for cell in row[5:]} == {""}


def test_the_median_is_said_in_the_row_that_it_lies_in(manager: Browser) -> None:
    page = " ".join(re.sub(r"<[^>]+>", " ", page_of(manager)).split())

    assert re.search(rf"30{DASH}60 s Median 3\d s 1", page)
    assert re.search(rf"1{DASH}2 min Nine of ten within 1 min \d\d s 1", page)


def test_themes_have_their_bars_to_one_scale_and_the_same_numbers_in_a_table(manager: Browser) -> None:
    [drawing] = re.findall(r'<ul class="multiples">.*?</ul>', page_of(manager), re.DOTALL)

    labels = [" ".join(one.split()) for one in re.findall(r"<span>(.*?)</span>", drawing, re.DOTALL)]
    drawn = re.findall(r'viewBox="0 0 (\d+) (\d+)".*?</svg>', drawing, re.DOTALL)
    heights = [sum(map(int, re.findall(r"v-(\d+)", one))) for one in drawing.split("</li>")]
    _, *steps = rows(manager, "themes-over-time")
    assert len(set(drawn)) == 1
    sums = [sum(int(row[4] or 0) for row in steps if row[1] == label) for label in labels]
    assert heights[: len(labels)] == sums == [3, 2]


def test_before_anything_was_counted_a_row_of_themes_has_no_ground_and_no_number(manager: Browser) -> None:
    page = manager.get("/trends?kind=own&day=2026-07-01&last=2026-11-23").get_data(as_text=True)

    [table] = re.findall(r'<table class="table grid">.*?</table>', page, re.DOTALL)
    cells = re.findall(r"<td[^>]*>(.*?)</td>", table)
    grounds = set(re.findall(r'class="ground" d="M(\d+) \d+H(\d+)"', page))
    assert cells[: len(cells) // 2].count(DASH) == 7
    assert grounds == {("7", str(len(cells) // 2))}


def test_without_answered_calls_nothing_is_drawn_of_waits(manager: Browser, filled: Flask) -> None:
    with filled.app_context():
        db.session.execute(update(Attempt).values(state=AttemptState.NO_ANSWER, accepted_at=None))
        db.session.execute(update(Consultation).values(version=9))
        db.session.commit()

    assert 'id="part-waits"' not in page_of(manager)
    assert {row[4] for row in rows(manager, "waits")[1:-2]} == {"0"}
    assert {row[4] for row in rows(manager, "waits")[-2:]} == {""}


def test_the_lines_across_a_drawing_have_their_numbers_in_groups_of_three(app: Flask) -> None:
    template = '{% from "macros/charts.html" import bars %}{{ bars(drawn, "") }}'
    drawn = chart([Given(3407, 2026, "1", "", is_over=True)], 3407)

    with app.test_request_context():
        page = render_template_string(template, drawn=drawn)

    assert re.findall(r">([^<>]*)</text>", page)[:5] == ["0", *(f"{many}\N{NO-BREAK SPACE}000" for many in range(1, 5))]
