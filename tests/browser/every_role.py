"""Who opens pages: a visitor, and an account of the practice data for each role."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.permissions import Role
from tests.browser.signing_in import sign_in

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

    from tests.browser.deployments import Practice

VISITOR = "visitor"
WHO = (VISITOR, *Role)
SAME_FOR_ALL = "security."
"""Pages whose content hangs on no role: those of one will do."""
FOR_NOBODY_IN_PARTICULAR = "statistics."
"""Pages that don't ask who asks: whoever is signed in is a visitor there."""


def come_in(practice: Practice, context: BrowserContext, who: str, language: str = "sv") -> None:
    cookie = {"name": "radrum_language", "value": language, "url": practice.service_url}
    context.add_cookies([cookie])  # type: ignore[list-item] # a plain dictionary will do
    if who != VISITOR:
        with practice.database() as session:
            sign_in(context, practice.where, session, f"{who}@skane.example")
