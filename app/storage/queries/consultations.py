"""What is answered and noted in records."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import delete, exists, select

from app.domain.consultations import Answers, Place
from app.domain.lines import MunicipalityCode
from app.domain.municipalities import CountyCode
from app.domain.taxonomy import Code, GroupKey
from app.storage.models import Account, Consultation, ConsultationChange, ConsultationNote, ConsultationTag
from app.storage.queries.scoped import visible

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sqlalchemy.orm import Session

    from app.domain.consultations import PlaceKind
    from app.domain.permissions import Actor


def held_record(session: Session, record: int, actor: Actor) -> Consultation | None:
    """The record, locked until the transaction ends; ``None`` when it isn't there, or not the actor's to see."""
    query = select(Consultation).where(Consultation.id == record, Consultation.withdrawn_at.is_(None))
    query = visible(query, Consultation, actor)
    query = query.with_for_update(of=Consultation).execution_options(populate_existing=True)
    return session.scalars(query).one_or_none()


def answers_of(session: Session, records: Collection[Consultation]) -> Mapping[int, Answers]:
    """By record, all by one query; without the note."""
    chosen: dict[int, dict[GroupKey, tuple[Code, ...]]] = defaultdict(dict)
    query = select(ConsultationTag).where(ConsultationTag.consultation_id.in_([one.id for one in records]))
    for tag in session.scalars(query.order_by(ConsultationTag.consultation_id, ConsultationTag.position)):
        of_record = chosen[tag.consultation_id]
        of_record[GroupKey(tag.kind)] = (*of_record.get(GroupKey(tag.kind), ()), Code(tag.code))
    return {
        one.id: Answers(chosen.get(one.id, {}), place_of(one.place, one.municipality, one.county), one.exposed)
        for one in records
    }


def note_of(session: Session, record: Consultation) -> str:
    """The note, opened; empty when there is none. Whoever asks has noted that somebody reads it."""
    return session.scalar(select(ConsultationNote.text).where(ConsultationNote.consultation_id == record.id)) or ""


def notes_of(session: Session, records: Collection[int]) -> Mapping[int, str]:
    """By record, of those that have one: the note, opened. Whoever asks has noted that somebody reads them."""
    query = select(ConsultationNote).where(ConsultationNote.consultation_id.in_(records))
    return {one.consultation_id: one.text for one in session.scalars(query)}


def is_noted(session: Session, record: Consultation) -> bool:
    """Whether there is a note, for those who may not read it."""
    return bool(session.scalar(select(exists().where(ConsultationNote.consultation_id == record.id))))


def noted(session: Session, records: Collection[int]) -> frozenset[int]:
    """Which of them have a note, for those who may not read it."""
    query = select(ConsultationNote.consultation_id).where(ConsultationNote.consultation_id.in_(records))
    return frozenset(session.scalars(query))


def store_answers(session: Session, record: Consultation, answers: Answers, groups: Collection[GroupKey]) -> None:
    """Write the answers to these groups."""
    place = answers.place
    record.place = place.kind if place else None
    record.municipality = place.municipality if place else None
    record.county = place.county if place else None
    record.exposed = answers.exposed
    session.execute(
        delete(ConsultationTag).where(ConsultationTag.consultation_id == record.id, ConsultationTag.kind.in_(groups))
    )
    session.add_all(
        ConsultationTag(consultation_id=record.id, kind=group, code=code, position=position)
        for group in groups
        for position, code in enumerate(answers.chosen.get(group, ()), start=1)
    )


def store_note(session: Session, record: Consultation, note: str) -> None:
    """Write the note; an empty one is none."""
    if note:
        session.merge(ConsultationNote(consultation_id=record.id, text=note))
    else:
        session.execute(delete(ConsultationNote).where(ConsultationNote.consultation_id == record.id))


def last_changes(
    session: Session, record: Consultation, since: int
) -> Mapping[GroupKey, tuple[ConsultationChange, str]]:
    """Of each field that changed after version ``since``, the last change and the alias of who made it."""
    query = (
        select(ConsultationChange, Account.alias)
        .outerjoin(Account, Account.id == ConsultationChange.account_id)
        .where(ConsultationChange.consultation_id == record.id, ConsultationChange.version > since)
    )
    return {GroupKey(change.field): (change, alias or "") for change, alias in session.execute(query)}


def place_of(kind: PlaceKind | None, municipality: str | None, county: str | None) -> Place | None:
    """The place as its columns say it."""
    if kind is None:
        return None
    return Place(kind, MunicipalityCode(municipality) if municipality else None, CountyCode(county) if county else None)
