"""Where things lie, how a command is run, and what the person who typed it is told."""

from __future__ import annotations

import signal
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / "bin"
REQUIREMENTS = ROOT / "requirements"
STOP_SECONDS = 15


class Failed(Exception):
    """The text is one plain sentence for the person who typed the command."""


class Stopped(BaseException):
    """Somebody asked us to stop, by Ctrl-C or by another signal: its number is the argument."""


def say(text: str, end: str = "\n") -> None:
    """Print at once, so that nothing waits in a pipe."""
    print(text, end=end, flush=True)


def fail(sentence: str) -> NoReturn:
    """Give up, for a reason that one plain sentence tells."""
    raise Failed(sentence)


@contextmanager
def stage(name: str) -> Iterator[None]:
    """Say what takes time, and how much it took."""
    say(f"{name} ... ", end="")
    began = time.monotonic()
    try:
        yield
    except BaseException:
        say(f"not done, after {time.monotonic() - began:.1f} s")
        raise
    say(f"{time.monotonic() - began:.1f} s")


def call(program: str, *arguments: str) -> str:
    """Run a program of the virtual environment quietly and give what it printed."""
    return execute(str(BIN / program), *arguments)


def execute(*command: str) -> str:
    """Run a command quietly and give what it printed. When it fails, ``Failed`` says what it said."""
    name = Path(command[0]).name
    try:
        done = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        fail(f"{name} is missing: install it.")
    except PermissionError:
        fail(f"{command[0]} may not be run by you.")
    if done.returncode:
        fail(f"{(done.stdout + done.stderr).strip()}\n{name} failed with exit code {done.returncode}.")
    return done.stdout


def follow(program: str, *arguments: str) -> None:
    """Run a program of the virtual environment in view."""
    process = subprocess.Popen([BIN / program, *arguments], cwd=ROOT)
    try:
        process.wait()
    except Stopped as stopped:
        # It may have a database server to stop. Ctrl-C has reached it already.
        if stopped.args[0] != signal.SIGINT:
            process.send_signal(signal.SIGINT)
        process.wait(STOP_SECONDS)
        raise
    if process.returncode:
        fail(f"{program} failed with exit code {process.returncode}; what it said is above.")
