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
_SAME_FOR_ALL = "security."
"""Pages whose content hangs on no role: those of one will do."""
_FOR_NOBODY_IN_PARTICULAR = "statistics."
"""Pages that don't ask who asks: whoever is signed in is a visitor there."""


def is_own_page(who: str, endpoint: str) -> bool:
    """Whether a page that ``who`` can open has to be looked at as them, too."""
    if endpoint.startswith(_FOR_NOBODY_IN_PARTICULAR):
        return who == VISITOR
    return who in {VISITOR, Role.SPECIALIST} or not endpoint.startswith(_SAME_FOR_ALL)


def come_in(practice: Practice, context: BrowserContext, who: str, language: str = "sv") -> None:
    cookie = {"name": "radrum_language", "value": language, "url": practice.service_url}
    context.add_cookies([cookie])  # type: ignore[list-item] # a plain dictionary will do
    if who != VISITOR:
        with practice.database() as session:
            sign_in(context, practice.where, session, f"{who}@skane.example")
