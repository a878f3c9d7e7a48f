"""Mail about follow-ups, on the morning of an open day: what is due on the next one, and what is overdue.

Numbers alone go into the outbox, one mail for each reader and day, however many processes look (docs/decisions/0034).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from typing import TYPE_CHECKING

from app.domain.lines import LineKey, StaffId
from app.domain.mail import MailKind
from app.domain.opening_days import last_open_day, next_open_day, spans_of
from app.domain.wall_clock import instant_at
from app.services.case.absent_colleagues import absent_colleagues
from app.services.case.followups import days_of
from app.services.mail import outbox
from app.services.mail.news import readers_in
from app.services.mail.outbox import News
from app.storage.queries.follow_ups import all_open

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from app.domain.hours import Span
    from app.domain.permissions import Actor
    from app.domain.policy import Policy

AT = time(7, 30)
"""On the line's wall clock, before anybody is rung."""


@dataclass(frozen=True, slots=True)
class Morning:
    """A day on which a line is open, and the next one."""

    today: date
    opens: Span
    """Its first open time today."""
    next_day: date
    next_opens: Span
    before: date | None
    """The last open day before today."""
    has_come: bool
    """Whether it is time to write, and not yet over."""


@dataclass(frozen=True, slots=True)
class _Due:
    """One follow-up: whose, and when."""

    staff: StaffId
    line: LineKey
    due: date


@dataclass(frozen=True, slots=True)
class _Counted:
    coming: int
    overdue: int
    is_news: bool


def tell_of_follow_ups(session: Session, policy: Policy, now: datetime) -> int:
    """Put in the mails of this morning; how many it made. None on closed days, and none twice. Doesn't commit."""
    mornings = {line: found for line in policy.lines if (found := morning_of(session, policy, line, now))}
    if not any(one.has_come for one in mornings.values()):
        return 0
    due = _all_due(session, policy, mornings)
    organisations = sorted({policy.lines[line].organisation for line in mornings})
    made = 0
    for organisation in organisations:
        for reader in readers_in(session, policy, organisation, MailKind.FOLLOW_UPS):
            own = [one for one in due if one.staff == reader.staff_id and one.line in reader.lines]
            made += _put(session, MailKind.FOLLOW_UPS, reader, mornings, _own(own, mornings), now)
        for reader in readers_in(session, policy, organisation, MailKind.ABSENT_FOLLOW_UPS):
            if is_time(reader, mornings):
                left = _left(session, policy, reader, mornings, now)
                made += _put(session, MailKind.ABSENT_FOLLOW_UPS, reader, mornings, left, now)
    return made


def morning_of(session: Session, policy: Policy, line: LineKey, now: datetime) -> Morning | None:
    """The day on a line's wall clock; ``None`` where it is closed today, or doesn't open again soon."""
    days = days_of(session, policy, line, now)
    today = days.day(now)
    spans = spans_of(days.hours, days.changes, today)
    next_day = next_open_day(days.hours, days.changes, today)
    if not spans or next_day is None:
        return None
    begins = instant_at(today, AT, days.hours.zone)
    return Morning(
        today=today,
        opens=spans[0],
        next_day=next_day,
        next_opens=spans_of(days.hours, days.changes, next_day)[0],
        before=last_open_day(days.hours, days.changes, today),
        has_come=begins <= now < spans[-1].closes,
    )


def _all_due(session: Session, policy: Policy, mornings: Mapping[LineKey, Morning]) -> Sequence[_Due]:
    rows = all_open(session, mornings)
    # What is found first was promised first.
    since = {LineKey(one.line): one.promised_at for one, _ in reversed(rows)}
    days = {line: days_of(session, policy, line, at) for line, at in since.items()}
    return [_Due(StaffId(case.staff_id), LineKey(one.line), days[LineKey(one.line)].due(one)) for one, case in rows]


def _own(due: Iterable[_Due], mornings: Mapping[LineKey, Morning]) -> _Counted:
    """It is news that something is due on the next open day, or has become overdue since the last one."""
    coming = overdue = 0
    is_news = False
    for one in due:
        morning = mornings[one.line]
        coming += one.due == morning.next_day
        overdue += one.due < morning.today
        is_news = is_news or one.due in {morning.next_day, morning.before}
    return _Counted(coming, overdue, is_news)


def _left(
    session: Session, policy: Policy, reader: Actor, mornings: Mapping[LineKey, Morning], now: datetime
) -> _Counted:
    """What absent colleagues should do until the next open day: somebody else has to, each day anew."""
    coming = overdue = 0
    for absent in absent_colleagues(session, policy, reader, now):
        for one in absent.follow_ups:
            morning = mornings.get(one.line)
            overdue += morning is not None and one.due < morning.today
            coming += morning is not None and morning.today <= one.due <= morning.next_day
    return _Counted(coming, overdue, is_news=coming + overdue > 0)


def _put(
    session: Session,
    kind: MailKind,
    reader: Actor,
    mornings: Mapping[LineKey, Morning],
    counted: _Counted,
    now: datetime,
) -> bool:
    if not counted.is_news or not is_time(reader, mornings):
        return False
    morning = mornings[min(reader.lines & mornings.keys())]
    opens = morning.next_opens if counted.coming else morning.opens
    news = News(
        kind=kind,
        # Of all their lines, open today or not: the mail stays the same one when another line opens after all.
        about=min(reader.lines),
        begins=opens.opens,
        ends=opens.closes,
        occasion=morning.today.isoformat(),
        number=counted.coming or None,
        overdue=counted.overdue or None,
        over_at=opens.closes,
    )
    return outbox.put(session, news, reader, now)


def is_time(reader: Actor, mornings: Mapping[LineKey, Morning]) -> bool:
    """One mail tells of all their lines: it waits until the morning has come on each that opens today."""
    own = [mornings[line] for line in reader.lines if line in mornings]
    return bool(own) and all(one.has_come for one in own)
