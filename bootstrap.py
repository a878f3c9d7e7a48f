"""Sets Rådrum up and runs, tests or checks it. Needs Python 3.11 or newer, and nothing else that isn't in here.

    python3 bootstrap.py run|test|check|lock|help

``make`` does the same with less to type. Everything is installed into ``.venv``, by hash, from ``requirements/``.
"""

from __future__ import annotations

import ctypes
import hashlib
import json
import os
import platform
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / "bin"
STAMP = VENV / "radrum-stamp"
REQUIREMENTS = ROOT / "requirements"
UV = "uv==0.13.8"
OLDEST_PYTHON = (3, 11)
READY_SECONDS = 30
STOP_SECONDS = 15
_PR_SET_PDEATHSIG = 1
HEART_COVERED = 99
"""Percent of domain and services, branches included: what holds today, and may only rise. The goal is 100."""

HELP = """\
make run     set up and start Rådrum: database, practice data, web, jobs and simulator
make test    set up and run every test, on SQLite and on PostgreSQL (ARGS="-k hours" goes to pytest)
make check   set up, lint and type-check
make lock    compile requirements/*.txt anew from pyproject.toml (ARGS=--upgrade takes newer versions)
make help    this

Without make: python3 bootstrap.py run (or test, check, lock, help). RADRUM_* variables reach what is started.
"""

WELCOME = """
Rådrum runs in {mode} mode on {url} (Ctrl-C stops it).
"""

PRACTICE_WELCOME = """
  Practice page    {url}/practice
  A practice call  {command} call skane     ({where})
  All commands     {command} --help
"""

SECRETS = {"RADRUM_SECRET_KEY", "RADRUM_DATA_KEYS", "RADRUM_DATABASE_URL", "RADRUM_MAIL_URL"}
"""Variables that aren't printed; a database's address may hold a password."""


class Failed(Exception):
    """The text is one plain sentence for the person who typed the command."""


class Stopped(BaseException):
    """Somebody asked us to stop, by Ctrl-C or by another signal: its number is the argument."""


# --- run -------------------------------------------------------------------------------------------------------------


def run(*_: str) -> None:
    """Start everything, follow it, and stop it when asked to. Live mode gets neither practice data nor a simulator."""
    set_up("run")
    with stage("checking the configuration"):
        call("radrum", "check")
        bind, simulator_bind, mode = _addresses()
    parts = ["serve", "jobs", "simulator"] if mode == "practice" else ["serve", "jobs"]
    _assert_free(bind, f"RADRUM_BIND={'127.0.0.1:8800' if bind.endswith(':8700') else '127.0.0.1:8700'} make run")
    if mode == "practice":
        _assert_free(simulator_bind, "bind of [simulator] in config.toml")
    with stage("bringing the database up to date"):
        call("radrum", "db", "upgrade")
    if mode == "practice":
        with stage("practice data"):
            call("radrum", "demo")
    _follow_parts(parts, _url(bind), welcome(_url(bind), mode, os.environ))


def welcome(url: str, mode: str, environ: Mapping[str, str]) -> str:
    """Where everything is; with commands that find this very deployment from another terminal."""
    given = {name: value for name, value in sorted(environ.items()) if name.startswith("RADRUM_") and value}
    shown = [f"{name}={shlex.quote(value)}" for name, value in given.items() if name not in SECRETS]
    kept = [name for name in given if name in SECRETS]
    where = f"in another terminal{', with the same ' * bool(kept)}{' and '.join(kept)}"
    command = " ".join([*shown, ".venv/bin/radrum"])
    text = WELCOME + PRACTICE_WELCOME * (mode == "practice")
    return text.format(url=url, mode=mode, command=command, where=where)


def _addresses() -> list[str]:
    ask = "import os; from app.settings import load_settings; s = load_settings(os.environ)"
    return call("python", "-c", f"{ask}; print(s.bind, s.simulator_bind, s.mode)").split()


def _url(bind: str) -> str:
    host, _, port = bind.rpartition(":")
    return f"http://{'127.0.0.1' if host in {'', '0.0.0.0'} else host}:{port}"  # noqa: S104 - recognised, not bound to


def _assert_free(bind: str, how_to_choose_another: str) -> None:
    host, _, port = bind.rpartition(":")
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), int(port)))
        except OSError as error:
            taken = f"{bind} can't be used ({error.strerror}): is Rådrum running already?"
            fail(f"{taken} Stop it, or choose another: {how_to_choose_another}")


def _follow_parts(parts: list[str], url: str, welcome: str) -> None:
    children: dict[str, subprocess.Popen[bytes]] = {}
    try:
        say(f"starting {', '.join(parts)}")
        for name in parts:
            # Its own session, so that Ctrl-C reaches us alone and we stop everybody in good order.
            children[name] = subprocess.Popen(
                [BIN / "radrum", name],
                cwd=ROOT,
                start_new_session=True,
                preexec_fn=_stop_when_orphaned,  # noqa: PLW1509 - we have no threads
            )
        _wait_until_ready(url, children)
        say(welcome)
        while True:
            _assert_alive(children)
            time.sleep(0.5)
    except Stopped:
        say("stopping")
    finally:
        _stop(children)


def _wait_until_ready(url: str, children: dict[str, subprocess.Popen[bytes]]) -> None:
    give_up = time.monotonic() + READY_SECONDS
    while time.monotonic() < give_up:
        _assert_alive(children)
        try:
            # Any other status than 2xx is an HTTPError, which is an OSError too.
            urllib.request.urlopen(f"{url}/readyz", timeout=2).close()  # noqa: S310 - our own address
        except OSError:
            time.sleep(0.1)
        else:
            return
    fail(f"{url}/readyz wasn't ready within {READY_SECONDS} seconds; what the parts said is above.")


def _assert_alive(children: dict[str, subprocess.Popen[bytes]]) -> None:
    for name, child in children.items():
        if child.poll() is not None:
            fail(f"radrum {name} ended with exit code {child.returncode}, so the others are stopped.")


def _stop_when_orphaned() -> None:
    """In a new part: be told to stop when we are killed and can't say so ourselves (Linux, prctl(2))."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _stop(children: dict[str, subprocess.Popen[bytes]]) -> None:
    for child in children.values():
        child.terminate()
    give_up = time.monotonic() + STOP_SECONDS
    for name, child in children.items():
        try:
            child.wait(max(0.1, give_up - time.monotonic()))
        except subprocess.TimeoutExpired:
            say(f"radrum {name} didn't stop within {STOP_SECONDS} seconds and is killed")
            child.kill()


# --- test, check, lock -----------------------------------------------------------------------------------------------


def test(*arguments: str) -> None:
    """Run the tests with what pytest is told besides; without that, all of them, and report the coverage."""
    set_up("test")
    if arguments:
        follow("pytest", *arguments)
        return
    follow("pytest", "-n", "2", "--cov", "--cov-report=")
    follow("coverage", "report")
    say("\nDomain and services, where the goal is every branch:")
    follow("coverage", "report", "--include=app/domain/*,app/services/*", f"--fail-under={HEART_COVERED}")


def check(*_: str) -> None:
    """Run everything quick, all of it even when something fails."""
    set_up("test")
    checks: dict[str, Callable[[], object]] = {
        "format": lambda: call("ruff", "format", "--check", "."),
        "lint": lambda: call("ruff", "check", "."),
        "types": lambda: call("mypy"),
        "layers": lambda: call("lint-imports", "--no-logo"),
        "spelling": lambda: call("codespell"),
        "templates": lambda: call("djlint", "--lint", "app"),
        "locked versions": assert_locked,
        "names of machines": assert_no_names_of_machines,
    }
    failed = []
    for name, run_check in checks.items():
        try:
            with stage(name):
                run_check()
        except Failed as failure:
            say(str(failure))
            failed.append(name)
    if failed:
        fail(f"make check found something in: {', '.join(failed)}.")


def assert_no_names_of_machines() -> None:
    """Fail unless no tracked file says where somebody's packages come from, or where somebody's home is."""
    forbidden = re.compile(rb"pypi[.]org|pythonhosted[.]org|(?<![\w.$}])/(?:home/\w|Users/\w|root\b)")
    tracked = [ROOT / name for name in execute("git", "ls-files", "-z").split("\0") if name]
    found = [str(file.relative_to(ROOT)) for file in tracked if file.is_file() and forbidden.search(file.read_bytes())]
    if found:
        fail(f"These files name a package registry's host or a home directory: {', '.join(found)}")


def lock(*arguments: str) -> None:
    """Compile the lock files. The tests' one holds the other's versions, so that one install serves both."""
    with tempfile.TemporaryDirectory() as folder, stage("compiling requirements/*.txt"):
        execute(sys.executable, "-m", "venv", folder)
        execute(f"{folder}/bin/python", "-m", "pip", "install", "--quiet", UV)
        for name, extras in {"run": ["build"], "test": ["build", "test"]}.items():
            options = [*(f"--extra={extra}" for extra in extras), "--universal", "--python-version=3.11", "--quiet"]
            options += ["--generate-hashes", "--no-emit-index-url", "--custom-compile-command=make lock"]
            options += [] if name == "run" else ["--constraints=requirements/run.txt"]
            out = REQUIREMENTS / f"{name}.txt"
            where = f"--output-file=requirements/{name}.txt"
            execute(f"{folder}/bin/uv", "pip", "compile", "pyproject.toml", *options, where, *arguments)
            out.write_text(f"{_lock_mark()}\n{out.read_text(encoding='utf-8')}", encoding="utf-8")


def _lock_mark() -> str:
    """Say which dependencies a lock file was compiled from."""
    import tomllib  # noqa: PLC0415 - a Python that hasn't got it gets a sentence about its age first

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [project[key] for key in ("requires-python", "dependencies", "optional-dependencies")]
    return f"# Compiled from dependencies {hashlib.sha256(json.dumps(asked).encode()).hexdigest()[:16]}"


def assert_locked() -> None:
    """Fail unless the lock files were compiled from this very pyproject.toml."""
    for file in sorted(REQUIREMENTS.glob("*.txt")):
        if not file.read_text(encoding="utf-8").startswith(_lock_mark()):
            fail(f"requirements/{file.name} wasn't compiled from this pyproject.toml: run make lock.")


# --- set-up ----------------------------------------------------------------------------------------------------------


def set_up(extra: str) -> None:
    """Make ``.venv`` hold ``requirements/<extra>.txt``; instant when it already does. ``test`` holds all of ``run``."""
    _assert_runnable(BIN / "python")
    is_whole = venv_is_whole()
    if is_whole and STAMP.exists() and STAMP.read_text() in {stamp(extra), stamp("test")}:
        return
    if not os.access(ROOT, os.W_OK):
        fail(f"{ROOT} can't be written to, and Rådrum installs what it needs into .venv there.")
    if find_spec("venv") is None or find_spec("ensurepip") is None:
        fail("This Python can't make virtual environments (on Debian and Ubuntu: apt install python3-venv).")
    if not is_whole:
        with stage("creating the virtual environment .venv"):
            execute(sys.executable, "-m", "venv", "--clear", str(VENV))
    STAMP.unlink(missing_ok=True)
    pip = ("python", "-m", "pip", "--quiet", "--disable-pip-version-check", "--no-input", "install")
    with stage(f"installing requirements/{extra}.txt (about half a minute)"):
        call(*pip, "--require-hashes", "-r", f"requirements/{extra}.txt")
    with stage("installing Rådrum itself"):
        call(*pip, "--no-deps", "--no-build-isolation", "-e", ".")
    STAMP.write_text(stamp(extra))


def _assert_runnable(python: Path) -> None:
    """Fail when there is one that we may not run. One that is missing, or leads nowhere, is made anew."""
    try:
        python.stat()
        is_runnable = os.access(python, os.X_OK)
    except PermissionError:
        is_runnable = False
    except OSError:
        return
    if not is_runnable:
        whose = f"{python} was made by another user and may not be run by you"
        fail(f"{whose}: take a checkout of your own, or remove {VENV}.")


def venv_is_whole() -> bool:
    """Whether there is a virtual environment of this very Python, and made at this very place."""
    pip, made_by = BIN / "pip", VENV / "pyvenv.cfg"
    if not ((BIN / "python").exists() and pip.exists() and made_by.exists()):
        return False
    version = f"version = {platform.python_version()}\n"
    return str(BIN) in pip.read_text(encoding="utf-8") and version in made_by.read_text(encoding="utf-8")


def stamp(extra: str) -> str:
    """What ``.venv`` was made from: this Python, the project's file and the lock file."""
    files = (ROOT / "pyproject.toml", REQUIREMENTS / f"{extra}.txt")
    content = b"\0".join([sys.version.encode(), *(file.read_bytes() for file in files)])
    return f"{extra} {hashlib.sha256(content).hexdigest()}"


# --- saying and doing ------------------------------------------------------------------------------------------------


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


# --- the start -------------------------------------------------------------------------------------------------------


def main(arguments: list[str]) -> int:
    """Do what the first argument says. 0: it is done, or runs no longer because somebody stopped it."""
    commands = {"run": run, "test": test, "check": check, "lock": lock}
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
