"""A database with many records, within a minute: the practice data, and each of its calls again and again.

The copies are made by the database itself and lie at the same instants: two years that are many times as busy as the
lines ever were, which is harder for every page than the same number of records over fifty years.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select, text

from app.storage.models import Attempt, Call, CallbackRequest, Consultation, ConsultationNote, ConsultationTag

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

_PARENTS_FIRST = (Call, Attempt, CallbackRequest, Consultation, ConsultationTag, ConsultationNote)
# Ids are numbers of their own; what Twilio and we named gets signs that none of those has.
_NUMBERED = {
    "call": ("id",),
    "attempt": ("id", "call_id"),
    "callback_request": ("id", "call_id"),
    "consultation": ("id", "call_id"),
    "consultation_tag": ("consultation_id",),
    "consultation_note": ("consultation_id",),
}
_NAMED = {"call": ("sid", 2), "attempt": ("token", 0)}
"""Where in it four signs are the copy's own."""


def multiply(session: Session, consultations: int) -> int:
    """Copy what there is until there are so many consultations, or a few more; gives their number. Doesn't commit."""
    there = session.scalar(select(func.count()).select_from(Consultation)) or 0
    # The ids of no two copies meet.
    apart = max(session.scalar(select(func.max(model.id))) or 0 for model in _PARENTS_FIRST[:4])
    copies = -(-consultations // there) - 1
    for model in _PARENTS_FIRST:
        _copy(session, model.__tablename__, [column.name for column in model.__table__.columns], apart, copies)
    _tidy(session)
    return session.scalar(select(func.count()).select_from(Consultation)) or 0


def _copy(session: Session, name: str, columns: Sequence[str], apart: int, copies: int) -> None:
    numbered, (named, kept) = _NUMBERED[name], _NAMED.get(name, ("", 0))
    values = []
    for column in columns:
        if column in numbered:
            values.append(f"{column} + :copy * {apart}")
        elif column == named:
            values.append(f"substr({column}, 1, {kept}) || :signs || substr({column}, {kept + 5})")
        else:
            values.append(column)
    source = f"SELECT {', '.join(values)} FROM {name} WHERE {numbered[0]} <= {apart}"  # noqa: S608 - names of ours
    statement = text(f"INSERT INTO {name} ({', '.join(columns)}) {source}")
    for copy in range(1, copies + 1):
        session.execute(statement, {"copy": copy, "signs": f"x{copy:03x}"})


def _tidy(session: Session) -> None:
    """What PostgreSQL does by itself in a while; SQLite never does."""
    if session.get_bind().dialect.name != "postgresql":
        return
    for model in _PARENTS_FIRST[:4]:
        name = model.__tablename__
        session.execute(text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT max(id) FROM {name}))"))  # noqa: S608 - as above
    session.execute(text("ANALYZE"))
