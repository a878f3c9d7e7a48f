"""The lock files: compiled from pyproject.toml, and known by what they were compiled from."""

from __future__ import annotations

import hashlib
import json
import sys
import tempfile

from tools.doing import REQUIREMENTS, ROOT, execute, fail, stage

UV = "uv==0.13.8"


def lock(*arguments: str) -> None:
    """Compile the lock files. The tests' one holds the other's versions, so that one install serves both."""
    with tempfile.TemporaryDirectory() as folder, stage("compiling requirements/*.txt"):
        execute(sys.executable, "-m", "venv", folder)
        execute(f"{folder}/bin/python", "-m", "pip", "install", "--quiet", UV)
        for name, extras in {"run": ["build"], "test": ["build", "test"]}.items():
            options = [*(f"--extra={extra}" for extra in extras), "--universal", "--python-version=3.11", "--quiet"]
            options += ["--generate-hashes", "--no-emit-index-url", "--custom-compile-command=make lock"]
            # An older pip pins ``coverage`` and still takes the newest ``coverage[toml]``, whose hash it doesn't know.
            options += ["--no-strip-extras"]
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
