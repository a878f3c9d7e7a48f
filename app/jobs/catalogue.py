"""Which jobs there are, and when. Each effect may come twice without harm: it only mends what it finds."""

from __future__ import annotations

import logging
import time as clock
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Protocol
from zoneinfo import ZoneInfo

from app.domain.due import Every, Nightly, Result
from app.domain.mail import MailState
from app.jobs.runner import Job, Watch
from app.services.callback import back_sweep
from app.services.jobs import HEARTBEAT, Ending, Occurrence, claim, finish, forget
from app.services.keeping import retention
from app.services.line.callbacks import erase_old
from app.services.line.reconcile import Provider as ReconcileProvider
from app.services.line.reconcile import reconcile, sweep
from app.services.line.waking import could_not_lead, somebody_is_free_for
from app.services.mail import due_mail, news, report_mail
from app.services.mail.letters import Desk, send_due
from app.services.numbers import public_statistics, tallies
from app.services.rota.coverage import coming_gaps
from app.storage.engine import empty_log
from app.telephony.delivery import fetched_path

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from sqlalchemy.orm import Session

    from app.domain.coverage import Unmanned
    from app.domain.lines import LineKey
    from app.domain.policy import Policy
    from app.mail.post import Post

_log = logging.getLogger(__name__)
_STOCKHOLM = ZoneInfo("Europe/Stockholm")
_LOOK_BACK = timedelta(days=2)
_NIGHTLY_LOOK_BACK = timedelta(days=14)
_KEPT = timedelta(days=30)
_COUNTED_AT_ONCE, _MOST_COUNTED = 10, 1000
"""Days: so few in a transaction that no caller waits for it, and so many in a minute."""
_BECAME = {
    MailState.SENT: "sent",
    MailState.WAITING: "put off",
    MailState.GIVEN_UP: "given up",
    MailState.WITHDRAWN: "withdrawn",
}


class Provider(ReconcileProvider, back_sweep.Provider, Protocol):
    """All that the jobs ask of Twilio."""


@dataclass(frozen=True, slots=True)
class Work:
    """What the jobs of one deployment do, and what they do it with."""

    policy: Policy
    provider: Provider
    public_url: str
    """The origin at which Twilio reaches us."""
    open_database: Callable[[], AbstractContextManager[Session]]
    post: Post | None = None
    """Our mail server; without one nobody is written to."""

    def jobs(self) -> tuple[Job, ...]:
        """All jobs with their times."""
        return (
            Job(HEARTBEAT, Every(timedelta(minutes=1)), lambda _: ""),
            Job("sweep", Every(timedelta(minutes=1)), self.sweep),
            # A call that met the fallback has its record within a quarter of an hour, also after a restart of ours.
            Job("reconcile", Every(timedelta(minutes=10)), lambda _: self.reconcile(_LOOK_BACK)),
            Job(
                "coverage",
                Every(timedelta(minutes=10)),
                lambda occurrence: self.warn_of_gaps(occurrence.fence, datetime.now(UTC)),
            ),
            Job("reconcile-nightly", Nightly(time(3, 30), _STOCKHOLM), lambda _: self.reconcile(_NIGHTLY_LOOK_BACK)),
            Job("retention", Nightly(time(3, 40), _STOCKHOLM), self.retention),
            Job("statistics", Nightly(time(3, 35), _STOCKHOLM), lambda _: self.publish(datetime.now(UTC))),
            Job("tidy", Nightly(time(3, 45), _STOCKHOLM), self.tidy),
            Job("erase-callbacks", Every(timedelta(hours=1)), self.erase_callbacks),
            Job("follow-ups", Every(timedelta(minutes=10)), lambda _: self.remind(datetime.now(UTC))),
            Job("reports", Every(timedelta(minutes=10)), lambda _: self.tell_of_reports(datetime.now(UTC))),
            Job("tallies", Every(timedelta(minutes=1)), self.count),
            Job("mail", Every(timedelta(minutes=1)), self.mail),
        )

    def watches(self) -> tuple[Watch, ...]:
        """What is looked after all the time."""
        return (Watch("wake", self.wake),)

    def wake(self) -> None:
        """Ring at once for callers on hold whom somebody has become free for."""
        with self.open_database() as session:
            for awaited in somebody_is_free_for(session, self.policy):
                is_led = False
                try:
                    is_led = self.provider.lead_to(awaited.sid, self.public_url + fetched_path(awaited.turn))
                finally:
                    if not is_led:
                        could_not_lead(session, awaited)

    def sweep(self, occurrence: Occurrence) -> str:
        """Close the calls that fell silent and are over."""
        del occurrence
        with self.open_database() as session:
            report = sweep(session, self.provider, datetime.now(UTC))
            tries = back_sweep.sweep(session, self.policy, self.provider, datetime.now(UTC))
        closed = report.closed + report.unknown + tries
        if closed:
            _log.warning("closed %d calls that had stayed open, %d unknown", closed, report.unknown)
        return f"{closed} closed" if closed else ""

    def reconcile(self, look_back: timedelta) -> str:
        """Compare with the provider's list of calls."""
        now = datetime.now(UTC)
        with self.open_database() as session:
            report = reconcile(session, self.policy, self.provider, now - look_back, now)
        if report.reconstructed:
            _log.warning("reconstructed %d calls that had never reached us", report.reconstructed)
        return f"{report.listed} listed, {report.reconstructed} reconstructed, {report.closed} closed"

    def warn_of_gaps(self, fence: int, now: datetime) -> str:
        """Warn of open hours with nobody on duty: a day before, two hours before and when they begin, once each."""
        with self.open_database() as session:
            gaps = list(coming_gaps(session, self.policy, now))
            if self.post:
                news.tell_of_gaps(session, self.policy, gaps, now)
                session.commit()
        said = sum(self._warn(line, gap, fence, now) for line, gap in gaps)
        return f"{len(gaps)} gaps, {said} new warnings" if gaps else ""

    def tidy(self, occurrence: Occurrence) -> str:
        """Delete what ran more than 30 days ago, and, for good, what was erased since yesterday."""
        before = occurrence.due_at - _KEPT
        with self.open_database() as session:
            gone = forget(session, before)
            mails = news.forget(session, before)
            session.commit()
            empty_log(session.get_bind().engine)
        return f"{gone} old occurrences deleted" + (f", {mails} old mails" if mails else "")

    def retention(self, occurrence: Occurrence) -> str:
        """Destroy what is old enough under the rules that are in force, for good."""
        destroyed = 0
        with self.open_database() as session:
            for step in retention.run(session, occurrence.due_at):
                session.commit()
                destroyed += step.destroyed if step.is_last else 0
            session.commit()
            if destroyed:
                empty_log(session.get_bind().engine)
        return f"{destroyed} records destroyed" if destroyed else ""

    def publish(self, now: datetime) -> str:
        """Publish the years that are due, before retention destroys any of their records."""
        with self.open_database() as session:
            made = public_statistics.publish(session, self.policy, now)
            session.commit()
        return f"{made} years published" if made else ""

    def erase_callbacks(self, occurrence: Occurrence) -> str:
        """Erase the numbers that nobody got to within the days of the configuration."""
        with self.open_database() as session:
            gone = erase_old(session, self.policy, occurrence.due_at)
        return f"{gone} numbers erased" if gone else ""

    def remind(self, now: datetime) -> str:
        """Write, on the morning of an open day, about the follow-ups that are due on the next one."""
        if self.post is None:
            return ""
        with self.open_database() as session:
            made = due_mail.tell_of_follow_ups(session, self.policy, now)
            session.commit()
        return f"{made} mails" if made else ""

    def tell_of_reports(self, now: datetime) -> str:
        """Write to the managers, on the first open day after a period, that its report is there."""
        if self.post is None:
            return ""
        with self.open_database() as session:
            made = report_mail.tell_of_reports(session, self.policy, now)
            session.commit()
        return f"{made} mails" if made else ""

    def count(self, occurrence: Occurrence) -> str:
        """Count the days anew that have changed, a few at a time."""
        del occurrence
        left, counted = 1, 0
        with self.open_database() as session:
            while left and counted < _MOST_COUNTED:
                done, left = tallies.refresh(session, self.policy, _COUNTED_AT_ONCE)
                session.commit()
                counted += done
        return f"{counted} days counted" if counted else ""

    def mail(self, occurrence: Occurrence) -> str:
        """Write to the managers about calls that nobody took, and send what is due."""
        del occurrence
        if self.post is None:
            return "no mail is sent: config.toml names no mail server"
        desk = Desk(self.policy, self.post, self.public_url, lambda: datetime.now(UTC))
        with self.open_database() as session:
            news.tell_of_untaken_calls(session, self.policy, datetime.now(UTC))
            done = send_due(session, desk)
        return ", ".join(f"{count} {_BECAME[state]}" for state, count in done.items())

    def _warn(self, line: LineKey, gap: Unmanned, fence: int, now: datetime) -> bool:
        """A warning is an occurrence too: due when its gap begins, one for each stage."""
        stage = gap.stage(now)
        if stage is None:
            return False
        warning, began = Occurrence(f"coverage {line} {stage}", gap.begins, fence), clock.perf_counter()
        with self.open_database() as session:
            is_new = claim(session, warning, now)
            session.commit()
            if is_new:
                zone = self.policy.schedules[line].hours.zone
                begins, ends = (at.astimezone(zone).isoformat(timespec="minutes") for at in (gap.begins, gap.ends))
                _log.warning("nobody is on duty for %s from %s to %s (%s)", line, begins, ends, stage)
                finish(session, warning, now, Ending(Result.DONE, "", round(clock.perf_counter() - began, 3)))
                session.commit()
        return is_new
