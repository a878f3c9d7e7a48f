"""The JSON API, version 1: lines, hours, duty, calls, consultations. Read-only, by Bearer token; no phone numbers."""

from app.web.api import problems, routes
from app.web.api.blueprint import api

__all__ = ["api", "problems", "routes"]
