"""``radrum jobs`` with mail alone, looked at each second. Run as a program, by the tests.

What was taken on is tried again after as many seconds as the variable ONE_TRY_SECONDS says, else after two.
"""

from __future__ import annotations

import os
from datetime import timedelta

from app.cli import jobs as command
from app.cli import main
from app.domain.due import Every
from app.jobs.catalogue import Work
from app.jobs.runner import Job, Pace
from app.services.mail import outbox


def only_mail(work: Work) -> tuple[Job, ...]:
    return (Job("mail", Every(timedelta(seconds=1)), work.mail),)


if __name__ == "__main__":
    Work.jobs = only_mail  # type: ignore[method-assign, assignment]
    outbox.ONE_TRY = timedelta(seconds=float(os.environ.get("ONE_TRY_SECONDS", "2")))  # type: ignore[attr-defined]
    # Longer than a process stands still on a busy machine: else it loses its lease though nobody froze it.
    command.PACE = Pace(lease=timedelta(seconds=5), renew_seconds=0.5, look_seconds=0.2)
    main(["jobs"])
