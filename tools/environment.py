"""The virtual environment: made of what the lock files name, and only when it isn't already."""

from __future__ import annotations

import hashlib
import os
import platform
import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING

from tools.doing import BIN, REQUIREMENTS, ROOT, VENV, call, execute, fail, stage

if TYPE_CHECKING:
    from pathlib import Path

STAMP = VENV / "radrum-stamp"


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
        if VENV.is_symlink():
            fail(f"{VENV} is a link, and making it anew would empty what it leads to: remove the link.")
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
