"""``radrum jobs`` with one job that is due each second, and a lease of five seconds. Run as a program, by the tests.

The effect is a line in a file. Where the file ``die`` exists, the process dies by kill -9 after its effect, before the
end is written down.
"""

from __future__ import annotations

import os
import signal
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli import jobs as command
from app.cli import main
from app.domain.due import Every
from app.jobs.catalogue import Work
from app.jobs.runner import Job, Pace

if TYPE_CHECKING:
    from app.services.jobs import Occurrence

FOLDER = Path(os.environ["RADRUM_CONFIG"]).parent


def effect(occurrence: Occurrence) -> str:
    with (FOLDER / "effects").open("a", encoding="utf-8") as file:
        file.write(f"{occurrence.due_at.isoformat()} {occurrence.fence} {os.getpid()}\n")
    if (FOLDER / "die").exists():
        (FOLDER / "die").unlink()
        os.kill(os.getpid(), signal.SIGKILL)
    return f"by {os.getpid()}"


def only_ticks(work: Work) -> tuple[Job, ...]:
    del work
    return (Job("tick", Every(timedelta(seconds=1)), effect),)


if __name__ == "__main__":
    Work.jobs = only_ticks  # type: ignore[method-assign, assignment]
    # Longer than a process stands still on a busy machine: else it loses its lease though nobody froze it.
    command.PACE = Pace(lease=timedelta(seconds=5), renew_seconds=0.5, look_seconds=0.2)
    main(["jobs"])
