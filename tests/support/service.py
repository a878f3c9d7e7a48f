"""The real service as a process: ``radrum serve`` on a port of its own, with a folder and a database of its own."""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

from app.simulator.plan import Service
from tests.support.ports import reserved_port

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ACCOUNT = "AC" + "0" * 32
TOKEN = "the-auth-token-of-the-tests"
COMMAND = [str(Path(sys.executable).with_name("radrum"))]
_READY_SECONDS = 60
_STOP_SECONDS = 60
_FOLDERS = ("callflows", "schedules")


@dataclass(frozen=True, slots=True)
class Deployment:
    """A deployment on this machine: its environment, and where it answers."""

    environment: Mapping[str, str]
    service: Service
    folder: Path
    simulator_port: int = 0

    def run(self, *arguments: str) -> str:
        """A ``radrum`` command in this deployment; its output. Fails the test when the command does."""
        done = self.tried(*arguments)
        assert done.returncode == 0, f"radrum {' '.join(arguments)}: {done.stderr}"
        return done.stdout

    def tried(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A ``radrum`` command, whatever becomes of it."""
        return subprocess.run(
            [*COMMAND, *arguments], env=dict(self.environment), capture_output=True, text=True, check=False, timeout=120
        )


def deployment(
    root: Path,
    folder: Path,
    database_url: str,
    data_keys: Mapping[str, bytes],
    *,
    numbers: frozenset[str],
    api_base_url: str | None = None,
) -> Deployment:
    """A deployment of the shipped configuration in ``folder``; nothing runs yet."""
    config = folder / "config.toml"
    simulator_port = reserved_port()
    written = (root / "config.toml").read_text(encoding="utf-8")
    config.write_text(written.replace("127.0.0.1:8401", f"127.0.0.1:{simulator_port}"), encoding="utf-8")
    for name in _FOLDERS:
        shutil.copytree(root / name, folder / name)
    bind = f"127.0.0.1:{reserved_port()}"
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("RADRUM_", "TWILIO_"))},
        "RADRUM_CONFIG": str(config),
        "RADRUM_MODE": "practice",
        "RADRUM_BIND": bind,
        "RADRUM_DATABASE_URL": database_url,
        "RADRUM_SECRET_KEY": "the secret of the tests, long enough to be one",
        "RADRUM_DATA_KEYS": ",".join(f"{name}:{base64.b64encode(key).decode()}" for name, key in data_keys.items()),
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": TOKEN,
    }
    if api_base_url:
        environment["TWILIO_API_BASE_URL"] = api_base_url
    service = Service(f"http://{bind}", ACCOUNT, TOKEN, numbers=numbers)
    return Deployment(environment, service, folder, simulator_port)


@contextmanager
def running(where: Deployment, *, workers: int = 2) -> Iterator[Path]:
    """The web process, ready; gives the file of its log. Stopped, by its own pid, at the end of the block."""
    log = where.folder / "serve.log"
    with log.open("wb") as file:
        process = subprocess.Popen(
            [*COMMAND, "serve", "--workers", str(workers)], env=dict(where.environment), stdout=file, stderr=file
        )
        try:
            _wait_until_ready(f"{where.service.public_url}/readyz", process, log)
            yield log
        finally:
            _stop(process)


@dataclass(frozen=True, slots=True)
class Simulator:
    """The simulator's process."""

    url: str

    def get(self, path: str) -> str:
        """A page of it."""
        with build_opener(ProxyHandler({})).open(self.url + path, timeout=60) as response:
            text: str = response.read().decode()
            return text


@contextmanager
def simulating(where: Deployment) -> Iterator[Simulator]:
    """``radrum simulator``, ready."""
    log = where.folder / "simulator.log"
    url = f"http://127.0.0.1:{where.simulator_port}"
    with log.open("wb") as file:
        process = subprocess.Popen([*COMMAND, "simulator"], env=dict(where.environment), stdout=file, stderr=file)
        try:
            _wait_until_ready(f"{url}/practice", process, log)
            yield Simulator(url)
        finally:
            _stop(process)


@contextmanager
def working(where: Deployment) -> Iterator[None]:
    """``radrum jobs``, from its start; nothing tells when it is ready."""
    with (where.folder / "jobs.log").open("wb") as file:
        process = subprocess.Popen([*COMMAND, "jobs"], env=dict(where.environment), stdout=file, stderr=file)
        try:
            yield
        finally:
            _stop(process)


def _wait_until_ready(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    opener = build_opener(ProxyHandler({}))
    deadline = time.monotonic() + _READY_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with opener.open(url, timeout=10) as response:
                if response.status == 200:
                    return
        except (URLError, OSError):
            time.sleep(0.1)
    message = f"the service is not ready: {log.read_text(errors='replace')[-2000:]}"
    raise AssertionError(message)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
