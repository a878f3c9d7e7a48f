"""Whoever is signed in meets the second wall on every page, also where the first was forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.permissions import Role
from app.storage.base import db
from app.storage.engine import begin_read_only
from app.storage.models import Consultation
from tests.storage.test_walls import fill
from tests.web.conftest import settings_with

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from flask import Flask

    from app.settings import Settings
    from tests.web.desk.conftest import Browser


@pytest.fixture
def settings(postgresql_url: str, root: Path) -> Settings:
    return settings_with(postgresql_url, root)


@pytest.fixture
def forgetful(app: Flask) -> None:
    """A page that counts all records there are, in two transactions."""

    def everything() -> list[int | None]:
        begin_read_only(db.session())
        count = select(func.count()).select_from(Consultation)
        first = db.session.scalar(count)
        db.session.rollback()
        return [first, db.session.scalar(count)]

    app.add_url_rule("/everything", "everything", everything)
    with app.app_context(), Session(db.engine) as session:
        fill(session)
        session.commit()


@pytest.mark.usefixtures("forgetful")
def test_a_page_that_forgets_whose_records_it_shows_shows_its_readers_own(
    app: Flask, browser: Browser, account: Callable[..., str]
) -> None:
    browser.sign_in(account("astrid@nationell.example", Role.SPECIALIST, organisation="nationell"))

    seen = browser.get("/everything").get_json()
    seen_by_others_after = app.test_client().get("/everything").get_json()

    assert (seen, seen_by_others_after) == ([2, 2], [4, 4])
    assert browser.get("/").status_code == 200
    assert browser.get("/account").status_code == 200
