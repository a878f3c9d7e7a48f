"""The municipalities, from the table that comes with the package."""

from __future__ import annotations

import csv
from functools import cache
from importlib import resources

from app.domain.lines import MunicipalityCode
from app.domain.municipalities import CountyCode, Municipalities, Municipality


@cache
def read_municipalities() -> Municipalities:
    """All 290 (SCB, 2026)."""
    table = resources.files("app.domain").joinpath("municipalities.csv")
    rows = csv.DictReader(table.read_text(encoding="utf-8").splitlines())
    return Municipalities(
        Municipality(
            code=MunicipalityCode(row["municipality_code"]),
            name=row["municipality_name"],
            county=CountyCode(row["county_code"]),
            county_name=row["county_name"],
        )
        for row in rows
    )
