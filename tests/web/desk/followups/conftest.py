"""The cast of the cases promises, and keeps."""

from __future__ import annotations

from tests.web.desk.cases.conftest import cast

__all__ = ["cast"]
