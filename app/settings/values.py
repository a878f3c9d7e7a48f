"""The settings as values. Secrets stay out of their ``repr``, so that no traceback shows them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from app.domain.policy import Policy


class Mode(StrEnum):
    """What the deployment is for."""

    PRACTICE = "practice"
    """On this computer alone, with a stand-in for Twilio and a database of its own."""
    LIVE = "live"


@dataclass(frozen=True, slots=True)
class TwilioSettings:
    """The account, and how its REST API is reached."""

    account_sid: str
    auth_tokens: tuple[str, ...] = field(repr=False)
    """The primary token first, then the secondary one, while there is one. Webhooks may be signed with either."""
    region: str | None
    edge: str | None
    """Set where ``region`` is. With one alone, Twilio's library asks a host that is gone, or one in another region."""
    api_base_url: str | None
    """Instead of Twilio's own; an origin."""


@dataclass(frozen=True, slots=True)
class MailSettings:
    """Where mail to staff is handed in."""

    host: str
    port: int
    user: str | None = field(repr=False)
    password: str | None = field(repr=False)
    is_encrypted: bool
    """smtps: from the first byte on."""
    is_local: bool
    """The mail server is this computer itself."""
    sender: str
    """The address that mail comes from."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that one deployment runs with."""

    mode: Mode
    root: Path
    """The folder of config.toml, where callflows/ and schedules/ lie too."""
    data_directory: Path
    database_url: str = field(repr=False)
    """For SQLAlchemy; the path of an SQLite file is absolute."""
    public_url: str
    """Scheme, host and port alone, as Twilio signs it."""
    secret_key: str = field(repr=False)
    data_keys: Mapping[str, bytes] = field(repr=False)
    """By id, newest first; 32 bytes each."""
    bind: str
    """host:port"""
    simulator_bind: str
    mail: MailSettings | None
    """``None``: no mail is sent."""
    twilio: TwilioSettings
    policy: Policy = field(repr=False)

    @property
    def is_practice(self) -> bool:
        """Whether nobody real is ever rung."""
        return self.mode is Mode.PRACTICE
