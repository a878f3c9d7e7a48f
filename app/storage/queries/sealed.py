"""Whether the data keys open what is stored, and sealing it anew with another key."""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import LargeBinary, and_, func, literal, select, tuple_, type_coerce, update

from app.storage.base import Base
from app.storage.models import Staff
from app.storage.types import KeyMissing, SealedPhone, SealedText, keyring

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Column, ColumnElement
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class SealedValue:
    """A value as it is stored, and the primary key of its row."""

    row: tuple[Any, ...]
    sealed: bytes


def require_keys(session: Session) -> None:
    """Open one phone of the staff for each data key that sealed any; nothing stored is fine.

    Raises ``KeyMissing``, which names the key, when none of its phones opens: those people can't be rung.
    """
    by_key: dict[bytes, list[bytes]] = defaultdict(list)
    for sealed in session.scalars(select(type_coerce(Staff.phone, LargeBinary)).order_by(Staff.created_at, Staff.id)):
        by_key[sealed.partition(b":")[0]].append(sealed)
    for phones in by_key.values():
        _open_one_of(phones)


def sealed_columns() -> tuple[Column[Any], ...]:
    """Every column of every table whose values are sealed."""
    columns = (column for table in Base.metadata.sorted_tables for column in table.columns)
    return tuple(column for column in columns if isinstance(column.type, SealedText | SealedPhone))


def sealed_with(session: Session, key: str) -> int:
    """How many values the key seals."""
    counts = (select(func.count()).where(_is_sealed_with(column, key)) for column in sealed_columns())
    return sum(session.scalar(count) or 0 for count in counts)


def sealed_otherwise(session: Session, key: str) -> int:
    """How many values another key seals."""
    counts = (select(func.count()).where(~_is_sealed_with(column, key)) for column in sealed_columns())
    return sum(session.scalar(count) or 0 for count in counts)


def page_sealed_otherwise(
    session: Session, column: Column[Any], key: str, after: SealedValue | None, most: int
) -> tuple[SealedValue, ...]:
    """At most ``most`` values of the column that another key seals, by primary key, those after ``after``."""
    keys = tuple(column.table.primary_key)
    query = select(*keys, _raw(column)).where(~_is_sealed_with(column, key)).order_by(*keys).limit(most)
    if after:
        last = (literal(value, part.type) for value, part in zip(after.row, keys, strict=True))
        query = query.where(tuple_(*keys) > tuple_(*last))
    return tuple(SealedValue(tuple(row[:-1]), row[-1]) for row in session.execute(query))


def replace_sealed(session: Session, column: Column[Any], before: SealedValue, after: bytes) -> bool:
    """Put another sealed value in its place; ``False`` when somebody changed or deleted it meanwhile."""
    row = and_(*(part == value for part, value in zip(column.table.primary_key, before.row, strict=True)))
    change = update(column.table).where(row, _raw(column) == before.sealed)
    changed = session.execute(change.values({column: literal(after, LargeBinary)}).returning(literal(1)))
    return changed.first() is not None


def _raw(column: Column[Any]) -> ColumnElement[bytes]:
    return type_coerce(column, LargeBinary)


def _is_sealed_with(column: Column[Any], key: str) -> ColumnElement[bool]:
    """NULL, and so not found either way, for no value at all."""
    beginning = f"{key}:".encode()
    begins = type_coerce(func.substr(_raw(column), 1, len(beginning)), LargeBinary)
    return begins == literal(beginning, LargeBinary)


def _open_one_of(phones: Sequence[bytes]) -> None:
    *others, last = phones
    for sealed in others:
        # A single damaged value is no missing key.
        with suppress(KeyMissing):
            keyring.open(sealed, "staff.phone")
            return
    keyring.open(last, "staff.phone")
