"""The database of a drill: empty before, filled with practice staff, read as the service left it, empty again."""

from __future__ import annotations

from collections import defaultdict
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import func, make_url, select, text
from sqlalchemy.exc import DBAPIError

from app.domain.calls import Outcome
from app.domain.errors import Conflict
from app.factory import open_database
from app.services.demo_people import practice_cast
from app.simulator.drill_verdict import Recorded
from app.storage import migrations
from app.storage.engine import create_engine_for, no_answer
from app.storage.models import Attempt, Call, Consultation, Staff

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

    from app.settings import Settings

_ANYTHING = text(
    "SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_toast%'"
    " ORDER BY 1 LIMIT 1"
)


@contextmanager
def lent(settings: Settings) -> Iterator[None]:
    """A database with today's schema for the time of the block; one that we were given is emptied afterwards.

    Raises ``Conflict`` when it holds anything, ``Unavailable`` when it doesn't answer.
    """
    url = make_url(settings.database_url)
    is_given = url.get_backend_name() == "postgresql"
    if is_given:
        _refuse_what_is_filled(create_engine_for(settings.database_url))
    try:
        migrations.upgrade(settings.database_url)
        yield
    finally:
        if is_given:
            _empty(settings.database_url)


def fill_with_staff(settings: Settings, now: datetime) -> tuple[str, ...]:
    """Put practice staff on duty; their phones."""
    with open_database(settings) as session:
        cast = practice_cast(settings.policy, now)
        session.add_all(cast.staff)
        session.flush()
        session.add_all(cast.rows())
        phones = tuple(one.phone.e164 for one in cast.staff)
        session.commit()
    return phones


def recorded_calls(session: Session) -> tuple[Recorded, ...]:
    """All calls, each as a row."""
    number_of = select(func.count(Consultation.id)).where(Consultation.call_id == Call.id).scalar_subquery()
    rang: dict[int, list[str]] = defaultdict(list)
    attempts = select(Attempt.call_id, Staff.phone).join(Staff, Staff.id == Attempt.staff_id).order_by(Attempt.turn)
    for call_id, phone in session.execute(attempts):
        rang[call_id].append(phone.e164)
    return tuple(
        Recorded(call.sid, consultations, call.outcome is Outcome.ANSWERED, call.ended_at is None, tuple(rang[call.id]))
        for call, consultations in session.execute(select(Call, number_of).order_by(Call.id))
    )


def _refuse_what_is_filled(engine: Engine) -> None:
    try:
        with engine.connect() as connection:
            found = connection.scalar(_ANYTHING)
    except DBAPIError as error:
        raise no_answer(engine, error) from error
    finally:
        engine.dispose()
    if found is not None:
        name = engine.url.render_as_string()
        message = f"the database {name} isn't empty: it holds {found}; a drill needs one of its own"
        raise Conflict(message)


def _empty(url: str) -> None:
    migrations.downgrade(url, "base")
    engine = create_engine_for(url)
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE IF EXISTS alembic_version"))
    engine.dispose()
