"""Astrid and Beate, who answer for Skåne; their coordinator; and what they have."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain.calls import Source
from app.domain.cases import CaseId
from app.domain.lines import LineKey, OrganisationKey, StaffId
from app.domain.permissions import AccountId, Actor, Role
from app.domain.phone import PhoneNumber
from app.services.account import accounts, web_sessions
from app.services.account.accounts import NewAccount
from app.services.case import cases
from app.storage.base import db
from app.storage.models import Absence, Account, AuditEntry, Case, Consultation, ConsultationNote, Staff
from app.web.accounts.cookie import NAME
from tests.web.desk.conftest import Browser

if TYPE_CHECKING:
    from flask import Flask

    from app.domain.policy import Policy

OWN = "skane"
NOTE = "Övning: det som sades förra gången."
ACCEPT = {"Accept": "application/json"}


def specialist(name: str, line: str = OWN) -> Actor:
    """Who opens cases here."""
    return Actor(
        AccountId(name), StaffId(name), OrganisationKey(line), frozenset({LineKey(line)}), frozenset({Role.SPECIALIST})
    )


@dataclass
class Cast:
    """People, their browsers, and the records and cases that they have."""

    app: Flask
    policy: Policy

    def hire(self, name: str, number: int, organisation: str = OWN) -> None:
        """Somebody who answers and signs in."""
        with self.app.app_context():
            phone = PhoneNumber(f"+467017406{number}")
            person = Staff(
                id=name, organisation=organisation, alias=name.capitalize(), name=f"Övning {name}", phone=phone
            )
            person.competences, person.languages, person.created_at = [], [], datetime.now(UTC)
            db.session.add(person)
            db.session.flush()
            self._add_account(name, organisation, Role.SPECIALIST, specialist=name.capitalize())
            db.session.commit()

    def add_account(self, name: str, *roles: Role, organisation: str = OWN) -> None:
        """Somebody who signs in and doesn't answer."""
        with self.app.app_context():
            self._add_account(name, organisation, *roles)
            db.session.commit()

    def _add_account(self, name: str, organisation: str, *roles: Role, specialist: str | None = None) -> None:
        email = f"{name}@{organisation}.example"
        new = NewAccount(email, OrganisationKey(organisation), frozenset(roles), specialist=specialist)
        accounts.add(db.session(), self.policy, new, datetime.now(UTC))
        made = accounts.find(db.session(), email)
        assert made is not None
        made.must_change_password = False

    def at(self, name: str, organisation: str = OWN) -> Browser:
        """Their browser, signed in without the time that a password takes."""
        client = self.app.test_client()
        with self.app.app_context():
            account = accounts.find(db.session(), f"{name}@{organisation}.example")
            assert account is not None
            made = account.fs_uniquifier, web_sessions.begin(db.session(), AccountId(account.id), datetime.now(UTC))
            db.session.commit()
        with client.session_transaction() as session:
            session["_user_id"], session[NAME] = made
        return Browser(client)

    def record(self, by: str | None = "astrid", *, line: str = OWN, days_ago: int = 0, note: str = "") -> int:
        """A consultation that somebody held."""
        at = datetime.now(UTC) - timedelta(days=days_ago)
        with self.app.app_context():
            made = Consultation(organisation=line, line=line, source=Source.PRACTICE, opened_at=at, staff_id=by)
            made.held_at = at if by else None
            db.session.add(made)
            db.session.flush()
            if note:
                db.session.add(ConsultationNote(consultation_id=made.id, text=note))
            db.session.commit()
            return made.id

    def case(self, by: str = "astrid", *, line: str = OWN, days_ago: int = 0, note: str = "") -> Case:
        """A case of one consultation, as it was made."""
        record = self.record(by, line=line, days_ago=days_ago, note=note)
        with self.app.app_context():
            made = cases.open_case(db.session(), specialist(by, line), record, datetime.now(UTC))
            db.session.commit()
            db.session.refresh(made)
            db.session.expunge(made)
            return made

    def now(self, case: Case) -> Case:
        """The case as it is stored now."""
        with self.app.app_context():
            found = db.session.get_one(Case, case.id)
            db.session.expunge(found)
            return found

    def case_of(self, record: int) -> CaseId | None:
        """Which case a record is in."""
        with self.app.app_context():
            found = db.session.scalar(select(Consultation.case_id).where(Consultation.id == record))
            return CaseId(found) if found is not None else None

    def is_away(self, name: str, days: int) -> None:
        """From an hour ago on."""
        now = datetime.now(UTC)
        with self.app.app_context():
            begins, ends = now - timedelta(hours=1), now + timedelta(days=days)
            db.session.add(Absence(staff_id=name, begins=begins, ends=ends, made_at=begins))
            db.session.commit()

    def leaves(self, name: str) -> None:
        """Their account is switched off."""
        with self.app.app_context():
            account = db.session.scalars(select(Account).where(Account.staff_id == name)).one()
            account.active = False
            db.session.commit()

    def log(self, record: str) -> list[str]:
        """What was noted about something."""
        with self.app.app_context():
            query = select(AuditEntry.what).where(AuditEntry.record == record).order_by(AuditEntry.sequence)
            return [one.value for one in db.session.scalars(query)]
