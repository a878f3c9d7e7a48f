"""The practice cases: some matters that went on over several consultations, each with one specialist."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

from sqlalchemy import update

from app.domain.cases import DRAWN_FROM, CaseEnd, Reference, reference_of
from app.domain.taxonomy import GroupKey
from app.services.demo_volume import SEED
from app.storage.models import Case, Consultation

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.domain.lines import Line
    from app.services.demo_records import FilledIn, HeldCall

_OF_CASES = frozenset({"ARENDE", "RISK"})
_BEGINS = 0.2
"""Of the consultations that can be about a case, the share with which one begins."""
_GOES_ON = 0.2
"""And the share that belongs to the latest case of whoever held them, if there is a recent one."""
_RECENT = timedelta(days=45)
_ENDS_AFTER = timedelta(days=60)
"""Without a word, a case is over."""


@dataclass(slots=True)
class PracticeCase:
    """A case and its consultations, in order."""

    reference: Reference
    held: list[HeldCall] = field(default_factory=list)

    def row(self, line: Line, now: datetime) -> Case:
        """The case as it would be stored."""
        ended_at = self.held[-1].ended + _ENDS_AFTER
        return Case(
            reference=self.reference.digits,
            organisation=line.organisation,
            line=line.key,
            staff_id=self.held[0].staff,
            opened_at=self.held[0].began,
            ended_at=ended_at if ended_at <= now else None,
            ended_as=CaseEnd.FINISHED if ended_at <= now else None,
        )


def cases_of(held: Sequence[HeldCall], records: Iterable[FilledIn], taken: set[Reference]) -> list[PracticeCase]:
    """The cases of one line's calls, which are given in the order in which they came; oldest first.

    ``taken`` are the references of other lines, and gets these.
    """
    filled_in = {one.consultation_id: one for one in records if one.closed_at}
    cases: list[PracticeCase] = []
    latest: dict[str, PracticeCase] = {}
    for one in held:
        record = filled_in.get(one.consultation_id)
        if record is None or not _OF_CASES.intersection(record.answers.chosen.get(GroupKey("type"), ())):
            continue
        # Every record has chances of its own, so that one more or less changes none of the others.
        chance = Random(f"{SEED} case {one.line} {one.began}")  # noqa: S311 - practice data, the same everywhere
        share = chance.random()
        before = latest.get(one.staff)
        if share < _BEGINS:
            latest[one.staff] = PracticeCase(_drawn(chance, taken), [one])
            cases.append(latest[one.staff])
        elif share < _BEGINS + _GOES_ON and before and one.began - before.held[-1].began < _RECENT:
            before.held.append(one)
    return cases


def store(session: Session, line: Line, cases: Sequence[PracticeCase], now: datetime) -> None:
    """The rows, and which consultations are in which."""
    rows = [one.row(line, now) for one in cases]
    session.add_all(rows)
    session.flush()
    joined = [
        {"id": held.consultation_id, "case_id": row.id}
        for row, one in zip(rows, cases, strict=True)
        for held in one.held
    ]
    if joined:
        session.execute(update(Consultation), joined)


def _drawn(chance: Random, taken: set[Reference]) -> Reference:
    while (reference := reference_of(chance.choice(DRAWN_FROM))) in taken:
        pass
    taken.add(reference)
    return reference
