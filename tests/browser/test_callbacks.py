"""Ringing back in a real browser, by keyboard alone: the caller's wish, both phones, the talk, and what hinders it."""

from __future__ import annotations

import re
import secrets
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from app.domain.callbacks import BackState
from app.domain.callflow.values import NumberSource
from app.domain.calls import Outcome, Source
from app.domain.phone import PhoneNumber
from app.storage.models import Call, CallbackAttempt, CallbackRequest, Consultation
from tests.browser.audit import assert_sound
from tests.browser.days import an_open_day
from tests.browser.deployments import end_all
from tests.browser.desk import ASTRID, BEATE, Desk, desk_running, signs_in
from tests.browser.journey import SKANE
from tests.browser.telephone import Telephone
from tests.support.service import simulating

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Locator

    from app.domain.policy import Policy
    from tests.browser.audit import Look
    from tests.browser.conftest import PersonMaker
    from tests.browser.person import Person

LOOKS: tuple[Look, ...] = ((320, "light"), (320, "dark"), (1280, "light"), (1280, "dark"))
RING = "Ring nu"
TALKED = re.compile(r"i samtal (0:(3[1-9]|[45]\d)|[1-9]\d*:\d\d)")
"""For more than half a minute."""


@dataclass
class Place:
    """The desk, its practice phones, and people who sit at either."""

    desk: Desk
    simulator_url: str
    new_person: PersonMaker

    def at(self, path: str, email: str = ASTRID) -> Person:
        """Somebody who is signed in, at a page of the desk."""
        person = self.new_person(self.desk.url)
        signs_in(self.desk, person, email)
        person.opens(path)
        return person

    def phones(self) -> Telephone:
        """Somebody at the practice phones."""
        telephone = Telephone(self.new_person(self.simulator_url))
        telephone.opens()
        return telephone

    def request(self, **fields: object) -> int:
        """Somebody who asked ten minutes ago to be rung back."""
        at = datetime.now(UTC) - timedelta(minutes=10)
        where = {"organisation": "skane", "line": "skane"}
        with self.desk.database() as session:
            call = Call(sid=f"CA{secrets.token_hex(16)}", source=Source.PRACTICE, started_at=at, **where)
            call.last_heard_at = call.ended_at = at
            call.arrived, call.outcome = True, Outcome.CALLBACK
            call.position = {"node": "offer", "language": "sv", "competence": "law", "caller_kind": "professional"}
            session.add(call)
            session.flush()
            record = Consultation(call_id=call.id, source=Source.PRACTICE, opened_at=at, **where)
            made = CallbackRequest(call_id=call.id, number_source=NumberSource.CALLER, made_at=at, **where)
            made.number, made.confirmed_at = PhoneNumber("+46701740606"), at
            session.add_all([record, made])
            for name, value in fields.items():
                setattr(made, name, value)
            session.flush()
            return made.id

    @contextmanager
    def stored(self, request: int) -> Iterator[CallbackRequest]:
        with self.desk.database() as session:
            yield session.get_one(CallbackRequest, request)

    def empties(self) -> None:
        """Nobody waits any more, and nobody rings."""
        with self.desk.database() as session:
            for trying in session.scalars(select(CallbackAttempt).where(CallbackAttempt.ended_at.is_(None))):
                trying.state, trying.ended_at = BackState.FAILED, datetime.now(UTC)
            for one in session.scalars(select(CallbackRequest)):
                one.confirmed_at = None


@pytest.fixture(scope="module")
def running(
    browser: Browser, root: Path, policy: Policy, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Desk, str]]:
    del browser
    with desk_running(root, tmp_path_factory.mktemp("ringing"), policy) as desk, simulating(desk.where) as simulator:
        yield desk, simulator.url


@pytest.fixture
def place(running: tuple[Desk, str], new_person: PersonMaker) -> Place:
    made = Place(*running, new_person)
    # Whoever was told how it went hears it to the end, also when the test before is over.
    end_all(made.simulator_url)
    made.empties()
    return made


def asks_to_be_rung(phones: Telephone, policy: Policy) -> None:
    """A caller who meets nobody, and confirms their number."""
    phones.dials(SKANE, an_open_day(policy))
    phones.hears("Välkommen")
    phones.presses("1")
    phones.hears("Vill du att vi ringer upp dig?")
    phones.presses("1")
    phones.hears("Numret är")
    phones.presses("1")
    phones.hears_out("En rådgivare ringer upp dig")
    phones.hears("Linjen lägger på")


def rings(person: Person, phones: Telephone) -> Locator:
    """The specialist presses the button, answers and presses 1; the caller's phone, as it rings."""
    person.presses_button(RING)
    person.waits_for("Det ringer hos dig")
    own = phones.ringing_phone()
    phones.picks_up(own)
    phones.person.presses_button("Tryck 1", within=phones.phone(own))
    person.waits_for("Stanna kvar i luren")
    return phones.phone(phones.ringing_phone())


def test_a_caller_who_asked_for_it_is_rung_back_and_the_consultation_was_held(place: Place, policy: Policy) -> None:
    phones = place.phones()
    asks_to_be_rung(phones, policy)
    astrid = place.at("/callbacks")
    astrid.activates(astrid.page.locator("tbody a"))

    theirs = rings(astrid, phones)
    phones.person.presses_button("Svara", within=theirs)
    expect(astrid.page.locator("[aria-current=step]")).to_have_text("Ni talar med varandra")
    # A talk counts when it wasn't short. Of its seconds a page that stands still passes some over.
    expect(theirs).to_contain_text(TALKED, timeout=90_000)
    phones.person.presses_button("Lägg på", within=theirs)

    astrid.waits_for("Avslutad: Vi har talat med varandra")
    expect(astrid.page.locator("[data-said]")).to_have_text("Avslutad: Vi har talat med varandra")
    request = int(astrid.page.url.rpartition("/")[2])
    with place.stored(request) as stored:
        assert stored.number is None
        call = stored.call_id
    astrid.activates(astrid.page.get_by_role("link", name="Till konsultationen"))
    with place.desk.database() as session:
        record = session.scalars(select(Consultation).where(Consultation.call_id == call)).one()
        astrid.page.wait_for_url(f"**/records/{record.id}")
        assert record.held_at is not None
        assert record.staff_id == place.desk.staff[ASTRID]
    astrid.opens("/callbacks")
    astrid.waits_for("Ingen väntar på att bli uppringd")


def test_a_caller_who_rejects_the_call_leads_to_trying_later(place: Place) -> None:
    phones, astrid = place.phones(), place.at(f"/callbacks/{place.request()}")

    theirs = rings(astrid, phones)
    phones.person.presses_button("Avvisa", within=theirs)

    astrid.waits_for("Det var upptaget. Försök igen om en stund.")
    expect(astrid.page.get_by_role("button", name=RING)).to_be_visible()
    expect(astrid.page.get_by_role("complementary")).to_contain_text("Astrid: upptaget")


def test_whoever_comes_second_reads_who_has_it(place: Place) -> None:
    request = place.request()
    astrid, beate = place.at(f"/callbacks/{request}"), place.at(f"/callbacks/{request}", BEATE)
    beate.presses_button("Jag tar den")
    beate.waits_for("Nu har du den")
    astrid.expected = {409}

    astrid.presses_button(RING)

    refused = astrid.page.locator("#refused")
    expect(refused).to_contain_text("Beate tog den")
    expect(refused).to_be_focused()
    expect(astrid.page.get_by_role("button", name=RING)).to_have_count(0)
    assert_sound(astrid.page, LOOKS)


def test_an_exposed_person_is_not_rung_outside_the_hours_that_they_gave(place: Place) -> None:
    person = place.at(f"/callbacks/{place.request(is_exposed=True)}")
    person.waits_for("ingen har antecknat att det är säkert")
    expect(person.page.get_by_role("button", name=RING)).to_have_count(0)
    person.expected = {422}
    later = (datetime.now(UTC).hour + 12) % 24
    begins, ends = (20, 21) if later >= 12 else (4, 5)

    person.tabs_to(person.page.get_by_label("Nej, eller ingen vet"))
    person.presses("ArrowDown")
    person.presses_button("Anteckna")
    summary = person.page.locator(".message.error[tabindex]")
    expect(summary).to_be_focused()
    assert_sound(person.page, LOOKS)
    for label, hour in (("Säkert från", begins), ("Säkert till", ends)):
        box = person.page.get_by_label(label)
        person.tabs_to(box)
        person.page.keyboard.type(f"{datetime(2026, 1, 1, hour, tzinfo=UTC):%I%M%p}")
        expect(box).to_have_value(f"{hour:02}:00")
    person.tabs_to(person.page.get_by_label("Personen har själv sagt det"))
    person.presses("Space")
    person.presses_button("Anteckna")

    person.waits_for("Antecknat: säkert bara under de här tiderna.")
    person.waits_for(f"det är säkert bara mellan {begins:02}:00 och {ends:02}:00")
    expect(person.page.get_by_role("button", name=RING)).to_have_count(0)


def test_the_connection_may_go_and_come_while_it_rings(place: Place) -> None:
    phones, person = place.phones(), place.at(f"/callbacks/{place.request()}")
    person.presses_button(RING)
    person.waits_for("Det ringer hos dig")
    person.page.context.set_offline(True)
    lost = person.page.locator("[data-lost]")
    expect(lost).to_be_visible()

    phones.person.presses_button("Avvisa", within=phones.phone(phones.ringing_phone()))
    person.page.context.set_offline(False)

    person.waits_for("Specialistens telefon var upptagen")
    # The requests that failed meanwhile are what was tried.
    person.problems = [one for one in person.problems if "ERR_INTERNET_DISCONNECTED" not in one]


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_state_of_the_pages_is_sound(place: Place, language: str) -> None:
    person = place.at("/callbacks")
    person.page.context.add_cookies([{"name": "radrum_language", "value": language, "url": place.desk.url}])
    person.opens("/callbacks")
    assert_sound(person.page, LOOKS)
    free, exposed = place.request(), place.request(is_exposed=True)
    mine, over = place.request(), place.request()
    now = datetime.now(UTC)
    with place.desk.database() as session:
        had = session.get_one(CallbackRequest, mine)
        had.staff_id, had.taken_at = place.desk.staff[ASTRID], now
        session.add(
            CallbackAttempt(
                request_id=mine,
                organisation="skane",
                line="skane",
                staff_id=place.desk.staff[ASTRID],
                token=secrets.token_hex(16),
                state=BackState.RINGING,
                began_at=now,
            )
        )
    person.opens(f"/callbacks/{over}")
    person.tabs_to(person.page.locator("[name=closing]").first)
    person.presses("Space")
    with person.page.expect_navigation():
        person.activates(person.page.locator("form[action$=close] button"))
    for path in ("", f"/{free}", f"/{exposed}", f"/{mine}", f"/{over}"):
        person.opens(f"/callbacks{path}")
        assert_sound(person.page, LOOKS)
