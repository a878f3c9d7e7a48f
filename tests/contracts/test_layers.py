"""Who imports whom. The contracts stand in pyproject.toml; here they are kept, and what they can't say is added."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parent.parent.parent
DOMAIN = sorted((ROOT / "app" / "domain").rglob("*.py"))
# Whatever reads a clock, chance or the world outside. An instant, an id or a file's content is an argument.
IMPURE_MODULES = {"asyncio", "http", "io", "os", "pathlib", "random", "secrets", "socket", "subprocess", "threading"}
IMPURE_MODULES |= {"logging", "shutil", "sqlite3", "tempfile", "time", "urllib", "uuid"}
IMPURE_CALLS = {"now", "utcnow", "today", "open", "print", "input"}


def test_the_import_contracts_are_kept() -> None:
    # In a process of its own: called as a function it would silence every logger that exists, for all tests after this.
    command = Path(sys.executable).with_name("lint-imports")

    done = subprocess.run([command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout


def test_every_module_of_the_app_has_its_place_in_the_contracts() -> None:
    named = {name.partition(".")[2] for contract in _contracts() for name in _names(contract)}

    parts = {path.stem for path in (ROOT / "app").iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}

    assert parts - {"__init__"} <= named


def test_the_domain_imports_the_standard_library_alone() -> None:
    graph = grimp.build_graph("app", include_external_packages=True, cache_dir=None)

    imported = {
        name
        for module in graph.find_descendants("app.domain")
        for name in graph.find_modules_directly_imported_by(module)
        if not name.startswith("app.domain.")
    }

    assert {name.partition(".")[0] for name in imported} <= sys.stdlib_module_names


@pytest.mark.parametrize("file", DOMAIN, ids=lambda file: file.relative_to(ROOT / "app" / "domain").as_posix())
def test_the_domain_asks_nothing_of_the_world(file: Path) -> None:
    tree = ast.parse(file.read_text(encoding="utf-8"))

    imported = {
        name.partition(".")[0]
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    called = {
        node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
    }

    assert imported & IMPURE_MODULES == set()
    assert called & IMPURE_CALLS == set()


def _contracts() -> list[dict[str, list[str]]]:
    contracts: list[dict[str, list[str]]] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))[
        "tool"
    ]["importlinter"]["contracts"]
    return contracts


def _names(contract: dict[str, list[str]]) -> list[str]:
    layers = [name.strip(" ()") for layer in contract.get("layers", []) for name in layer.split("|")]
    return [*layers, *contract.get("source_modules", [])]
