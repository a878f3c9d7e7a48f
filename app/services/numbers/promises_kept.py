"""How promises were kept: the follow-ups of one period, line by line. Their unit is the follow-up, and no other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.promises import Promises, promises_of
from app.domain.tallies import Dimension, Grain, TallyUnit
from app.services.numbers.trends import count_steps

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy.orm import Session

    from app.domain.lines import Line
    from app.domain.permissions import Actor
    from app.domain.trends import Period


@dataclass(frozen=True, slots=True)
class KeptOnLine:
    """What became of the follow-ups that were promised on one line."""

    line: Line
    promises: Promises


def kept_on(session: Session, actor: Actor, lines: Iterable[Line], period: Period) -> Sequence[KeptOnLine]:
    """Of the consultations that began in the period and whose records are left, each line on its own wall clock."""
    asked = (TallyUnit.FOLLOW_UP, Dimension.OUTCOME)
    found = []
    for line in lines:
        (counted,) = count_steps(session, actor, [line.key], [period], [asked], longest=Grain.DAY)
        found.append(KeptOnLine(line, promises_of(counted.of(*asked))))
    return found
