"""All files together: the policy, or every problem at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.callbacks import CallbackRules
from app.domain.errors import ConfigurationError, Problem
from app.domain.policy import Policy
from app.reading.calendar import swedish_calendar
from app.reading.files import read_toml
from app.reading.flows import check_languages, flows_of, read_flows, read_words
from app.reading.lines import Names, parse_lines, parse_organisations
from app.reading.municipalities import read_municipalities
from app.reading.referrals import read_referrals
from app.reading.schedules import parse_schedule
from app.reading.tables import Table
from app.reading.taxonomy import read_taxonomy

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from app.domain.policy import Schedule


CONFIG = "config.toml"
POLICY_TABLES = ("organisation", "line", "callbacks")
"""What of the config file is read here; all else belongs to the settings."""
_MOST_PER_HOUR, _MOST_PER_DAY = 200, 1000
_LONGEST_KEPT_DAYS = 90


def read_policy(root: Path, config: Mapping[str, object], *, where: str = CONFIG) -> Policy:
    """The policy of ``config`` (the parsed config file, called ``where`` in messages) and of the folders in ``root``.

    Reads ``POLICY_TABLES``. Raises ``ConfigurationError`` with
    every problem of every file.
    """
    problems: list[Problem] = []
    table = Table(where, config, problems)
    declared_organisations = parse_organisations(table)
    names = Names(declared_organisations, _names_in(root / "callflows"), _names_in(root / "schedules"))
    declared = parse_lines(table, names)
    organisations = {key: one for key, one in declared_organisations.items() if one}
    lines = {one.line.key: one.line for one in declared.values() if one.line}
    schedules = _read_schedules(root, names.schedules, problems)
    every_flow = read_flows(root, names.callflows, problems)
    flows = flows_of(lines, every_flow, problems)
    words = read_words(root, problems)
    if words is not None:
        check_languages(words, every_flow, problems)
    taxonomy = read_taxonomy(problems)
    referrals = read_referrals(problems)
    callbacks = _callbacks(table)
    if problems or words is None or taxonomy is None or referrals is None:
        raise ConfigurationError(problems)
    return Policy(
        organisations,
        lines,
        {key: schedules[line.schedule] for key, line in lines.items()},
        flows,
        words,
        taxonomy,
        read_municipalities(),
        callbacks,
        referrals,
    )


def _callbacks(config: Table) -> CallbackRules:
    """How often callers are rung back at most; left out, as the defaults have it."""
    table, rules = config.table("callbacks", optional=True), CallbackRules()
    if table is None:
        return rules
    most_per_hour = table.whole("most_per_hour", low=1, high=_MOST_PER_HOUR, optional=True)
    most_per_day = table.whole("most_per_day", low=1, high=_MOST_PER_DAY, optional=True)
    keep_days = table.whole("keep_days", low=1, high=_LONGEST_KEPT_DAYS, optional=True)
    table.close()
    return CallbackRules(
        most_per_hour=most_per_hour or rules.most_per_hour,
        most_per_day=most_per_day or rules.most_per_day,
        keep_days=keep_days or rules.keep_days,
    )


def _names_in(folder: Path) -> list[str]:
    return sorted(file.stem for file in folder.glob("*.toml"))


def _read_schedules(root: Path, names: Iterable[str], problems: list[Problem]) -> dict[str, Schedule]:
    schedules: dict[str, Schedule] = {}
    for name in names:
        where = f"schedules/{name}.toml"
        content = read_toml(root, where, problems)
        schedule = content and parse_schedule(name, where, content, swedish_calendar(), problems)
        if schedule:
            schedules[name] = schedule
    _check_rota_keys(schedules, problems)
    return schedules


def _check_rota_keys(schedules: Mapping[str, Schedule], problems: list[Problem]) -> None:
    first: dict[str, str] = {}
    for schedule in schedules.values():
        where = f"schedules/{schedule.name}.toml"
        for rota in schedule.rotas:
            if rota.key in first:
                found = f'"{rota.key}", also a rota of {first[rota.key]}'
                problems.append(Problem(where, f"rota.{rota.key}.key", found, "a key that no other rota has"))
            first.setdefault(rota.key, where)
