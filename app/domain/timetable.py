"""Who is on duty over a period, when nobody is, and how long each person is."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from app.domain.duty import on_duty
from app.domain.hours import Span, local_at, open_spans
from app.domain.layers import NO_LAYERS
from app.domain.rotas import RotaUnit
from app.domain.slots import ONE_HOUR
from app.domain.wall_clock import ONE_DAY, instant_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from zoneinfo import ZoneInfo

    from app.domain.hours import DatedChange, OpeningHours
    from app.domain.layers import Layers
    from app.domain.lines import StaffId
    from app.domain.rosters import OnDuty
    from app.domain.rotas import Membership, Rota

_HOURS_A_DAY = 24


@dataclass(frozen=True, slots=True)
class DutySpan:
    """Open time ``[begins, ends)``, in UTC, in which ``on_duty`` is the same throughout: who, in which order, and why.

    Nobody: a gap.
    """

    begins: datetime
    ends: datetime
    on_duty: tuple[OnDuty, ...]


@dataclass(frozen=True, slots=True)
class FinalSchedule:
    """All open time of a period, in order; spans that meet differ from each other."""

    spans: tuple[DutySpan, ...]

    @property
    def covered(self) -> tuple[DutySpan, ...]:
        """The spans in which somebody is on duty."""
        return tuple(span for span in self.spans if span.on_duty)

    @property
    def gaps(self) -> tuple[Span, ...]:
        """When the line is open and nobody is on duty."""
        return tuple(Span(span.begins, span.ends) for span in self.spans if not span.on_duty)

    @property
    def time_on_duty(self) -> Mapping[StaffId, timedelta]:
        """How long each person is on duty, of either tier, alone or with others: time that passes, in open hours."""
        total: dict[StaffId, timedelta] = defaultdict(timedelta)
        for span in self.spans:
            for person in span.on_duty:
                total[person.staff] += span.ends - span.begins
        return dict(total)


def final_schedule(
    hours: OpeningHours,
    changes: Mapping[date, DatedChange],
    rotas: Sequence[Rota],
    memberships: Sequence[Membership],
    begins: datetime,
    ends: datetime,
    layers: Layers = NO_LAYERS,
) -> FinalSchedule:
    """What ``on_duty`` says at every instant of ``[begins, ends)``.

    It is asked once for every instant at which its answer can change. Raises as it does, and ValueError for a period
    that doesn't end after it begins.
    """
    first, last = local_at(hours, begins).date(), local_at(hours, ends - timedelta.resolution).date()
    period = Span(begins.astimezone(UTC), ends.astimezone(UTC))
    if period.opens >= period.closes:
        message = f"the period ends at {period.closes.isoformat()}: it has to begin before"
        raise ValueError(message)
    of_layers = frozenset(layers.boundaries())
    spans: list[DutySpan] = []
    for day in (first + number * ONE_DAY for number in range((last - first).days + 1)):
        boundaries = of_layers.union(_boundaries(rotas, day, hours.zone))
        for part in _parts(open_spans(hours, changes, day), period, boundaries):
            _append(spans, DutySpan(*part, on_duty(hours, changes, rotas, memberships, part.opens, layers)))
    return FinalSchedule(tuple(spans))


def _parts(opened: Iterable[Span], period: Span, boundaries: Iterable[datetime]) -> Iterator[Span]:
    """The open spans, as far as they lie in the period, cut at the boundaries."""
    for span in opened:
        opens, closes = max(span.opens, period.opens), min(span.closes, period.closes)
        if opens < closes:
            inside = {boundary for boundary in boundaries if opens < boundary < closes}
            yield from (Span(*part) for part in pairwise(sorted({opens, closes, *inside})))


def _boundaries(rotas: Iterable[Rota], day: date, zone: ZoneInfo) -> Iterator[datetime]:
    """When somebody may take over on that local date; open spans lie within one date, so its ends aren't needed."""
    for rota in rotas:
        yield instant_at(day, rota.handover, zone)
        if rota.unit is RotaUnit.HOUR:
            hours = (datetime.combine(day, rota.handover) + hour * ONE_HOUR for hour in range(_HOURS_A_DAY))
            yield from (instant_at(day, hour.time(), zone) for hour in hours)
        if rota.window:
            yield from (instant_at(day, wall, zone) for wall in (rota.window.begins, rota.window.ends))


def _append(spans: list[DutySpan], span: DutySpan) -> None:
    """Add the span, or make the last one longer where it goes on unchanged."""
    if spans and (spans[-1].ends, spans[-1].on_duty) == (span.begins, span.on_duty):
        spans[-1] = DutySpan(spans[-1].begins, span.ends, span.on_duty)
    else:
        spans.append(span)
