"""Practice cases: some consultations belong together, and some changed hands."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from app.domain.cases import DRAWN_FROM, CaseEnd, HandOver, reference_of
from app.services.practice_data.demo_volume import SEED
from app.storage.models import Case, CaseEvent, CaseHandOver, Consultation, ConsultationTag

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.domain.cases import Reference

NOTE = "Övning: den påhittade skolan väntar på besked om ett möte."
_ENDS_AFTER = timedelta(days=40)
"""So long after its last consultation a case is over."""
_BEGINS, _GOES_ON = "ARENDE", "UPPF"
_OPENED, _HANDED = 0.3, 0.1


@dataclass(frozen=True, slots=True)
class _Held:
    """A consultation that was held."""

    id: int
    organisation: str
    line: str
    staff: str
    at: datetime
    kind: str


@dataclass
class _Made:
    """A case as it grows."""

    reference: Reference
    staff: str
    of: list[_Held] = field(default_factory=list)
    handed_from: str = ""

    @property
    def ends(self) -> datetime:
        return self.of[-1].at + _ENDS_AFTER


def open_some(session: Session, now: datetime) -> None:
    """As the staff would have done. The same clock gives the same cases. Doesn't commit."""
    by_line: dict[str, list[_Held]] = defaultdict(list)
    for one in _held(session):
        by_line[one.line].append(one)
    taken: set[str] = set()
    made = [case for line in sorted(by_line) for case in _cases(by_line[line], taken)]
    if made:
        _store(session, made, now)


def newest(session: Session) -> Case | None:
    """The case that was opened last and isn't over."""
    return session.scalars(
        select(Case).where(Case.ended_at.is_(None)).order_by(Case.opened_at.desc(), Case.id).limit(1)
    ).one_or_none()


def _held(session: Session) -> Iterable[_Held]:
    is_type = (ConsultationTag.consultation_id == Consultation.id) & (ConsultationTag.kind == "type")
    query = select(Consultation, ConsultationTag.code).join(ConsultationTag, is_type)
    query = query.where(Consultation.held_at.is_not(None))
    for one, code in session.execute(query.order_by(Consultation.opened_at, Consultation.id)):
        if one.staff_id is not None:
            yield _Held(one.id, one.organisation, one.line, one.staff_id, one.opened_at, code)


def _cases(held: Sequence[_Held], taken: set[str]) -> list[_Made]:
    """The cases of one line. A follow-up goes on with the latest case of the same specialist, unless that was over."""
    made: list[_Made] = []
    latest = set({one.staff: one.id for one in held if one.kind == _BEGINS}.values())
    for one in held:
        # Every case has chances of its own, so that one more or less changes none of the others.
        chance = Random(f"{SEED} case {one.line} {one.at}")  # noqa: S311 - practice data, the same everywhere
        mine = [case for case in made if case.staff == one.staff]
        if one.kind == _GOES_ON and mine and one.at < mine[-1].ends:
            mine[-1].of.append(one)
        elif one.kind == _BEGINS and (chance.random() < _OPENED or one.id in latest):
            made.append(_Made(_reference(chance, taken), one.staff, [one]))
            others = sorted({other.staff for other in held} - {one.staff})
            if others and one.id not in latest and chance.random() < _HANDED:
                made[-1].handed_from, made[-1].staff = one.staff, chance.choice(others)
    return made


def _reference(chance: Random, taken: set[str]) -> Reference:
    while (found := reference_of(chance.choice(DRAWN_FROM))).digits in taken:
        pass
    taken.add(found.digits)
    return found


def _store(session: Session, made: Sequence[_Made], now: datetime) -> None:
    session.execute(insert(Case), [_case(one, now) for one in made])
    ids = {reference: key for reference, key in session.execute(select(Case.reference, Case.id))}  # noqa: C416 - rows
    belongs = [{"id": one.id, "case_id": ids[case.reference.digits]} for case in made for one in case.of]
    session.execute(update(Consultation), belongs)
    ended = [
        {"case_id": ids[one.reference.digits], "at": one.ends, "staff_id": one.staff, "ended_as": CaseEnd.FINISHED}
        for one in made
        if one.ends <= now
    ]
    handed = [_hand_over(ids[one.reference.digits], one) for one in made if one.handed_from]
    for model, found in ((CaseEvent, ended), (CaseHandOver, handed)):
        if found:
            session.execute(insert(model), found)


def _case(one: _Made, now: datetime) -> dict[str, object]:
    is_over = one.ends <= now
    return {
        "reference": one.reference.digits,
        "organisation": one.of[0].organisation,
        "line": one.of[0].line,
        "staff_id": one.staff,
        "opened_at": one.of[0].at,
        "ended_at": one.ends if is_over else None,
        "ended_as": CaseEnd.FINISHED if is_over else None,
    }


def _hand_over(case: int, one: _Made) -> dict[str, object]:
    return {
        "case_id": case,
        "at": one.of[0].at + timedelta(hours=1),
        "from_id": one.handed_from,
        "to_id": one.staff,
        "reason": HandOver.COMPETENCE,
        "note": NOTE,
    }
