"""What tallies are made of: consultations, calls, follow-ups and cases of one owner in a time, behind no wall."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import and_, func, select

from app.domain.calls import AttemptState, Outcome
from app.domain.consultations import Answers
from app.domain.lines import LineKey
from app.domain.taxonomy import Code, GroupKey
from app.storage.models import Attempt, Call, Case, Consultation, ConsultationTag, FollowUp
from app.storage.queries.consultations import place_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from app.domain.channels import Channel
    from app.domain.followups import FollowUpEnd


class Owner(NamedTuple):
    """Whose rows are counted together."""

    organisation: str
    line: LineKey


class HeldRow(NamedTuple):
    """A consultation that was held."""

    id: int
    held_at: datetime
    channel: Channel
    staff: str | None
    case: int | None
    answers: Answers


class CaseRow(NamedTuple):
    """A consultation of a case."""

    case: int | None
    id: int
    staff: str | None


class CallRow(NamedTuple):
    """A call, as ``services.call_times`` reads it."""

    id: int
    started_at: datetime
    ended_at: datetime | None
    outcome: Outcome


class TakenRow(NamedTuple):
    """An attempt that was accepted, as ``services.call_times`` reads it."""

    call_id: int
    state: AttemptState
    bridged: bool | None
    accepted_at: datetime | None
    ended_at: datetime | None
    dial_seconds: int | None
    leg_seconds: int | None
    staff: str | None = None
    """``None`` where nobody asked."""


class PromisedRow(NamedTuple):
    """A follow-up."""

    promised_at: datetime
    ended_at: datetime | None
    ended_as: FollowUpEnd | None


def held_between(session: Session, owner: Owner, begins: datetime, ends: datetime) -> Sequence[HeldRow]:
    """The consultations that were held in ``[begins, ends)``, with what was answered."""
    inside = _inside(Consultation, Consultation.held_at, owner, begins, ends)
    chosen: dict[int, dict[GroupKey, tuple[Code, ...]]] = defaultdict(dict)
    tags = select(ConsultationTag.consultation_id, ConsultationTag.kind, ConsultationTag.code).join(
        Consultation, Consultation.id == ConsultationTag.consultation_id
    )
    for number, kind, code in session.execute(tags.where(inside)):
        group = GroupKey(kind)
        chosen[number][group] = (*chosen[number].get(group, ()), Code(code))
    one = Consultation
    rows = session.execute(
        select(
            one.id, one.held_at, one.channel, one.staff_id, one.case_id,
            one.place, one.municipality, one.county, one.exposed,
        ).where(inside)
    )  # fmt: skip
    return [
        HeldRow(
            number,
            held_at,
            channel,
            staff,
            case,
            Answers(chosen.get(number, {}), place_of(kind, municipality, county), exposed),
        )
        for number, held_at, channel, staff, case, kind, municipality, county, exposed in rows
        if held_at is not None
    ]


def in_cases(session: Session, cases: Collection[int]) -> Sequence[CaseRow]:
    """Every consultation that was held in these cases, case by case, in their order."""
    one = Consultation
    query = select(one.case_id, one.id, one.staff_id).where(one.case_id.in_(cases), one.held_at.is_not(None))
    return [CaseRow(*row) for row in session.execute(query.order_by(one.case_id, one.held_at, one.id))]


def calls_between(
    session: Session, owner: Owner, begins: datetime, ends: datetime
) -> Sequence[tuple[CallRow, Sequence[TakenRow]]]:
    """The calls that began in ``[begins, ends)``, each with the attempts that were accepted, in their order."""
    inside = _inside(Call, Call.started_at, owner, begins, ends)
    taken: dict[int, list[TakenRow]] = defaultdict(list)
    one = Attempt
    columns = (one.call_id, one.state, one.bridged, one.accepted_at, one.ended_at, one.dial_seconds, one.leg_seconds)
    attempts = select(*columns).join(Call, Call.id == one.call_id).where(inside, one.state == AttemptState.ACCEPTED)
    for row in session.execute(attempts.order_by(one.id)):
        taken[row.call_id].append(TakenRow(*row))
    calls = session.execute(select(Call.id, Call.started_at, Call.ended_at, Call.outcome).where(inside))
    return [(CallRow(*call), taken.get(call.id, ())) for call in calls]


def promised_between(session: Session, owner: Owner, begins: datetime, ends: datetime) -> Sequence[PromisedRow]:
    """The follow-ups that were promised in ``[begins, ends)``."""
    query = select(FollowUp.promised_at, FollowUp.ended_at, FollowUp.ended_as)
    return [
        PromisedRow(*row)
        for row in session.execute(query.where(_inside(FollowUp, FollowUp.promised_at, owner, begins, ends)))
    ]


def cases_between(session: Session, owner: Owner, begins: datetime, ends: datetime) -> Sequence[datetime]:
    """When cases were opened in ``[begins, ends)``, each of them."""
    return session.scalars(select(Case.opened_at).where(_inside(Case, Case.opened_at, owner, begins, ends))).all()


def time_of(session: Session, owner: Owner) -> tuple[datetime, datetime] | None:
    """The first and the last instant at which something of theirs is counted."""
    found = [at for model, at in _INSTANTS for at in _ends_of(session, owner, model, at) if at is not None]
    return (min(found), max(found)) if found else None


def owners(session: Session) -> set[Owner]:
    """Everybody who has something to count."""
    return {
        Owner(organisation, LineKey(line))
        for model, _ in _INSTANTS
        for organisation, line in session.execute(select(model.organisation, model.line).distinct())
    }


_INSTANTS: Any = (
    (Consultation, Consultation.held_at),
    (Call, Call.started_at),
    (FollowUp, FollowUp.promised_at),
    (Case, Case.opened_at),
)


def _ends_of(session: Session, owner: Owner, model: Any, at: Any) -> Sequence[datetime | None]:  # noqa: ANN401 - see _INSTANTS
    query = select(func.min(at), func.max(at))
    return session.execute(query.where(model.organisation == owner.organisation, model.line == owner.line)).one()


def _inside(model: Any, at: Any, owner: Owner, begins: datetime, ends: datetime) -> ColumnElement[bool]:  # noqa: ANN401 - see _INSTANTS
    return and_(model.organisation == owner.organisation, model.line == owner.line, at >= begins, at < ends)
