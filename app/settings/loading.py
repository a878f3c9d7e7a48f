"""Reads the settings, whole or not at all."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import app
from app.domain.errors import ConfigurationError
from app.reading.files import read_toml
from app.reading.policy import CONFIG, read_policy
from app.reading.tables import Table
from app.settings import forms
from app.settings.addresses import read_addresses
from app.settings.mail import read_mail
from app.settings.practice import practice_secrets
from app.settings.sources import Sources, read_secrets
from app.settings.twilio import read_api_base_url, read_region
from app.settings.values import Mode, Settings, TwilioSettings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.domain.errors import Problem
    from app.domain.policy import Policy

Value = TypeVar("Value")

_DATA = "var"
_DATABASES = {Mode.PRACTICE: "practice.sqlite3", Mode.LIVE: "radrum.sqlite3"}


def load_settings(environ: Mapping[str, str]) -> Settings:
    """The settings of this deployment; the environment goes before config.toml.

    Raises ``ConfigurationError`` with every problem of every file and variable; none of them shows a secret. In
    practice mode the first caller draws the secrets that are missing, into a file below the data directory.
    """
    file = config_file(environ)
    problems: list[Problem] = []
    content = read_toml(file.parent, file.name, problems)
    if content is None:
        raise ConfigurationError(problems)
    policy = _policy(file, content, problems)
    return _settings(file.parent, Sources(environ, Table(file.name, content, problems), problems), policy)


def config_file(environ: Mapping[str, str]) -> Path:
    """The config.toml of this deployment, whether it is there or not."""
    named = environ.get("RADRUM_CONFIG", "").strip()
    if named:
        return Path(named).expanduser().resolve()
    here = Path.cwd() / CONFIG
    # From elsewhere: the package lies in a checkout, or in the .venv of one.
    above = (folder / CONFIG for folder in Path(app.__file__).resolve().parent.parents)
    return next((file for file in (here, *above) if file.is_file()), here)


def _policy(file: Path, content: Mapping[str, object], problems: list[Problem]) -> Policy | None:
    try:
        return read_policy(file.parent, content, where=file.name)
    except ConfigurationError as error:
        problems.extend(error.problems)
        return None


def _settings(root: Path, sources: Sources, policy: Policy | None) -> Settings:
    mode = sources.either("RADRUM_MODE", "", "mode", forms.mode)
    if mode is None and not sources.problems:
        sources.missing("RADRUM_MODE", f"{forms.A_MODE}, here or as mode in {sources.config.where}")
    bind, simulator_bind, public_url = read_addresses(sources, mode)
    database_url = _database_url(sources, root, mode)
    mail = read_mail(sources)
    region, edge = read_region(sources)
    api_base_url = read_api_base_url(sources, simulator_bind if mode is Mode.PRACTICE else None)
    given = read_secrets(sources, mode)
    second_token = sources.from_environment("TWILIO_AUTH_TOKEN_SECONDARY", forms.auth_token)
    sources.close()
    if sources.problems:
        raise ConfigurationError(sources.problems)
    data_directory = root / _DATA
    secrets = given if given.keys() >= forms.SECRETS.keys() else practice_secrets(data_directory) | given
    tokens = (secrets["TWILIO_AUTH_TOKEN"], *([second_token] if second_token else []))
    return Settings(
        mode=_known(mode),
        root=root,
        data_directory=data_directory,
        database_url=_known(database_url),
        public_url=_known(public_url),
        secret_key=secrets["RADRUM_SECRET_KEY"],
        data_keys=forms.data_keys(secrets["RADRUM_DATA_KEYS"]),
        bind=_known(bind),
        simulator_bind=_known(simulator_bind),
        mail=mail,
        twilio=TwilioSettings(secrets["TWILIO_ACCOUNT_SID"], tokens, region, edge, api_base_url),
        policy=_known(policy),
    )


def _database_url(sources: Sources, root: Path, mode: Mode | None) -> str | None:
    otherwise = f"sqlite:///{_DATA}/{_DATABASES[mode]}" if mode else None
    form = partial(forms.database_url, root=root)
    return sources.either("RADRUM_DATABASE_URL", "database", "url", form, otherwise=otherwise)


def _known(value: Value | None) -> Value:
    """What is missing was noted as a problem, and problems were raised before."""
    if value is None:
        message = "a setting is missing that nobody noted"
        raise LookupError(message)
    return value
