"""Signing in: Flask-Security under our own addresses, words, pages and sessions."""

from app.web.accounts.setup import install

__all__ = ["install"]
