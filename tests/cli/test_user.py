"""``radrum user``: who signs in at the desk."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run

ADD = ("user", "add", "Astrid@Skane.example", "--organisation", "skane")
FILE = """name;alias;phone;competences;languages;rota;from
Påhittad Alfa;Övning Alfa;070-174 06 40;juridik;sv;skane;2024-11-25
"""
ONE_TIME = r"[a-z2-9]{4}(-[a-z2-9]{4}){3}"


def test_the_first_administrator_is_made_here_and_gets_a_password_once(run: Run) -> None:
    code, out, err = run(*ADD, "--role", "administrator")
    listed = run("user", "list")[1].splitlines()

    assert (code, err) == (0, "")
    assert re.fullmatch(ONE_TIME, out.splitlines()[-1])
    assert listed[1].split("  ")[0] == "astrid@skane.example"
    assert listed[1].endswith("administrator  all    one-time password")


def test_a_specialist_is_known_by_the_alias_of_the_staff(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "staff.csv"
    file.write_text(FILE, encoding="utf-8")
    run("staff", "import", str(file))
    specialist = ("--organisation", "skane", "--role", "specialist", "--specialist", "Övning Alfa")

    said = run("user", "add", "a@b.example", *specialist)
    again = run("user", "add", "c@b.example", *specialist)

    assert said[0] == 0
    assert "a@b.example  Övning Alfa  skane" in run("user", "list")[1]
    assert again[0] == 1
    assert again[2] == "radrum: Övning Alfa has an account already: a@b.example\n"


def test_somebody_who_leaves_is_disabled_and_one_who_comes_back_is_reset(run: Run) -> None:
    run(*ADD, "--role", "manager")

    disabled = run("user", "disable", "astrid@skane.example")
    again = run("user", "disable", "astrid@skane.example")
    state = run("user", "list")[1].splitlines()[1]
    reset = run("user", "reset", "astrid@skane.example")

    assert disabled[1] == "astrid@skane.example is disabled.\n"
    assert again[1] == "astrid@skane.example was disabled already.\n"
    assert state.endswith("disabled, one-time password")
    assert re.fullmatch(ONE_TIME, reset[1].splitlines()[-1])
    assert not run("user", "list")[1].splitlines()[1].endswith("disabled")


def test_roles_and_lines_are_changed_together(run: Run) -> None:
    run(*ADD, "--role", "manager")

    changed = run("user", "change", "astrid@skane.example", "--role", "specialist", "--line", "skane")

    assert changed[0] == 0
    assert "specialist  skane  one-time" in run("user", "list")[1]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ("add", "astrid", "--organisation", "skane", "--role", "manager"),
            "e-mail address: found 'astrid'; allowed: an",
        ),
        (("add", "a@b.example", "--organisation", "sk", "--role", "manager"), "organisation: found 'sk'; allowed: "),
        (("add", "a@b.example", "--role", "manager"), "which organisation? --organisation nationell, skane"),
        (("add", "a@b.example", "--organisation", "skane", "--role", "boss"), "'boss' is not one of 'specialist'"),
        (("add", "a@b.example", "--organisation", "skane"), "Missing option '--role'"),
        (
            ("add", "a@b.example", "--organisation", "skane", "--role", "manager", "--line", "nationell"),
            "line: found 'nationell'; allowed: skane",
        ),
        (
            ("add", "a@b.example", "--organisation", "skane", "--role", "specialist", "--specialist", "X"),
            "skane has no specialist X; radrum staff list shows all",
        ),
        (
            ("add", "a@b.example", "--organisation", "skane", "--role", "manager", "--name", " "),
            "name: found ' '; allow",
        ),
        (
            ("add", "a@b.example", "--organisation", "skane", "--role", "manager", "--name", "Ö\nBcc: x"),
            "name: found 'Ö\\nBcc: x'; allow",
        ),
        (("disable", "a@b.example"), "there is no account a@b.example; radrum user list shows all"),
        (("reset", "a@b.example"), "there is no account a@b.example; radrum user list shows all"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(run: Run, arguments: tuple[str, ...], said: str) -> None:
    code, out, err = run("user", *arguments)

    assert code in {1, 2}
    assert said in err
    assert out == ""


def test_an_address_has_one_account(run: Run) -> None:
    run(*ADD, "--role", "manager")

    code, _, err = run("user", "add", " ASTRID@skane.example", "--organisation", "skane", "--role", "manager")

    assert code == 1
    assert err == "radrum: there is an account astrid@skane.example already; radrum user list shows all\n"
