"""``radrum audit verify``."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.domain.audit import BEGINNING, What, anchor_from
from app.services.keeping import audit

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

    from tests.cli.conftest import Run

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def note(engine: Engine, number: int) -> None:
    with Session(engine) as session:
        for record in range(number):
            audit.note(session, None, What.EXPORTED, f"consultation:{record}", [], AT)
        session.commit()


def test_an_empty_log_has_an_end_already(run: Run) -> None:
    code, out, err = run("audit", "verify")

    assert (code, out) == (0, f"0 {BEGINNING}\n")
    assert err == "The read log is whole: 0 entries.\n"


def test_the_end_is_printed_and_the_log_goes_through_it_later(run: Run, engine: Engine, tmp_path: Path) -> None:
    note(engine, 3)
    _, kept, _ = run("audit", "verify")
    (tmp_path / "anchor").write_text(kept, encoding="utf-8")
    note(engine, 1100)

    code, out, err = run("audit", "verify", "--anchor", str(tmp_path / "anchor"))

    assert code == 0
    assert anchor_from(out)
    assert out.startswith("1103 ")
    assert err == "The read log is whole: 1103 entries, and it goes through the anchor at 3.\n"


def test_a_break_is_told_with_its_place(run: Run, engine: Engine) -> None:
    note(engine, 3)
    with Session(engine) as session:
        off = (
            "ALTER TABLE audit_entry DISABLE TRIGGER USER"
            if engine.dialect.name == "postgresql"
            else "DROP TRIGGER audit_entry_is_not_changed"
        )
        session.execute(text(off))
        session.execute(text("UPDATE audit_entry SET record = 'consultation:9' WHERE sequence = 2"))
        session.commit()

    code, out, err = run("audit", "verify")

    assert (code, out) == (1, "")
    assert err == "radrum: the read log is broken at entry 2: its content isn't what was noted\n"


def test_a_log_that_is_shorter_than_what_was_kept_is_broken(run: Run, engine: Engine, tmp_path: Path) -> None:
    note(engine, 2)
    (tmp_path / "anchor").write_text(f"5 {'a' * 64}\n", encoding="utf-8")

    code, _, err = run("audit", "verify", "--anchor", str(tmp_path / "anchor"))

    assert code == 1
    assert "broken at entry 3: entries up to 5 were there, says the anchor" in err


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"2026-11-23", b"x" * 10_000])
def test_a_file_that_is_no_anchor_is_named(run: Run, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "anchor").write_bytes(content)

    code, out, err = run("audit", "verify", "--anchor", str(tmp_path / "anchor"))

    assert (code, out) == (1, "")
    assert f"{tmp_path}/anchor: anchor: found something else" in err
