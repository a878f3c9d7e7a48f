"""A file of many rows is made in the memory of a small one, on both databases."""

from __future__ import annotations

import gc
import tracemalloc
from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from app.domain.columns import COLUMNS, Dataset, Form
from app.domain.lines import LineKey
from app.domain.trends import Period
from app.services.export import exports
from app.services.export.export_files import csv_of, write_xlsx
from app.services.export.exports import Wanted
from tests.services.export_cast import of
from tests.services.old_records import put_people

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from sqlalchemy.orm import Session

    from app.domain.policy import Policy
    from app.services.export.leaving import Values

MANY, FEW_DAYS = 12_000, 5
"""Of so many rows, 2,400 are of the first days: more than a batch. A million is for the benchmark."""
_AT = {
    "sqlite": "strftime('%Y-%m-%d %H:%M:%S.000000', 1767268800 + i * 180, 'unixepoch')",
    "postgresql": "to_timestamp(1767268800 + i * 180)",
}

_RECORD = "consultation (id, organisation, line, source, opened_at, held_at, staff_id, version)"
_TAG = "consultation_tag (consultation_id, kind, code, position)"


@pytest.fixture
def many(session: Session) -> Session:
    """One consultation each third minute since the first of January 2026, with two tags."""
    put_people(session)
    at = _AT[session.get_bind().dialect.name]
    numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :many)"
    for table, values in (
        (_RECORD, f"i, 'skane', 'skane', 'practice', {at}, {at}, 'skane', 0"),
        (_TAG, "i, 'theme', 'FYS', 1"),
    ):
        session.execute(text(f"INSERT INTO {table} {numbers} SELECT {values} FROM n"), {"many": MANY})  # noqa: S608 - ours
    session.commit()
    return session


def whole(session: Session, policy: Policy, days: int) -> Iterator[Sequence[Values]]:
    """All batches of the first days, as they leave: each in a transaction of its own."""
    last = date.fromordinal(date(2026, 1, 1).toordinal() + days - 1)
    wanted = Wanted(Dataset.CONSULTATIONS, frozenset({LineKey("skane")}), Period(date(2026, 1, 1), last))
    for rows in exports.batches(session, policy, of("skane"), wanted, str):
        session.rollback()
        yield rows


def peak_of(session: Session, policy: Policy, days: int, form: Form, folder: Path) -> tuple[int, int]:
    """The most memory that was in use, in bytes, and how many rows the file has."""
    batches, count = whole(session, policy, days), 0

    def seen() -> Iterator[Sequence[Values]]:
        nonlocal count
        for rows in batches:
            yield rows
            count += len(rows)

    gc.collect()
    tracemalloc.start()
    columns = COLUMNS[Dataset.CONSULTATIONS]
    if form is Form.CSV:
        for _ in csv_of(columns, seen()):
            pass
    else:
        write_xlsx(folder / "file.xlsx", "rows", columns, seen(), [])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak, count


@pytest.mark.parametrize("form", list(Form))
def test_a_long_file_takes_the_memory_of_a_short_one(many: Session, policy: Policy, tmp_path: Path, form: Form) -> None:
    peak_of(many, policy, FEW_DAYS, form, tmp_path)  # what is made once and kept

    short, few = peak_of(many, policy, FEW_DAYS, form, tmp_path)
    long, all_ = peak_of(many, policy, 100, form, tmp_path)

    assert (few < MANY / 4, all_) == (True, MANY)
    assert long < 1.25 * short
