"""The database of a drill: empty before, filled with practice staff, read as the service left it, empty again."""

from __future__ import annotations

from collections import defaultdict
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import func, make_url, select, text
from sqlalchemy.exc import DBAPIError

from app.domain.callflow import may_overflow, position_from_json
from app.domain.callflow.nodes import CallerKind, Hold
from app.domain.callflow.prompts import prompts_in_all_languages
from app.domain.calls import Outcome
from app.domain.errors import Conflict
from app.domain.lines import LineKey
from app.factory import open_database
from app.services.practice_data.demo_people import practice_cast
from app.simulator.drill.figures import Drilled, Recorded
from app.storage import migrations
from app.storage.engine import create_engine_for, no_answer
from app.storage.models import Attempt, Call, Consultation, Staff

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

    from app.domain.policy import Policy
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


def recorded_calls(session: Session, policy: Policy) -> tuple[Recorded, ...]:
    """All calls, each as a row."""
    number_of = select(func.count(Consultation.id)).where(Consultation.call_id == Call.id).scalar_subquery()
    owner = select(func.max(Consultation.organisation)).where(Consultation.call_id == Call.id).scalar_subquery()
    rang = _attempts(session)
    return tuple(
        Recorded(
            call.sid,
            consultations,
            call.outcome is Outcome.ANSWERED,
            call.ended_at is None,
            rang=tuple(phone for phone, _ in rang[call.id]),
            overflowed=frozenset(phone for phone, overflows in rang[call.id] if overflows),
            may_overflow=_may_overflow(policy, call),
            owner=owner or "",
        )
        for call, consultations, owner in session.execute(select(Call, number_of, owner).order_by(Call.id))
    )


def drilled(session: Session, policy: Policy) -> Drilled:
    """What has to be known of lines and staff to judge what became of the calls."""
    lines = {number.e164: line.organisation for line in policy.lines.values() for number in line.twilio_numbers}
    staff = session.execute(select(Staff.phone, Staff.organisation))
    return Drilled(
        phones={phone.e164: organisation for phone, organisation in staff},
        lines=lines,
        backup_numbers=frozenset(line.backup_number.e164 for line in policy.lines.values()),
        hold_words=_hold_words(policy),
    )


def _hold_words(policy: Policy) -> frozenset[str]:
    """What callers on hold hear, in every language."""
    holds = [node for flow in policy.flows.values() for node in flow.nodes.values() if isinstance(node, Hold)]
    return frozenset(named.prompt.say for node in holds for named in prompts_in_all_languages(node))


def _attempts(session: Session) -> dict[int, list[tuple[str, bool]]]:
    """By call, in order: whose phone, and whether they answer for another line."""
    rang: dict[int, list[tuple[str, bool]]] = defaultdict(list)
    made = select(Attempt.call_id, Staff.phone, Attempt.overflow_line.is_not(None))
    made = made.join(Staff, Staff.id == Attempt.staff_id).order_by(Attempt.turn)
    for call_id, phone, overflows in session.execute(made):
        rang[call_id].append((phone.e164, overflows))
    return rang


def _may_overflow(policy: Policy, call: Call) -> bool:
    line = policy.lines[LineKey(call.line)]
    kind = position_from_json(call.position).caller_kind if call.position else CallerKind.UNKNOWN
    return may_overflow(line.serves, policy.lines[line.overflow].serves if line.overflow else frozenset(), kind)


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
