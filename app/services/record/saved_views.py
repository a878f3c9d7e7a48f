"""What somebody looks for in a list, kept under a name, or under none while they page. Nothing here commits."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from app.domain.errors import Conflict, NotFound, Problem, RejectedInput
from app.domain.finding import sought_of
from app.domain.identities import holds_personal_number, identities
from app.storage.models import SavedView
from app.storage.queries import saved_views as stored

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.domain.finding import ListName, Sought
    from app.domain.permissions import Actor
    from app.domain.policy import Policy

LONGEST_NAME = 40
MOST_NAMED = 30
"""Of one account and list."""
_MOST_UNNAMED = 20
_UNNAMED_FOR = timedelta(days=2)
_ID_BYTES = 16


@dataclass(frozen=True, slots=True)
class View:
    """A filter that is kept; without a name for a while only."""

    id: str
    name: str | None
    sought: Sought


def named(session: Session, actor: Actor, of: ListName) -> Sequence[View]:
    """The account's own, by name."""
    return [_view(one) for one in stored.views(session, actor, of) if one.name is not None]


def find(session: Session, actor: Actor, of: ListName, view: str) -> View | None:
    """The account's own view of this list with that id."""
    one = stored.view(session, actor, view)
    return _view(one) if one is not None and one.list is of else None


def keep_for_a_while(session: Session, actor: Actor, of: ListName, sought: Sought, now: datetime) -> str:
    """The id under which the account finds this filter again for two days; what was kept longer goes."""
    known = stored.views(session, actor, of)
    unnamed = [one for one in known if one.name is None]
    same = next((one for one in known if one.sought == sought.to_json()), None)
    for place, one in enumerate(unnamed, start=1):
        if one is not same and (place >= _MOST_UNNAMED or one.made_at < now - _UNNAMED_FOR):
            session.delete(one)
    if same is not None:
        same.made_at = now if same.name is None else same.made_at
        session.flush()
        return same.id
    return _add(session, actor, of, sought, None, now)


def save(
    session: Session, policy: Policy, actor: Actor, of: ListName, sought: Sought, typed: str, now: datetime
) -> str:
    """Keep it under a name; gives its id. Raises ``RejectedInput`` for such a name, or too many views."""
    name = _name(session, policy, actor, of, typed)
    known = [one for one in stored.views(session, actor, of) if one.name is not None]
    if len(known) >= MOST_NAMED:
        raise RejectedInput([Problem("", "name", f"{len(known)} views", f"at most {MOST_NAMED}")])
    return _add(session, actor, of, sought, name, now)


def rename(session: Session, policy: Policy, actor: Actor, view: str, typed: str) -> View:
    """Call it something else. Raises ``NotFound``, and ``RejectedInput`` for such a name."""
    one = _held(session, actor, view)
    if typed.strip() != one.name:
        one.name = _name(session, policy, actor, one.list, typed)
    session.flush()
    return _view(one)


def delete(session: Session, actor: Actor, view: str) -> ListName:
    """Keep it no longer; of which list it was. Raises ``NotFound``."""
    one = _held(session, actor, view)
    session.delete(one)
    session.flush()
    return one.list


def list_of(session: Session, actor: Actor, view: str) -> ListName:
    """Which list it is of. Raises ``NotFound``."""
    return _held(session, actor, view).list


def _held(session: Session, actor: Actor, view: str) -> SavedView:
    one = stored.view(session, actor, view)
    if one is None or one.name is None:
        message = "there is no such saved view"
        raise NotFound(message)
    return one


def _add(session: Session, actor: Actor, of: ListName, sought: Sought, name: str | None, now: datetime) -> str:
    one = SavedView(
        id=secrets.token_urlsafe(_ID_BYTES),
        account_id=actor.account_id,
        organisation=actor.organisation,
        list=of,
        name=name,
        sought=sought.to_json(),
        made_at=now,
    )
    session.add(one)
    session.flush()
    return one.id


def _name(session: Session, policy: Policy, actor: Actor, of: ListName, typed: str) -> str:
    name = " ".join(typed.split())
    if not name or len(name) > LONGEST_NAME:
        raise RejectedInput([Problem("", "name", f"{len(name)} characters", f"1 to {LONGEST_NAME}")])
    if holds_personal_number(identities(name, policy.municipalities.words)):
        raise RejectedInput([Problem("", "name", "a personal identity number", "no number of a person")])
    if stored.is_taken(session, actor, of, name):
        message = f"a view of this list is called {name} already"
        raise Conflict(message)
    return name


def _view(one: SavedView) -> View:
    return View(one.id, one.name, sought_of(one.sought))
