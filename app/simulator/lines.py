"""The lines that can be rung, as the simulator knows them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from app.domain.callflow.nodes import Flow


@dataclass(frozen=True, slots=True)
class PracticeLine:
    """A line that can be rung, as the page shows it."""

    key: str
    name: str
    number: str
    zone: ZoneInfo
    callflow: Flow | None = None
    """What its callers hear, for the picture."""

    @property
    def flow(self) -> str:
        """The name of its callflow."""
        return self.callflow.name if self.callflow else ""
