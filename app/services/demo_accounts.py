"""Practice data: one account per role in two organisations, so that a newcomer signs in within a minute."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from app.domain.lines import OrganisationKey
from app.domain.permissions import Role
from app.services import accounts, passwords
from app.services.accounts import NewAccount
from app.storage.models import Account, RotaMembership, Staff

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.domain.policy import Policy

ORGANISATIONS: Final = ("skane", "nationell")
_ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP = 3, 4


@dataclass(frozen=True, slots=True)
class PracticeAccount:
    """One way in. ``is_as_made``: nobody has changed its password."""

    email: str
    role: Role
    organisation: str
    alias: str
    is_as_made: bool


def practice_password(secret: str) -> str:
    """The one password of all practice accounts: drawn with the deployment's secret, the same on every run."""
    drawn = hmac.digest(secret.encode(), b"the password of practice accounts", hashlib.sha256)
    letters = [_ALPHABET[byte % len(_ALPHABET)] for byte in drawn]
    return "-".join("".join(letters[at : at + _GROUP]) for at in range(0, _GROUPS * _GROUP, _GROUP))


def practice_accounts(session: Session, policy: Policy, secret: str, now: datetime) -> list[PracticeAccount]:
    """Make those that are missing, and say which there are. Leaves the others as they are. Doesn't commit.

    For practice mode alone: whoever reads the secret can sign in.
    """
    password = practice_password(secret)
    kept: str | None = None
    found = []
    for organisation in ORGANISATIONS:
        if organisation not in policy.organisations:
            continue
        for role in Role:
            account = accounts.find(session, _email(role, organisation))
            if account is None:
                kept = kept or passwords.hashed(password)
                account = _made(session, policy, role, OrganisationKey(organisation), kept, now)
            kept = kept or (account.password if passwords.is_right(password, account.password) else None)
            found.append(
                PracticeAccount(account.email, role, organisation, account.alias, is_as_made=account.password == kept)
            )
    return found


def _email(role: Role, organisation: str) -> str:
    return f"{role}@{organisation}.example"


def _made(
    session: Session, policy: Policy, role: Role, organisation: OrganisationKey, kept: str, now: datetime
) -> Account:
    specialist = _first_in_rota(session, organisation) if role is Role.SPECIALIST else None
    shown_as = None if specialist else f"Övning {role}"
    new = NewAccount(
        _email(role, organisation), organisation, frozenset({role}), specialist=specialist, shown_as=shown_as
    )
    accounts.add(session, policy, new, now)
    account = accounts.find(session, new.email)
    assert account is not None  # noqa: S101 - it was just made
    account.password, account.must_change_password = kept, False
    account.fs_uniquifier = secrets.token_hex(32)
    return account


def _first_in_rota(session: Session, organisation: OrganisationKey) -> str | None:
    """Who hasn't an account yet and stands first in the rota of the organisation's line."""
    taken = select(Account.staff_id).where(Account.staff_id.is_not(None))
    first = (
        select(Staff.alias)
        .join(RotaMembership, RotaMembership.staff_id == Staff.id)
        .where(Staff.organisation == organisation, Staff.id.not_in(taken))
        .order_by(RotaMembership.rota != organisation, RotaMembership.position, Staff.alias)
    )
    return session.scalar(first.limit(1))
