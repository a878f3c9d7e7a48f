"""Changing the data key: what older keys have sealed is sealed anew with the newest."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from app.domain.audit import What
from app.services.keeping import audit
from app.storage.queries.sealed import (
    SealedValue,
    page_sealed_otherwise,
    replace_sealed,
    sealed_columns,
    sealed_otherwise,
    sealed_with,
)
from app.storage.types import KeyMissing, SealedPhone, SealedText, keyring

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import Column
    from sqlalchemy.orm import Session

_AT_ONCE = 100
"""So few that a caller who waits for one of these rows doesn't notice."""


@dataclass(slots=True)
class Rotation:
    """How far it is."""

    of: int
    """Values that another key than the newest sealed when it began."""
    passed: int = 0
    sealed_anew: int = 0
    columns: set[str] = field(default_factory=set)
    """``table.column`` of those."""
    problems: list[str] = field(default_factory=list)
    """Why values stay as they are, each reason once."""


def rotate(session: Session, now: datetime, at_once: int = _AT_ONCE) -> Iterator[Rotation]:
    """Seal everything anew, a few values at a time; the caller commits after each step, and at the end.

    Whoever is killed in between has lost nothing: the next time goes on with what is left. A value that no key opens
    stays as it is, and is told. Raises ``KeyMissing`` when there is no key at all.
    """
    rotation = Rotation(sealed_otherwise(session, keyring.newest))
    yield rotation
    for column in sealed_columns():
        last: SealedValue | None = None
        while page := page_sealed_otherwise(session, column, keyring.newest, last, at_once):
            for value in page:
                _seal_anew(session, column, value, rotation)
            last = page[-1]
            yield rotation
    if rotation.sealed_anew:
        audit.note(session, None, What.ROTATED_KEYS, None, rotation.columns, now)
        yield rotation


def no_longer_needed(session: Session) -> tuple[str, ...]:
    """The ids of older keys that seal nothing any more."""
    return tuple(key for key in keyring.older if not sealed_with(session, key))


def _seal_anew(session: Session, column: Column[Any], value: SealedValue, rotation: Rotation) -> None:
    rotation.passed += 1
    kind = column.type
    assert isinstance(kind, SealedText | SealedPhone)  # noqa: S101 - sealed_columns gives no others
    try:
        sealed = keyring.seal(keyring.open(value.sealed, kind.column), kind.column)
    except KeyMissing as error:
        if str(error) not in rotation.problems:
            rotation.problems.append(str(error))
        return
    if replace_sealed(session, column, value, sealed):
        rotation.sealed_anew += 1
        rotation.columns.add(kind.column)
