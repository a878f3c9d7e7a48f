"""The desk: the pages of those who are signed in."""

from app.web.desk.blueprint import desk

__all__ = ["desk"]

from app.web.desk import account as _account  # noqa: F401 - it registers its pages
