"""``python -m tests.support.moved_clock FILE serve …``: the ``radrum`` command, with a clock that a test sets.

The file holds how many seconds the clock is ahead of the host's; it may be written anew while the command runs. Only
what asks for the wall clock by ``datetime.now`` is moved: waits and time limits pass as they do.
"""

from __future__ import annotations

import datetime as dt
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import tzinfo

_HOSTS = dt.datetime


@dataclass(frozen=True)
class MovedClock:
    """The clock that a command is started with, as the test has it."""

    file: Path

    @property
    def command(self) -> list[str]:
        """``radrum`` with this clock."""
        return [sys.executable, "-m", "tests.support.moved_clock", str(self.file)]

    def shows(self, now: dt.datetime) -> None:
        """From here it goes on."""
        # Whoever reads it meanwhile finds the old time or the new one, never an empty file.
        new = self.file.with_name(f"{self.file.name}.new")
        new.write_text(str((now - _HOSTS.now(dt.UTC)).total_seconds()), encoding="ascii")
        new.replace(self.file)

    def now(self) -> dt.datetime:
        """What it shows."""
        return _HOSTS.now(dt.UTC) + dt.timedelta(seconds=float(self.file.read_text(encoding="ascii")))


class _AnyDatetime(type):
    """What the database and others make are datetimes too."""

    def __instancecheck__(cls, one: object) -> bool:
        return isinstance(one, _HOSTS)

    def __subclasscheck__(cls, one: type) -> bool:
        return issubclass(one, _HOSTS)


def install(file: Path) -> None:
    """Move ``datetime.now`` for all that is imported from now on."""

    class Moved(_HOSTS, metaclass=_AnyDatetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Any:  # noqa: ANN401 - as the host's, which is another type here
            ahead = dt.timedelta(seconds=float(file.read_text(encoding="ascii")))
            return (_HOSTS.now(dt.UTC) + ahead).astimezone(tz) if tz else _HOSTS.now(tz) + ahead

    dt.datetime = Moved  # type: ignore[misc] # that is the point


if __name__ == "__main__":
    install(Path(sys.argv[1]))
    from app.cli import main

    main(sys.argv[2:], prog_name="radrum")
