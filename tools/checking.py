"""``make check``: everything quick that judges the code."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tools.doing import ROOT, Failed, call, execute, fail, say, stage
from tools.environment import set_up
from tools.locking import assert_locked

if TYPE_CHECKING:
    from collections.abc import Callable


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
