"""The organisations and lines of config.toml."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.lines import Audience, Line, LineKey, Organisation, OrganisationKey
from app.reading.municipalities import read_municipalities
from app.reading.schedules import A_KEY, KEY, LONGEST_KEY
from app.reading.tables import A_SWEDISH_NUMBER, NOTHING, shown

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from app.domain.lines import MunicipalityCode
    from app.domain.phone import PhoneNumber
    from app.reading.tables import Table

_CATCHMENT = '"all", or a list of county codes ("12") and municipality codes ("1280") of Statistics Sweden'
_EVERYWHERE = "all"


def parse_organisations(config: Table) -> dict[OrganisationKey, Organisation | None]:
    """Every organisation that is declared; ``None`` for one that can't be read, with its problem noted."""
    tables = config.table("organisation")
    return {OrganisationKey(key): _organisation(table, key) for key, table in (tables.tables() if tables else ())}


def _organisation(table: Table, key: str) -> Organisation | None:
    name = table.text("name")
    table.close()
    return Organisation(OrganisationKey(key), name) if name and _is_key(table, key) else None


@dataclass(frozen=True, slots=True)
class Declared:
    """A line as far as it could be read, so that lines are compared even where some are wrong."""

    key: str
    table: Table
    public_number: PhoneNumber | None
    twilio_numbers: tuple[PhoneNumber, ...]
    backup_number: PhoneNumber | None
    schedule: str | None
    catchment: frozenset[MunicipalityCode]
    serves: frozenset[Audience]
    overflow: str | None
    line: Line | None
    """The whole line; ``None`` when something in it is wrong."""

    @property
    def own_numbers(self) -> tuple[PhoneNumber, ...]:
        """The numbers that lead to it."""
        return (self.public_number, *self.twilio_numbers) if self.public_number else self.twilio_numbers


@dataclass(frozen=True, slots=True)
class Names:
    """What a line may refer to."""

    organisations: Collection[str]
    callflows: Collection[str]
    schedules: Collection[str]


def parse_lines(config: Table, names: Names) -> dict[str, Declared]:
    """Every line by its key, read and compared with the others; problems are noted."""
    tables = config.table("line")
    named = dict(tables.tables()) if tables else {}
    if tables and not named:
        config.problem("line", "no line", "at least one table [line.KEY]")
    declared = {key: _line(table, key, names, named) for key, table in named.items()}
    for line in declared.values():
        others = [other for other in declared.values() if other.key != line.key]
        _check_numbers(line, others)
        _check_schedule(line, others)
        _check_overflow(line, declared)
    return declared


def _line(table: Table, key: str, names: Names, lines: Collection[str]) -> Declared:
    is_key = _is_key(table, key)
    organisation = table.named("organisation", names.organisations, "an organisation of this file")
    name = table.text("name", longest=100)
    public_number = table.swedish_number("public_number")
    twilio_numbers = _numbers(table)
    callflow = table.named("callflow", names.callflows, "a file of callflows/, without its ending")
    schedule = table.named("schedule", names.schedules, "a file of schedules/, without its ending")
    catchment = _catchment(table)
    serves = table.choices("serves", Audience) or frozenset()
    overflow = table.named("overflow", [one for one in lines if one != key], "another line", optional=True)
    backup_number = table.swedish_number("backup_number")
    more_at = table.text("more_at", longest=100)
    public_statistics = table.switch("public_statistics", default=False)
    table.close()
    line = None
    if (
        organisation
        and name
        and public_number
        and twilio_numbers
        and callflow
        and schedule
        and backup_number
        and more_at
    ):
        line = Line(
            key=LineKey(key),
            organisation=OrganisationKey(organisation),
            name=name,
            public_number=public_number,
            twilio_numbers=twilio_numbers,
            callflow=callflow,
            schedule=schedule,
            catchment=catchment,
            serves=serves,
            backup_number=backup_number,
            more_at=more_at,
            overflow=LineKey(overflow) if overflow else None,
            public_statistics=public_statistics,
        )
    whole = line if is_key and catchment and serves else None
    return Declared(
        key, table, public_number, twilio_numbers, backup_number, schedule, catchment, serves, overflow, whole
    )


def _is_key(table: Table, key: str) -> bool:
    if KEY.fullmatch(key) and len(key) <= LONGEST_KEY:
        return True
    table.problem("", f"a key that can't be used, {shown(key)}", A_KEY)
    return False


def _numbers(table: Table) -> tuple[PhoneNumber, ...]:
    allowed = f"a list of one or more numbers, each {A_SWEDISH_NUMBER}"
    texts = table.texts("twilio_numbers", allowed=allowed)
    if texts is None:
        return ()
    if not texts:
        table.problem("twilio_numbers", "an empty list", allowed)
    for text in dict.fromkeys(text for text in texts if texts.count(text) > 1):
        table.problem("twilio_numbers", f"{shown(text)} twice", "each number once")
    numbers = [table.as_swedish_number("twilio_numbers", text) for text in texts]
    return tuple(number for number in numbers if number)


def _catchment(table: Table) -> frozenset[MunicipalityCode]:
    municipalities = read_municipalities()
    if table.given("catchment", _CATCHMENT, optional=True) == _EVERYWHERE:
        return municipalities.codes
    texts = table.texts("catchment", allowed=_CATCHMENT)
    if texts is None:
        return frozenset()
    if not texts:
        table.problem("catchment", "an empty list", _CATCHMENT)
    parts = {text: municipalities.covered_by(text) for text in texts}
    for text, part in parts.items():
        if not part:
            table.problem("catchment", f"{shown(text)}, which no county or municipality has", _CATCHMENT)
    return frozenset().union(*parts.values())


def _check_numbers(line: Declared, others: Collection[Declared]) -> None:
    for other in others:
        if line.public_number in other.own_numbers:
            found = f"{_quoted(line.public_number)}, also a number of line.{other.key}"
            line.table.problem("public_number", found, "a number that no other line has")
        for number in line.twilio_numbers:
            if number in other.own_numbers:
                found = f"{_quoted(number)}, also a number of line.{other.key}"
                line.table.problem("twilio_numbers", found, "numbers that no other line has")
    for owner in (line, *others):
        if line.backup_number in owner.own_numbers:
            found = f"{_quoted(line.backup_number)}, a number of line.{owner.key}"
            line.table.problem("backup_number", found, "a number that leads to none of these lines")


def _quoted(number: PhoneNumber | None) -> str:
    return f'"{number.e164}"' if number else NOTHING


def _check_schedule(line: Declared, others: Collection[Declared]) -> None:
    sharing = [f"line.{other.key}" for other in others if line.schedule and other.schedule == line.schedule]
    if sharing:
        found = f'"{line.schedule}", also the schedule of {", ".join(sharing)}'
        line.table.problem("schedule", found, "a schedule of its own, because a rota belongs to one line")


def _check_overflow(line: Declared, lines: Mapping[str, Declared]) -> None:
    other = lines.get(line.overflow) if line.overflow else None
    if other and line.serves and other.serves and not line.serves & other.serves:
        found = f'"{other.key}", which serves none of those whom {line.key} serves'
        line.table.problem("overflow", found, "a line that serves some of them")
    if other and line.catchment and other.catchment and not line.catchment & other.catchment:
        found = f'"{other.key}", which serves none of the municipalities of {line.key}'
        line.table.problem("overflow", found, "a line that serves them")
    chain = [line.key]
    while other and other.key not in chain:
        chain.append(other.key)
        other = lines.get(other.overflow) if other.overflow else None
    if other and other.key == line.key:
        found = f"a circle, {' > '.join([*chain, line.key])}"
        line.table.problem("overflow", found, "overflow that ends at a line without overflow")
