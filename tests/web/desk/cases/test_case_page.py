"""The page of one case: what happened, in order, for those who may read it; ended, opened again, handed over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from app.domain.cases import CaseEnd, HandOver, Reopening
from app.domain.followups import FollowUpEnd
from app.domain.lines import StaffId
from app.services.case import cases, followups, hand_overs
from app.services.case.cases import HandingOver
from app.storage.base import db
from tests.web.desk.cases.cast import NOTE, Cast, specialist

if TYPE_CHECKING:
    from app.storage.models import Case
    from tests.web.desk.conftest import Browser

WORDS = "Övning: ring helst på förmiddagen."
NUMBER = "19121212-1212"


def where(case: Case, what: str = "") -> str:
    return f"/cases/{case.reference}{what}"


def sends(browser: Browser, case: Case, what: str, **fields: str) -> tuple[int, str]:
    """Fill in a form of the page; the status, and the page that comes then."""
    sent = {"csrf_token": browser.token(where(case)), **fields}
    answer = browser.client.post(where(case, what), data=sent)
    page = browser.get(where(case)) if answer.status_code == 303 else answer
    return answer.status_code, page.get_data(as_text=True)


def hands(browser: Browser, case: Case, whose: str = "astrid", to: str = "beate", note: str = WORDS) -> tuple[int, str]:
    return sends(browser, case, "/hand-over", whose=whose, to=to, reason="holiday", note=note)


def live(cast: Cast, case: Case) -> None:
    """A long story: promised, ended, opened again, handed over."""
    astrid, began = specialist("astrid"), datetime.now(UTC)
    first, second, third, fourth, fifth, sixth = (began + number * timedelta(seconds=1) for number in range(6))
    record = cast.record("astrid", note=NOTE)
    with cast.app.app_context():
        cases.join(db.session(), astrid, record, case.reference, first)
        promised = followups.promise(db.session(), astrid, record, first)
        followups.not_reached(db.session(), astrid, promised.id, second)
        followups.end(db.session(), astrid, promised.id, FollowUpEnd.DONE, third)
        cases.end(db.session(), astrid, case.id, CaseEnd.FINISHED, fourth)
        cases.reopen(db.session(), astrid, case.id, Reopening.CAME_BACK, fifth)
        how = HandingOver(StaffId("beate"), HandOver.SICKNESS, WORDS)
        cases.hand_over(db.session(), cast.policy, astrid, [case.id], how, sixth)
        db.session.commit()


def test_the_page_tells_everything_in_order_and_the_latest_first_unless_asked(cast: Cast) -> None:
    case = cast.case(days_ago=3)
    live(cast, case)
    told = [
        "Ärendet öppnades",
        "Uppföljning utlovad, inom 14 dagar",
        "Försök till uppföljning",
        "Uppföljt",
        "Ärendet avslutades: Inget mer att göra",
        "Ärendet öppnades igen: Den som ringer har återkommit",
        "Lämnades över från Astrid till Beate: Sjukdom",
    ]

    beate = cast.at("beate")
    oldest = beate.get(where(case, "?order=oldest")).get_data(as_text=True).partition('class="timeline"')[2]
    latest = beate.get(where(case)).get_data(as_text=True).partition('class="timeline"')[2]

    assert [oldest.find(one) for one in told] == sorted(oldest.find(one) for one in told)
    assert min(oldest.find(one) for one in told) > 0
    assert [latest.rfind(one) for one in told] == sorted((latest.rfind(one) for one in told), reverse=True)
    assert NOTE in latest
    assert WORDS in latest


def test_managers_read_no_notes_and_coordinators_no_content(cast: Cast) -> None:
    case = cast.case(days_ago=3)
    live(cast, case)

    managers = cast.at("chef").get(where(case)).get_data(as_text=True)
    coordinators = cast.at("koord").get(where(case)).get_data(as_text=True)

    assert "Ärendet öppnades igen" in managers
    assert not {NOTE, WORDS} & {one for one in (NOTE, WORDS) if one in managers + coordinators}
    assert "Beate" in coordinators
    assert "Vad som har hänt" not in coordinators
    assert "Konsultationer" not in coordinators


def test_a_page_that_is_read_is_noted_once_and_the_hand_over_is_seen(cast: Cast) -> None:
    case = cast.case()
    assert hands(cast.at("astrid"), case)[0] == 303
    before = cast.log(f"cases:{case.id}").count("opened_record")
    assert [one.is_seen for one in handed(cast)] == [False]

    cast.at("koord").get(where(case))
    cast.at("beate").get(where(case))

    assert cast.log(f"cases:{case.id}").count("opened_record") == before + 1
    assert [(one.is_seen, one.giver, one.note) for one in handed(cast)] == [(True, "Astrid", WORDS)]


def handed(cast: Cast) -> list[hand_overs.HandedToMe]:
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    with cast.app.app_context():
        return list(hand_overs.handed_to_me(db.session(), specialist("beate"), long_ago))


def test_what_is_out_of_reach_is_as_what_is_nowhere(cast: Cast) -> None:
    theirs = cast.case("fjarran", line="nationell")
    astrid = cast.at("astrid")

    pages = {
        astrid.get(path).get_data(as_text=True).replace(path, "")
        for path in (where(theirs), "/cases/1000002", "/cases/4125372")
    }

    assert [astrid.get(path).status_code for path in (where(theirs), "/cases/1000002")] == [404, 404]
    assert len(pages) == 1


def test_a_case_is_handed_over_by_whoever_has_it_or_by_a_coordinator_and_by_nobody_else(cast: Cast) -> None:
    mine, hers = cast.case(), cast.case()

    assert "Lämna över det" not in cast.at("beate").get(where(mine)).get_data(as_text=True)
    assert hands(cast.at("beate"), mine)[0] == 422
    assert hands(cast.at("astrid"), mine)[0] == 303
    assert hands(cast.at("koord"), hers)[0] == 303

    assert [cast.now(one).staff_id for one in (mine, hers)] == ["beate", "beate"]
    assert WORDS in cast.at("beate").get(where(hers)).get_data(as_text=True)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"note": f"om {NUMBER}"}, "Det står ett personnummer i den."),
        ({"note": "x" * 501}, "501 tecken"),
        ({"to": "fjarran"}, "Den kollegan kan inte ta över"),
        ({"to": "koord"}, "Den kollegan kan inte ta över"),
        ({"to": ""}, "Välj en kollega."),
        ({"to": "astrid"}, "Den kollegan kan inte ta över"),
    ],
)
def test_what_is_wrong_is_said_by_its_field_and_nothing_typed_is_lost(
    cast: Cast, wrong: dict[str, str], words: str
) -> None:
    case = cast.case()

    status, page = hands(cast.at("astrid"), case, **wrong)

    assert status == 422
    assert words in page
    assert wrong.get("note", WORDS) in page
    assert cast.now(case).staff_id == "astrid"


def test_a_case_that_changed_hands_meanwhile_is_said_and_the_words_stay(cast: Cast) -> None:
    case, koord = cast.case(), cast.at("koord")
    assert hands(cast.at("astrid"), case)[0] == 303

    status, page = hands(koord, case, to="astrid")

    assert status == 409
    assert "Ansvarig är nu Beate" in page
    assert page.count(WORDS) >= 1
    assert cast.now(case).staff_id == "beate"


def test_a_case_is_ended_and_opened_again_with_reasons(cast: Cast) -> None:
    case, astrid, beate = cast.case(), cast.at("astrid"), cast.at("beate")
    assert sends(astrid, case, "/end")[0] == 422

    assert sends(astrid, case, "/end", how="passed_on")[0] == 303
    _, late = sends(beate, case, "/end", how="finished")
    assert "Någon hade redan avslutat ärendet" in late
    assert cast.now(case).ended_as is CaseEnd.PASSED_ON
    assert sends(beate, case, "/reopen")[0] == 422
    _, page = sends(beate, case, "/reopen", why="came_back")

    assert cast.now(case).ended_at is None
    assert "Den som ringer har återkommit i samma sak" in page
    assert "Någon hade redan öppnat ärendet" in sends(astrid, case, "/reopen", why="other")[1]


def test_a_case_with_a_promise_is_not_ended_and_what_was_chosen_stays(cast: Cast) -> None:
    case, astrid = cast.case(), cast.at("astrid")
    with cast.app.app_context():
        cases_record = cast.record("astrid")
        cases.join(db.session(), specialist("astrid"), cases_record, case.reference, datetime.now(UTC))
        followups.promise(db.session(), specialist("astrid"), cases_record, datetime.now(UTC))
        db.session.commit()

    status, page = sends(astrid, case, "/end", how="passed_on")

    assert status == 409
    assert "En uppföljning är utlovad i ärendet" in page
    assert cast.now(case).ended_at is None


@pytest.mark.parametrize("what", ["/hand-over", "/end", "/reopen"])
def test_whoever_loads_the_address_of_a_form_again_is_led_to_the_case(cast: Cast, what: str) -> None:
    case = cast.case()

    assert cast.at("astrid").get(where(case, what)).location.endswith(where(case))
