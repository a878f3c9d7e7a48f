"""A wrong file refuses to start and says which file, which key, what was found and what is allowed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.domain.errors import ConfigurationError, Problem
from app.settings import load_settings
from tests.configuration import broken as cases

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def problems_of(deployment: Path) -> tuple[Problem, ...]:
    with pytest.raises(ConfigurationError) as refusal:
        load_settings({"RADRUM_CONFIG": str(deployment / "config.toml")})
    return refusal.value.problems


def _is_about(problem: Problem, broken: cases.Broken) -> bool:
    return problem.key.startswith("line ") if broken.key == cases.SYNTAX else problem.key == broken.key


@pytest.mark.parametrize("broken", cases.ALL, ids=str)
def test_a_mistake_is_named_with_file_and_key_and_what_is_allowed(broken: cases.Broken, deployment: Path) -> None:
    broken.apply(deployment)

    named = [problem for problem in problems_of(deployment) if _is_about(problem, broken)]

    assert any(
        problem.where.startswith(broken.where or broken.file)
        and broken.found in problem.found
        and broken.allowed in problem.allowed
        for problem in named
    ), "\n".join(map(str, problems_of(deployment)))


@pytest.mark.parametrize("broken", cases.ALL, ids=str)
def test_a_refusal_writes_nothing(broken: cases.Broken, deployment: Path) -> None:
    broken.apply(deployment)

    problems_of(deployment)

    assert not (deployment / "var").exists()


def test_a_slip_of_the_pen_is_named_with_its_line(deployment: Path) -> None:
    file = deployment / "config.toml"
    lines = file.read_text(encoding="utf-8").splitlines()
    lines[20] = "bind: 127.0.0.1:8400"
    file.write_text("\n".join(lines), encoding="utf-8")

    problems = problems_of(deployment)

    assert [problem.where for problem in problems] == ["config.toml"]
    assert problems[0].key.startswith("line 21,")


def test_the_table_is_as_long_as_it_promises() -> None:
    assert len({str(broken) for broken in cases.ALL}) >= 60


def test_all_mistakes_of_all_files_are_named_at_once(deployment: Path) -> None:
    mistakes = [
        cases.OF_CONFIG[0],
        cases.Broken(cases.CONFIG, 'more_at = "skovde punkt s e"', "", "line.skaraborg.more_at", "", ""),
        cases.Broken(cases.CONFIG, cases.SKANE_BACKUP, 'backup_number = "1"', "line.skane.backup_number", "", ""),
        cases.Broken(cases.SKANE, cases.MONDAY, 'monday = ["9"]', "hours.monday", "", ""),
        cases.Broken(cases.SKANE, "at_once = 2", "at_once = 0", "rota.skane.at_once", "", ""),
        cases.Broken(cases.VASTMANLAND, "length = 2", "length = 99", "rota.vastmanland.length", "", ""),
        cases.Broken(cases.FLOW, 'kind = "who"', 'kind = "whom"', "node.who.kind", "", ""),
        cases.Broken(cases.WORDS, 'language = "sv-SE"', "language = 1", "language", "", ""),
    ]
    for mistake in mistakes:
        mistake.apply(deployment)

    named = {(problem.where, problem.key) for problem in problems_of(deployment)}

    assert {(mistake.file, mistake.key) for mistake in mistakes} <= named


def _remove(file: Path) -> None:
    file.unlink()


def _write_latin_1(file: Path) -> None:
    file.write_bytes(file.read_text(encoding="utf-8").encode("latin-1", errors="replace"))


def _make_a_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


@pytest.mark.parametrize("name", ["config.toml", "schedules/skane.toml", "callflows/regional.toml", cases.WORDS])
@pytest.mark.parametrize("harm", [_remove, _write_latin_1, _make_a_folder])
def test_a_file_that_cannot_be_read_is_named(name: str, harm: Callable[[Path], None], deployment: Path) -> None:
    harm(deployment / name)

    said = "\n".join(map(str, problems_of(deployment)))

    # A schedule or a callflow that is gone is missed by the line that names it.
    assert name in said or f"{name.partition('/')[0][:-1]}: found" in said


def test_a_file_with_windows_line_ends_and_a_byte_order_mark_is_read(deployment: Path) -> None:
    for file in (deployment / "config.toml", deployment / "schedules" / "skane.toml"):
        text = file.read_text(encoding="utf-8").replace("\n", "\r\n")
        file.write_bytes(b"\xef\xbb\xbf" + text.encode())

    settings = load_settings({"RADRUM_CONFIG": str(deployment / "config.toml")})

    assert len(settings.policy.lines) == 4


def test_a_prompt_that_plays_a_missing_file_is_named(deployment: Path) -> None:
    cases.Broken(cases.FLOW, 'kind = "message"', 'kind = "message"\nplay = "hej.wav"', "", "", "").apply(deployment)

    problems = problems_of(deployment)

    assert [problem.found for problem in problems] == ['"hej.wav"']
    assert problems[0].where == cases.FLOW
    assert "callflows/audio/" in problems[0].allowed


def test_a_prompt_that_plays_a_wav_file_is_read(deployment: Path) -> None:
    cases.Broken(cases.FLOW, 'kind = "message"', 'kind = "message"\nplay = "hej.wav"', "", "", "").apply(deployment)
    audio = deployment / "callflows" / "audio"
    audio.mkdir()
    (audio / "hej.wav").write_bytes(b"RIFF\x24\x00\x00\x00WAVEfmt ")

    settings = load_settings({"RADRUM_CONFIG": str(deployment / "config.toml")})

    assert settings.policy.lines


def test_a_configuration_without_lines_is_refused(deployment: Path) -> None:
    (deployment / "config.toml").write_text('mode = "practice"\n[organisation.a]\nname = "A"\n', encoding="utf-8")

    problems = problems_of(deployment)

    assert [(problem.key, problem.found) for problem in problems] == [("line", "nothing")]
