"""Mail on its way out: at least once, never lost, and known again when it comes twice."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.domain.errors import Unavailable
from app.domain.lines import OrganisationKey
from app.domain.mail import MailKind, MailState
from app.domain.permissions import AccountId, Actor, Role
from app.mail import post
from app.services.mail import outbox
from app.services.mail.letters import Desk, send_due
from app.services.mail.news import forget, tell_of_untaken_calls
from app.services.mail.outbox import News
from app.storage.models import Account, OutgoingMail, ToldCall
from app.storage.types import keyring
from tests.services.written_to import AT_TEN, account, lost_call
from tests.support.mail_server import HANG_UP, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from app.domain.policy import Policy
    from tests.support.mail_server import MailServer

MINUTE = timedelta(minutes=1)


@dataclass
class Office:
    """A desk with a clock that is set, a mail server, and a way to look into the outbox."""

    session: Session
    policy: Policy
    server: MailServer
    now: datetime = AT_TEN
    keys: int = field(default=0)

    def desk(self) -> Desk:
        ours = post.MailServer(
            "127.0.0.1", self.server.port, "radrum@example.se", "radrum.example.se", is_this_machine=True
        )
        return Desk(self.policy, post.Post(ours, timeout_seconds=5), "https://radrum.example.se", lambda: self.now)

    def put(self, to: str = "ett", *, over_at: datetime | None = None, about: str = "skane") -> int:
        """A mail about hours that begin in two hours."""
        self.keys += 1
        begins = self.now + timedelta(hours=2)
        news = News(MailKind.UNMANNED, about, begins, begins + timedelta(hours=1), str(self.keys), over_at=over_at)
        reader = Actor(AccountId(to), None, OrganisationKey("skane"), frozenset(), frozenset())
        assert outbox.put(self.session, news, reader, self.now)
        self.session.commit()
        return self.keys

    def send(self, minutes: int = 0) -> dict[MailState, int]:
        """What becomes of what is due so many minutes later."""
        self.now += minutes * MINUTE
        return dict(send_due(self.session, self.desk()))

    def rows(self) -> list[tuple[MailState, int, str]]:
        rows = self.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)).all()
        found = [(row.state, row.tries, row.why) for row in rows]
        self.session.rollback()
        return found


@pytest.fixture
def office(session: Session, policy: Policy) -> Iterator[Office]:
    account(session, "ett", Role.COORDINATOR)
    account(session, "tva", Role.COORDINATOR)
    with serving() as server:
        yield Office(session, policy, server)


def test_what_is_due_is_sent_once(office: Office) -> None:
    office.put("ett")
    office.put("tva")

    first, second = office.send(), office.send(10)

    assert (first, second) == ({MailState.SENT: 2}, {})
    assert office.server.readers == ["ett@example.se", "tva@example.se"]
    assert office.rows() == [(MailState.SENT, 1, "")] * 2


def test_calls_that_nobody_took_come_as_a_letter_to_their_manager(office: Office) -> None:
    account(office.session, "tre", Role.MANAGER)
    for _ in range(2):
        lost_call(office.session)
    tell_of_untaken_calls(office.session, office.policy, AT_TEN + MINUTE)

    office.send(1)

    message = office.server.taken[0]
    assert str(message["Subject"]) == "2 obesvarade samtal: Resurscentrum heder Skåne"
    assert message.get_content().startswith("Hej Övning Tre!")
    assert "Läs mer under Idag: https://radrum.example.se/today/calls\r\n" in message.get_content()


def test_hours_with_nobody_on_duty_lead_to_the_line(office: Office) -> None:
    office.put()

    office.send()

    assert "Läs mer under Idag: https://radrum.example.se/today/lines/skane\r\n" in office.server.taken[0].get_content()


def test_a_letter_is_written_without_a_data_key(office: Office) -> None:
    office.put()
    keyring.load({})

    assert office.send() == {MailState.SENT: 1}


def test_a_temporary_refusal_is_tried_again_ever_later(office: Office) -> None:
    office.put("ett")
    office.put("tva")
    office.server.will_answer("RCPT", "451 later", "250 well", "451 later", "250 well")

    at_once, too_soon, again, third = office.send(), office.send(0), office.send(1), office.send(2)

    assert (at_once, too_soon) == ({MailState.WAITING: 1, MailState.SENT: 1}, {})
    assert (again, third) == ({MailState.WAITING: 1}, {MailState.SENT: 1})
    assert office.server.readers == ["tva@example.se", "ett@example.se"]
    assert office.rows()[0] == (MailState.SENT, 3, "")


def test_a_permanent_refusal_is_given_up_at_once_and_said(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    office.put("ett")
    office.put("tva")
    office.server.will_answer("RCPT", "550 no such user ett@example.se")

    done = office.send()

    assert done == {MailState.GIVEN_UP: 1, MailState.SENT: 1}
    assert office.rows()[0] == (MailState.GIVEN_UP, 1, "the mail server refused the recipient (550)")
    assert [record.levelno for record in caplog.records] == [logging.ERROR]
    assert "example.se" not in caplog.text


def test_without_a_mail_server_all_wait_together_and_go_when_it_is_back(office: Office) -> None:
    office.put("ett")
    office.put("tva")
    office.server.will_answer("CONNECT", "421 too busy", "421 too busy")

    with pytest.raises(Unavailable, match=r"answered with an error \(421\)"):
        office.send()
    waiting = office.rows()
    with pytest.raises(Unavailable):
        office.send(1)
    too_soon, back = office.send(1), office.send(1)

    assert [(state, tries) for state, tries, _ in waiting] == [(MailState.WAITING, 1)] * 2
    assert "answered with an error (421)" in waiting[0][2]
    assert (too_soon, back) == ({}, {MailState.SENT: 2})


def test_a_server_that_hangs_up_in_the_middle_puts_off_what_it_did_not_take(office: Office) -> None:
    for to in ("ett", "tva", "ett"):
        office.put(to)
    office.server.will_answer("MAIL", "250 well", HANG_UP)

    with pytest.raises(Unavailable, match="closed the connection"):
        office.send()
    rows = office.rows()
    office.send(1)

    assert [(state, tries) for state, tries, _ in rows] == [
        (MailState.SENT, 1),
        (MailState.WAITING, 1),
        (MailState.WAITING, 1),
    ]
    assert office.server.readers == ["ett@example.se", "tva@example.se", "ett@example.se"]
    assert len(set(office.server.ids)) == 3


def test_after_a_day_a_mail_is_given_up_with_its_last_reason(office: Office) -> None:
    office.put()
    office.server.will_answer("RCPT", *["451 later"] * 50)

    for _ in range(24 * 60 - 1):
        office.send(1)
    before = office.rows()
    done = office.send(1)

    assert before[0][0] is MailState.WAITING
    assert done == {MailState.GIVEN_UP: 1}
    assert office.rows()[0][::2] == (MailState.GIVEN_UP, "the mail server refused the recipient (451)")
    assert len(office.server.answers["RCPT"]) > 15


def test_what_was_never_tried_in_time_is_given_up_and_says_so(office: Office) -> None:
    office.put(over_at=office.now + MINUTE)

    done = office.send(1)

    assert done == {MailState.GIVEN_UP: 1}
    assert office.rows() == [(MailState.GIVEN_UP, 0, "no mail server took it in time")]
    assert office.server.taken == []


def test_whoever_reads_such_mail_no_more_gets_none(office: Office) -> None:
    office.put("ett")
    office.put("tva")
    office.put("tva", about="a line that is gone")
    account(office.session, "tre", Role.MANAGER)
    office.put("tre")
    office.session.get_one(Account, "ett").active = False
    office.session.commit()

    done = office.send()

    assert done == {MailState.WITHDRAWN: 3, MailState.SENT: 1}
    assert office.server.readers == ["tva@example.se"]


# --- killed, broken off, doubled -------------------------------------------------------------------------------------


def test_a_mail_that_was_sent_and_could_not_be_marked_comes_again_with_the_same_id(
    office: Office, engine: Engine
) -> None:
    office.put()
    fails = {"now": False}
    office.server.when_taken = lambda: fails.update(now=True)

    @event.listens_for(engine, "commit")
    def fail(_: object) -> None:
        if fails["now"]:
            fails["now"] = False
            statement, why = "COMMIT", OSError("the connection is gone")
            raise OperationalError(statement, None, why)

    with pytest.raises(OperationalError):
        office.send()
    office.session.rollback()
    rows = office.rows()
    office.server.when_taken = lambda: None
    too_soon, again = office.send(4), office.send(1)

    assert rows == [(MailState.WAITING, 1, "")]
    assert (too_soon, again) == ({}, {MailState.SENT: 1})
    assert len(office.server.taken) == 2
    assert len(set(office.server.ids)) == 1


def test_what_another_process_is_sending_is_left_to_it(office: Office, engine: Engine) -> None:
    office.put()
    other: list[dict[MailState, int]] = []

    def meanwhile() -> None:
        with Session(engine) as session:
            other.append(dict(send_due(session, office.desk())))

    office.server.when_taken = meanwhile

    done = office.send()

    assert done == {MailState.SENT: 1}
    assert other == [{}]
    assert len(office.server.taken) == 1


def test_what_another_process_sent_while_we_said_hello_is_not_sent_again(office: Office, engine: Engine) -> None:
    office.put()

    def meanwhile() -> None:
        office.server.when_asked.clear()
        with Session(engine) as session:
            send_due(session, office.desk())

    office.server.when_asked["EHLO"] = meanwhile

    done = office.send()

    assert done == {}
    assert len(office.server.taken) == 1


def test_a_process_that_slept_through_its_try_changes_nothing_any_more(office: Office, session: Session) -> None:
    office.put()
    asleep = outbox.begin_try(session, 1, office.now)
    session.commit()
    office.send(5)

    assert asleep is not None
    outbox.put_off(session, asleep, office.now, "woke up")
    outbox.end(session, 1, MailState.GIVEN_UP, office.now, "woke up")
    session.commit()

    assert outbox.begin_try(session, 1, office.now) is None
    assert office.rows() == [(MailState.SENT, 2, "")]


def test_of_what_two_processes_found_due_each_mail_is_taken_on_by_one(
    office: Office, session: Session, engine: Engine
) -> None:
    office.put()
    found = outbox.due(session, office.now, 10)
    session.commit()
    with Session(engine) as other:
        mine = outbox.begin_try(other, found[0], office.now)
        other.commit()

    theirs = outbox.begin_try(session, found[0], office.now)

    assert mine is not None
    assert theirs is None


# --- how it fares ----------------------------------------------------------------------------------------------------


def test_an_empty_outbox_has_no_trouble(session: Session) -> None:
    assert outbox.standing(session, AT_TEN) == outbox.Standing(0, None, 0, "")


def test_the_outbox_tells_how_it_fares(office: Office, session: Session) -> None:
    office.put("ett", over_at=office.now + timedelta(hours=1))
    office.send()
    office.put("ett")
    office.server.will_answer("RCPT", "550 no", "450 later")
    office.send()
    office.put("tva")
    office.send()

    now = outbox.standing(session, office.now + timedelta(minutes=3))
    later = outbox.standing(session, office.now + timedelta(hours=24))

    assert now == outbox.Standing(1, 180, 1, "the mail server refused the recipient (450)")
    assert later.given_up == 0


def test_what_ended_long_ago_is_forgotten(office: Office, session: Session) -> None:
    account(session, "tre", Role.MANAGER)
    lost_call(session)
    tell_of_untaken_calls(session, office.policy, AT_TEN)
    office.send()
    office.put("tva")

    gone = forget(session, AT_TEN), forget(session, AT_TEN + timedelta(days=30))

    assert gone == (0, 1)
    assert session.scalars(select(ToldCall)).all() == []
    assert [state for state, _, _ in office.rows()] == [MailState.WAITING]
