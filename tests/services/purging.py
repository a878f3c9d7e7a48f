"""Purges of a database, each by a process of its own that dies by kill -9 at a chosen statement. Run by the tests.

Each line of standard input is a number of statements; the answer is how the purge ended: "killed" or "complete". The
processes are forked, so that fifty deaths take seconds.
"""

from __future__ import annotations

import os
import signal
import sys
from itertools import count

from sqlalchemy import event
from sqlalchemy.orm import Session

from app.services.keeping import retention
from app.storage.engine import COMMAND, create_engine_for
from app.storage.types import keyring
from tests.services.old_records import NOW


def purge(url: str, dies_at: int) -> None:
    engine = create_engine_for(url, patience=COMMAND)
    statements = count(1)

    @event.listens_for(engine, "after_cursor_execute")
    def die(*_: object) -> None:
        if next(statements) == dies_at:
            os.kill(os.getpid(), signal.SIGKILL)

    with Session(engine) as session:
        for _ in retention.run(session, NOW, at_once=2):
            session.commit()
        session.commit()


def main(url: str) -> None:
    keyring.load({"test": b"0123456789abcdef0123456789abcdef"})
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            purge(url, int(line))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        is_killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        sys.stdout.write("killed\n" if is_killed else "complete\n" if status == 0 else "failed\n")


if __name__ == "__main__":
    main(sys.argv[1])
