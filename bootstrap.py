"""Sets Rådrum up and runs, tests or checks it. Needs Python 3.11 or newer, and nothing else that isn't in here.

    python3 bootstrap.py run|test|check|lock|translations|help

``make`` does the same with less to type. Everything is installed into ``.venv``, by hash, from ``requirements/``.
"""

from __future__ import annotations

import os
import platform
import shutil
import signal
import sys
from typing import NoReturn

from tools.browser import provide_browser
from tools.checking import check
from tools.doing import Failed, Stopped, fail, follow, say
from tools.environment import set_up
from tools.locking import lock
from tools.memory import files_in_memory
from tools.running import run

OLDEST_PYTHON = (3, 11)
HEART_COVERED = 99
"""Percent of domain and services, branches included: what holds today, and may only rise. The goal is 100."""

HELP = """\
make run     set up and start Rådrum: database, practice data, web, jobs and simulator
make test    set up and run every test, on SQLite and on PostgreSQL (ARGS="-k hours" goes to pytest)
make check   set up, lint and type-check
make lock    compile requirements/*.txt anew from pyproject.toml (ARGS=--upgrade takes newer versions)
make translations   gather the pages' words anew, compile them, and name those that Swedish lacks
make help    this

Without make: python3 bootstrap.py run (or test, check, lock, translations, help). RADRUM_* variables reach what
is started.
"""


def test(*arguments: str) -> None:
    """Run the tests with what pytest is told besides; without that, all of them, and report the coverage."""
    set_up("test")
    provide_browser()
    with files_in_memory():
        _test(*arguments)


def _test(*arguments: str) -> None:
    if arguments:
        follow("pytest", *arguments)
        return
    # Each worker goes through whole files, whose fixtures it makes once; whoever is done first takes over some.
    follow("pytest", "-n", "2", "--dist=worksteal", "--cov", "--cov-report=")
    follow("coverage", "report")
    say("\nDomain and services, where the goal is every branch:")
    follow("coverage", "report", "--include=app/domain/*,app/services/*", f"--fail-under={HEART_COVERED}")


def translations(*_: str) -> None:
    """Write the catalogues of the pages' words anew."""
    set_up("test")
    follow("python", "-m", "tools.translations")


def main(arguments: list[str]) -> int:
    """Do what the first argument says. 0: it is done, or runs no longer because somebody stopped it."""
    commands = {"run": run, "test": test, "check": check, "lock": lock, "translations": translations}
    name = arguments[0] if arguments else "help"
    if name not in commands:
        say(HELP, end="")
        return 0 if name in {"help", "-h", "--help"} else 2
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:  # nohup stays nohup
            signal.signal(number, _stop_on)
    try:
        _use_a_new_enough_python()
        commands[name](*arguments[1:])
    except Stopped as stopped:
        return 128 + int(stopped.args[0])
    except Failed as failure:
        print(failure, file=sys.stderr)
        return 1
    except PermissionError as refused:
        print(f"{refused.filename} may not be used by you ({refused.strerror}).", file=sys.stderr)
        return 1
    except BrokenPipeError:  # whoever read what we say has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return 0


def _use_a_new_enough_python() -> None:
    if sys.version_info >= OLDEST_PYTHON:
        return
    for newer in filter(None, map(shutil.which, ("python3.11", "python3.12", "python3.13", "python3.14"))):
        os.execv(newer, [newer, *sys.argv])  # noqa: S606 - no shell is wanted
    fail(f"Rådrum needs Python 3.11 or newer; this is {platform.python_version()}, and no newer one was found.")


def _stop_on(number: int, _: object) -> NoReturn:
    signal.signal(number, signal.SIG_IGN)
    raise Stopped(number)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
