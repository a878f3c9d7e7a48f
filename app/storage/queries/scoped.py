"""The first wall: every query of the desk goes through ``visible``. What isn't the actor's to see isn't found.

An actor sees the rows of the lines in their reach, all of them their own organisation's. A call that
another organisation answered stays visible to the dialled line: its outcome and times, as ``owns`` says of its record.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import ColumnElement, Select, and_, case, or_, select
from sqlalchemy.orm import aliased

from app.domain.errors import NotFound
from app.domain.lines import LineKey, OrganisationKey
from app.domain.permissions import reaches
from app.storage.models import (
    AuditEntry,
    Call,
    CallbackRequest,
    Case,
    Consultation,
    DataExport,
    Destruction,
    EarlierFigure,
    FollowUp,
    Observation,
    Population,
    Referral,
    RegisterEntry,
    RetentionDecision,
    RetentionTally,
    SavedView,
    SocialOffice,
    Staff,
    Tally,
    TimeNote,
    TrainingOccasion,
)

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.domain.permissions import Actor

_Query = TypeVar("_Query", bound=Select[*tuple[Any, ...]])
_Of = TypeVar("_Of", Call, CallbackRequest, Case, Consultation, FollowUp, Staff)
_OfALine = (
    Call | CallbackRequest | Case | Consultation | EarlierFigure | FollowUp | RegisterEntry | RetentionTally | Tally
)
_OfAnOrganisation = (
    AuditEntry
    | DataExport
    | Destruction
    | Observation
    | Population
    | Referral
    | RetentionDecision
    | SavedView
    | SocialOffice
    | Staff
    | TrainingOccasion
)


def visible(query: _Query, of: type[_OfALine | _OfAnOrganisation | TimeNote], actor: Actor) -> _Query:
    """The query, less the rows of ``of`` that aren't the actor's to see. ``of`` must be among what it selects from."""
    if issubclass(of, _OfAnOrganisation):
        return query.where(of.organisation == actor.organisation)
    if issubclass(of, TimeNote):
        is_in_reach = or_(of.line.is_(None), of.line.in_(sorted(actor.lines)))
        return query.where(of.organisation == actor.organisation, is_in_reach)
    if not issubclass(of, Call):
        return query.where(_within(of, actor))
    # Joined by the index on a record's call: EXISTS would have PostgreSQL read all records of the organisation.
    record = aliased(Consultation)
    query = query.outerjoin(record, record.call_id == Call.id)
    return query.where(or_(_within(Call, actor), _within(record, actor)))


def seen(query: _Query, of: type[_OfALine], actor: Actor) -> _Query:
    """As ``visible``, of a query that finds few rows by an index of its own: whose each is, is asked of it afterwards.

    SQLite keeps no statistics here, and would rather look through a whole line for them.
    """
    return query.where(case((_within(of, actor), 1), else_=0) == 1)


def dialled(query: _Query, actor: Actor) -> _Query:
    """The query, less the calls that didn't come to a line in reach; also those that somebody in reach answered."""
    return query.where(_within(Call, actor))


def found(session: Session, of: type[_Of], key: int | str, actor: Actor) -> _Of:
    """The row with this primary key. Raises ``NotFound`` when there is none, or it isn't the actor's to see.

    Nor is a record found that was withdrawn.
    """
    row = session.scalars(visible(select(of).where(of.id == key), of, actor)).one_or_none()
    if row is None or getattr(row, "withdrawn_at", None) is not None:
        message = f"there is no {of.__tablename__.replace('_', ' ')} {key}"
        raise NotFound(message)
    return row


def owns(actor: Actor, record: Consultation) -> bool:
    """Whether the content of a record, and of its call, is the actor's: else outcome and times are shown alone."""
    return reaches(actor, OrganisationKey(record.organisation), LineKey(record.line))


def _within(of: type[_OfALine], actor: Actor) -> ColumnElement[bool]:
    return and_(of.organisation == actor.organisation, of.line.in_(sorted(actor.lines)))
