"""The settings of mail to staff."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

from app.domain.errors import Problem
from app.reading.tables import NOTHING
from app.settings import forms
from app.settings.values import MailSettings

if TYPE_CHECKING:
    from app.settings.sources import Sources

_PORTS = {"smtp": 25, "smtps": 465}


def read_mail(sources: Sources) -> MailSettings | None:
    """Where mail is handed in and from which address; ``None`` without an address of a mail server, or a wrong one."""
    before = len(sources.problems)
    parts = sources.either("RADRUM_MAIL_URL", "mail", "url", forms.mail_url)
    # No variable: it is no secret, and the same wherever the service runs.
    sender = sources.either("", "mail", "from", forms.mail_address)
    if parts is None:
        return None
    if sender is None and len(sources.problems) == before:
        needed = f"{forms.A_MAIL_ADDRESS}; mail is sent from there"
        sources.problems.append(Problem(sources.config.where, "mail.from", NOTHING, needed))
    host = (parts.hostname or "").lower()
    return MailSettings(
        host=host,
        port=parts.port or _PORTS[parts.scheme],
        user=None if parts.username is None else unquote(parts.username),
        password=None if parts.password is None else unquote(parts.password),
        is_encrypted=parts.scheme == "smtps",
        is_local=forms.is_loopback(host),
        sender=sender or "",
    )
