"""The whole web application on a fresh database, with its configuration as shipped."""

from __future__ import annotations

import socket
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import pytest

from app.factory import create_app
from app.settings import load_settings
from app.storage.base import db
from tests.support.thrift import callers_as_shipped

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient

    from app.settings import Settings


def settings_with(database_url: str, root: Path) -> Settings:
    return replace(_shipped(root), database_url=database_url)


@cache
def _shipped(root: Path) -> Settings:
    """The settings, with the policy that lies in ``root``, read once: nothing changes either."""
    return load_settings(
        {
            "RADRUM_CONFIG": str(root / "config.toml"),
            "RADRUM_DATABASE_URL": "sqlite:///replaced.sqlite3",
            "RADRUM_SECRET_KEY": "a secret of the tests, long enough",
            "RADRUM_DATA_KEYS": "test:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
            "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
            "TWILIO_AUTH_TOKEN": "the-token-of-the-tests",
        }
    )


@pytest.fixture
def settings(database_url: str, root: Path, tmp_path: Path) -> Settings:
    return replace(settings_with(database_url, root), data_directory=tmp_path / "var")


@pytest.fixture
def unreachable(root: Path) -> Iterator[FlaskClient]:
    """The application, while its database refuses connections."""
    yield from _client_of("postgresql+psycopg://radrum@127.0.0.1:1/radrum", root)


@pytest.fixture
def unanswered(root: Path) -> Iterator[FlaskClient]:
    """The application, while its database takes connections and then says nothing."""
    with callers_as_shipped(), socket.create_server(("127.0.0.1", 0)) as server:
        yield from _client_of(f"postgresql+psycopg://radrum@127.0.0.1:{server.getsockname()[1]}/radrum", root)


def _client_of(database_url: str, root: Path) -> Iterator[FlaskClient]:
    app = create_app(settings_with(database_url, root))
    yield app.test_client()
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    app = create_app(settings)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
