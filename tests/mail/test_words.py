"""What the mails say, and what they don't."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.domain.mail import MailKind
from app.mail.words import Told, letter, trial

STOCKHOLM = ZoneInfo("Europe/Stockholm")
ENDED = datetime(2026, 11, 23, 9, 1, tzinfo=UTC)
TOLD = Told(
    reader="Övning Ett",
    line="Resurscentrum heder Skåne",
    number=3,
    overdue=0,
    begins=ENDED - timedelta(minutes=20),
    ends=ENDED,
    now=ENDED + timedelta(minutes=1),
    zone=STOCKHOLM,
    desk="https://radrum.example.se/",
)
BEGINS = datetime(2026, 11, 24, 8, tzinfo=UTC)
GAP = replace(TOLD, number=0, begins=BEGINS, ends=BEGINS + timedelta(hours=7))


def test_calls_that_nobody_took_are_told_by_number_line_time_and_link() -> None:
    told = letter(MailKind.UNTAKEN, TOLD)

    assert told.subject == "3 obesvarade samtal: Resurscentrum heder Skåne"
    assert told.text == (
        "Hej Övning Ett!\n"
        "\n"
        "3 samtal till Resurscentrum heder Skåne avslutades utan att någon hade svarat, "
        "det senaste måndag 23 november kl. 10:01.\n"
        "\n"
        "Läs mer under Idag: https://radrum.example.se/\n"
        "\n"
        "Sådana meddelanden kommer högst en gång i kvarten för varje linje. Svar på dem läses inte.\n"
    )


def test_one_call_is_told_as_one() -> None:
    told = letter(MailKind.UNTAKEN, replace(TOLD, number=1))

    assert told.subject == "Ett obesvarat samtal: Resurscentrum heder Skåne"
    assert (
        "Ett samtal till Resurscentrum heder Skåne avslutades måndag 23 november kl. 10:01 utan att någon hade svarat."
        in told.text
    )


def test_hours_with_nobody_on_duty_are_told_before_they_begin() -> None:
    told = letter(MailKind.UNMANNED, GAP)

    assert told.subject == "Ingen har jour tisdag 24 november kl. 09:00: Resurscentrum heder Skåne"
    assert (
        "Ingen har jour för Resurscentrum heder Skåne från tisdag 24 november kl. 09:00 till kl. 16:00, "
        "fast linjen då är öppen." in told.text
    )
    assert "https://radrum.example.se/" in told.text


def test_hours_with_nobody_on_duty_are_told_when_they_have_begun() -> None:
    told = letter(MailKind.UNMANNED, replace(GAP, now=BEGINS))

    assert told.subject == "Ingen har jour just nu: Resurscentrum heder Skåne"
    assert (
        "Ingen har jour för Resurscentrum heder Skåne sedan tisdag 24 november kl. 09:00. "
        "Linjen är öppen till kl. 16:00." in told.text
    )


def test_hours_that_end_on_another_day_say_so() -> None:
    told = letter(MailKind.UNMANNED, replace(GAP, ends=BEGINS + timedelta(hours=20)))

    assert "till onsdag 25 november kl. 05:00" in told.text


@pytest.mark.parametrize("kind", MailKind)
@pytest.mark.parametrize("number", [1, 2])
def test_percent_signs_and_braces_in_names_stay_what_they_are(kind: MailKind, number: int) -> None:
    told = letter(kind, replace(GAP, number=number, reader="%(line)s {x}", line="Linje 100 %"))

    assert "Hej %(line)s {x}!" in told.text
    names_line = kind in {MailKind.UNTAKEN, MailKind.UNMANNED}
    assert told.subject.endswith("Linje 100 %") == names_line


DUE = replace(GAP, number=2, overdue=1, begins=datetime(2026, 12, 28, 8, tzinfo=UTC))


def test_follow_ups_are_told_by_number_day_and_link_alone() -> None:
    told = letter(MailKind.FOLLOW_UPS, DUE)

    assert told.subject == "2 uppföljningar, senast måndag 28 december"
    assert told.text == (
        "Hej Övning Ett!\n"
        "\n"
        "2 av dina uppföljningar ska göras senast måndag 28 december. En av dina uppföljningar är försenad.\n"
        "\n"
        "Läs mer under Idag: https://radrum.example.se/\n"
        "\n"
        "Sådana meddelanden kommer den sista öppna dagen innan en uppföljning ska göras, "
        "och en gång efter att den borde ha gjorts. Svar på dem läses inte.\n"
    )


@pytest.mark.parametrize(
    ("number", "overdue", "subject", "said"),
    [
        (1, 0, "En uppföljning, senast måndag 28 december", "En av dina uppföljningar ska göras senast"),
        (0, 1, "En försenad uppföljning", "En av dina uppföljningar är försenad."),
        (0, 3, "3 försenade uppföljningar", "3 av dina uppföljningar är försenade."),
    ],
)
def test_what_there_is_nothing_of_is_not_told(number: int, overdue: int, subject: str, said: str) -> None:
    told = letter(MailKind.FOLLOW_UPS, replace(DUE, number=number, overdue=overdue))

    assert told.subject == subject
    assert said in told.text
    assert "0 " not in told.text.replace("https://radrum.example.se/", "")
    assert told.text.count("uppföljningar") == 1


def test_coordinators_are_told_of_those_who_are_not_there_without_their_names() -> None:
    told = letter(MailKind.ABSENT_FOLLOW_UPS, DUE)

    assert told.subject == "3 uppföljningar av frånvarande"
    assert "2 uppföljningar av frånvarande ska göras senast måndag 28 december." in told.text
    assert "En frånvarandes uppföljning är försenad." in told.text


def test_a_trial_says_what_it_is() -> None:
    assert trial().subject == "Rådrum kan skicka e-post"
