"""A link to each report that is there, once for each manager, on the first open day after its period."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.mail import MailKind
from app.domain.permissions import Role
from app.domain.tallies import CALLS, Grain
from app.mail.words import Told, letter
from app.services.mail.report_mail import tell_of_reports
from app.storage.models import OutgoingMail
from app.storage.queries import tallies
from app.storage.queries.counted_rows import Owner
from tests.services.promising import wall
from tests.services.written_to import account

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Engine

    from app.domain.policy import Policy

MORNING = wall("2026-07-01T07:30")
"""A Wednesday."""


@pytest.fixture
def counted(session: Session) -> Session:
    """A line of which something was counted since May 2026, and its manager."""
    account(session, "chef", Role.MANAGER)
    for line in ("skane", "nationell"):
        tallies.store(session, Owner(line, line), Grain.DAY, {date(2026, 5, 4): {CALLS: 3}})  # type: ignore[arg-type] # a key
    session.commit()
    return session


def mails(session: Session) -> list[tuple[str, str, datetime, datetime]]:
    rows = session.scalars(select(OutgoingMail).order_by(OutgoingMail.id))
    return [(row.account_id, row.key.rsplit(":", 1)[1], row.begins, row.ends) for row in rows]


def look_all_day(session: Session, policy: Policy, day: str) -> int:
    begins = wall(f"{day}T00:00")
    made = sum(tell_of_reports(session, policy, begins + timedelta(minutes=30) * step) for step in range(48))
    session.commit()
    return made


def test_it_comes_on_the_first_open_day_after_and_never_again(counted: Session, policy: Policy) -> None:
    made = [look_all_day(counted, policy, f"2026-{day}") for day in ("06-30", "07-01", "07-02", "07-14", "07-15")]

    assert made == [0, 2, 0, 0, 0]
    assert mails(counted) == [
        ("chef", "quarter 2026-04-01", wall("2026-04-01T00:00"), wall("2026-07-01T00:00")),
        ("chef", "half 2026-01-01", wall("2026-01-01T00:00"), wall("2026-07-01T00:00")),
    ]


def test_after_new_year_it_waits_for_a_day_that_is_open(counted: Session, policy: Policy) -> None:
    days = ("2026-12-31", "2027-01-01", "2027-01-02", "2027-01-03", "2027-01-04", "2027-01-05")

    made = {day: look_all_day(counted, policy, day) for day in days}

    assert {day: number for day, number in made.items() if number} == {"2027-01-04": 3}
    assert [key for _, key, _, _ in mails(counted)] == ["quarter 2026-10-01", "half 2026-07-01", "year 2026-01-01"]


def test_what_nobody_told_on_its_day_is_told_within_two_weeks(counted: Session, policy: Policy) -> None:
    assert [look_all_day(counted, policy, day) for day in ("2026-07-13", "2026-07-14")] == [2, 0]


def test_what_ended_long_ago_is_told_no_more(counted: Session, policy: Policy) -> None:
    assert look_all_day(counted, policy, "2026-08-03") == 0


def test_a_period_of_which_nothing_was_counted_has_no_mail(session: Session, policy: Policy) -> None:
    account(session, "chef", Role.MANAGER)

    assert look_all_day(session, policy, "2026-07-01") == 0


@pytest.mark.parametrize(("clock", "made"), [("07:29", 0), ("07:30", 2), ("15:59", 2), ("16:00", 0)])
def test_it_comes_between_the_morning_and_closing_time(counted: Session, policy: Policy, clock: str, made: int) -> None:
    assert tell_of_reports(counted, policy, wall(f"2026-07-01T{clock}")) == made


def test_managers_are_written_to_each_about_their_own_lines(counted: Session, policy: Policy) -> None:
    account(counted, "chef-tva", Role.MANAGER, lines=("skane",))
    account(counted, "annan-linje", Role.MANAGER, lines=("skane-natt",))
    account(counted, "specialist", Role.SPECIALIST, Role.COORDINATOR, Role.ADMINISTRATOR)
    account(counted, "granne", Role.MANAGER, organisation="nationell")
    account(counted, "slutat", Role.MANAGER).active = False
    counted.commit()

    look_all_day(counted, policy, "2026-07-01")

    assert sorted({who for who, _, _, _ in mails(counted)}) == ["chef", "chef-tva", "granne"]
    assert len(mails(counted)) == 6


def test_of_many_processes_at_once_one_writes(engine: Engine, policy: Policy, counted: Session) -> None:
    together = Barrier(3)

    def look(at: datetime) -> int:
        with Session(engine) as own:
            together.wait()
            made = tell_of_reports(own, policy, at)
            own.commit()
            return made

    with ThreadPoolExecutor(3) as pool:
        made = list(pool.map(look, [MORNING + timedelta(minutes=10) * step for step in range(3)]))

    assert sum(made) == 2
    assert len(mails(counted)) == 2


def test_what_a_crash_took_back_comes_with_the_next_look(counted: Session, policy: Policy) -> None:
    lost = tell_of_reports(counted, policy, MORNING)
    counted.rollback()
    again = tell_of_reports(counted, policy, MORNING + timedelta(hours=1))
    counted.commit()

    assert (lost, again) == (2, 2)


@pytest.mark.parametrize(
    ("begins", "ends", "subject"),
    [
        ("2026-07-01T00:00", "2026-10-01T00:00", "Rapport för kvartal 3 2026"),
        ("2026-01-01T00:00", "2026-07-01T00:00", "Rapport för första halvåret 2026"),
        ("2026-07-01T00:00", "2027-01-01T00:00", "Rapport för andra halvåret 2026"),
        ("2026-01-01T00:00", "2027-01-01T00:00", "Rapport för 2026"),
    ],
)
def test_the_mail_has_a_link_and_no_figure(begins: str, ends: str, subject: str) -> None:
    where = "https://radrum.example.se/reports/quarter/2026-07-01"
    told = Told(
        reader="Övning Chef",
        line="Resurscentrum heder Skåne",
        number=0,
        overdue=0,
        begins=wall(begins),
        ends=wall(ends),
        now=MORNING,
        zone=ZoneInfo("Europe/Stockholm"),
        desk=where,
    )

    said = letter(MailKind.REPORT, told)

    assert said.subject == subject
    assert f"Läs den här: {where}\n" in said.text
    assert "Skåne" not in said.text
