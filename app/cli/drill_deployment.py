"""A deployment to throw away: a folder of its own, with its own secrets, database and web process."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from urllib.request import ProxyHandler, build_opener

from app.domain.errors import ConfigurationError, Problem, Unavailable
from app.settings import config_file, load_settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from app.settings import Settings

_FOLDERS = ("callflows", "schedules")
_OURS = ("RADRUM_", "TWILIO_")
_KEPT = frozenset({"TWILIO_REGION", "TWILIO_EDGE"})
"""Part of the configuration, half of which may stand in the file."""
_PORTS = range(20_000, 32_000)
"""Below those that the system gives to whoever asks for any: until our process listens, nobody is given the same."""
_drawn = count(os.getpid() * 1009)
"""Far from where the process begins that was started before or after this one."""
_READY_SECONDS = 30
_STOP_SECONDS = 40
"""Longer than the web process gives the requests under way."""
_OK = 200


@dataclass(frozen=True, slots=True)
class Deployment:
    """The configuration that was found, in a temporary folder; nothing runs yet."""

    settings: Settings
    environment: Mapping[str, str]
    provider_port: int


@contextmanager
def throw_away(environ: Mapping[str, str], database_url: str | None) -> Iterator[Deployment]:
    """Make it, and remove its folder at the end of the block. ``database_url``: else an SQLite file in the folder."""
    found = config_file(environ)
    if not found.is_file():
        raise ConfigurationError(
            [Problem(str(found), "the file", "nothing", "the configuration that is to be drilled")]
        )
    with TemporaryDirectory(prefix="radrum-drill-") as name:
        folder = Path(name)
        shutil.copy(found, folder / found.name)
        for part in _FOLDERS:
            if (found.parent / part).is_dir():
                shutil.copytree(found.parent / part, folder / part)
        provider_port, bind = free_port(), f"127.0.0.1:{free_port()}"
        environment = {
            **{name: value for name, value in environ.items() if not name.startswith(_OURS) or name in _KEPT},
            "RADRUM_CONFIG": str(folder / found.name),
            "RADRUM_MODE": "practice",
            "RADRUM_BIND": bind,
            "RADRUM_PUBLIC_URL": f"http://{bind}",
            "RADRUM_DATABASE_URL": database_url or f"sqlite:///{folder}/drill.sqlite3",
            "TWILIO_API_BASE_URL": f"http://127.0.0.1:{provider_port}",
        }
        # The secrets are drawn now, into the folder.
        yield Deployment(load_settings(environment), environment, provider_port)


@contextmanager
def serving(deployment: Deployment, workers: int) -> Iterator[Path]:
    """Run ``radrum serve``, ready, until the end of the block; gives the file of its log."""
    folder = deployment.settings.root
    log = folder / "serve.log"
    command = [sys.executable, "-m", "app.cli", "serve", "--workers", str(workers)]
    with log.open("wb") as file:
        process = subprocess.Popen(
            command,
            env=dict(deployment.environment),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
            start_new_session=True,  # so that Ctrl-C reaches us first, and the service when the calls are over
        )
        try:
            _wait_until_ready(f"{deployment.settings.public_url}/readyz", process, log)
            yield log
        finally:
            _stop(process)


def complaints_in(log: Path) -> tuple[str, ...]:
    """The lines of a log that speak of an error."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return tuple(line for line in lines if "ERROR" in line or "Error" in line)


def commit_of(package: Path) -> str | None:
    """The commit of the checkout that this code lies in; ``None`` outside of one, or without git."""
    root, git = package.parent, shutil.which("git")
    if git is None or not (root / ".git").exists():
        return None
    asked = [git, "-C", str(root), "rev-parse", "--short=12", "HEAD"]
    said = subprocess.run(asked, capture_output=True, text=True, check=False, env=os.environ | {"LC_ALL": "C"})
    return said.stdout.strip() or None


def free_port() -> int:
    """A port of loopback that nobody listens on; each time another."""
    while True:
        port = _PORTS[next(_drawn) % len(_PORTS)]
        with socket.socket() as probe, suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return port


def _wait_until_ready(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    # Both ends are this computer: no proxy.
    opener = build_opener(ProxyHandler({}))
    deadline = time.monotonic() + _READY_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with opener.open(url, timeout=2) as response:
                if response.status == _OK:
                    return
        except OSError:
            time.sleep(0.1)
    said = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    message = f"the service to be drilled didn't start: {said[-1] if said else 'it said nothing'}"
    raise Unavailable(message)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
