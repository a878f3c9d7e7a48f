"""The browser of the browser tests: the one that is installed, else Debian's, which root can install."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from tools.doing import Failed, execute, say, stage

if TYPE_CHECKING:
    from collections.abc import Mapping

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHOSEN = "TEST_BROWSER"
"""The variable that names another one."""
PACKAGES = ("chromium", "fonts-dejavu-core")
"""A machine without fonts draws no letters at all."""
OS_RELEASE = Path("/etc/os-release")
MISSING = f"no Chromium or Chrome is installed (on Debian: apt install {' '.join(PACKAGES)}), and {CHOSEN} names none"


def installed_browser(environ: Mapping[str, str]) -> str | None:
    """The program to start, if there is one."""
    if chosen := environ.get(CHOSEN):
        return shutil.which(chosen)
    return next(filter(None, (shutil.which(name, path=environ.get("PATH")) for name in NAMES)), None)


def provide_browser(*, is_root: bool | None = None, os_release: Path = OS_RELEASE) -> None:
    """Install one where that is ours to do; else say what will not be tested, which the tests make fail in CI."""
    if installed_browser(os.environ):
        return
    is_root = os.geteuid() == 0 if is_root is None else is_root
    if is_root and not os.environ.get(CHOSEN) and _is_debian(os_release) and shutil.which("apt-get"):
        _install()
    if not installed_browser(os.environ):
        say(f"NOT TESTED IN A BROWSER: {MISSING}.")


def _is_debian(os_release: Path) -> bool:
    """Debian or made of it; not Ubuntu, whose chromium is a snap that starts in no container."""
    try:
        lines = os_release.read_text(encoding="utf-8").splitlines()
    except OSError:
        return False
    kinds = {word for line in lines if line.startswith(("ID=", "ID_LIKE=")) for word in _words(line)}
    return "debian" in kinds and "ubuntu" not in kinds


def _words(line: str) -> list[str]:
    return line.partition("=")[2].strip("\"'").split()


def _install() -> None:
    quietly = ("env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-o", "Dpkg::Use-Pty=0")
    try:
        with stage(f"installing {' and '.join(PACKAGES)} by apt-get, for the browser tests (about a minute)"):
            execute(*quietly, "update")
            execute(*quietly, "install", "--yes", "--no-install-recommends", *PACKAGES)
    except Failed as failure:
        # A mirror that is away, or a lock that another apt-get holds, is no reason to test nothing at all.
        say(str(failure))
