"""What the web pages and webhooks know of the settings. The factory puts it into the application."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import current_app

from app.domain.calls import Source

if TYPE_CHECKING:
    from pathlib import Path

    from app.domain.policy import Policy
    from app.telephony.rest import TwilioAccount
    from app.telephony.signature import SignatureCheck

EXTENSION = "radrum"


@dataclass(frozen=True, slots=True)
class WebSetup:
    """One deployment, as the web sees it."""

    policy: Policy
    signature: SignatureCheck
    source: Source
    """``practice`` or ``live``: what a call that arrives here is."""
    audio: Path
    """The folder of the WAV files that callflows name."""
    telephone: TwilioAccount
    """For the desk, where a specialist rings somebody back. A webhook never asks Twilio anything."""
    public_url: str
    """Where Twilio reaches us."""
    exports: Path
    """The folder in which files are made that leave the service, and that says how many are."""
    simulator_url: str | None
    """Where the practice phones are; in practice mode alone."""

    @property
    def is_practice(self) -> bool:
        """Whether every page says that nothing here is real."""
        return self.source is Source.PRACTICE


def setup() -> WebSetup:
    """The deployment that this request belongs to."""
    found: WebSetup = current_app.extensions[EXTENSION]
    return found
