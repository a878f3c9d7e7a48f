"""A follow-up is promised beside the record of the consultation, with the day that it will be due said beforehand."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from babel.dates import format_date

from app.domain.cases import Reference
from app.domain.followups import Promise, due_on
from app.domain.lines import LineKey
from tests.web.desk.cases.cast import ACCEPT, Cast
from tests.web.desk.followups.keeping import case_of, promise, promised_in, today, words
from tests.web.desk.test_record import fields_of

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

    from app.domain.policy import Policy
    from tests.web.desk.conftest import Browser


def press(browser: Browser, record: int, **more: Any) -> TestResponse:  # noqa: ANN401 - fields of a form
    """As a browser without a script does: the record's own form goes along."""
    fields = fields_of(browser.get(f"/records/{record}"))
    return browser.client.post(f"/records/{record}/case", data={**fields, "case": "promise", **more})


def asks(browser: Browser, record: int, **more: str) -> TestResponse:
    """As the page's script does."""
    token = fields_of(browser.get(f"/records/{record}"))["csrf_token"][-1]
    headers = {**ACCEPT, "X-CSRFToken": token}
    return browser.client.post(f"/records/{record}/case", data={"case": "promise", **more}, headers=headers)


def test_each_choice_says_by_which_day_it_would_be_done(cast: Cast, policy: Policy) -> None:
    record, hours = cast.record(), policy.schedules[LineKey("skane")].hours

    page = cast.at("astrid").get(f"/records/{record}").get_data(as_text=True)

    choices = re.findall(r'<option value="(\d+)"[^>]*>([^<]+ dag[^<]*)</option>', page)
    dues = {days: due_on(hours, {}, Promise(today(policy), days)) for days in range(1, 15)}
    assert choices[0][0] == "14"
    assert [dues[int(days)] for days, _ in choices] == sorted(set(dues.values()), reverse=True)
    for days, said in choices:
        due = dues[int(days)]
        assert said.startswith(f"{format_date(due, 'EEEE d MMMM', 'sv_SE')} ({(due - today(policy)).days} dag")


def test_a_promise_opens_a_case_whose_reference_is_shown(cast: Cast) -> None:
    astrid, record = cast.at("astrid"), cast.record()

    answer = press(astrid, record, days="14")

    page, case = astrid.get(f"/records/{record}"), case_of(cast, record)
    made = promised_in(cast, record)
    assert answer.status_code == 303
    assert case is not None
    assert made is not None
    assert made.within_days == 14
    assert str(Reference(case.reference)) in words(page)
    assert "senast" in words(page)
    assert 'value="promise"' not in page.get_data(as_text=True)


def test_a_script_gets_the_panel_with_the_reference_and_the_day(cast: Cast) -> None:
    astrid, record = cast.at("astrid"), cast.record()

    answer = asks(astrid, record, days="3")

    said, case = answer.get_json(), case_of(cast, record)
    assert case is not None
    assert said["is_done"]
    assert str(Reference(case.reference)) in said["panel"]
    assert "Uppföljningen är utlovad" in said["panel"]


@pytest.mark.parametrize("days", ["0", "15", "-3", "tre", "²", "999999999999"])
def test_other_days_are_refused_by_the_field(cast: Cast, days: str) -> None:
    astrid, record = cast.at("astrid"), cast.record()

    answer, asked = press(astrid, record, days=days), asks(astrid, record, days=days)

    assert (answer.status_code, asked.status_code) == (422, 422)
    assert "inom 1 till 14 dagar" in words(answer)
    assert 'aria-describedby="days-error"' in answer.get_data(as_text=True)
    assert not asked.get_json()["is_done"]
    assert promised_in(cast, record) is None
    assert case_of(cast, record) is None


def test_what_is_typed_is_stored_before_the_promise(cast: Cast) -> None:
    astrid, record = cast.at("astrid"), cast.record()

    press(astrid, record, days="14", service="SOC")

    assert 'value="SOC"' in astrid.get(f"/records/{record}").get_data(as_text=True)
    assert re.search(r'value="SOC"[^>]*checked', astrid.get(f"/records/{record}").text.replace("\n", " "))


def test_a_record_that_says_that_one_is_agreed_is_asked_for_it(cast: Cast) -> None:
    astrid, record = cast.at("astrid"), cast.record()
    before = astrid.get(f"/records/{record}").text

    fields = fields_of(astrid.get(f"/records/{record}"))
    astrid.client.post(f"/records/{record}", data={**fields, "type": "ARENDE", "outcome": "BOKAD", "then": "save"})
    asked = astrid.get(f"/records/{record}").text
    press(astrid, record, days="14")

    assert re.search(r"data-asked-for[^>]*hidden", before)
    assert not re.search(r"data-asked-for[^>]*hidden", asked)
    assert "data-asked-for" not in astrid.get(f"/records/{record}").text


def test_nothing_is_promised_in_a_record_that_nobody_held(cast: Cast) -> None:
    astrid, record = cast.at("astrid"), cast.record(None)

    page = astrid.get(f"/records/{record}").text
    answer = press(astrid, record, days="14")

    assert 'value="promise"' not in page
    assert answer.status_code == 409


def test_an_old_record_says_which_days_have_passed(cast: Cast) -> None:
    record = cast.record(days_ago=10)

    page = cast.at("astrid").get(f"/records/{record}").text

    passed = re.findall(r'<option value="(\d+)"[^>]*>[^<]*har passerat', page)
    assert passed
    assert max(map(int, passed)) < 14


def test_two_who_promise_make_one_promise(cast: Cast) -> None:
    record = cast.record()
    astrid, beate = cast.at("astrid"), cast.at("beate")

    first, second = asks(astrid, record, days="14"), asks(beate, record, days="2")

    made = promised_in(cast, record)
    assert (first.status_code, second.status_code) == (200, 200)
    assert made is not None
    assert made.within_days == 14


def test_whoever_reads_records_alone_sees_the_promise_and_makes_none(cast: Cast) -> None:
    promised, bare = promise(cast), cast.record()
    chef = cast.at("chef")

    assert "senast" in words(chef.get(f"/records/{promised.record}"))
    assert 'value="promise"' not in chef.get(f"/records/{bare}").text
    assert "data-promise" not in chef.get(f"/records/{bare}").text


def test_other_houses_see_nothing_of_it(cast: Cast) -> None:
    promised = promise(cast)
    token = cast.at("fjarran", "nationell")

    assert token.get(f"/records/{promised.record}").status_code == 404
