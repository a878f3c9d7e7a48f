"""Reads what changes by review: config.toml, schedules/*.toml and callflows/*.toml become domain values, or problems.

The only importer of ``holidays``.
"""

from app.reading.calendar import swedish_calendar
from app.reading.municipalities import read_municipalities
from app.reading.policy import read_policy

__all__ = ["read_municipalities", "read_policy", "swedish_calendar"]
