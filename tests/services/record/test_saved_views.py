"""Filters that an account keeps: for a while while it pages, or under a name."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from app.domain.errors import NotFound, RejectedInput
from app.domain.finding import FOUND_BY, Key, ListName, Sought, key_of, open_part, sought_of
from app.domain.lines import LineKey, MunicipalityCode, OrganisationKey, StaffId
from app.domain.permissions import AccountId, Actor, Role
from app.domain.taxonomy import Code, GroupKey
from app.services.account import accounts
from app.services.account.accounts import NewAccount
from app.services.record import saved_views
from app.storage.models import SavedView

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.domain.policy import Policy

NOW = datetime(2026, 11, 30, 10, tzinfo=UTC)
THEME = GroupKey("theme")
RECORDS = ListName.RECORDS
days = st.none() | st.dates(datetime(1901, 1, 1).date(), datetime(2199, 1, 1).date())  # noqa: DTZ001 - days alone
words = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=10)


@pytest.fixture
def actor(session: Session, policy: Policy) -> Actor:
    organisation, lines = OrganisationKey("skane"), frozenset({LineKey("skane")})
    accounts.add(session, policy, NewAccount("a@skane.example", organisation, frozenset({Role.MANAGER})), NOW)
    account = accounts.find(session, "a@skane.example")
    assert account is not None
    session.commit()
    return Actor(AccountId(account.id), None, organisation, lines, frozenset({Role.MANAGER}))


def themed(number: int) -> Sought:
    return Sought(tags={THEME: Code(f"T{number}")})


def kept(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(SavedView)) or 0


def test_what_is_looked_for_is_found_again_by_its_owner_in_its_list(session: Session, actor: Actor) -> None:
    view = saved_views.keep_for_a_while(session, actor, RECORDS, themed(1), NOW)

    found = saved_views.find(session, actor, RECORDS, view)

    assert found is not None
    assert (found.name, found.sought) == (None, themed(1))
    assert saved_views.find(session, actor, ListName.CALLS, view) is None
    assert saved_views.find(session, replace(actor, account_id=AccountId("other")), RECORDS, view) is None


def test_the_latest_twenty_are_kept_for_two_days_and_those_with_a_name_for_ever(
    session: Session, policy: Policy, actor: Actor
) -> None:
    named = saved_views.save(session, policy, actor, RECORDS, themed(99), "Mina", NOW)
    for number in range(30):
        saved_views.keep_for_a_while(session, actor, RECORDS, themed(number), NOW + timedelta(minutes=number))
    at_once = kept(session)

    saved_views.keep_for_a_while(session, actor, RECORDS, themed(30), NOW + timedelta(days=3))

    assert (at_once, kept(session)) == (21, 2)
    assert [view.id for view in saved_views.named(session, actor, RECORDS)] == [named]


def test_what_is_looked_for_again_stays_longer(session: Session, actor: Actor) -> None:
    first = saved_views.keep_for_a_while(session, actor, RECORDS, themed(1), NOW)
    again = saved_views.keep_for_a_while(session, actor, RECORDS, themed(1), NOW + timedelta(days=1))
    saved_views.keep_for_a_while(session, actor, RECORDS, themed(2), NOW + timedelta(days=2, hours=1))

    assert first == again
    assert saved_views.find(session, actor, RECORDS, first) is not None


def test_there_is_a_limit_to_names(session: Session, policy: Policy, actor: Actor) -> None:
    for number in range(saved_views.MOST_NAMED):
        saved_views.save(session, policy, actor, RECORDS, themed(number), f"Urval {number}", NOW)

    with pytest.raises(RejectedInput, match="at most 30"):
        saved_views.save(session, policy, actor, RECORDS, themed(99), "Ett till", NOW)


def test_a_name_may_be_given_again_as_it_was(session: Session, policy: Policy, actor: Actor) -> None:
    view = saved_views.save(session, policy, actor, RECORDS, themed(1), "Mina", NOW)

    assert saved_views.rename(session, policy, actor, view, " Mina ").name == "Mina"


def test_what_has_no_name_is_neither_renamed_nor_deleted(session: Session, policy: Policy, actor: Actor) -> None:
    view = saved_views.keep_for_a_while(session, actor, RECORDS, themed(1), NOW)

    with pytest.raises(NotFound):
        saved_views.rename(session, policy, actor, view, "Mina")
    with pytest.raises(NotFound):
        saved_views.delete(session, actor, view)


@given(
    sought=st.builds(
        Sought,
        line=st.none() | words.map(LineKey),
        first=days,
        last=days,
        state=st.just("") | words,
        staff=st.none() | words.map(StaffId),
        municipality=st.none() | words.map(MunicipalityCode),
        tags=st.dictionaries(st.sampled_from(FOUND_BY), words.map(Code)),
    )
)
def test_what_is_kept_is_what_was_looked_for_and_its_open_part_says_no_tag(sought: Sought) -> None:
    part = open_part(sought)

    assert sought_of(sought.to_json()) == sought
    assert part.to_json().keys() <= {"line", "first", "last", "state", "staff"}
    assert not part.is_secret
    assert sought.is_secret == bool(sought.to_json().keys() - {"line", "first", "last", "state", "staff"})


@given(at=st.datetimes(timezones=st.just(UTC)), number=st.integers(0, 2**31 - 1))
def test_a_place_is_read_as_it_is_written(at: datetime, number: int) -> None:
    assert key_of(Key(at, number).token) == Key(at, number)


@given(kept=st.dictionaries(st.text(max_size=12), st.none() | st.integers() | st.text(max_size=12)))
def test_whatever_an_address_says_is_read_or_left(kept: dict[str, object]) -> None:
    sought_of(kept)
