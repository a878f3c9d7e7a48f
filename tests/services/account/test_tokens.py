"""Tokens of the API."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from app.domain.errors import Conflict, NotFound, RejectedInput
from app.domain.lines import OrganisationKey
from app.services.account import tokens
from app.storage.models import ApiToken

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SKANE = OrganisationKey("skane")


def test_a_token_opens_what_it_was_made_for(session: Session) -> None:
    everything, skane = tokens.add(session, "statistics", None, NOW), tokens.add(session, "skane", SKANE, NOW)

    found = [tokens.who_has(session, everything), tokens.who_has(session, skane)]

    assert [(one.name, one.organisation) for one in found if one] == [("statistics", None), ("skane", "skane")]


def test_a_token_is_long_and_never_the_same(session: Session) -> None:
    made = {tokens.add(session, str(number), None, NOW) for number in range(20)}

    assert len(made) == 20
    assert all(len(token) == 43 for token in made)


def test_only_the_digest_of_a_token_is_kept(session: Session) -> None:
    token = tokens.add(session, "statistics", None, NOW)

    row = session.execute(select(ApiToken.__table__)).one()

    assert all(token not in str(value) for value in row)
    assert len(row.digest) == 64


@pytest.mark.parametrize("shown", ["", "x", "å" * 43, "\ud800", "x" * 100_000])
def test_another_token_opens_nothing(session: Session, shown: str) -> None:
    token = tokens.add(session, "statistics", None, NOW)

    assert tokens.who_has(session, shown) is None
    assert tokens.who_has(session, token.swapcase()) is None


def test_a_revoked_token_opens_nothing_and_stays_in_the_list(session: Session) -> None:
    token = tokens.add(session, "statistics", None, NOW)

    first = tokens.revoke(session, "statistics", NOW + timedelta(days=1))
    second = tokens.revoke(session, "statistics", NOW + timedelta(days=2))

    assert (first, second) == (None, NOW + timedelta(days=1))
    assert tokens.who_has(session, token) is None
    assert [(one.name, one.revoked_at) for one in tokens.listed(session)] == [("statistics", NOW + timedelta(days=1))]


def test_a_name_is_given_once(session: Session) -> None:
    tokens.add(session, "statistics", None, NOW)

    with pytest.raises(Conflict, match="a token named statistics exists already"):
        tokens.add(session, "statistics", SKANE, NOW)

    assert len(tokens.listed(session)) == 1


@pytest.mark.parametrize("name", ["statistics", "x" * 64])
def test_a_revoked_token_gives_its_name_back_and_opens_nothing(session: Session, name: str) -> None:
    made = []
    for _ in range(3):
        made.append(tokens.add(session, name, None, NOW))
        tokens.revoke(session, name, NOW)

    last = tokens.add(session, name, SKANE, NOW)

    endings = (" (revoked 1)", " (revoked 2)", " (revoked 3)")
    assert [one.name for one in tokens.listed(session)] == [*(name[:52] + end for end in endings), name]
    assert [tokens.who_has(session, token) for token in made] == [None] * 3
    found = tokens.who_has(session, last)
    assert found is not None
    assert found.organisation == "skane"


@pytest.mark.parametrize("name", ["", "   ", "x" * 65, "a\nb", "a\x1b[31m"])
def test_a_name_can_be_read(session: Session, name: str) -> None:
    with pytest.raises(RejectedInput, match="1 to 64 printable characters") as rejected:
        tokens.add(session, name, None, NOW)

    assert "\x1b" not in str(rejected.value)
    assert tokens.listed(session) == []


def test_a_token_that_is_not_there_cannot_be_revoked(session: Session) -> None:
    with pytest.raises(NotFound, match="no token named nobody"):
        tokens.revoke(session, "nobody", NOW)
