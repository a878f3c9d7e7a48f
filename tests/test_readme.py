"""What the README shows is what the product does."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

import pytest

from app.cli import COMMANDS
from app.cli.rota import rota
from app.domain.callflow import draw
from app.services.practice_data.demo import fill
from app.services.rota.staff import import_staff
from tests.voice.moments import MONDAY_AT_TEN

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.orm import Session

    from app.domain.policy import Policy


@pytest.fixture(scope="module")
def readme(root: Path) -> str:
    return (root / "README.md").read_text(encoding="utf-8")


def block(readme: str, language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", readme, re.DOTALL)
    assert found, f"the README has no block of {language}"
    return found[1]


def test_the_picture_is_the_callflow(readme: str, policy: Policy) -> None:
    flow = next(flow for flow in policy.flows.values() if flow.name == "regional")

    assert block(readme, "mermaid").strip() in draw(flow)


def test_the_staff_file_can_be_imported_beside_the_practice_staff(
    readme: str, session: Session, policy: Policy
) -> None:
    fill(session, policy, MONDAY_AT_TEN)

    import_staff(session, policy, block(readme, "csv"), MONDAY_AT_TEN)


def test_every_picture_that_it_shows_is_there(readme: str, root: Path) -> None:
    shown = re.findall(r'<img src="([^"]+)"', readme)

    assert {"docs/images/desk-today.png", "docs/images/desk-record.png"} < set(shown)
    assert all((root / path).is_file() for path in shown)


def test_every_command_that_it_names_exists(readme: str) -> None:
    named = set(re.findall(r"`(?:\.venv/bin/)?radrum ([a-z]+)", readme)) - {"add"}

    assert named
    assert named <= set(COMMANDS)


def test_the_changes_of_duty_that_it_shows_are_understood(readme: str) -> None:
    shown = [shlex.split(line)[2:] for line in re.findall(r"^    (radrum rota .*)$", readme, re.MULTILINE)]

    assert shown
    for name, *arguments in shown:
        rota.commands[name].make_context(name, arguments)


def test_the_transcript_is_of_a_call_that_was_answered(readme: str) -> None:
    transcript = block(readme, "text")

    for told in ("Välkommen till Resurscentrum heder Skåne", "caller presses", "phone rings", "answered"):
        assert told in transcript
