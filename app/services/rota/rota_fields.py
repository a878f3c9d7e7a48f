"""What people give us about a change of duty, checked field by field: whom, which rota, from when to when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from app.domain.errors import Problem, RejectedInput
from app.domain.lines import LineKey, OrganisationKey, StaffId
from app.domain.rotas import RotaKey, Tier
from app.domain.wall_clock import instant_at
from app.services.rota.duty import schedule_of
from app.services.rota.staff_file import shown
from app.storage.queries.staff import known_people

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from zoneinfo import ZoneInfo

    from sqlalchemy.orm import Session

    from app.domain.policy import Policy

_FURTHEST = timedelta(days=2 * 365)


@dataclass(frozen=True, slots=True)
class Person:
    """One of those who answer, as far as a change of duty needs them."""

    id: StaffId
    organisation: OrganisationKey
    alias: str
    line: LineKey
    """A line of theirs, whose wall clock is meant."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """For which rota of a line, and when: ``[begins, ends)``. Without ``rota`` it is the line's only primary one."""

    line: LineKey
    begins: datetime
    ends: datetime
    rota: str | None = None


class Fields:
    """Reads fields for one line, and notes what is wrong with each; ``refuse_problems`` raises them all at once."""

    def __init__(self, session: Session, policy: Policy, line: LineKey) -> None:
        """Raises ``NotFound`` when there is no such line."""
        self._schedule = schedule_of(policy, line)
        self._organisation = policy.lines[line].organisation
        self._people = _people(session, {self._organisation: line})
        self._problems: list[Problem] = []

    def person(self, field: str, alias: str) -> Person | None:
        """Whoever has the alias in the line's organisation."""
        found = _called(self._people, alias)
        if not found:
            allowed = f"an alias of {self._organisation}, as `radrum staff list` shows them"
            self._problems.append(Problem("", field, shown(alias), allowed))
        return found[0] if found else None

    def people(self, field: str, aliases: Collection[str]) -> tuple[Person, ...]:
        """All of them, in this order, each once."""
        people = [found for alias in aliases if (found := self.person(field, alias))]
        for one in dict.fromkeys(person for person in people if people.count(person) > 1):
            self._problems.append(Problem("", field, f"{shown(one.alias)} twice", "each person once"))
        return tuple(people)

    def rota(self, field: str, key: str | None) -> RotaKey:
        """The line's rota of that name; without one, its only rota of the primary tier."""
        keys = [rota.key for rota in self._schedule.rotas]
        primary = [rota.key for rota in self._schedule.rotas if rota.tier is Tier.PRIMARY]
        if key in keys or (key is None and len(primary) == 1):
            return RotaKey(key or primary[0])
        found = "nothing" if key is None else shown(key)
        self._problems.append(Problem("", field, found, f"one of the line's rotas, {', '.join(keys)}"))
        return keys[0]

    def period(self, begins: datetime, ends: datetime, now: datetime) -> None:
        """From today on, and not over yet."""
        self._problems += _period_problems(begins, ends, now, self._schedule.hours.zone)

    def problem(self, problem: Problem) -> None:
        """Note something else."""
        self._problems.append(problem)

    def refuse_problems(self) -> None:
        """Raise ``RejectedInput`` if anything was wrong."""
        if self._problems:
            raise RejectedInput(self._problems)


def find_person(session: Session, policy: Policy, alias: str, line: LineKey | None) -> Person:
    """Whoever has the alias, in the line's organisation or, without a line, in any.

    Raises ``NotFound`` for no such line, and ``RejectedInput`` for an alias that nobody has, or that two have.
    """
    if line is not None:
        schedule_of(policy, line)
    homes = {one.organisation: one.key for one in policy.lines.values() if line in {None, one.key}}
    found = _called(_people(session, homes), alias)
    if not found:
        of = f" of {' '.join(homes)}" if line else ""
        raise RejectedInput([Problem("", "alias", shown(alias), f"an alias{of}, as `radrum staff list` shows them")])
    if len(found) > 1:
        whose = " and ".join(one.organisation for one in found)
        raise RejectedInput([Problem("", "alias", f"one person each of {whose}", "one of them: add --line KEY")])
    return found[0]


def lines_of(policy: Policy, organisation: OrganisationKey) -> tuple[LineKey, ...]:
    """The lines that an organisation owns, in the order of the configuration."""
    return tuple(line.key for line in policy.lines.values() if line.organisation == organisation)


def check_period(policy: Policy, line: LineKey, begins: datetime, ends: datetime, now: datetime) -> None:
    """Raises ``RejectedInput`` unless it is from today on, and not over yet."""
    problems = list(_period_problems(begins, ends, now, schedule_of(policy, line).hours.zone))
    if problems:
        raise RejectedInput(problems)


def _people(session: Session, homes: Mapping[OrganisationKey, LineKey]) -> Sequence[Person]:
    return [
        Person(StaffId(staff), organisation, alias, homes[organisation])
        for staff, of, alias in known_people(session)
        if (organisation := OrganisationKey(of)) in homes
    ]


def _called(people: Sequence[Person], alias: str) -> list[Person]:
    wanted = " ".join(alias.split()).casefold()
    return [one for one in people if one.alias.casefold() == wanted]


def _period_problems(begins: datetime, ends: datetime, now: datetime, zone: ZoneInfo) -> Iterator[Problem]:
    today, latest = instant_at(now.astimezone(zone).date(), time.min, zone), now + _FURTHEST
    if begins < today:
        # Who was on duty then stays: figures and records of past days speak of it.
        yield Problem("", "from", _written(begins, zone), f"a time of today or later, from {_written(today, zone)} on")
    if ends <= begins:
        yield Problem("", "to", _written(ends, zone), f"a time after {_written(begins, zone)}, when it begins")
    elif ends <= now:
        yield Problem("", "to", f"{_written(ends, zone)}, which has passed", f"a time after {_written(now, zone)}")
    elif ends > latest:
        yield Problem("", "to", _written(ends, zone), f"a time before {_written(latest, zone)}")


def _written(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).isoformat(timespec="minutes")
