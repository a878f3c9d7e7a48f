"""What the documents name is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
_NAMED = re.compile(r"`((?:[\w.-]+/)+[\w-]+\.(?:py|html|js|css|toml|csv|svg))`")
"""A file in one of our folders."""
_FOLDERS = ("app", "callflows", "deploy", "docs", "schedules", "tests", "tools")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda one: one.name)
def test_every_file_that_a_document_names_stands_where_it_says(document: Path) -> None:
    known = [f"/{one.relative_to(ROOT)}" for folder in _FOLDERS for one in (ROOT / folder).rglob("*.*")]
    named = set(_NAMED.findall(document.read_text(encoding="utf-8")))

    assert [one for one in sorted(named) if not any(path.endswith(f"/{one}") for path in known)] == []
