"""A batch of a file goes along one index from where the one before ended, on both databases and behind the wall."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event

from app.domain.columns import Dataset
from app.domain.lines import LineKey
from app.domain.trends import Period
from app.services.export import exports
from app.services.export.exports import Wanted
from app.storage.scope import narrow
from tests.storage.test_lists_plans import ALFA, NOW, fill

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

    from app.domain.policy import Policy

LINES = frozenset({LineKey("skane")})
PERIOD = Period((NOW - timedelta(days=1900)).date(), NOW.date())
INDEXES = {
    Dataset.CONSULTATIONS: {"ix_consultation_reach_held_at"},
    Dataset.CALLS: {"ix_call_reach_started_at", "ix_call_line_started_at"},
}
"""Those that have a line's rows in the order of time."""


@pytest.mark.parametrize("what", INDEXES)
def test_a_batch_sorts_nothing_and_reads_its_own_rows(
    session: Session, engine: Engine, policy: Policy, monkeypatch: pytest.MonkeyPatch, what: Dataset
) -> None:
    monkeypatch.setattr(exports, "AT_ONCE", 200)
    fill(session)
    narrow(session, ALFA)
    explain = "EXPLAIN QUERY PLAN" if engine.dialect.name == "sqlite" else "EXPLAIN"
    plans: dict[str, str] = {}

    def look(connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:  # noqa: ANN401 - SQLAlchemy's own
        if " LIMIT " in statement and statement not in plans:
            cursor = connection.connection.dbapi_connection.cursor()
            cursor.execute(f"{explain} {statement}", values)
            plans[statement] = "\n".join(str(row[-1]) for row in cursor.fetchall())

    event.listen(engine, "before_cursor_execute", look)
    count = sum(len(rows) for rows in exports.batches(session, policy, ALFA, Wanted(what, LINES, PERIOD), str))
    event.remove(engine, "before_cursor_execute", look)

    assert len(plans) == 2, "the first batch, and those that come after"
    for plan in plans.values():
        assert any(index in plan for index in INDEXES[what])
        assert "Seq Scan" not in plan
        assert "B-TREE" not in plan
        # Rows of the same instant are put into order by their ids: an incremental sort.
        assert "Sort" not in plan.replace("Incremental Sort", "").replace("Sort Key", "")
    assert count > 2_000
