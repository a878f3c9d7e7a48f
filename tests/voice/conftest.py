"""A line with people on duty, on a Monday at ten."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.orm import Session

from app.factory import create_app
from app.services.rota.staff import import_staff
from app.settings import load_settings
from app.storage.base import db
from tests.support.webhooks import ACCOUNT, CALLER, TOKEN, Twilio
from tests.voice.moments import MONDAY_AT_TEN, SKANE
from tests.voice.ringing_cast import Desk, asks_to_be_rung

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient

    from app.domain.policy import Policy
    from app.settings import Settings

# Fictive people with numbers reserved for fiction. On this Monday the first two are on duty, then the backup.
STAFF = """name,alias,phone,competences,languages,rota,from
Övning Ett,Ett,+46701740641,law,sv,skane,2026-01-01
Övning Två,Två,+46701740642,police,sv;en,skane,2026-01-01
Övning Tre,Tre,+46701740643,school,sv,skane-backup,2026-01-01
Övning Fyra,Fyra,+46701740644,health,sv,skaraborg,2026-01-01
"""
PHONES = ["+46701740641", "+46701740642", "+46701740643"]


@pytest.fixture(scope="session")
def shipped(root: Path) -> Settings:
    """The shipped settings in practice mode, read once."""
    return load_settings(
        {
            "RADRUM_CONFIG": str(root / "config.toml"),
            "RADRUM_SECRET_KEY": "a secret of the tests, long enough",
            "RADRUM_DATA_KEYS": "test:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
            "TWILIO_ACCOUNT_SID": ACCOUNT,
            "TWILIO_AUTH_TOKEN": TOKEN,
        }
    )


@pytest.fixture
def app(database_url: str, shipped: Settings) -> Iterator[Flask]:
    settings = replace(shipped, database_url=database_url)
    app = create_app(settings)
    with app.app_context():
        import_staff(db.session(), settings.policy, STAFF, MONDAY_AT_TEN)
        db.session.commit()
        db.session.remove()
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def stored(app: Flask) -> Iterator[Session]:
    """What the database holds, seen from beside the service."""
    with app.app_context(), Session(db.engine) as session:
        yield session


@pytest.fixture
def dial(client: FlaskClient) -> Callable[..., Twilio]:
    """A new caller, each with a CallSid of their own."""
    numbers = count(1)

    def new(to: str = SKANE, now: datetime = MONDAY_AT_TEN, caller: str = CALLER, token: str = TOKEN) -> Twilio:
        return Twilio(client, to, now, sid=f"CA{next(numbers):032x}", caller=caller, token=token)

    return new


@pytest.fixture
def desk(app: Flask, client: FlaskClient, policy: Policy) -> Iterator[Desk]:
    with app.app_context():
        engine = db.engine
    with Session(engine) as session:
        made = Desk(app, client, session, policy)
        made.request = asks_to_be_rung(session, policy)
        session.commit()
        yield made
