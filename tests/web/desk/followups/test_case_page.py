"""On the page of its case a follow-up says when it is due and how it stands, and is done, tried, moved or dropped."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from babel.dates import format_date

from app.domain.followups import FollowUpEnd
from tests.web.desk.followups.keeping import (
    closed_day,
    does,
    near,
    open_day,
    promise,
    promised_in,
    stored,
    today,
    words,
)

if TYPE_CHECKING:
    from app.domain.policy import Policy
    from tests.web.desk.cases.cast import Cast
    from tests.web.desk.followups.keeping import Kept

STATES = [(0, 14, "Om "), (30, 14, "Försenad sedan ")]


def in_words(day: date) -> str:
    return format_date(day, "EEEE d MMMM", locale="sv_SE")


def page_of(cast: Cast, one: Kept, who: str = "astrid") -> str:
    return words(cast.at(who).get(f"/cases/{one.reference}"))


@pytest.mark.parametrize(("days_ago", "within", "said"), STATES)
def test_how_it_stands_is_said_in_words(cast: Cast, days_ago: int, within: int, said: str) -> None:
    one = promise(cast, days_ago=days_ago, within=within)

    for who in ("astrid", "koord", "chef"):
        assert said in page_of(cast, one, who)
        assert "Ska göras senast " in page_of(cast, one, who)


def test_tries_in_vain_are_counted_and_leave_it_to_be_done(cast: Cast) -> None:
    one, astrid = promise(cast), cast.at("astrid")

    first = does(astrid, one, "not-reached")
    once = page_of(cast, one)
    does(astrid, one, "not-reached")

    assert (first.status_code, first.location) == (303, f"/cases/{one.reference}#follow-up")
    assert "Försökt en gång, ingen nåddes" in once
    assert "Försökt 2 gånger, ingen nåddes" in page_of(cast, one)
    assert stored(cast, one).ended_at is None


def test_what_is_done_is_over_and_noted(cast: Cast) -> None:
    one, astrid = promise(cast), cast.at("astrid")

    answer = does(astrid, one, "done")

    assert answer.status_code == 303
    assert stored(cast, one).ended_as is FollowUpEnd.DONE
    assert "Ingen uppföljning är utlovad" in page_of(cast, one)
    assert cast.log(f"follow_up:{one.id}") == ["changed_record", "changed_record"]


def test_it_is_moved_to_an_open_day_for_a_reason(cast: Cast, policy: Policy) -> None:
    one, astrid = promise(cast), cast.at("astrid")
    to = open_day(policy, today(policy) + timedelta(days=20))

    answer = does(astrid, one, "move", **{"move-to": to.isoformat(), "move-why": "caller_asked"})

    assert answer.status_code == 303
    assert stored(cast, one).moved_to == to
    assert f"senast {in_words(to)} (flyttad)" in page_of(cast, one)


def test_a_closed_day_is_refused_by_the_field_with_the_nearest_open_ones(cast: Cast, policy: Policy) -> None:
    one, astrid = promise(cast), cast.at("astrid")
    to = closed_day(policy, today(policy) + timedelta(days=7))
    before, after = near(policy, to)
    assert before is not None
    assert after is not None

    answer = does(astrid, one, "move", **{"move-to": to.isoformat(), "move-why": "waiting"})

    said = words(answer)
    assert answer.status_code == 422
    assert f"Linjen är stängd {in_words(to)}." in said
    assert f"Närmaste öppna dagar är {in_words(before)} och {in_words(after)}." in said
    assert 'href="#move-to"' in answer.text
    assert '<details class="follow-up-more" id="move" open>' in answer.text
    assert f'value="{to.isoformat()}"' in answer.text
    assert stored(cast, one).moved_to is None


@pytest.mark.parametrize("to", ["", "snart", "2026-13-45", "1999-01-04", "2999-01-04", "9999-12-31"])
def test_days_that_cannot_be_are_refused_by_the_field(cast: Cast, to: str) -> None:
    one, astrid = promise(cast), cast.at("astrid")

    answer = does(astrid, one, "move", **{"move-to": to, "move-why": "waiting"})

    assert answer.status_code == 422
    assert "Välj en dag" in words(answer)
    assert 'href="#move-to"' in answer.text
    assert stored(cast, one).moved_to is None


def test_a_move_needs_a_reason(cast: Cast, policy: Policy) -> None:
    one, astrid = promise(cast), cast.at("astrid")

    answer = does(astrid, one, "move", **{"move-to": open_day(policy, today(policy)).isoformat(), "move-why": "x"})

    assert answer.status_code == 422
    assert 'href="#move-why"' in answer.text


@pytest.mark.parametrize("how", [FollowUpEnd.NOT_REACHED, FollowUpEnd.NO_LONGER_WANTED])
def test_it_is_dropped_for_a_reason(cast: Cast, how: FollowUpEnd) -> None:
    one, astrid = promise(cast), cast.at("astrid")

    nothing, done = does(astrid, one, "drop"), does(astrid, one, "drop", **{"drop-how": how})

    assert (nothing.status_code, done.status_code) == (422, 303)
    assert stored(cast, one).ended_as is how


@pytest.mark.parametrize(
    ("what", "fields"),
    [
        ("done", {}),
        ("not-reached", {}),
        ("move", {"move-to": "today", "move-why": "other"}),
        ("drop", {"drop-how": "not_reached"}),
    ],
)
def test_what_somebody_did_meanwhile_is_said_and_stands(
    cast: Cast, policy: Policy, what: str, fields: dict[str, str]
) -> None:
    one, astrid = promise(cast), cast.at("astrid")
    does(cast.at("beate"), one, "done")
    sent = {name: open_day(policy, today(policy)).isoformat() if x == "today" else x for name, x in fields.items()}

    answer = does(astrid, one, what, **sent)

    assert answer.status_code == 409
    assert "Någon har redan gjort eller strukit den här uppföljningen" in words(answer)
    assert stored(cast, one).ended_as is FollowUpEnd.DONE


def test_it_is_reached_by_way_of_its_own_case_alone(cast: Cast) -> None:
    one, other = promise(cast), promise(cast, "beate")
    astrid = cast.at("astrid")
    page = f"/cases/{one.reference}"

    wrong = astrid.fill(page, f"{page}/follow-up/{other.id}/done")
    elsewhere = cast.at("fjarran", "nationell").get(f"{page}/follow-up/{one.id}/done")

    assert (wrong.status_code, elsewhere.status_code) == (404, 404)
    assert stored(cast, other).ended_at is None


@pytest.mark.parametrize("what", ["done", "not-reached", "move", "drop"])
def test_whoever_loads_the_address_of_a_form_again_gets_the_page(cast: Cast, what: str) -> None:
    one = promise(cast)

    answer = cast.at("astrid").get(f"/cases/{one.reference}/follow-up/{one.id}/{what}")

    assert (answer.status_code, answer.location) == (303, f"/cases/{one.reference}#follow-up")


def test_coordinators_see_it_and_change_nothing(cast: Cast) -> None:
    one, koord = promise(cast), cast.at("koord")

    answer = does(koord, one, "done")

    assert answer.status_code == 403
    assert "/follow-up/" not in koord.get(f"/cases/{one.reference}").text


def test_a_case_without_one_says_where_one_is_promised(cast: Cast) -> None:
    case = cast.case()

    page = words(cast.at("astrid").get(f"/cases/{case.reference}"))

    assert "Ingen uppföljning är utlovad. En uppföljning lovas i någon av ärendets konsultationer." in page
    assert promised_in(cast, 1) is None
