"""What the database knows about those who answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import exists, select

from app.storage.models import RotaMembership, Staff

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session


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
