"""Ways to pages that a deployment needn't have."""

from __future__ import annotations

from flask import current_app, url_for


def address_if_there(endpoint: str) -> str:
    """The address of a page; empty where there is none."""
    return url_for(endpoint) if endpoint in current_app.view_functions else ""
