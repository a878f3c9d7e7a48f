"""The case of a record: opened, joined by a reference, left; without a script no typed word is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from app.domain.cases import CHECK_TABLE, Reference
from app.storage.base import db
from app.storage.models import Case, ConsultationNote
from tests.web.desk.cases.cast import ACCEPT, NOTE, Cast
from tests.web.desk.test_record import fields_of

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

    from tests.web.desk.conftest import Browser

UNKNOWN = "Inget av era ärenden har den referensen."


def press(browser: Browser, record: int, what: str, **more: Any) -> TestResponse:  # noqa: ANN401 - fields of a form
    """As a browser without a script does: the record's own form goes along."""
    fields = fields_of(browser.get(f"/records/{record}"))
    return browser.client.post(f"/records/{record}/case", data={**fields, "case": what, **more})


def asks(browser: Browser, record: int, what: str, reference: str = "") -> TestResponse:
    """As the page's script does."""
    token = fields_of(browser.get(f"/records/{record}"))["csrf_token"][-1]
    sent = {"case": what, "reference": reference}
    return browser.client.post(f"/records/{record}/case", data=sent, headers={**ACCEPT, "X-CSRFToken": token})


def test_a_case_is_opened_and_its_reference_stands_there_to_be_read_out(cast: Cast) -> None:
    astrid, record = cast.at("astrid"), cast.record()

    answer = press(astrid, record, "open")

    assert answer.status_code == 303
    page = astrid.get(f"/records/{record}").get_data(as_text=True)
    case = cast.case_of(record)
    assert case is not None
    with cast.app.app_context():
        reference = str(Reference(db.session.get_one(Case, case).reference))
    assert f">{reference}</p>" in page
    assert "Läs upp den för den som ringer" in page


def test_what_is_typed_and_not_yet_saved_is_saved_along(cast: Cast) -> None:
    astrid, record = cast.at("astrid"), cast.record()

    press(astrid, record, "open", note="Övning: inte sparat än.", service="SOC")

    assert cast.case_of(record) is not None
    with cast.app.app_context():
        assert db.session.get_one(ConsultationNote, record).text == "Övning: inte sparat än."


def test_what_can_not_be_saved_stays_in_the_page_and_nothing_happens_to_the_case(cast: Cast) -> None:
    astrid, record = cast.at("astrid"), cast.record()

    answer = press(astrid, record, "open", note="om 19121212-1212")

    assert answer.status_code == 422
    assert "om 19121212-1212" in answer.get_data(as_text=True)
    assert cast.case_of(record) is None


def test_a_record_is_put_into_a_case_by_its_reference_with_or_without_blanks(cast: Cast) -> None:
    case, astrid = cast.case("beate"), cast.at("astrid")
    first, second = cast.record(), cast.record()

    press(astrid, first, "join", reference=str(Reference(case.reference)))
    press(astrid, second, "enter", reference=case.reference)

    assert cast.case_of(first) == cast.case_of(second) == case.id


@pytest.mark.parametrize("of_others", [True, False], ids=["of others", "of nobody"])
def test_of_a_reference_out_of_reach_nothing_is_learnt(cast: Cast, *, of_others: bool) -> None:
    theirs = cast.case("fjarran", line="nationell").reference
    astrid, record = cast.at("astrid"), cast.record()
    nobodys = next(typed for six in range(100_000, 100_010) if (typed := f"{six}{_check(six)}") != theirs)

    answer = press(astrid, record, "join", reference=theirs if of_others else nobodys)

    assert answer.status_code == 422
    assert UNKNOWN in answer.get_data(as_text=True)
    assert fields_of(answer)["reference"] == [theirs if of_others else nobodys]


@pytest.mark.parametrize(
    ("typed", "words"), [("412 537 2", "Någon siffra är fel"), ("412 53", "sju siffror"), ("", "sju siffror")]
)
def test_a_wrong_digit_is_said_by_the_field(cast: Cast, typed: str, words: str) -> None:
    astrid, record = cast.at("astrid"), cast.record()

    answer = press(astrid, record, "join", reference=typed)

    assert answer.status_code == 422
    assert words in answer.get_data(as_text=True)
    assert cast.case_of(record) is None


def test_enter_without_a_reference_saves_the_record(cast: Cast) -> None:
    astrid, record = cast.at("astrid"), cast.record()

    answer = press(astrid, record, "enter", note="Övning: sparat med Enter.")

    assert answer.status_code == 303
    assert cast.case_of(record) is None
    assert "Övning: sparat med Enter." in astrid.get(f"/records/{record}").get_data(as_text=True)


def test_a_record_is_taken_out_unless_it_is_the_only_one(cast: Cast) -> None:
    case, astrid, record = cast.case("beate"), cast.at("astrid"), cast.record()
    press(astrid, record, "join", reference=case.reference)
    assert "Ta ut den" in astrid.get(f"/records/{record}").get_data(as_text=True)

    press(astrid, record, "leave")
    alone = cast.record()
    press(astrid, alone, "open")
    refused = press(astrid, alone, "leave")

    assert cast.case_of(record) is None
    assert "Ta ut den" not in astrid.get(f"/records/{alone}").get_data(as_text=True)
    assert refused.status_code == 409
    assert "den ärendets enda" in refused.get_data(as_text=True)


def test_nobody_who_held_it_nobody_who_is_responsible(cast: Cast) -> None:
    astrid, record = cast.at("astrid"), cast.record(None)

    answer = press(astrid, record, "open")

    assert answer.status_code == 409
    assert "när någon har genomfört konsultationen" in answer.get_data(as_text=True)


def test_a_record_that_is_in_another_case_is_not_moved_unseen(cast: Cast) -> None:
    one, other = cast.case("beate"), cast.case("beate")
    astrid, record = cast.at("astrid"), cast.record()
    press(astrid, record, "join", reference=one.reference)

    answer = asks(astrid, record, "join", other.reference)

    assert answer.status_code == 409
    assert "redan till ett annat ärende" in answer.get_json()["panel"]
    assert cast.case_of(record) == one.id


def test_beside_a_record_stand_the_last_consultations_of_its_case(cast: Cast) -> None:
    case = cast.case("beate", days_ago=9, note=NOTE)
    astrid, record = cast.at("astrid"), cast.record()
    press(astrid, record, "join", reference=case.reference)

    mine = astrid.get(f"/records/{record}").get_data(as_text=True)
    managers = cast.at("chef").get(f"/records/{record}").get_data(as_text=True)

    assert NOTE in mine
    assert "Beate" in managers
    assert NOTE not in managers
    assert "Det finns en anteckning." in managers
    assert f'formaction="/records/{record}/case"' not in managers
    assert "opened_record" in cast.log(f"cases:{case.id}")


def test_a_script_is_answered_with_the_panel_alone_and_saves_no_form(cast: Cast) -> None:
    astrid, record = cast.at("astrid"), cast.record()

    opened = asks(astrid, record, "open")
    again = asks(astrid, record, "open")
    refused = asks(astrid, cast.record(), "join", "412 537 2")

    assert opened.get_json()["is_done"]
    assert 'class="reference"' in opened.get_json()["panel"]
    assert again.status_code == 200
    assert (refused.status_code, refused.get_json()["is_done"]) == (422, False)


def test_whoever_loads_the_address_again_is_led_to_the_record(cast: Cast) -> None:
    record = cast.record()

    assert cast.at("astrid").get(f"/records/{record}/case").location.endswith(f"/records/{record}")


def _check(six: int) -> int:
    row = 0
    for digit in str(six):
        row = CHECK_TABLE[row][int(digit)]
    return row
