"""Every page that the service has, found from its own map: nobody has to remember a new one.

Each rule that answers GET is asked for as each role. What answers a person with a page is in the atlas; what leads
on, or answers a script, is not. A rule with a part to fill in (``/records/<record>``) is found by the links to it, as
people find it; one that nothing links to needs a line in ``EXAMPLES``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from werkzeug.exceptions import HTTPException

from app.factory import create_app
from app.settings import load_settings
from app.web.accounts.cookie import MACHINES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from flask import Flask
    from playwright.sync_api import APIResponse, BrowserContext
    from werkzeug.routing import MapAdapter

EXAMPLES: Mapping[str, str] = {}
"""By endpoint: an address of it in the practice data, where no page links to one."""
NO_PAGES = frozenset(
    {
        "language.choose",
        "security.logout",
        "security.two_factor_rescue",
        "home.practice",
        "desk.back_to_case",
        "desk.back_to_follow_up",
        "desk.back_to_record",
        "desk.line_of_today",
        "desk.missed_call",
        "desk.referral_panel",
        "desk.ringing",
    }
)
"""They change who asks, lead away or are switched off; or a script asks for them: they are tried with their page."""
_LINK = re.compile(r'href="([^"#]+)')
_FINE = frozenset({HTTPStatus.OK, HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED, HTTPStatus.FORBIDDEN})
"""Besides being led on. Whether a role should be refused is for the tests of the desk to say."""


@dataclass
class Atlas:
    """``pages``: the addresses that somebody is shown, by endpoint. ``problems``: rules that can't be tried."""

    pages: dict[str, str] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)


def app_of(environment: Mapping[str, str]) -> Flask:
    """The application of a deployment, for its map; nothing asks its database."""
    return create_app(load_settings(environment))


def explored(app: Flask, context: BrowserContext) -> Atlas:
    """What whoever sits at ``context`` can open."""
    atlas, adapter = Atlas(), app.url_map.bind("127.0.0.1")
    waiting = {endpoint: path for endpoint, path in _rules(app).items() if "<" not in path}
    waiting |= EXAMPLES
    asked: set[str] = set()
    while waiting:
        endpoint, path = waiting.popitem()
        asked.add(endpoint)
        links = _look(atlas, context, endpoint, path)
        known = asked | NO_PAGES | waiting.keys()
        waiting |= {found: link for link in links if (found := _endpoint(adapter, link)) and found not in known}
    return atlas


def missing(app: Flask, atlases: Iterable[Atlas]) -> list[str]:
    """The rules that nobody could try, and what to do about each."""
    tried = {endpoint for atlas in atlases for endpoint in {*atlas.pages, *atlas.refused}}
    return [
        f"no page links to {path}: give {endpoint} an address of the practice data in {__file__}, EXAMPLES"
        for endpoint, path in _rules(app).items()
        if "<" in path and endpoint not in tried
    ]


def _rules(app: Flask) -> dict[str, str]:
    return {
        rule.endpoint: rule.rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.rule.startswith(MACHINES) and rule.endpoint not in NO_PAGES
    }


def _look(atlas: Atlas, context: BrowserContext, endpoint: str, path: str) -> list[str]:
    """Ask for one address; the addresses that it leads to."""
    answer = context.request.get(path, headers={"Accept": "text/html"}, max_redirects=0)
    status = HTTPStatus(answer.status)
    if "location" in answer.headers:
        atlas.refused.add(endpoint)
        return [answer.headers["location"]]
    if status not in _FINE:
        atlas.problems.append(
            f"GET {path} answers {status.value}: see {endpoint}, or EXAMPLES in tests/browser/atlas.py"
        )
        return []
    if status is not HTTPStatus.OK or not _is_page(answer):
        atlas.refused.add(endpoint)
        return []
    atlas.pages[endpoint] = path
    return [unescape(link) for link in _LINK.findall(answer.text())]


def _is_page(answer: APIResponse) -> bool:
    return answer.headers["content-type"].startswith("text/html") and "content-disposition" not in answer.headers


def _endpoint(adapter: MapAdapter, link: str) -> str | None:
    """Which page of ours an address leads to."""
    parts = urlsplit(link)
    if parts.hostname not in {None, "127.0.0.1"} or not parts.path.startswith("/") or parts.path.startswith(MACHINES):
        return None
    try:
        endpoint, _ = adapter.match(parts.path, method="GET")
    except HTTPException:
        return None
    return str(endpoint)
