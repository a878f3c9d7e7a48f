"""Today shows what is to be followed up, what was handed over, and what absent colleagues have; and notices changes."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from app.domain.cases import CaseEnd, HandOver
from app.domain.followups import FollowUpEnd, Moved
from app.domain.lines import StaffId
from app.services.case import cases, followups
from app.services.case.cases import HandingOver
from app.storage.base import db
from app.storage.models import Absence, Account, CaseHandOver, DatedHours
from tests.web.desk.cases.cast import specialist
from tests.web.desk.followups.keeping import does, open_day, promise, today, words

if TYPE_CHECKING:
    from tests.web.desk.cases.cast import Cast
    from tests.web.desk.conftest import Browser
    from tests.web.desk.followups.keeping import Kept

NOTE = "Övning: ring före lunch."


def part(browser: Browser, name: str) -> str:
    """A section of the page, as words; empty where there is none."""
    found = re.search(rf'<section id="{name}".*?</section>', browser.get("/").text, re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found[0])) if found else ""


def hands_over(cast: Cast, one: Kept, to: str = "beate", note: str = NOTE) -> None:
    with cast.app.app_context():
        how = HandingOver(StaffId(to), HandOver.HOLIDAY, note)
        cases.hand_over(db.session(), cast.policy, specialist("astrid"), [one.case], how, datetime.now(UTC))
        db.session.commit()


# --- what is shown --------------------------------------------------------------------------------------------------


def test_what_is_overdue_comes_first_and_each_leads_to_its_case(cast: Cast) -> None:
    coming, late = promise(cast, days_ago=8), promise(cast, days_ago=30)
    later = promise(cast)

    page = cast.at("astrid").get("/").text
    said = part(cast.at("astrid"), "follow-ups")

    assert page.index(f'id="follow-up-{late.id}"') < page.index(f'id="follow-up-{coming.id}"')
    assert f'href="/cases/{late.reference}"' in page
    assert "Uppföljningar 2" in said
    assert "Försenade 1" in said
    assert "Försenad sedan" in said
    assert "En ska göras senare." in said
    assert f'id="follow-up-{later.id}"' not in page


def test_nobody_sees_the_follow_ups_of_others_among_their_own(cast: Cast) -> None:
    promise(cast, days_ago=30)

    assert "inget att följa upp" in part(cast.at("beate"), "follow-ups")
    assert part(cast.at("koord"), "follow-ups") == ""
    assert part(cast.at("chef"), "follow-ups") == ""


def test_what_was_handed_over_stands_there_with_its_note_until_it_was_seen_and_a_while_after(cast: Cast) -> None:
    one, beate = promise(cast), cast.at("beate")
    hands_over(cast, one)

    new = part(beate, "handed")
    beate.get(f"/cases/{one.reference}")
    seen = part(beate, "handed")

    assert "Överlämnade till mig 1" in new
    assert "Nytt för dig" in new
    assert NOTE in new
    assert "från Astrid" in new
    assert "Ledighet" in new
    assert NOTE in seen
    assert "Nytt för dig" not in seen
    assert part(cast.at("astrid"), "handed") == ""


def test_what_is_new_comes_before_what_was_seen(cast: Cast) -> None:
    new, seen = promise(cast), promise(cast)
    beate = cast.at("beate")
    hands_over(cast, new)
    hands_over(cast, seen)
    beate.get(f"/cases/{seen.reference}")

    page = beate.get("/").text

    assert page.index(f'id="handed-{new.case}"') < page.index(f'id="handed-{seen.case}"')


def test_the_coordinator_sees_what_an_absent_colleague_has_and_hands_it_over_by_one_press(cast: Cast) -> None:
    promise(cast, days_ago=30)
    promise(cast)
    before = part(cast.at("koord"), "absent")
    cast.is_away("astrid", 21)

    said, page = part(cast.at("koord"), "absent"), cast.at("koord").get("/").text

    assert "Alla som har öppna ärenden är på plats" in before
    assert "Frånvarandes uppföljningar 2" in said
    assert "Astrid" in said
    assert "2 öppna ärenden" in said
    assert "Borta till" in said
    assert 'href="/hand-over?from=astrid"' in page
    assert "Astrid" in words(cast.at("koord").get("/hand-over?from=astrid"))
    assert part(cast.at("beate"), "absent") == ""


def test_of_somebody_who_has_left_the_coordinator_reads_so(cast: Cast) -> None:
    promise(cast)
    cast.leaves("astrid")

    said = part(cast.at("koord"), "absent")

    assert "Inget konto i bruk" in said
    assert "som ingen har hand om" in said


def test_mail_leads_to_the_parts_of_the_page(cast: Cast) -> None:
    assert cast.at("astrid").get("/today/follow-ups").location == "/#follow-ups"
    assert cast.at("koord").get("/today/absent").location == "/#absent"
    assert cast.at("astrid").get("/today/absent").status_code == 403


def test_the_figures_count_how_promises_were_kept(cast: Cast) -> None:
    kept, _open = promise(cast, days_ago=20), promise(cast, days_ago=20)
    does(cast.at("astrid"), kept, "done")

    said = words(cast.at("chef").get("/figures"))

    assert "Utlovade uppföljningar" in said
    assert re.search(r"Resurscentrum heder Skåne 2 0 1 0 1", said)
    assert "Ännu öppna: varken gjorda eller strukna" in said


# --- asked again and again --------------------------------------------------------------------------------------------


def mark(browser: Browser) -> str:
    """Which page it is, but for the minute, which alone changes it, too."""
    return browser.client.get("/today/now", headers={"Accept": "application/json"}).headers["ETag"]


def _moves(cast: Cast, one: Kept) -> None:
    now = datetime.now(UTC)
    to = open_day(cast.policy, today(cast.policy) + timedelta(days=20))
    followups.move(db.session(), cast.policy, specialist("astrid"), one.id, to, Moved.WAITING, now)


def _hands(cast: Cast, one: Kept) -> None:
    how = HandingOver(StaffId("beate"), HandOver.HOLIDAY)
    cases.hand_over(db.session(), cast.policy, specialist("astrid"), [one.case], how, datetime.now(UTC))


def _closes(cast: Cast, one: Kept) -> None:
    del one
    day = today(cast.policy) + timedelta(days=3)
    db.session.add(DatedHours(line="skane", day=day, intervals=[], because="Övning", made_at=datetime.now(UTC)))


def _sees(cast: Cast, one: Kept) -> None:
    del cast
    handed = CaseHandOver(case_id=one.case, at=datetime.now(UTC), from_id="beate", to_id="astrid")
    handed.reason = HandOver.OTHER
    db.session.add(handed)


def _is_away(cast: Cast, one: Kept) -> None:
    del cast, one
    now = datetime.now(UTC)
    db.session.add(Absence(staff_id="astrid", begins=now, ends=now + timedelta(days=9), made_at=now))


def _leaves(cast: Cast, one: Kept) -> None:
    del cast, one
    db.session.query(Account).filter(Account.staff_id == "astrid").one().active = False


def _ends(cast: Cast, one: Kept) -> None:
    del cast
    now = datetime.now(UTC)
    followups.end(db.session(), specialist("astrid"), one.id, FollowUpEnd.NO_LONGER_WANTED, now)
    cases.end(db.session(), specialist("astrid"), one.case, CaseEnd.FINISHED, now)


def _tries(cast: Cast, one: Kept) -> None:
    del cast
    followups.not_reached(db.session(), specialist("astrid"), one.id, datetime.now(UTC))


@pytest.mark.parametrize(
    ("who", "change"),
    [
        ("astrid", _moves),
        ("astrid", _tries),
        ("astrid", _ends),
        ("astrid", _hands),
        ("astrid", _closes),
        ("astrid", _sees),
        ("beate", _hands),
        ("koord", _is_away),
        ("koord", _leaves),
        ("koord", _ends),
        ("koord", _hands),
        ("koord", _closes),
    ],
)
def test_whatever_happens_to_follow_ups_changes_the_mark_of_the_page(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, who: str, change: object
) -> None:
    """Within one minute: the minute is a sign of its own, and must not be the one that is noticed here."""
    monkeypatch.setattr("app.web.desk.today.pages.datetime", _Standing)
    one, browser = promise(cast, days_ago=8), cast.at(who)
    before = mark(browser)
    same = mark(browser)

    with cast.app.app_context():
        assert callable(change)
        change(cast, one)
        db.session.commit()

    assert same == before
    assert mark(browser) != before


@pytest.mark.parametrize("is_withdrawn", [True, False])
def test_an_absence_that_ends_early_changes_the_coordinators_mark(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, *, is_withdrawn: bool
) -> None:
    monkeypatch.setattr("app.web.desk.today.pages.datetime", _Standing)
    promise(cast)
    cast.is_away("astrid", 9)
    koord = cast.at("koord")
    before = mark(koord)

    with cast.app.app_context():
        absence = db.session.query(Absence).one()
        if is_withdrawn:
            absence.withdrawn_at = datetime.now(UTC)
        else:
            absence.ends = _Standing.now() - timedelta(minutes=1)
        db.session.commit()

    assert mark(koord) != before


def test_a_hand_over_that_was_opened_changes_the_mark(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.web.desk.today.pages.datetime", _Standing)
    one, beate = promise(cast), cast.at("beate")
    hands_over(cast, one)
    before = mark(beate)

    beate.get(f"/cases/{one.reference}")

    assert mark(beate) != before


class _Standing(datetime):
    """A clock that has stopped, in the middle of a minute."""

    _AT = datetime.now(UTC).replace(second=30, microsecond=0)

    @classmethod
    def now(cls, tz: object = None) -> Any:  # noqa: ANN401 - as the class has it
        del tz
        return cls._AT
