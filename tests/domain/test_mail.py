"""How long mail is tried, and what it is known by."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.domain.mail import GATHERING, READERS, MailKind, gathered_at, message_id, wait_after

INSTANTS = st.datetimes(datetime(2020, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds are naive


def test_the_wait_doubles_up_to_an_hour() -> None:
    waits = [wait_after(tries) // timedelta(minutes=1) for tries in range(1, 10)]

    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_even_after_very_many_tries_it_is_an_hour() -> None:
    assert wait_after(10_000) == timedelta(hours=1)


@given(INSTANTS)
def test_every_instant_lies_in_the_quarter_that_it_is_gathered_in(now: datetime) -> None:
    begins = gathered_at(now)

    assert begins <= now < begins + GATHERING
    assert (begins.minute % 15, begins.second, begins.microsecond) == (0, 0, 0)


@given(st.text(), st.text())
def test_a_mail_is_known_by_the_same_id_and_no_other_is(one: str, other: str) -> None:
    first, again, another = (message_id(key, "radrum.example.se") for key in (one, one, other))

    assert first == again
    assert (first == another) == (one == other)


def test_an_id_tells_nobody_the_key() -> None:
    known_by = message_id("untaken:account:skane", "radrum.example.se")

    assert "skane" not in known_by
    assert known_by.endswith("@radrum.example.se>")
    assert len(known_by) == len("<@radrum.example.se>") + 32


def test_every_kind_has_its_readers() -> None:
    assert set(READERS) == set(MailKind)
