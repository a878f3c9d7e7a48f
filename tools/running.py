"""``make run``: every part of Rådrum as a process, followed until somebody has had enough."""

from __future__ import annotations

import ctypes
import os
import shlex
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import suppress
from typing import TYPE_CHECKING

from tools.doing import BIN, ROOT, STOP_SECONDS, Stopped, call, fail, say, stage
from tools.environment import set_up

if TYPE_CHECKING:
    from collections.abc import Mapping

READY_SECONDS = 30
_PR_SET_PDEATHSIG = 1

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
    sign_ins = ""
    if mode == "practice":
        with stage("practice data"):
            sign_ins = call("radrum", "demo").partition("\n")[2]
    _follow_parts(parts, _url(bind), welcome(_url(bind), mode, os.environ) + sign_ins)


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
