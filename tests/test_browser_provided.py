"""Where the browser of the browser tests comes from, on machines of which only the programs named here are there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tools.browser import installed_browser, provide_browser

if TYPE_CHECKING:
    from pathlib import Path

DEBIAN = 'NAME="Debian GNU/Linux"\nID=debian\n'
RASPBIAN = "ID=raspbian\nID_LIKE=debian\n"
UBUNTU = 'ID=ubuntu\nID_LIKE="debian"\n'
MINT = 'ID=linuxmint\nID_LIKE="ubuntu debian"\n'
FEDORA = "ID=fedora\n"

# What the real one would leave behind: a browser on the path.
APT_GET = """#!/bin/sh
echo "$*" >> {folder}/apt.log
case "$*" in *install*) echo > {folder}/chromium; /bin/chmod +x {folder}/chromium;; esac
"""
BROKEN_APT_GET = "#!/bin/sh\necho 'E: Could not get lock' >&2\nexit 100\n"


@dataclass(frozen=True, slots=True)
class Machine:
    """Its path is one folder."""

    folder: Path

    def has(self, program: str, text: str = "#!/bin/sh\n") -> None:
        file = self.folder / program
        file.write_text(text)
        file.chmod(0o755)

    def is_a(self, system: str) -> None:
        (self.folder / "os-release").write_text(system)

    def provide(self, *, is_root: bool) -> None:
        provide_browser(is_root=is_root, os_release=self.folder / "os-release")

    @property
    def installed(self) -> list[str]:
        """What apt-get was told."""
        log = self.folder / "apt.log"
        return log.read_text().splitlines() if log.exists() else []


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """A Debian with apt-get and without a browser."""
    machine = Machine(tmp_path)
    machine.is_a(DEBIAN)
    machine.has("env", '#!/bin/sh\nshift\nexec "$@"\n')
    machine.has("apt-get", APT_GET.format(folder=tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("TEST_BROWSER", raising=False)
    return machine


@pytest.mark.parametrize("name", ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"])
def test_a_browser_that_is_installed_is_taken(machine: Machine, capsys: pytest.CaptureFixture[str], name: str) -> None:
    machine.has(name)

    machine.provide(is_root=True)

    assert installed_browser({"PATH": str(machine.folder)}) == str(machine.folder / name)
    assert (machine.installed, capsys.readouterr().out) == ([], "")


def test_one_that_is_named_goes_before(machine: Machine) -> None:
    machine.has("chromium")
    machine.has("brave")

    chosen = str(machine.folder / "brave")

    assert installed_browser({"PATH": str(machine.folder), "TEST_BROWSER": chosen}) == chosen


def test_one_that_is_named_and_missing_is_not_replaced_by_another(
    machine: Machine, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.has("chromium")
    monkeypatch.setenv("TEST_BROWSER", "/nowhere/chromium")

    machine.provide(is_root=True)

    assert machine.installed == []
    assert capsys.readouterr().out.startswith("NOT TESTED IN A BROWSER: ")


@pytest.mark.parametrize("system", [DEBIAN, RASPBIAN])
def test_root_on_a_debian_gets_one_and_letters_to_draw(
    machine: Machine, capsys: pytest.CaptureFixture[str], system: str
) -> None:
    machine.is_a(system)

    machine.provide(is_root=True)

    update, install = machine.installed
    assert update.endswith(" update")
    assert install.endswith(" install --yes --no-install-recommends chromium fonts-dejavu-core")
    assert capsys.readouterr().out.count("\n") == 1


@pytest.mark.parametrize("system", [UBUNTU, MINT, FEDORA])
def test_on_another_system_nothing_is_installed(
    machine: Machine, capsys: pytest.CaptureFixture[str], system: str
) -> None:
    machine.is_a(system)

    machine.provide(is_root=True)

    assert machine.installed == []
    assert capsys.readouterr().out.startswith("NOT TESTED IN A BROWSER: no Chromium or Chrome is installed")


def test_who_is_not_root_is_told_what_is_missing(machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    machine.provide(is_root=False)

    said = capsys.readouterr().out
    assert machine.installed == []
    assert "apt install chromium fonts-dejavu-core" in said
    assert said.count("\n") == 1


def test_an_installation_that_fails_is_said_and_the_other_tests_go_on(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    machine.has("apt-get", BROKEN_APT_GET)

    machine.provide(is_root=True)

    said = capsys.readouterr().out
    assert "E: Could not get lock" in said
    assert "NOT TESTED IN A BROWSER" in said
