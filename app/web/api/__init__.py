"""The JSON API, version 1: lines, hours, duty, calls, consultations, trends. Read-only, by token; no phone numbers."""

from app.web.api import problems, routes, trends
from app.web.api.blueprint import api

__all__ = ["api", "problems", "routes", "trends"]
