"""How the command is written where somebody may paste it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.cli.typed import command

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("started_as", "on_path", "shown"),
    [
        ("{here}/.venv/bin/radrum", "", ".venv/bin/radrum"),
        (".venv/bin/radrum", "", ".venv/bin/radrum"),
        ("{here}/.venv/bin/radrum", "{here}/.venv/bin", ".venv/bin/radrum"),
        ("{elsewhere}/bin/radrum", "", "{elsewhere}/bin/radrum"),
        ("{elsewhere}/bin/radrum", "{elsewhere}/bin", "radrum"),
        ("/usr/lib/python3/pytest", "", "radrum"),
    ],
)
def test_the_command_is_shown_so_that_it_can_be_pasted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, started_as: str, on_path: str, shown: str
) -> None:
    where = {"here": str(tmp_path / "here"), "elsewhere": str(tmp_path / "elsewhere")}
    for program in ("here/.venv/bin/radrum", "elsewhere/bin/radrum"):
        file = tmp_path / program
        file.parent.mkdir(parents=True)
        file.touch(mode=0o755)
    monkeypatch.chdir(where["here"])
    monkeypatch.setenv("PATH", on_path.format(**where))
    monkeypatch.setattr("sys.argv", [started_as.format(**where)])

    assert command() == shown.format(**where)
