"""Practice data: accounts of two organisations, so that a newcomer signs in within a minute.

One for each role, and a second specialist, so that somebody has a colleague to hand over to.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from app.domain.lines import OrganisationKey
from app.domain.permissions import Role
from app.services.account import accounts, passwords
from app.services.account.accounts import NewAccount
from app.storage.models import Account, RotaMembership, Staff

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.domain.policy import Policy

ORGANISATIONS: Final = ("skane", "nationell")
_SECOND: Final = "specialist2"
_NAMES: Final = {
    "specialist": Role.SPECIALIST,
    _SECOND: Role.SPECIALIST,
    **{role.value: role for role in Role if role is not Role.SPECIALIST},
}
"""What stands before the @."""
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
        for name, role in _NAMES.items():
            account = accounts.find(session, _email(name, organisation))
            if account is None and name == _SECOND and _first_in_rota(session, OrganisationKey(organisation)) is None:
                continue  # a colleague is somebody to whom something can be handed over
            if account is None:
                kept = kept or passwords.hashed(password)
                account = _made(session, policy, name, OrganisationKey(organisation), kept, now)
            kept = kept or (account.password if passwords.is_right(password, account.password) else None)
            found.append(
                PracticeAccount(account.email, role, organisation, account.alias, is_as_made=account.password == kept)
            )
    return found


def _email(name: str, organisation: str) -> str:
    return f"{name}@{organisation}.example"


def _made(
    session: Session, policy: Policy, name: str, organisation: OrganisationKey, kept: str, now: datetime
) -> Account:
    role = _NAMES[name]
    specialist = _first_in_rota(session, organisation) if role is Role.SPECIALIST else None
    shown_as = None if specialist else f"Övning {name}"
    new = NewAccount(
        _email(name, organisation), organisation, frozenset({role}), specialist=specialist, shown_as=shown_as
    )
    return accounts.added(session, policy, new, kept, now)


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
