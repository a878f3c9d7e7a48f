"""Accounts of the desk: made, listed, changed, reset and ended at the command line. Who signs in is web.accounts'."""

from __future__ import annotations

import secrets
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select

from app.domain.audit import What
from app.domain.errors import Conflict, NotFound, Problem, RejectedInput
from app.domain.lines import LineKey, OrganisationKey, StaffId
from app.domain.permissions import AccountId, Actor, Role
from app.services.account import passwords, web_sessions
from app.services.keeping import audit
from app.storage.models import Account, AccountLine, AccountRole, RecoveryCode, Staff

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.domain.policy import Policy

LONGEST_EMAIL = 254
LONGEST_ALIAS = 64
AN_EMAIL = f"an e-mail address of at most {LONGEST_EMAIL} characters, as name@municipality.se"


@dataclass(frozen=True, slots=True)
class WaysIn:
    """How somebody can sign in."""

    email: str
    alias: str
    has_codes: bool
    recovery_codes: int
    """How many are left."""
    passkeys: tuple[str, ...]
    """By name, the oldest first."""


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What is asked for. No lines: all of the organisation."""

    email: str
    organisation: OrganisationKey
    roles: frozenset[Role]
    lines: frozenset[LineKey] = frozenset()
    specialist: str | None = None
    """The alias of the member of staff that this is."""
    shown_as: str | None = None
    """What colleagues are shown; without it the specialist's alias, else the e-mail address's first part."""


def sign_in_name(email: str) -> str:
    """An e-mail address as it is kept and looked for, however it was typed."""
    return unicodedata.normalize("NFKC", email).strip().lower()


def add(session: Session, policy: Policy, new: NewAccount, now: datetime) -> str:
    """Make an account and return its one-time password, which is to be replaced at the first sign-in.

    Raises ``RejectedInput`` with everything that is wrong, ``Conflict`` where the address is taken, ``NotFound`` for a
    specialist who isn't there.
    """
    password = passwords.one_time()
    added(session, policy, new, passwords.hashed(password), now).must_change_password = True
    session.flush()
    return password


def added(session: Session, policy: Policy, new: NewAccount, kept: str, now: datetime) -> Account:
    """A new account with a password that was hashed already, and that may stay. Raises as ``add`` does."""
    _check(policy, new)
    email = sign_in_name(new.email)
    if find(session, email):
        message = f"there is an account {email} already; radrum user list shows all"
        raise Conflict(message)
    staff = _specialist(session, new) if new.specialist else None
    account = Account(
        id=secrets.token_hex(16),
        email=email,
        alias=new.shown_as or (staff.alias if staff else email.split("@")[0]),
        organisation=new.organisation,
        staff_id=staff.id if staff else None,
        must_change_password=False,
        created_at=now,
        password=kept,
        active=True,
        fs_uniquifier=secrets.token_hex(32),
        fs_webauthn_user_handle=secrets.token_hex(32),
    )
    _set_reach(account, new.roles, new.lines)
    session.add(account)
    session.flush()
    return account


def listed(session: Session) -> Sequence[Account]:
    """All accounts, disabled ones too, by organisation and address."""
    return session.scalars(select(Account).order_by(Account.organisation, Account.email)).all()


def find(session: Session, email: str) -> Account | None:
    """The account that signs in with this address."""
    return session.scalar(select(Account).where(Account.email == sign_in_name(email)))


def change_reach(
    session: Session, policy: Policy, email: str, roles: frozenset[Role], lines: frozenset[LineKey]
) -> None:
    """Give an account other roles and lines. Its sessions end at their next request."""
    account = _named(session, email)
    _check(policy, NewAccount(account.email, OrganisationKey(account.organisation), roles, lines))
    account.role_rows.clear()
    account.line_rows.clear()
    session.flush()
    _set_reach(account, roles, lines)
    _sign_out_everywhere(session, account)


def disable(session: Session, email: str) -> bool:
    """End an account; what it did stays. Its sessions end at their next request. False: it was disabled already."""
    account = _named(session, email)
    was_active, account.active = account.active, False
    _sign_out_everywhere(session, account)
    return was_active


def reset(session: Session, email: str) -> str:
    """Let somebody in again who lost their password or their phone: a new one-time password, and no second factor.

    A disabled account is enabled. Passkeys, codes and recovery codes are gone; its sessions end.
    """
    account = _named(session, email)
    password = passwords.one_time()
    account.password, account.must_change_password, account.active = passwords.hashed(password), True, True
    account.tf_primary_method = account.tf_totp_secret = account.totp_last_counter = None
    account.passkeys.clear()
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    _sign_out_everywhere(session, account)
    return password


def ways_in(session: Session, actor: Actor) -> WaysIn:
    """How the actor signs in. Raises ``NotFound`` once there is no such account."""
    account = session.get(Account, actor.account_id)
    if account is None:
        message = "there is no such account"
        raise NotFound(message)
    left = select(func.count()).select_from(RecoveryCode).where(RecoveryCode.account_id == account.id)
    return WaysIn(
        email=account.email,
        alias=account.alias,
        has_codes=account.tf_totp_secret is not None,
        recovery_codes=session.scalar(left) or 0,
        passkeys=tuple(key.name for key in account.passkeys),
    )


def use_single_keys(session: Session, actor: Actor, *, are_on: bool, now: datetime) -> None:
    """Whether keys of one letter do something on the pages of an account."""
    account = session.get_one(Account, actor.account_id)
    if account.single_keys is not are_on:
        account.single_keys = are_on
        audit.note(session, actor, What.CHANGED_ACCOUNT, f"account:{account.id}", ["single_keys"], now)


def actor_of(account: Account, policy: Policy) -> Actor:
    """Who asks when this account is signed in. Lines that the configuration no longer has are out of reach."""
    organisation = OrganisationKey(account.organisation)
    own = {line.key for line in policy.lines.values() if line.organisation == organisation}
    limited_to = {LineKey(row.line) for row in account.line_rows}
    return Actor(
        account_id=AccountId(account.id),
        staff_id=StaffId(account.staff_id) if account.staff_id else None,
        organisation=organisation,
        lines=frozenset(own & limited_to if limited_to else own),
        roles=frozenset(row.role for row in account.role_rows),
    )


def _check(policy: Policy, new: NewAccount) -> None:
    problems: list[Problem] = []
    email = sign_in_name(new.email)
    name, _, host = email.partition("@")
    if not (name and host and email.isprintable() and len(email) <= LONGEST_EMAIL and " " not in email):
        problems.append(Problem("", "e-mail address", repr(new.email), AN_EMAIL))
    if new.organisation not in policy.organisations:
        problems.append(Problem("", "organisation", repr(new.organisation), ", ".join(policy.organisations)))
    own = [line.key for line in policy.lines.values() if line.organisation == new.organisation]
    problems += [Problem("", "line", repr(line), ", ".join(own)) for line in sorted(new.lines) if line not in own]
    if not new.roles:
        problems.append(Problem("", "roles", "none", ", ".join(Role)))
    if new.shown_as is not None and not _is_name(new.shown_as):
        problems.append(Problem("", "name", repr(new.shown_as), f"1 to {LONGEST_ALIAS} characters on one line"))
    if problems:
        raise RejectedInput(problems)


def _is_name(text: str) -> bool:
    return bool(text.strip()) and text.isprintable() and len(text) <= LONGEST_ALIAS


def _specialist(session: Session, new: NewAccount) -> Staff:
    staff = session.scalar(select(Staff).where(Staff.organisation == new.organisation, Staff.alias == new.specialist))
    if staff is None:
        message = f"{new.organisation} has no specialist {new.specialist}; radrum staff list shows all"
        raise NotFound(message)
    taken = session.scalar(select(Account.email).where(Account.staff_id == staff.id))
    if taken:
        message = f"{new.specialist} has an account already: {taken}"
        raise Conflict(message)
    return staff


def _set_reach(account: Account, roles: frozenset[Role], lines: frozenset[LineKey]) -> None:
    account.role_rows = [AccountRole(role=role) for role in sorted(roles)]
    account.line_rows = [AccountLine(line=line) for line in sorted(lines)]


def _sign_out_everywhere(session: Session, account: Account) -> None:
    account.fs_uniquifier = secrets.token_hex(32)
    web_sessions.end_all(session, AccountId(account.id))


def _named(session: Session, email: str) -> Account:
    account = find(session, email)
    if account is None:
        message = f"there is no account {email}; radrum user list shows all"
        raise NotFound(message)
    return account
