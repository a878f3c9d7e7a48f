"""Mail that a report is there: on the first open day after a quarter, half-year or year, a link and no number.

One mail for each reader and report, however many processes look and however often.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.domain.mail import MailKind
from app.domain.trends import bounds
from app.services.mail import outbox
from app.services.mail.due_mail import is_time, morning_of
from app.services.mail.news import readers_in
from app.services.mail.outbox import News
from app.services.numbers import reports
from app.storage.queries import tallies as stored

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.domain.lines import LineKey
    from app.domain.permissions import Actor
    from app.domain.policy import Policy
    from app.services.mail.due_mail import Morning

CAUGHT_UP_DAYS: Final = 14
"""So long after a period it is still told, where nobody was told on its first open day: shorter than mails are kept."""


def tell_of_reports(session: Session, policy: Policy, now: datetime) -> int:
    """Put in the mails about the periods that are over; how many it made. Doesn't commit."""
    mornings = {line: found for line in policy.lines if (found := morning_of(session, policy, line, now))}
    if not any(one.has_come and reports.ended(one.today, CAUGHT_UP_DAYS) for one in mornings.values()):
        return 0
    organisations = sorted({policy.lines[line].organisation for line in mornings})
    return sum(
        _tell(session, policy, reader, mornings, now)
        for organisation in organisations
        for reader in readers_in(session, policy, organisation, MailKind.REPORT)
        if is_time(reader, mornings)
    )


def _tell(session: Session, policy: Policy, reader: Actor, mornings: Mapping[LineKey, Morning], now: datetime) -> int:
    today = mornings[min(reader.lines & mornings.keys())].today
    about = min(reader.lines)
    zone = policy.schedules[about].hours.zone
    known = [day for line in reader.lines if (day := stored.first_day(session, reader, line))]
    made = 0
    for report in reports.ended(today, CAUGHT_UP_DAYS):
        if not known or min(known) > report.period.last:
            continue
        begins, ends = bounds(report.period, zone)
        occasion = f"{report.kind} {report.period.first}"
        made += outbox.put(session, News(MailKind.REPORT, about, begins, ends, occasion), reader, now)
    return made
