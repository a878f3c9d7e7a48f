"""A call before it is placed: who rings what, how the phones behave, what goes wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from app.simulator.caller import SILENT, CallerScript
from app.simulator.faults import NO_FAULTS, FaultPlan
from app.simulator.phones import ANSWERS, PhoneBehaviour
from app.simulator.variants import USUAL, Variants

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

# What docs on connecting a number recommend: short tries, and a retry on everything that isn't an answer.
_HOOK = "#rc=2&rp=ct,rt,5xx&ct=2000&rt=6000"
_STATUS = "#rc=5&rp=all&tt=15000"


@dataclass(frozen=True, slots=True)
class Service:
    """The service that is rung, as its number is configured at Twilio."""

    public_url: str
    account_sid: str
    auth_token: str = field(repr=False)
    numbers: frozenset[str] = frozenset()
    """All our numbers: the caller ids that Twilio lets us use, beside the dialled one."""
    voice_path: str = f"/twilio/voice{_HOOK}"
    status_path: str = f"/twilio/status{_STATUS}"
    fallback_url: str | None = None
    """Outside our stack, and asked when we don't answer."""

    @property
    def voice_url(self) -> str:
        """The number's Voice URL."""
        return self.public_url + self.voice_path

    @property
    def status_url(self) -> str:
        """The number's status callback."""
        return self.public_url + self.status_path

    @property
    def origins(self) -> frozenset[str]:
        """The origins that answers may lead to."""
        urls = [url for url in (self.public_url, self.fallback_url) if url]
        return frozenset(f"{urlsplit(url).scheme}://{urlsplit(url).netloc}" for url in urls)


@dataclass(frozen=True, slots=True)
class CallPlan:
    """One call."""

    line_number: str
    """The dialled number, E.164."""
    caller: str = "+46701740605"
    """As the network tells it: E.164, or one of ``caller.WITHHELD_FORMS``."""
    script: CallerScript = SILENT
    phones: Mapping[str, PhoneBehaviour] = field(default_factory=dict)
    """By number; every other phone behaves as ``other_phones``."""
    other_phones: PhoneBehaviour = ANSWERS
    starts_at: datetime | None = None
    """Virtual; ``None``: now."""
    faults: FaultPlan = NO_FAULTS
    variants: Variants = USUAL
    seed: int = 0
    extra_fields: Mapping[str, str] = field(default_factory=dict)
    """Sent with the first request: ForwardedFrom, CallerName, ..."""

    def behaviour_of(self, phone: str) -> PhoneBehaviour:
        """How a phone behaves in this call."""
        return self.phones.get(phone, self.other_phones)
