"""The call-back pages on a fresh database, with a provider that rings nobody."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from app.domain.phone import PhoneNumber
from app.domain.skills import Competence
from app.factory import create_app
from app.storage.base import db
from app.storage.models import Staff

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from app.settings import Settings

from tests.web.desk.callbacks.cast import ASTRID, BEATE, Desk, Telephone, now


@pytest.fixture
def telephone() -> Telephone:
    return Telephone()


@pytest.fixture
def app(settings: Settings, telephone: Telephone) -> Iterator[Flask]:
    app = create_app(settings)
    fake: Any = telephone
    app.extensions["radrum"] = replace(app.extensions["radrum"], telephone=fake)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def desk(app: Flask, telephone: Telephone) -> Desk:
    made = Desk(app, telephone)
    for number, email in enumerate((ASTRID, BEATE)):
        alias = email.split("@")[0].capitalize()
        with made.database() as session:
            staff = Staff(id=f"{number:032x}", organisation="skane", alias=alias, name=alias)
            staff.phone = PhoneNumber(f"+4670174064{number}")
            staff.competences, staff.languages, staff.created_at = [Competence.LAW] * number, [], now()
            session.add(staff)
            made.staff[email] = staff.id
    made.astrid, made.beate = made.signs_in(ASTRID, "Astrid"), made.signs_in(BEATE, "Beate")
    return made
