"""The desk as a process with a database of its own, which a test can fill, read, kill and start again."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.domain.calls import AttemptState, Outcome, Source
from app.domain.lines import LineKey, MunicipalityCode, OrganisationKey
from app.domain.permissions import AccountId, Actor, Role
from app.domain.phone import PhoneNumber
from app.domain.referrals import SocialOffice
from app.domain.rotas import Tier
from app.services.account import accounts, passwords
from app.services.account.accounts import NewAccount
from app.services.help import referrals, social_offices
from app.storage.engine import create_engine_for
from app.storage.models import (
    Account,
    Attempt,
    AuditEntry,
    Call,
    Consultation,
    ConsultationNote,
    Staff,
    WebSession,
)
from app.storage.queries.consultations import answers_of
from app.storage.types import keyring
from app.web.desk.record_answers import place_token
from tests.browser.signing_in import sign_in
from tests.support.moved_clock import MovedClock
from tests.support.service import COMMAND, Deployment, deployment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.domain.policy import Policy
    from tests.browser.conftest import PersonMaker
    from tests.browser.person import Person

PASSWORD = "blåbär-och-ärtor-på-ön"
KEYS = {"test": b"0123456789abcdef0123456789abcdef"}
ASTRID, BEATE, CHEF = "astrid@skane.example", "beate@skane.example", "chef@skane.example"
KOORD = "koord@skane.example"
_CAST = {ASTRID: Role.SPECIALIST, BEATE: Role.SPECIALIST, CHEF: Role.MANAGER, KOORD: Role.COORDINATOR}
_READY_SECONDS = 60


@dataclass
class Desk:
    """The service, and what lies in its database."""

    where: Deployment
    database_url: str
    policy: Policy
    process: subprocess.Popen[bytes] | None = None
    clock: MovedClock | None = None
    """The service's own; without one it has the host's."""
    staff: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return self.where.service.public_url

    def start(self) -> None:
        """The web process, ready."""
        with (self.where.folder / "serve.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*(self.clock.command if self.clock else COMMAND), "serve", "--workers", "1"],
                env=dict(self.where.environment),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        opener, deadline = build_opener(ProxyHandler({})), time.monotonic() + _READY_SECONDS
        while time.monotonic() < deadline:
            try:
                with opener.open(f"{self.url}/readyz", timeout=10):
                    return
            except (URLError, OSError):
                time.sleep(0.05)
        message = "the desk is not ready"
        raise AssertionError(message)

    def now(self) -> datetime:
        """By the service's clock."""
        return self.clock.now() if self.clock else datetime.now(UTC)

    def kill(self) -> None:
        """As a power cut does: all of it at once, in the middle of whatever it does. Nothing listens any more then."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        # Those below it may be gone a moment later than it is, and hold its port for as long.
        host, _, port = self.url.rpartition("/")[2].partition(":")
        with suppress(OSError):
            while True:
                socket.create_connection((host, int(port)), timeout=1).close()
                time.sleep(0.02)

    def kill_worker(self) -> None:
        """The process that answers, alone; the one above it starts another."""
        assert self.process is not None
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        for child in children.read_text().split():
            with suppress(ProcessLookupError):
                os.kill(int(child), signal.SIGKILL)

    @contextmanager
    def database(self) -> Iterator[Session]:
        engine = create_engine_for(self.database_url)
        with Session(engine) as session:
            yield session
            session.commit()
        engine.dispose()

    def new_record(self, who: str = ASTRID, *, is_live: bool = False) -> int:
        """A record of a call that was taken just now."""
        now = self.now()
        began = now - timedelta(minutes=3)
        with self.database() as session:
            call = Call(
                sid=f"CA{secrets.token_hex(16)}",
                line="skane",
                organisation="skane",
                source=Source.PRACTICE,
                started_at=began,
                last_heard_at=now,
                ended_at=None if is_live else now,
                arrived=True,
                outcome=Outcome.IN_PROGRESS if is_live else Outcome.ANSWERED,
                position={"node": "ring", "language": "en", "competence": "law", "caller_kind": "professional"},
            )
            session.add(call)
            session.flush()
            session.add(
                Attempt(
                    call_id=call.id,
                    staff_id=self.staff[who],
                    token=secrets.token_hex(16),
                    turn=1,
                    tier=Tier.PRIMARY,
                    state=AttemptState.ACCEPTED,
                    began_at=began,
                    accepted_at=began + timedelta(seconds=42),
                    ended_at=None if is_live else now,
                )
            )
            record = Consultation(
                call_id=call.id,
                organisation="skane",
                line="skane",
                source=Source.PRACTICE,
                opened_at=began,
                staff_id=self.staff[who],
                held_at=began + timedelta(seconds=42),
            )
            session.add(record)
            session.flush()
            return record.id

    def rings(self, who: str) -> int:
        """A call that rings somebody's phone; its number."""
        now = datetime.now(UTC)
        with self.database() as session:
            call = Call(sid=f"CA{secrets.token_hex(16)}", line="skane", organisation="skane", source=Source.PRACTICE)
            call.started_at = call.last_heard_at = now - timedelta(seconds=90)
            call.arrived, call.outcome = True, Outcome.IN_PROGRESS
            session.add(call)
            session.flush()
            attempt = Attempt(call_id=call.id, staff_id=self.staff[who], token=secrets.token_hex(16), turn=1)
            attempt.tier, attempt.state, attempt.began_at = Tier.PRIMARY, AttemptState.RINGING, now
            record = Consultation(call_id=call.id, organisation="skane", line="skane", source=Source.PRACTICE)
            record.opened_at = call.started_at
            session.add_all([attempt, record])
            return call.id

    def takes(self, call: int, who: str) -> None:
        """Whoever is rung takes the call."""
        now = datetime.now(UTC)
        with self.database() as session:
            attempt = session.scalars(select(Attempt).where(Attempt.call_id == call)).one()
            attempt.state, attempt.accepted_at = AttemptState.ACCEPTED, now
            record = session.scalars(select(Consultation).where(Consultation.call_id == call)).one()
            record.staff_id, record.held_at = self.staff[who], now

    def ends(self, number: int, outcome: Outcome) -> None:
        """The caller hangs up."""
        now = datetime.now(UTC)
        with self.database() as session:
            attempt = session.scalars(select(Attempt).where(Attempt.call_id == number)).one()
            if attempt.state is AttemptState.RINGING:
                attempt.state = AttemptState.NO_ANSWER
            call = session.get_one(Call, number)
            attempt.ended_at = call.ended_at = call.last_heard_at = now
            call.outcome = outcome

    def end_calls(self) -> None:
        """Nobody talks any more."""
        with self.database() as session:
            for attempt in session.scalars(select(Attempt).where(Attempt.ended_at.is_(None))):
                attempt.ended_at = datetime.now(UTC)

    def fill_in(self, municipality: str, number: str) -> None:
        """What is known of a municipality's social services."""
        with self.database() as session:
            office = SocialOffice(MunicipalityCode(municipality), number, "", "", "", datetime.now(UTC).date())
            social_offices.save(session, self.policy.municipalities, self._coordinator(), office, datetime.now(UTC))

    def retire(self, referral: str) -> None:
        """Take a service off the list."""
        with self.database() as session:
            shipped = self.policy.referrals
            referrals.retire(session, shipped, self._coordinator(), referral, datetime.now(UTC))

    def _coordinator(self) -> Actor:
        lines = frozenset({LineKey("skane")})
        return Actor(AccountId("somebody"), None, OrganisationKey("skane"), lines, frozenset({Role.COORDINATOR}))

    def stored(self, record: int) -> dict[str, object]:
        """What is answered and noted, by field."""
        with self.database() as session:
            one = session.get_one(Consultation, record)
            answers = answers_of(session, [one])[record]
            note = session.get(ConsultationNote, record)
            found: dict[str, object] = {str(key): list(codes) for key, codes in answers.chosen.items()}
            found |= {"place": place_token(answers.place)} if answers.place else {}
            found |= {"exposed": answers.exposed} if answers.exposed is not None else {}
            found |= {"note": note.text} if note else {}
            return found | ({"closed": True} if one.closed_at else {})

    def log_of(self, record: int) -> list[tuple[str, str]]:
        """Who read and changed it, by role of the entry and its fields."""
        with self.database() as session:
            query = select(AuditEntry).where(AuditEntry.record == f"consultation:{record}")
            return [(one.what.value, one.fields) for one in session.scalars(query.order_by(AuditEntry.sequence))]

    def sign_out_everybody(self) -> None:
        """All sessions end, as after half an hour without a key."""
        with self.database() as session:
            session.execute(delete(WebSession))


class Opener(Protocol):
    """Somebody who is signed in, at a page of the desk."""

    def __call__(self, path: str, email: str = ASTRID) -> Person: ...


def opener(desk: Desk, new_person: PersonMaker) -> Opener:
    """Has people sign in and open a page."""

    def open_it(path: str, email: str = ASTRID) -> Person:
        person = new_person(desk.url)
        signs_in(desk, person, email)
        person.opens(path)
        return person

    return open_it


def signs_in(desk: Desk, person: Person, email: str = ASTRID) -> None:
    """A new session in the person's browser, in no time; the page for it is tried elsewhere."""
    with desk.database() as session:
        sign_in(person.page.context, desk.where, session, email, desk.now())


@contextmanager
def desk_running(root: Path, folder: Path, policy: Policy, *, at: datetime | None = None) -> Iterator[Desk]:
    """On an SQLite database with four people: two specialists of one line, their manager and their coordinator.

    ``at``: what the service's clock shows at the beginning, where it isn't to be the host's.
    """
    url = f"sqlite:///{folder / 'desk.sqlite3'}"
    numbers = frozenset(line.twilio_numbers[0].e164 for line in policy.lines.values())
    desk = Desk(deployment(root, folder, url, KEYS, numbers=numbers), url, policy)
    desk.where.run("db", "upgrade")
    if at:
        desk.clock = MovedClock(folder / "clock")
        desk.clock.shows(at)
    _hire(desk)
    desk.start()
    try:
        yield desk
    finally:
        desk.kill()


def _hire(desk: Desk) -> None:
    keyring.load(KEYS)
    kept = passwords.hashed(PASSWORD)
    now = datetime.now(UTC)
    with desk.database() as session:
        for number, (email, role) in enumerate(_CAST.items()):
            alias = email.split("@")[0].capitalize()
            specialist = None
            if role is Role.SPECIALIST:
                specialist = alias
                phone = PhoneNumber(f"+4670174068{number}")
                staff_id = secrets.token_hex(16)
                person = Staff(id=staff_id, organisation="skane", alias=alias, name=alias, phone=phone)
                person.competences, person.languages, person.created_at = [], [], now
                session.add(person)
                session.flush()
                desk.staff[email] = staff_id
            new = NewAccount(email, OrganisationKey("skane"), frozenset({role}), specialist=specialist)
            accounts.add(session, desk.policy, new, now)
            account = session.scalars(select(Account).where(Account.email == email)).one()
            account.password, account.must_change_password = kept, False
