"""Follow-ups in a real browser, by keyboard alone, over a Christmas: one is kept, one is moved, and one is missed.

The service has a clock that the test sets: 24 December is a Thursday, and the line opens again on Monday the 28th.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from app.domain.followups import FollowUpEnd
from app.domain.lines import LineKey, OrganisationKey, StaffId
from app.domain.permissions import AccountId, Actor, Role
from app.services.case import followups
from app.storage.models import Absence, Case, FollowUp
from tests.browser.audit import SOME_LOOKS, assert_sound
from tests.browser.desk import ASTRID, KOORD, Desk, Opener, desk_running, opener

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

    from app.domain.policy import Policy
    from tests.browser.conftest import PersonMaker
    from tests.browser.person import Person

STOCKHOLM = ZoneInfo("Europe/Stockholm")
PROMISED, BEFORE, CLOSED = "2026-12-14T10:00", "2026-12-23T10:00", "2026-12-25T10:00"
DUE, MISSED = "2026-12-28T09:30", "2026-12-30T10:00"
CASE_PAGE = "**/cases/*"


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM)


def comes_back(desk: Desk, at: Opener, person: Person | None, text: str) -> Person:
    """The page is closed for the day, the service's clock goes on from there, and Astrid signs in anew, at Today."""
    if person:
        person.opens("about:blank")
    assert desk.clock is not None
    desk.clock.shows(wall(text))
    return at("/")


@pytest.fixture
def desk(browser: Browser, root: Path, policy: Policy, tmp_path: Path) -> Iterator[Desk]:
    del browser
    with desk_running(root, tmp_path, policy, at=wall(PROMISED)) as desk:
        yield desk


@pytest.fixture
def at(desk: Desk, new_person: PersonMaker) -> Opener:
    return opener(desk, new_person)


def promise(desk: Desk) -> FollowUp:
    """Astrid promised to ring back, just now."""
    record = desk.new_record()
    lines = frozenset({LineKey("skane")})
    staff = StaffId(desk.staff[ASTRID])
    actor = Actor(AccountId("x"), staff, OrganisationKey("skane"), lines, frozenset({Role.SPECIALIST}))
    with desk.database() as session:
        made = followups.promise(session, actor, record, desk.now())
        session.flush()
        session.expunge(made)
        return made


def reference_of(desk: Desk, one: FollowUp) -> str:
    with desk.database() as session:
        return session.get_one(Case, one.case_id).reference


def now(desk: Desk, one: FollowUp) -> FollowUp:
    with desk.database() as session:
        found = session.get_one(FollowUp, one.id)
        session.expunge(found)
        return found


def row(person: Person, one: FollowUp) -> str:
    """What Today says of it."""
    return " ".join(person.page.locator(f"#follow-up-{one.id}").inner_text().split())


def types_day(person: Person, day: str) -> None:
    """Into the field for a day, in the order of the browser's own language."""
    field = person.page.get_by_label("Till vilken dag")
    person.tabs_to(field)
    person.presses(*["ArrowLeft"] * 4)
    person.page.keyboard.type(datetime.fromisoformat(day).strftime("%m%d%Y"))
    expect(field).to_have_value(day)


def test_a_follow_up_is_promised_with_its_day_said_beforehand(desk: Desk, at: Opener) -> None:
    record = desk.new_record()
    person = at(f"/records/{record}")
    panel = person.page.locator("[data-case]")

    person.presses("k", "1", "f", "2")
    expect(panel.locator("[data-asked-for]")).to_be_visible()
    person.presses("z")
    expect(person.page.locator("#days")).to_be_focused()
    expect(person.page.locator("#days option:checked")).to_have_text("måndag 28 december (14 dagar)")
    assert_sound(person.page, SOME_LOOKS)
    person.presses_button("Lova en uppföljning", within=panel)

    expect(panel).to_contain_text("Uppföljningen är utlovad")
    expect(panel.locator("[data-promise]")).to_contain_text("senast måndag 28 december")
    expect(panel.locator(".reference")).to_be_focused()
    assert_sound(person.page, SOME_LOOKS)
    with desk.database() as session:
        assert [one.within_days for one in session.scalars(select(FollowUp))] == [14]


def test_over_a_christmas_one_is_kept_one_is_moved_and_one_is_missed(desk: Desk, at: Opener) -> None:
    kept, moved, missed = (promise(desk) for _ in range(3))

    # On the last open day before Christmas all three come on Monday. One is moved.
    person = comes_back(desk, at, None, BEFORE)
    for one in (kept, moved, missed):
        assert "Om 5 dagar senast måndag 28 december" in row(person, one)
    person.activates(person.page.locator(f"#follow-up-{moved.id} a"))
    person.page.wait_for_url(CASE_PAGE)
    person.expected = {422}
    person.activates(person.page.locator("#move summary"))
    types_day(person, "2026-12-24")
    person.chooses(person.page.locator("#move-why"), "Den som ringde bad om det")
    person.presses_button("Flytta")
    expect(person.page.locator("#move-to-error")).to_have_text(
        "Linjen är stängd torsdag 24 december. Närmaste öppna dagar är onsdag 23 december och måndag 28 december."
    )
    assert_sound(person.page, SOME_LOOKS)
    types_day(person, "2027-01-05")
    person.presses_button("Flytta")
    expect(person.page.locator("[data-messages]")).to_contain_text("flyttad till tisdag 5 januari")

    # While the line is closed nothing is due.
    person = comes_back(desk, at, person, CLOSED)
    assert "Om 3 dagar" in row(person, kept)

    # On the day itself one is tried, and then kept.
    person = comes_back(desk, at, person, DUE)
    assert "Ska göras i dag" in row(person, kept)
    assert_sound(person.page, SOME_LOOKS)
    person.activates(person.page.locator(f"#follow-up-{kept.id} a"))
    person.page.wait_for_url(CASE_PAGE)
    person.presses_button("Ingen nåddes")
    expect(person.page.locator("main")).to_contain_text("Försökt en gång, ingen nåddes")
    person.presses_button("Gjord")
    expect(person.page.locator("[data-messages]")).to_contain_text("Uppföljningen är gjord")

    # Two days later one is overdue, in words, and one is still to come.
    person = comes_back(desk, at, person, MISSED)
    assert "Försenad sedan 2 dagar senast måndag 28 december" in row(person, missed)
    assert "Om 6 dagar senast tisdag 5 januari" in row(person, moved)
    expect(person.page.locator(f"#follow-up-{kept.id}")).to_have_count(0)
    expect(person.page.locator("#follow-ups-heading .count")).to_have_text("2")
    assert_sound(person.page, SOME_LOOKS)
    assert [now(desk, one).ended_as for one in (kept, moved, missed)] == [FollowUpEnd.DONE, None, None]


def test_what_an_absent_colleague_has_is_handed_over_by_one_press(desk: Desk, at: Opener) -> None:
    one = promise(desk)
    with desk.database() as session:
        away = Absence(staff_id=desk.staff[ASTRID], begins=wall("2026-12-15T00:00"), ends=wall("2026-12-22T00:00"))
        away.made_at = desk.now()
        session.add(away)
    person = at("/", KOORD)

    item = person.page.locator("#absent li")
    expect(item).to_contain_text("Astrid")
    expect(item).to_contain_text("en uppföljning att göra")
    assert_sound(person.page, SOME_LOOKS)
    person.activates(item.get_by_role("link"))

    person.page.wait_for_url("**/hand-over?from=*")
    expect(person.page.get_by_role("heading", level=1)).to_have_text("Lämna över ärenden från Astrid")
    expect(person.page.locator("main")).to_contain_text(f"{reference_of(desk, one)[:3]} ")
