"""What the database knows about those who answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import exists, or_, select

from app.domain.permissions import PERMISSIONS
from app.storage.models import Account, AccountLine, AccountRole, RotaMembership, Staff
from app.storage.queries.scoped import visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from app.domain.permissions import Actor, Permission


def all_staff(session: Session) -> Sequence[Staff]:
    """Everyone, by organisation and alias."""
    return session.scalars(select(Staff).order_by(Staff.organisation, Staff.alias)).all()


def all_memberships(session: Session) -> Sequence[RotaMembership]:
    """Every membership of every rota."""
    return session.scalars(select(RotaMembership).order_by(RotaMembership.rota, RotaMembership.begins)).all()


def is_anybody_there(session: Session) -> bool:
    """Whether the staff table holds anyone."""
    return bool(session.scalar(select(exists(select(Staff.id)))))


def known_people(session: Session) -> Sequence[tuple[str, str, str]]:
    """Id, organisation and alias of everyone, by organisation and alias; nothing is unsealed for it."""
    people = session.execute(
        select(Staff.id, Staff.organisation, Staff.alias).order_by(Staff.organisation, Staff.alias)
    )
    return [(one.id, one.organisation, one.alias) for one in people]


def who_may(session: Session, actor: Actor, permission: Permission, line: str) -> Sequence[Staff]:
    """Everybody of the actor's organisation, by alias, whose account lets them do it and reaches the line."""
    roles = select(AccountRole).where(
        AccountRole.account_id == Account.id, AccountRole.role.in_(sorted(PERMISSIONS[permission]))
    )
    limits = select(AccountLine).where(AccountLine.account_id == Account.id)
    reaches = or_(~limits.exists(), limits.where(AccountLine.line == line).exists())
    people = visible(select(Staff), Staff, actor).join(Account, Account.staff_id == Staff.id)
    people = people.where(Account.active.is_(True), Account.organisation == actor.organisation, roles.exists(), reaches)
    return session.scalars(people.order_by(Staff.alias)).all()
