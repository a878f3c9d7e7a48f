"""The cast of the cases."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.domain.permissions import Role
from tests.web.desk.cases.cast import Cast

if TYPE_CHECKING:
    from flask import Flask

    from app.domain.policy import Policy


@pytest.fixture
def cast(app: Flask, policy: Policy) -> Cast:
    """Two specialists, a coordinator and a manager of Skåne, and a specialist of another organisation."""
    cast = Cast(app, policy)
    cast.hire("astrid", 41)
    cast.hire("beate", 42)
    cast.hire("fjarran", 43, "nationell")
    cast.add_account("koord", Role.COORDINATOR)
    cast.add_account("chef", Role.MANAGER)
    return cast
