"""The list of referrals: the shipped one, with an organisation's own words over it. Nothing here commits.

Whoever changes an entry holds its row, so that two who save at once take turns. A row of version 0 says nothing yet.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Generic, TypeVar

from app.domain.audit import What
from app.domain.errors import NotFound
from app.domain.referrals import Referral, ReferralKey, Words
from app.services.keeping import audit
from app.storage.insert import insert_once
from app.storage.models import Referral as Row
from app.storage.queries import referrals as stored

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from app.domain.permissions import Actor
    from app.domain.referrals import Shipped

    ShippedList = Mapping[ReferralKey, Shipped]

_Of = TypeVar("_Of")
_TEXTS = tuple(one.name for one in fields(Words))
_PLACE, _VERIFIED, _RETIRED = "position", "verified_on", "retired"
_APART = 10
_LONGEST_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Typed:
    """What a form asks to be stored."""

    words: Words
    position: int
    verified_on: date | None
    version: int = 0
    """The one that the form showed."""


@dataclass(frozen=True, slots=True)
class Stale(Generic[_Of]):
    """Nothing was stored: somebody else changed it after the version that the form showed."""

    now: _Of
    by: str
    """An alias; empty when the account is gone."""


def listed(session: Session, shipped: ShippedList, actor: Actor, language: str) -> Sequence[Referral]:
    """All entries of the actor's organisation in their order, the retired ones too."""
    rows = stored.referrals_of(session, actor)
    keys = [*shipped, *(key for key in rows if key not in shipped)]
    found = [_laid_over(key, shipped.get(key), rows.get(key), language) for key in keys]
    return sorted(found, key=lambda one: one.position)


def entry(session: Session, shipped: ShippedList, actor: Actor, key: str, language: str) -> Referral:
    """One entry. Raises ``NotFound``."""
    found = next((one for one in listed(session, shipped, actor, language) if one.key == key), None)
    if found is None:
        raise _not_found(key)
    return found


def next_position(session: Session, shipped: ShippedList, actor: Actor) -> int:
    """A place behind all others."""
    return max([stored.last_position(session, actor), *(one.position for one in shipped.values())]) + _APART


def add(session: Session, actor: Actor, typed: Typed, now: datetime) -> ReferralKey:
    """A new entry of the organisation's own."""
    key = ReferralKey(f"own-{secrets.token_hex(8)}")
    row = Row(organisation=actor.organisation, key=key, retired=False, version=0)
    _write_words(row, typed.words)
    row.position, row.verified_on = typed.position, typed.verified_on
    session.add(row)
    _sign(session, row, actor, [*_TEXTS, _PLACE, _VERIFIED], now)
    return key


def save(
    session: Session,
    shipped: ShippedList,
    actor: Actor,
    key: str,
    typed: Typed,
    language: str,
    now: datetime,
) -> Stale[Referral] | None:
    """Store what differs, unless somebody else changed the entry after ``typed.version``.

    A text that is the shipped one in ``language`` follows the shipped list again. Raises ``NotFound``.
    """
    row = _held(session, shipped, actor, key, now)
    before = _laid_over(row.key, shipped.get(ReferralKey(key)), row, language)
    texts = [name for name in _TEXTS if getattr(before.words, name) != getattr(typed.words, name)]
    rest = [name for name in (_PLACE, _VERIFIED) if getattr(before, name) != getattr(typed, name)]
    if not texts and not rest:
        return None
    if row.version != typed.version:
        return Stale(before, stored.alias_of(session, row.changed_by_id))
    original = shipped.get(ReferralKey(key))
    ours = typed.words.but_for(original.words[language]) if original else typed.words
    for name in texts:
        setattr(row, name, getattr(ours, name))
    row.position, row.verified_on = typed.position, typed.verified_on
    _sign(session, row, actor, [*texts, *rest], now)
    return None


def retire(session: Session, shipped: ShippedList, actor: Actor, key: str, now: datetime) -> None:
    """Take an entry off the list; ``restore`` puts it back. Raises ``NotFound``."""
    row = _held(session, shipped, actor, key, now)
    if not row.retired:
        row.retired = True
        _sign(session, row, actor, [_RETIRED], now)


def restore(session: Session, shipped: ShippedList, actor: Actor, key: str, now: datetime) -> None:
    """Put a retired entry back. Raises ``NotFound``."""
    row = _held(session, shipped, actor, key, now)
    if row.retired:
        row.retired = False
        _sign(session, row, actor, [_RETIRED], now)


def reset(session: Session, shipped: ShippedList, actor: Actor, key: str, now: datetime) -> None:
    """Have a shipped entry say again what the program says. Raises ``NotFound``, also for an own entry."""
    original = shipped.get(ReferralKey(key))
    if original is None:
        raise _not_found(key)
    row = _held(session, shipped, actor, key, now)
    if row.version:
        _write_words(row, Words())
        row.position, row.verified_on = original.position, original.verified_on
        _sign(session, row, actor, [*_TEXTS, _PLACE, _VERIFIED], now)


def _held(session: Session, shipped: ShippedList, actor: Actor, key: str, now: datetime) -> Row:
    """The entry's row, locked; a shipped entry without one gets it."""
    if not key.isprintable():  # PostgreSQL doesn't even look for some of these
        raise _not_found(key)
    original = shipped.get(ReferralKey(key))
    if original is not None:
        insert_once(
            session,
            Row,
            organisation=actor.organisation,
            key=key,
            position=original.position,
            verified_on=original.verified_on,
            retired=False,
            version=0,
            changed_at=now,
            changed_by_id=actor.account_id,
        )
    row = stored.held_referral(session, actor, key)
    if row is None:
        raise _not_found(key)
    return row


def _laid_over(key: str, shipped: Shipped | None, row: Row | None, language: str) -> Referral:
    original = shipped.words[language] if shipped else Words()
    if row is not None:
        ours = Words(*(getattr(row, name) for name in _TEXTS))
        return Referral(
            key=ReferralKey(key),
            words=ours.over(original),
            position=row.position,
            verified_on=row.verified_on,
            retired=row.retired,
            version=row.version,
            is_shipped=shipped is not None,
        )
    if shipped is None:  # pragma: no cover - an entry is shipped, or has a row
        raise _not_found(key)
    return Referral(shipped.key, original, shipped.position, shipped.verified_on)


def _write_words(row: Row, words: Words) -> None:
    for name in _TEXTS:
        setattr(row, name, getattr(words, name))


def _sign(session: Session, row: Row, actor: Actor, names: Iterable[str], now: datetime) -> None:
    row.version += 1
    row.changed_at, row.changed_by_id = now, actor.account_id
    session.flush()
    audit.note(session, actor, What.CHANGED_REFERRALS, f"referral:{row.key}", names, now)


def _not_found(key: str) -> NotFound:
    return NotFound(f"there is no referral {key[:_LONGEST_SHOWN]}")
