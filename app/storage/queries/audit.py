"""The read and change log as it is stored, with nothing made up for what can't be read."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import LargeBinary, String, cast, func, select, type_coerce

from app.domain.audit import START, Anchor, Broken, Entry, Link, What
from app.storage.models import AuditEntry, AuditHead

if TYPE_CHECKING:
    from collections.abc import Generator

    from sqlalchemy import ColumnElement, Row
    from sqlalchemy.orm import InstrumentedAttribute, Session

_AT_ONCE = 1_000
_SQLITE_INSTANT = "%Y-%m-%d %H:%M:%S.%f"
_TEXTS = (
    AuditEntry.account_id,
    AuditEntry.staff_id,
    AuditEntry.organisation,
    AuditEntry.what,
    AuditEntry.record,
    AuditEntry.fields,
    AuditEntry.previous,
    AuditEntry.hash,
)


def held_head(session: Session) -> AuditHead:
    """The end of the chain, locked until the transaction ends."""
    return session.scalars(select(AuditHead).with_for_update().execution_options(populate_existing=True)).one()


def head(session: Session) -> Anchor | None:
    """The end of the chain, as its head says; ``None`` where there is none."""
    found = session.execute(select(AuditHead.sequence, AuditHead.hash)).one_or_none()
    return Anchor(*found) if found else None


def entries_in_all(session: Session) -> int:
    """How many there are."""
    return session.scalar(select(func.count()).select_from(AuditEntry)) or 0


def links(session: Session) -> Generator[tuple[Link, Anchor]]:
    """All entries, in order, each with the head as it is at the same instant; they aren't all in memory at once.

    Raises ``Broken`` for an entry that can't be read.
    """
    # One statement, so that an entry that comes meanwhile doesn't come without its head.
    head_now = [select(part).scalar_subquery() for part in (AuditHead.sequence, AuditHead.hash)]
    texts = [_raw(session, column) for column in _TEXTS]
    query = select(AuditEntry.sequence, _raw_instant(session), *texts, *head_now).order_by(AuditEntry.sequence)
    before = START.sequence
    with session.execute(query.execution_options(yield_per=_AT_ONCE)) as rows:
        for row in rows:
            try:
                one = _link(row)
            except (ValueError, TypeError, AttributeError) as error:
                raise Broken(before + 1, "it can't be read") from error
            yield one, Anchor(*row[-2:])
            before = one.sequence


def _link(row: Row[Any]) -> Link:
    values: tuple[Any, ...] = tuple(row)
    sequence, at, *texts = values[:-2]
    account, staff, organisation, what, record, fields, previous, own = map(_text, texts)
    names = () if fields == "" else tuple(fields.split(","))
    return Link(sequence, Entry(_instant(at), account, staff, organisation, What(what), record, names), previous, own)


def _raw(session: Session, column: InstrumentedAttribute[Any]) -> ColumnElement[Any]:
    """SQLite's driver chokes on text that isn't UTF-8, and doesn't say in which row: there it is read as bytes."""
    if session.get_bind().dialect.name == "sqlite":
        return cast(column, LargeBinary)
    return type_coerce(column, String)


def _raw_instant(session: Session) -> ColumnElement[Any]:
    if session.get_bind().dialect.name == "sqlite":
        return cast(AuditEntry.at, LargeBinary)
    return type_coerce(AuditEntry.at, AuditEntry.at.type)


def _text(found: str | bytes | None) -> Any:  # noqa: ANN401 - NULL where it mustn't be fails in Entry, or as a hash
    return found.decode() if isinstance(found, bytes) else found


def _instant(found: datetime | bytes) -> datetime:
    if isinstance(found, datetime):
        return found
    text = found.decode()
    instant = datetime.strptime(text, _SQLITE_INSTANT).replace(tzinfo=UTC)
    if instant.strftime(_SQLITE_INSTANT) != text:
        message = "an instant in another form than ours"
        raise ValueError(message)
    return instant
