"""What the files say, whole: organisations, lines, hours, rotas, callflows and words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.domain.callbacks import CallbackRules
from app.domain.municipalities import Municipalities
from app.domain.taxonomy import Taxonomy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.domain.callflow.nodes import Flow
    from app.domain.callflow.words import Words
    from app.domain.hours import OpeningHours
    from app.domain.lines import Line, LineKey, Organisation, OrganisationKey
    from app.domain.phone import PhoneNumber
    from app.domain.referrals import ReferralKey, Shipped
    from app.domain.rotas import Rota, RotaKey


@dataclass(frozen=True, slots=True)
class Schedule:
    """One file of ``schedules/``: when a line is open, and the patterns of its rotas."""

    name: str
    hours: OpeningHours
    rotas: tuple[Rota, ...]
    wrap_up_minutes: int = 0
    """For so long after a call a person is rung last of their tier, so as to write it down."""


@dataclass(frozen=True, slots=True)
class Policy:
    """Everything that changes by review. Read and checked once, at the start."""

    organisations: Mapping[OrganisationKey, Organisation]
    lines: Mapping[LineKey, Line]
    schedules: Mapping[LineKey, Schedule]
    flows: Mapping[LineKey, Flow]
    words: Words
    taxonomy: Taxonomy = field(default_factory=Taxonomy)
    """What is noted about a consultation."""
    municipalities: Municipalities = field(default_factory=Municipalities)
    callbacks: CallbackRules = field(default_factory=CallbackRules)
    referrals: Mapping[ReferralKey, Shipped] = field(default_factory=dict)
    """The list that every organisation begins with, in its order."""

    def line_with(self, number: PhoneNumber | None) -> Line | None:
        """The line that a Twilio number leads to."""
        return next((line for line in self.lines.values() if number in line.twilio_numbers), None)

    def line_of(self, rota: RotaKey) -> Line | None:
        """The line whose rota it is."""
        for key, schedule in self.schedules.items():
            if any(one.key == rota for one in schedule.rotas):
                return self.lines[key]
        return None
