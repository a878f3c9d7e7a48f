"""Many cases at once: of whoever isn't there, to whoever can open them; what changed meanwhile costs no word."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from app.domain.cases import CaseEnd, HandOver, Reference
from app.domain.lines import StaffId
from app.services.case import cases, followups
from app.services.case.cases import HandingOver
from app.storage.base import db
from tests.web.desk.cases.cast import NOTE, Cast, specialist

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

    from app.storage.models import Case
    from tests.web.desk.conftest import Browser

WORDS = "Övning: alla är lugna just nu."


def sends(browser: Browser, whose: str, ticked: list[Case], then: str = "hand", **fields: Any) -> TestResponse:  # noqa: ANN401 - fields of a form
    sent = {"whose": whose, "case": [str(one.id) for one in ticked], "then": then}
    sent |= {"to": "beate", "reason": "sickness", "note": WORDS, **fields}
    sent["csrf_token"] = browser.token(f"/hand-over?from={whose}")
    return browser.client.post("/hand-over", data=sent)


def ticked_in(answer: TestResponse) -> int:
    text = answer.get_data(as_text=True)
    return sum("checked" in one.partition(">")[0] for one in text.split('name="case"')[1:])


def test_coordinators_see_who_has_how_many_who_is_away_and_who_has_left(cast: Cast) -> None:
    cast.hire("cecilia", 44)
    cast.case("astrid"), cast.case("astrid"), cast.case("cecilia"), cast.case("beate")
    cast.is_away("astrid", 10)
    cast.leaves("cecilia")

    page = cast.at("koord").get("/hand-over").get_data(as_text=True)

    left, away, there = (page.index(f">{name}</a>") for name in ("Cecilia", "Astrid", "Beate"))
    assert left < away < there
    assert "2 öppna ärenden" in page
    assert "Inget konto i bruk" in page
    assert "Borta till" in page


def test_all_of_somebodys_cases_change_hands_and_nothing_of_their_content_is_shown(cast: Cast) -> None:
    mine = [cast.case("astrid", note=NOTE) for _ in range(3)]
    koord = cast.at("koord")
    page = koord.get("/hand-over?from=astrid").get_data(as_text=True)

    all_ticked = sends(koord, "astrid", [], "all", to="", reason="")
    done = sends(koord, "astrid", mine)

    assert NOTE not in page
    assert all(str(Reference(one.reference)) in page for one in mine)
    assert (all_ticked.status_code, ticked_in(all_ticked), WORDS in all_ticked.get_data(as_text=True)) == (200, 3, True)
    assert done.status_code == 303
    assert {cast.now(one).staff_id for one in mine} == {"beate"}
    assert "3 ärenden är överlämnade till Beate." in koord.get("/hand-over").get_data(as_text=True)


def test_some_stay(cast: Cast) -> None:
    go, stays = cast.case(), cast.case()

    sends(cast.at("koord"), "astrid", [go])

    assert [cast.now(one).staff_id for one in (go, stays)] == ["beate", "astrid"]


def test_what_changed_hands_or_ended_meanwhile_is_named_and_the_others_stay_ticked(cast: Cast) -> None:
    gone, ended, first, second = (cast.case() for _ in range(4))
    koord, now = cast.at("koord"), datetime.now(UTC)
    with cast.app.app_context():
        how = HandingOver(StaffId("beate"), HandOver.OTHER)
        cases.hand_over(db.session(), cast.policy, specialist("astrid"), [gone.id], how, now)
        cases.end(db.session(), specialist("astrid"), ended.id, CaseEnd.FINISHED, now)
        db.session.commit()

    answer = sends(koord, "astrid", [gone, ended, first, second])
    page = answer.get_data(as_text=True)

    assert answer.status_code == 409
    assert f"{Reference(gone.reference)} har Beate nu." in page
    assert f"{Reference(ended.reference)} är avslutat." in page
    assert ticked_in(answer) == 2
    assert WORDS in page
    assert {cast.now(one).staff_id for one in (first, second)} == {"astrid"}
    assert sends(koord, "astrid", [first, second]).status_code == 303


def test_nothing_ticked_and_nobody_chosen_is_said_and_nothing_typed_is_lost(cast: Cast) -> None:
    case, koord = cast.case(), cast.at("koord")

    nothing = sends(koord, "astrid", [])
    nobody = sends(koord, "astrid", [case], to="")

    assert (nothing.status_code, nobody.status_code) == (422, 422)
    assert "Markera de ärenden som ska lämnas över." in nothing.get_data(as_text=True)
    assert "Välj en kollega." in nobody.get_data(as_text=True)
    assert WORDS in nobody.get_data(as_text=True)
    assert ticked_in(nobody) == 1


def test_specialists_hand_over_their_own_and_are_shown_no_others(cast: Cast) -> None:
    mine, hers = cast.case("astrid"), cast.case("beate")
    astrid = cast.at("astrid")

    page = astrid.get("/hand-over").get_data(as_text=True)

    assert str(Reference(mine.reference)) in page
    assert str(Reference(hers.reference)) not in page
    assert "Vems ärenden" not in page
    assert astrid.get("/hand-over?from=beate").status_code == 404
    assert sends(astrid, "astrid", [hers]).status_code == 409
    assert sends(astrid, "astrid", [mine]).status_code == 303
    assert cast.now(hers).staff_id == cast.now(mine).staff_id == "beate"


def test_another_organisation_is_nowhere(cast: Cast) -> None:
    theirs, koord = cast.case("fjarran", line="nationell"), cast.at("koord")

    assert koord.get("/hand-over?from=fjarran").status_code == koord.get("/hand-over?from=nobody").status_code == 404
    assert sends(koord, "astrid", [theirs]).status_code in {404, 422}
    assert cast.now(theirs).staff_id == "fjarran"


def test_when_a_follow_up_is_due_stands_there(cast: Cast) -> None:
    record = cast.record()
    with cast.app.app_context():
        followups.promise(db.session(), specialist("astrid"), record, datetime.now(UTC))
        db.session.commit()

    page = cast.at("koord").get("/hand-over?from=astrid").get_data(as_text=True)

    assert "ingen utlovad" not in page
    assert "Uppföljning senast" in page


def test_who_was_shown_which_cases_is_noted(cast: Cast) -> None:
    first, last = cast.case(), cast.case()

    cast.at("koord").get("/hand-over?from=astrid")

    assert cast.log(f"cases:{first.id}-{last.id}") == ["opened_record"]


def test_an_empty_page_says_so(cast: Cast) -> None:
    assert "Ingen har något öppet ärende" in cast.at("koord").get("/hand-over").get_data(as_text=True)
    assert "Inga öppna ärenden" in cast.at("astrid").get("/hand-over").get_data(as_text=True)
    assert "Inga öppna ärenden" in cast.at("koord").get("/hand-over?from=astrid").get_data(as_text=True)
