"""Where the service and the stand-in listen, and how the service is reached from outside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.reading.tables import shown
from app.settings import forms
from app.settings.values import Mode

if TYPE_CHECKING:
    from app.settings.sources import Sources

_BIND = "127.0.0.1:8400"
_SIMULATOR_BIND = "127.0.0.1:8401"
_LOOPBACK = "127.0.0.1:PORT or localhost:PORT"


def read_addresses(sources: Sources, mode: Mode | None) -> tuple[str | None, str | None, str | None]:
    """``bind``, ``simulator_bind`` and ``public_url``; what is wrong is ``None``, with its problem noted."""
    bind = sources.either("RADRUM_BIND", "web", "bind", forms.bind, otherwise=_BIND)
    if bind and mode is Mode.PRACTICE and not _is_local(bind):
        sources.unfit("RADRUM_BIND", "web", "bind", shown(bind), f"{_LOOPBACK}: practice is for this computer alone")
    return bind, _simulator_bind(sources, bind), _public_url(sources, mode, bind)


def _simulator_bind(sources: Sources, bind: str | None) -> str | None:
    # No variable: two deployments on one computer have two config files.
    found = sources.either("", "simulator", "bind", forms.bind, otherwise=_SIMULATOR_BIND)
    if found and not _is_local(found):
        sources.unfit("", "simulator", "bind", shown(found), f"{_LOOPBACK}: it answers to anybody who reaches it")
    if found and found == bind:
        sources.unfit("", "simulator", "bind", f"{shown(found)}, where the service listens", "another port")
    return found


def _public_url(sources: Sources, mode: Mode | None, bind: str | None) -> str | None:
    form = forms.secure_origin if mode is Mode.LIVE else forms.origin
    otherwise = f"http://{bind}" if bind and mode is Mode.PRACTICE else None
    before = len(sources.problems)
    found = sources.either("RADRUM_PUBLIC_URL", "web", "public_url", form, otherwise=otherwise)
    if found is None and mode is Mode.LIVE and len(sources.problems) == before:
        allowed = f"{forms.HTTPS}, here or as web.public_url of {sources.config.where}"
        sources.missing("RADRUM_PUBLIC_URL", allowed)
    return found


def _is_local(bind: str) -> bool:
    return forms.is_loopback(bind.rpartition(":")[0])
