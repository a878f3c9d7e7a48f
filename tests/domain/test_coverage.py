from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.domain.coverage import Stage, Unmanned

GAP = Unmanned(datetime(2026, 11, 24, 8, tzinfo=UTC), datetime(2026, 11, 24, 15, tzinfo=UTC))


@pytest.mark.parametrize(
    ("now", "stage"),
    [
        ("2026-11-23T07:59:59Z", None),
        ("2026-11-23T08:00:00Z", Stage.DAY),
        ("2026-11-24T05:59:59Z", Stage.DAY),
        ("2026-11-24T06:00:00Z", Stage.HOURS),
        ("2026-11-24T07:59:59Z", Stage.HOURS),
        ("2026-11-24T08:00:00Z", Stage.NOW),
        ("2026-11-24T14:59:59Z", Stage.NOW),
        ("2026-11-24T15:00:00Z", None),
    ],
)
def test_the_nearest_stage_counts(now: str, stage: Stage | None) -> None:
    assert GAP.stage(datetime.fromisoformat(now)) == stage
