"""Where a setting comes from: the environment first, then the config file, then what is made up for it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from app.domain.errors import Problem
from app.reading.policy import POLICY_TABLES
from app.reading.tables import NOTHING
from app.settings.forms import SECRETS, Wrong
from app.settings.values import Mode

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from app.reading.tables import Table

Value = TypeVar("Value")

ENVIRONMENT = "environment"
# Anything: what a text has to look like is for its form to say.
_ANY = re.compile(r".*", re.DOTALL)
_LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Sources:
    """The environment and the config file. A setting that is wrong is ``None``, with its problem noted."""

    environ: Mapping[str, str]
    config: Table
    problems: list[Problem]
    sections: dict[str, Table | None] = field(default_factory=dict)

    def variable(self, name: str) -> str | None:
        """A variable of the environment; an empty one counts as not set."""
        return self.environ.get(name, "").strip() or None

    def configured(self, section: str, key: str) -> str | None:
        """A text of the config file."""
        if section and section not in self.sections:
            self.sections[section] = self.config.table(section, optional=True)
        table = self.sections[section] if section else self.config
        return table.text(key, form=_ANY, longest=_LONGEST, optional=True) if table else None

    def close(self) -> None:
        """Note the keys of the config file that nobody asked for and that aren't the policy's."""
        for key in POLICY_TABLES:
            self.config.has(key)
        for table in (self.config, *self.sections.values()):
            if table:
                table.close()

    def either(
        self, name: str, section: str, key: str, form: Callable[[str], Value], *, otherwise: str | None = None
    ) -> Value | None:
        """The variable, else the key of the config file, else ``otherwise``, in its form."""
        in_file = self.configured(section, key)
        in_environment = self.variable(name)
        if in_environment is not None:
            return self.formed(ENVIRONMENT, name, in_environment, form)
        text = otherwise if in_file is None else in_file
        path = f"{section}.{key}" if section else key
        return None if text is None else self.formed(self.config.where, path, text, form)

    def from_environment(self, name: str, form: Callable[[str], Value]) -> Value | None:
        """The variable, in its form."""
        text = self.variable(name)
        return None if text is None else self.formed(ENVIRONMENT, name, text, form)

    def formed(self, where: str, key: str, text: str, form: Callable[[str], Value]) -> Value | None:
        """The text in its form."""
        try:
            return form(text)
        except Wrong as wrong:
            self.problems.append(Problem(where, key, wrong.found, wrong.allowed))
            return None

    def unfit(self, name: str, section: str, key: str, found: str, allowed: str) -> None:
        """Note that a setting has its form and yet won't do, where it was read from."""
        where, path = (ENVIRONMENT, name) if self.variable(name) else (self.config.where, f"{section}.{key}")
        self.problems.append(Problem(where, path, found, allowed))

    def missing(self, name: str, allowed: str) -> None:
        """Note that a variable has to be set."""
        self.problems.append(Problem(ENVIRONMENT, name, NOTHING, allowed))


def read_secrets(sources: Sources, mode: Mode | None) -> dict[str, str]:
    """The secrets that the environment gives, in their forms; live mode needs all of them."""
    for name, (form, allowed) in SECRETS.items():
        if mode is Mode.LIVE and sources.variable(name) is None:
            sources.missing(name, f"{allowed}; live mode doesn't start without it")
        sources.from_environment(name, form)
    return {name: text for name in SECRETS if (text := sources.variable(name))}
