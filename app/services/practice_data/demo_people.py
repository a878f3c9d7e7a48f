"""The invented staff of the practice data. Whoever reads an alias sees that it is practice."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain, count, cycle, islice
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from app.domain.errors import RadrumError
from app.domain.lines import StaffId
from app.domain.phone import PhoneNumber
from app.domain.rotas import Membership, Tier
from app.domain.skills import Competence
from app.storage.models import RotaMembership, Staff

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from app.domain.lines import Line
    from app.domain.policy import Policy
    from app.domain.rotas import Rota

_LETTERS = (
    "Alfa Beta Gamma Delta Epsilon Zeta Eta Theta Jota Kappa Lambda My Ny Xi Omikron Pi Rho Sigma Tau Ypsilon Fi Chi "
    "Psi Omega"
)
_FIRST_NUMBER, _LAST_NUMBER = 46701740640, 46701740699
"""Reserved for fiction (PTS): nobody has them."""
_IDS = UUID("8d1f2f0e-52a5-4d7b-9a3e-8d2f5a6c7b10")
_PEOPLE = {Tier.PRIMARY: 5, Tier.BACKUP: 3}
"""In each rota, or as many as it has on duty at once."""

_COMPETENCES = (
    (Competence.SOCIAL_WORK, Competence.LAW),
    (Competence.SCHOOL,),
    (Competence.POLICE, Competence.LAW),
    (Competence.SOCIAL_WORK, Competence.HEALTH),
    (Competence.SOCIAL_WORK, Competence.SCHOOL),
)
_LANGUAGES = (
    ("sv", "en"),
    ("sv", "ar"),
    ("sv", "so", "en"),
    ("sv",),
    ("sv", "fa"),
    ("sv", "ku", "tr"),
    ("sv", "en", "fr"),
)


@dataclass(frozen=True, slots=True)
class Cast:
    """Everyone, and who is in which rota."""

    staff: tuple[Staff, ...]
    memberships: tuple[Membership, ...]

    def rows(self) -> list[RotaMembership]:
        """The memberships as rows."""
        return [
            RotaMembership(rota=one.rota, staff_id=one.staff, begins=one.begins, ends=one.ends, position=one.position)
            for one in self.memberships
        ]


def practice_cast(policy: Policy, now: datetime) -> Cast:
    """Enough people for every rota of every line, nobody in two; the same people at any time.

    Raises ``RadrumError`` when there are more rotas than numbers for their people.
    """
    people = zip(_aliases(), _numbers(policy), cycle(_COMPETENCES), cycle(_LANGUAGES), strict=False)
    staff: list[Staff] = []
    memberships: list[Membership] = []
    for line, rota in _rotas(policy):
        wanted = max(_PEOPLE[rota.tier], rota.at_once)
        group = [_person(line, now, *one) for one in islice(people, wanted)]
        if len(group) < wanted:
            message = "the practice numbers don't suffice for so many rotas; import staff instead"
            raise RadrumError(message)
        staff += group
        # From the rota's beginning, so that the past is the same whatever day the database is filled.
        begins = min(rota.anchor, now.date())
        memberships += [
            Membership(rota.key, StaffId(one.id), begins, position) for position, one in enumerate(group, start=1)
        ]
    return Cast(tuple(staff), tuple(memberships))


def _rotas(policy: Policy) -> Iterator[tuple[Line, Rota]]:
    for key, schedule in policy.schedules.items():
        for rota in schedule.rotas:
            yield policy.lines[key], rota


def _person(
    line: Line,
    now: datetime,
    letter: str,
    phone: PhoneNumber,
    competences: tuple[Competence, ...],
    languages: tuple[str, ...],
) -> Staff:
    return Staff(
        id=uuid5(_IDS, letter).hex,
        organisation=line.organisation,
        alias=f"Övning {letter}",
        name=f"Påhittad Person {letter}",
        phone=phone,
        competences=[one.value for one in competences],
        languages=list(languages),
        created_at=now,
    )


def _aliases() -> Iterator[str]:
    letters = _LETTERS.split()
    return chain(letters, (f"{letter} {second}" for second in count(2) for letter in letters))


def _numbers(policy: Policy) -> Iterator[PhoneNumber]:
    """Those that no line has."""
    taken = {line.backup_number for line in policy.lines.values()}
    for line in policy.lines.values():
        taken |= {line.public_number, *line.twilio_numbers}
    everyone = (PhoneNumber(f"+{number}") for number in range(_FIRST_NUMBER, _LAST_NUMBER + 1))
    return (number for number in everyone if number not in taken)
