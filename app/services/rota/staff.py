"""Those who answer: taken in from a file, all or nothing, and listed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING
from uuid import uuid4

from sqlalchemy.exc import IntegrityError

from app.domain.errors import Conflict, Problem, RejectedInput
from app.domain.lines import OrganisationKey
from app.domain.rotas import RotaKey
from app.services.rota.staff_file import StaffRow, read_staff_file
from app.storage.models import RotaMembership, Staff
from app.storage.queries.staff import all_memberships, all_staff

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.domain.phone import PhoneNumber
    from app.domain.policy import Policy

_Person = tuple[OrganisationKey, str]
"""An organisation and an alias in it, without regard to capitals."""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import changed. Persons are counted once, in however many rows they stand."""

    added: int
    updated: int
    unchanged: int
    memberships: int
    """Memberships of rotas that are new."""
    changed: Mapping[str, Collection[str]] = field(default_factory=dict, compare=False)
    """By the id of each person who was added or changed, the names of the fields."""


@dataclass(frozen=True, slots=True)
class StaffSummary:
    """One person as a list may show them."""

    organisation: str
    alias: str
    phone: PhoneNumber
    rotas: tuple[str, ...]
    """Of today and later."""
    competences: tuple[str, ...]
    languages: tuple[str, ...]


def import_staff(session: Session, policy: Policy, text: str, now: datetime) -> ImportReport:
    """Take in a CSV file (name, alias, phone, competences, languages, rota, from): all of it, or nothing.

    An alias that its organisation has already is the same person: updated, and a new ``from`` ends the earlier
    membership of that rota and begins another one. Raises ``RejectedInput`` with every problem of every row. Doesn't
    commit.
    """
    rows, problems = read_staff_file(text)
    staff = all_staff(session)
    known: dict[_Person, Staff] = {_person(one.organisation, one.alias): one for one in staff}
    placed = [(row, organisation) for row in rows if (organisation := _organisation(policy, row, problems))]
    problems += _problems_between(policy, placed, known)
    if not (rows or problems):
        problems.append(Problem("the file", "csv", "a header alone", "a row for each person"))
    if problems:
        raise RejectedInput(sorted(problems, key=_row_number))
    try:
        return _store(session, placed, known, now)
    except IntegrityError as error:
        message = "somebody else imported staff at the same time; nothing was stored, try again"
        raise Conflict(message) from error


def staff_list(session: Session, policy: Policy, now: datetime) -> tuple[StaffSummary, ...]:
    """Everyone, by organisation and alias, without their names and with their numbers masked."""
    rotas: dict[str, set[str]] = defaultdict(set)
    for membership in all_memberships(session):
        line = policy.line_of(RotaKey(membership.rota))
        today = now.astimezone(policy.schedules[line.key].hours.zone).date() if line else now.date()
        if membership.ends is None or membership.ends > today:
            rotas[membership.staff_id].add(membership.rota)
    return tuple(
        StaffSummary(
            organisation=one.organisation,
            alias=one.alias,
            phone=one.phone,
            rotas=tuple(sorted(rotas[one.id])),
            competences=tuple(one.competences),
            languages=tuple(one.languages),
        )
        for one in all_staff(session)
    )


def _person(organisation: str, alias: str) -> _Person:
    return OrganisationKey(organisation), alias.casefold()


def _row_number(problem: Problem) -> int:
    _, _, number = problem.where.partition("row ")
    return int(number) if number.isdecimal() else 0


def _organisation(policy: Policy, row: StaffRow, problems: list[Problem]) -> OrganisationKey | None:
    """The one organisation whose rotas the row names; else its problems."""
    lines = {rota: policy.line_of(rota) for rota in row.rotas}
    keys = ", ".join(rota.key for schedule in policy.schedules.values() for rota in schedule.rotas)
    unknown = [
        Problem(row.where, "rota", repr(rota[:40]), f"one of {keys}") for rota, line in lines.items() if not line
    ]
    organisations = {line.organisation for line in lines.values() if line}
    problems += unknown
    if len(organisations) > 1:
        found = f"rotas of {' and '.join(sorted(organisations))}"
        problems.append(Problem(row.where, "rota", found, "rotas of one organisation"))
    return next(iter(organisations)) if len(organisations) == 1 and not unknown else None


# --- what only shows between rows, or between a row and what is known already -----------------------------------------


def _problems_between(
    policy: Policy, placed: Sequence[tuple[StaffRow, OrganisationKey]], known: Mapping[_Person, Staff]
) -> list[Problem]:
    rows_of: dict[_Person, list[StaffRow]] = defaultdict(list)
    for row, organisation in placed:
        rows_of[_person(organisation, row.alias)].append(row)
    return [
        *_our_own_numbers(policy, (row for row, _ in placed)),
        *_shared_phones(rows_of, known),
        *(problem for rows in rows_of.values() for problem in _contradictions(rows)),
        *(problem for rows in rows_of.values() for problem in _repetitions(rows)),
    ]


def _our_own_numbers(policy: Policy, rows: Iterable[StaffRow]) -> Iterator[Problem]:
    """To ring a line's own number would ring ourselves, or the switchboard in a circle."""
    whose: dict[PhoneNumber, str] = {}
    for line in policy.lines.values():
        whose |= {line.backup_number: f"the backup number of {line.key}"}
    for line in policy.lines.values():
        whose |= dict.fromkeys((line.public_number, *line.twilio_numbers), f"the number of the line {line.key}")
    for row in rows:
        if row.phone in whose:
            found = f"{row.phone.masked}, {whose[row.phone]}"
            yield Problem(row.where, "phone", found, "the specialist's own phone")


def _shared_phones(rows_of: Mapping[_Person, Sequence[StaffRow]], known: Mapping[_Person, Staff]) -> Iterator[Problem]:
    """Two persons with one phone would be rung at once for two callers."""
    holder = {one.phone: (person, one.alias) for person, one in known.items() if person not in rows_of}
    for person, rows in rows_of.items():
        for row in rows:
            other, alias = holder.setdefault(row.phone, (person, f"row {row.row}"))
            if other != person:
                found = f"{row.phone.masked}, which is the phone of {alias} too"
                yield Problem(row.where, "phone", found, "a phone of one's own")


def _contradictions(rows: Sequence[StaffRow]) -> Iterator[Problem]:
    """A person may stand in several rows, for several rotas, but is the same in all of them."""
    first, *others = rows
    for row in others:
        for key in ("name", "phone", "competences", "languages"):
            if getattr(row, key) != getattr(first, key):
                allowed = f"what row {first.row} says, for that is the same alias"
                yield Problem(row.where, key, "something else than before", allowed)


def _repetitions(rows: Sequence[StaffRow]) -> Iterator[Problem]:
    seen: dict[tuple[RotaKey, object], int] = {}
    for row in rows:
        for rota in dict.fromkeys(row.rotas):
            before = seen.setdefault((rota, row.begins), row.row)
            if before != row.row:
                yield Problem(row.where, "alias", f"what row {before} says already", "each person in a rota once a day")


# --- storing ---------------------------------------------------------------------------------------------------------


def _store(
    session: Session,
    placed: Sequence[tuple[StaffRow, OrganisationKey]],
    known: dict[_Person, Staff],
    now: datetime,
) -> ImportReport:
    added: set[str] = set()
    changed: dict[str, set[str]] = defaultdict(set)
    people: dict[int, Staff] = {}
    for row, organisation in placed:
        person = _person(organisation, row.alias)
        if person not in known:
            known[person] = Staff(id=uuid4().hex, organisation=organisation, created_at=now)
            session.add(known[person])
            added.add(known[person].id)
        if fields := _write(known[person], row):
            changed[known[person].id] |= fields
        people[row.row] = known[person]
    updated = changed.keys() - added
    session.flush()
    joined = _join(session, placed, people)
    session.flush()
    for staff_id in joined:
        changed[staff_id].add("rota")
    everyone = {one.id for one in people.values()}
    return ImportReport(len(added), len(updated), len(everyone - added - updated), len(joined), changed)


def _write(staff: Staff, row: StaffRow) -> set[str]:
    """Set what the row says; give the names of what changed. An unchanged field isn't sealed anew."""
    values = {
        "alias": row.alias,
        "name": row.name,
        "phone": row.phone,
        "competences": [one.value for one in row.competences],
        "languages": list(row.languages),
    }
    changed = {key: value for key, value in values.items() if getattr(staff, key) != value}
    for key, value in changed.items():
        setattr(staff, key, value)
    return set(changed)


def _join(
    session: Session, placed: Sequence[tuple[StaffRow, OrganisationKey]], people: Mapping[int, Staff]
) -> Sequence[str]:
    """Add the memberships that aren't there yet, after all who are in the rota; give whose each one is."""
    of: dict[tuple[str, str], list[RotaMembership]] = defaultdict(list)
    last: dict[str, int] = defaultdict(int)
    for one in all_memberships(session):
        of[one.rota, one.staff_id].append(one)
        last[one.rota] = max(last[one.rota], one.position)
    added: list[str] = []
    for row, _ in placed:
        for rota in dict.fromkeys(row.rotas):
            mine = of[rota, people[row.row].id]
            if all(one.begins != row.begins for one in mine):
                last[rota] += 1
                mine.append(
                    RotaMembership(
                        rota=rota, staff_id=people[row.row].id, begins=row.begins, position=last[rota], ends=None
                    )
                )
                session.add(mine[-1])
                added.append(mine[-1].staff_id)
    for mine in of.values():
        _end_where_the_next_begins(mine)
    return added


def _end_where_the_next_begins(memberships: list[RotaMembership]) -> None:
    """Nobody is in a rota twice at once, or they would have two turns in each round."""
    for earlier, later in pairwise(sorted(memberships, key=lambda one: one.begins)):
        if earlier.ends is None or earlier.ends > later.begins:
            earlier.ends = later.begins
