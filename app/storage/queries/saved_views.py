"""The filters that an account keeps."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlalchemy import exists, select

from app.storage.models import SavedView
from app.storage.queries.scoped import visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from app.domain.finding import ListName
    from app.domain.permissions import Actor

_ID = re.compile(r"[A-Za-z0-9_-]{1,32}")


def views(session: Session, actor: Actor, of: ListName) -> Sequence[SavedView]:
    """The account's own of one list: those with a name by it, the others newest first."""
    own = (SavedView.account_id == actor.account_id, SavedView.list == of)
    query = visible(select(SavedView).where(*own), SavedView, actor)
    return session.scalars(query.order_by(SavedView.name, SavedView.made_at.desc(), SavedView.id)).all()


def view(session: Session, actor: Actor, view: str) -> SavedView | None:
    """One of the account's own; ``None`` for anything that is no id of one."""
    if not _ID.fullmatch(view):
        return None
    own = (SavedView.account_id == actor.account_id, SavedView.id == view)
    return session.scalars(visible(select(SavedView).where(*own), SavedView, actor)).one_or_none()


def is_taken(session: Session, actor: Actor, of: ListName, name: str) -> bool:
    """Whether the account has a view of that list by that name."""
    own = (SavedView.account_id == actor.account_id, SavedView.list == of, SavedView.name == name)
    return bool(session.scalar(select(exists().where(*own))))
