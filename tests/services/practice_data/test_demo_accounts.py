"""Practice accounts: two colleagues where there are two of the staff, made once, and one password for all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain.permissions import Role
from app.services.practice_data.demo import fill
from app.services.practice_data.demo_accounts import practice_accounts
from app.storage.models import Account
from tests.voice.moments import MONDAY_AT_TEN

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.domain.policy import Policy


def test_each_organisation_has_two_specialists_who_are_two_of_its_staff(session: Session, policy: Policy) -> None:
    fill(session, policy, MONDAY_AT_TEN)

    made = practice_accounts(session, policy, "hemlighet", MONDAY_AT_TEN)

    for organisation in ("skane", "nationell"):
        both = [one.alias for one in made if one.role is Role.SPECIALIST and one.organisation == organisation]
        assert len(set(both)) == len(both) == 2
    assert practice_accounts(session, policy, "hemlighet", MONDAY_AT_TEN) == made


def test_where_nobody_works_there_is_no_colleague(session: Session, policy: Policy) -> None:
    made = practice_accounts(session, policy, "hemlighet", MONDAY_AT_TEN)

    assert [one.role for one in made] == [*Role, *Role]


def test_their_password_is_hashed_once_for_all(session: Session, policy: Policy) -> None:
    """It takes a tenth of a second, and whoever tries the service waits for it."""
    fill(session, policy, MONDAY_AT_TEN)

    made = practice_accounts(session, policy, "hemlighet", MONDAY_AT_TEN)

    assert len(made) == 10
    assert all(one.is_as_made for one in made)
    assert len(set(session.scalars(select(Account.password)))) == 1
    assert not any(session.scalars(select(Account.must_change_password)))
