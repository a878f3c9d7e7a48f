"""Accounts that are written to, and calls that nobody took."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from app.domain.calls import Outcome, Source
from app.storage.models import Account, AccountLine, AccountRole, Call

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.domain.permissions import Role

MADE = datetime(2026, 11, 20, tzinfo=UTC)
AT_TEN = datetime(2026, 11, 23, 9, 1, tzinfo=UTC)
"""A minute past ten in Stockholm."""


def account(
    session: Session, name: str, *roles: Role, organisation: str = "skane", lines: tuple[str, ...] = ()
) -> Account:
    """An account of which ``name`` is the id, the first part of its address, and the alias with a capital."""
    one = Account(
        id=name,
        email=f"{name}@example.se",
        alias=f"Övning {name.title()}",
        organisation=organisation,
        must_change_password=False,
        created_at=MADE,
        password="none",
        active=True,
        fs_uniquifier=name,
        fs_webauthn_user_handle=name,
    )
    one.role_rows = [AccountRole(role=role) for role in roles]
    one.line_rows = [AccountLine(line=line) for line in lines]
    session.add(one)
    session.commit()
    return one


def lost_call(
    session: Session, ended_at: datetime = AT_TEN, *, outcome: Outcome = Outcome.UNANSWERED, line: str = "skane"
) -> Call:
    """A call that is over, of three minutes."""
    number = session.query(Call).count()
    call = Call(
        sid=f"CA{number:032}",
        line=line,
        organisation=line,
        source=Source.LIVE,
        started_at=ended_at - timedelta(minutes=3),
        last_heard_at=ended_at,
        ended_at=ended_at,
        arrived=True,
        outcome=outcome,
    )
    session.add(call)
    session.commit()
    return call
