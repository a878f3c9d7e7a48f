"""When the tests' calls come, and to which line."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

STOCKHOLM = ZoneInfo("Europe/Stockholm")
SATURDAY = datetime(2026, 11, 21, 10, 0, tzinfo=STOCKHOLM)
MONDAY_AT_TEN = datetime(2026, 11, 23, 10, 0, tzinfo=STOCKHOLM)
SKANE = "+4640349800"
