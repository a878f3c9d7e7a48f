"""Whatever stands behind a key: the file is read or refused with problems, and nothing else happens."""

from __future__ import annotations

import copy
import tomllib
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from app.domain.errors import ConfigurationError, Problem
from app.reading import read_policy, swedish_calendar
from app.reading.files import read_toml
from app.reading.schedules import parse_schedule

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent.parent
CONFIG = tomllib.loads((ROOT / "config.toml").read_text(encoding="utf-8"))
SCHEDULE = tomllib.loads((ROOT / "schedules" / "vastmanland.toml").read_text(encoding="utf-8"))

# Naive on purpose: so TOML's local dates and times come.
ODD_VALUES: tuple[object, ...] = (
    0, -1, 10**5000, 1.5, float("nan"), True, False, "", " ", "x", "å\n\x1b[31m", "9" * 5000, "../../etc/passwd", "all",
    [], [1], [[]], [{}], ["x"], ["x", 1], [True], {}, {"x": 1}, {"x": {}}, {"x": {"y": []}},
    date(2026, 1, 1), datetime(2026, 1, 1), time(9),  # noqa: DTZ001 - as above
)  # fmt: skip


def paths(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every place in a document, from the outside in."""
    if path:
        yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from paths(inner, (*path, key))
    if isinstance(value, list):
        for place, inner in enumerate(value):
            yield from paths(inner, (*path, place))


def put(document: dict[str, Any], path: tuple[str | int, ...], value: object) -> dict[str, Any]:
    changed: Any = copy.deepcopy(document)
    inner = changed
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    return dict(changed)


@pytest.mark.parametrize("path", list(paths(SCHEDULE)), ids=str)
def test_a_schedule_is_read_or_refused_with_problems(path: tuple[str | int, ...]) -> None:
    for value in ODD_VALUES:
        problems: list[Problem] = []

        schedule = parse_schedule("x", "x.toml", put(SCHEDULE, path, value), swedish_calendar(), problems)

        assert bool(schedule) is not bool(problems)
        assert all(len(str(problem).splitlines()) == 1 for problem in problems)


@pytest.mark.parametrize("path", [path for path in paths(CONFIG) if path[0] in ("line", "organisation")], ids=str)
def test_a_line_is_read_or_refused_with_problems(path: tuple[str | int, ...], tmp_path: Path) -> None:
    # The files beside it are left out: that they are missing is a problem anyway.
    for value in ODD_VALUES:
        with pytest.raises(ConfigurationError) as refusal:
            read_policy(tmp_path, put(CONFIG, path, value))

        assert refusal.value.problems


@pytest.mark.parametrize(
    "text", ["a = " + "[" * 100_000, "a = " + "9" * 5000, "a = 0x" + "f" * 5000, "a = 1e999", "\x00"]
)
def test_a_file_that_strains_the_parser_is_read_or_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_text(text, encoding="utf-8")
    problems: list[Problem] = []

    content = read_toml(tmp_path, "x.toml", problems)

    assert (content is None) is bool(problems)
