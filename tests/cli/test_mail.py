"""``radrum mail test``, and what ``radrum check`` and ``radrum jobs status`` say about mail."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.orm import Session

from app.domain.mail import MailState
from app.domain.permissions import Role
from app.services.mail import outbox
from app.services.mail.news import tell_of_untaken_calls
from tests.services.written_to import account, lost_call
from tests.support.mail_server import serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine

    from app.domain.policy import Policy
    from tests.cli.conftest import Run
    from tests.support.mail_server import MailServer


@pytest.fixture
def server(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    """A mail server that the configuration names."""
    del run
    config = tmp_path / "config.toml"
    config.write_text(config.read_text(encoding="utf-8").replace("# from = ", "from = "), encoding="utf-8")
    with serving() as server:
        monkeypatch.setenv("RADRUM_MAIL_URL", f"smtp://127.0.0.1:{server.port}")
        yield server


def test_a_trial_is_sent_at_once(run: Run, server: MailServer) -> None:
    code, out, err = run("mail", "test", "ovning@example.se")

    assert (code, err) == (0, "")
    assert out == (
        f"The mail server 127.0.0.1:{server.port} took a mail to ovning@example.se. Look there whether it arrives.\n"
    )
    assert str(server.taken[0]["Subject"]) == "Rådrum kan skicka e-post"
    assert server.readers == ["ovning@example.se"]


def test_two_trials_are_two_mails(run: Run, server: MailServer) -> None:
    for _ in range(2):
        run("mail", "test", "ovning@example.se")

    assert len(set(server.ids)) == 2


def test_a_trial_that_is_refused_says_why(run: Run, server: MailServer) -> None:
    server.will_answer("RCPT", "550 no")

    code, _, err = run("mail", "test", "ovning@example.se")

    assert (code, err) == (1, "radrum: the mail server refused the recipient (550)\n")


def test_without_a_mail_server_a_trial_says_what_to_set(run: Run) -> None:
    code, _, err = run("mail", "test", "ovning@example.se")

    assert (code, err) == (1, "radrum: no mail is sent: set url and from of [mail] in config.toml\n")


def test_the_check_says_by_whom_and_from_where_mail_is_sent(run: Run, server: MailServer) -> None:
    _, out, _ = run("check")

    assert f"Mail         is sent from radrum@example.se, by 127.0.0.1:{server.port}\n" in out


def test_the_check_says_that_no_mail_is_sent(run: Run) -> None:
    assert "Mail         is not sent\n" in run("check")[1]


@pytest.mark.usefixtures("server")
def test_an_empty_outbox_is_said(run: Run) -> None:
    assert "\nMail: nothing is waiting\n" in run("jobs", "status")[1]


def test_a_deployment_without_mail_is_said(run: Run) -> None:
    assert "\nMail: is not sent, for config.toml names no mail server\n" in run("jobs", "status")[1]


@pytest.mark.usefixtures("server")
def test_what_waits_and_what_was_given_up_is_said_with_the_reason(run: Run, engine: Engine, policy: Policy) -> None:
    now = datetime.now(UTC)
    with Session(engine) as session:
        account(session, "ett", Role.MANAGER)
        account(session, "tva", Role.MANAGER)
        lost_call(session, now - timedelta(minutes=5))
        tell_of_untaken_calls(session, policy, now - timedelta(minutes=4, seconds=10))
        outbox.end(session, 1, MailState.GIVEN_UP, now, "the mail server refused the recipient (550)")
        session.commit()

    _, out, _ = run("jobs", "status")

    assert (
        "\nMail: 1 waiting, the oldest for 4 minutes; 1 given up in the last 24 hours; "
        "the mail server refused the recipient (550)\n" in out
    )
