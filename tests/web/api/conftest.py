"""Readers of the API, whose every answer is held against the API's own description; and rows for them to read."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from sqlalchemy.orm import Session

from app.domain.calls import AttemptState, Outcome, Source
from app.domain.lines import OrganisationKey
from app.domain.phone import PhoneNumber
from app.domain.rotas import Tier
from app.services.account import tokens
from app.storage.base import Base, db
from app.storage.models import Attempt, Call, Consultation, Staff
from app.web import api

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

_Row = TypeVar("_Row", bound=Base)

DOCUMENT: dict[str, Any] = json.loads(Path(api.__file__).with_name("openapi.json").read_text())
MONDAY_AT_TEN = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
"""Ten on a wall in Stockholm."""
on_one_engine = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For what is decided before the database is asked."""
CANARY = "46701740641"
"""The digits of a specialist's phone, which must show up nowhere."""


@cache
def _validator(path: str, status: int) -> Draft202012Validator:
    response = DOCUMENT["paths"][path]["get"]["responses"][str(status)]
    if "$ref" in response:
        response = DOCUMENT["components"]["responses"][response["$ref"].rpartition("/")[2]]
    (content,) = response["content"].values()
    schema = content["schema"] | {"components": DOCUMENT["components"]}
    return Draft202012Validator(schema, format_checker=FormatChecker(["date-time"]))


def template_of(path: str) -> str:
    """The path in the document that a path of a request belongs to."""
    for template in DOCUMENT["paths"]:
        if re.fullmatch(re.sub(r"\{[a-z]+\}", "[^/]+", template), path):
            return str(template)
    raise AssertionError(path)


@dataclass
class Reader:
    """Somebody with a token, or without one."""

    client: FlaskClient
    token: str | None

    def ask(self, path: str, **parameters: object) -> TestResponse:
        """Ask, whatever the answer; it must be one that the document describes."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        response = self.client.get(f"/api/v1{path}", query_string=parameters, headers=headers)
        _validator(template_of(path), response.status_code).validate(response.json)
        is_problem = response.status_code != 200
        assert response.content_type == ("application/problem+json" if is_problem else "application/json")
        assert response.headers["Cache-Control"] == "no-store"
        assert CANARY[2:] not in response.text
        return response

    def get(self, path: str, **parameters: object) -> Any:  # noqa: ANN401 - JSON
        """The answer to a question that is answered."""
        response = self.ask(path, **parameters)
        assert response.status_code == 200, response.text
        return response.json

    def refusal(self, path: str, status: int = 400, **parameters: object) -> str:
        """Why a question isn't answered."""
        response = self.ask(path, **parameters)
        assert response.status_code == status, response.text
        problem: Any = response.json
        assert problem["status"] == status
        return str(problem["detail"])


@pytest.fixture
def stored(app: Flask) -> Iterator[Session]:
    """The database, beside the service."""
    with app.app_context():
        engine = db.engine
    # Not within the application's context: requests would share it, and the service's session with it. Rows stay as
    # they were stored: asking for them again would begin to write, on SQLite, and have the service wait.
    with Session(engine, expire_on_commit=False) as session:
        yield session


@pytest.fixture
def with_token(client: FlaskClient, stored: Session) -> Callable[..., Reader]:
    numbers = count(1)

    def new(organisation: str | None = None) -> Reader:
        key = OrganisationKey(organisation) if organisation else None
        token = tokens.add(stored, f"reader {next(numbers)}", key, MONDAY_AT_TEN)
        stored.commit()
        return Reader(client, token)

    return new


@pytest.fixture
def reader(with_token: Callable[..., Reader]) -> Reader:
    """Somebody who reads all."""
    return with_token()


@dataclass
class Rows:
    """Makes rows, each committed at once."""

    session: Session
    numbers: Iterator[int]

    def specialist(self, alias: str = "Ett", organisation: str = "skane") -> Staff:
        return self._stored(
            Staff(
                id=f"specialist-{alias.lower()}",
                organisation=organisation,
                alias=alias,
                name=f"Övning {alias}",
                phone=PhoneNumber(f"+{CANARY}"),
                competences=[],
                languages=[],
                created_at=MONDAY_AT_TEN,
            )
        )

    def call(self, line: str = "skane", after: int = 0, **values: object) -> Call:
        """A call that began ``after`` seconds after ten, with its consultation."""
        began = MONDAY_AT_TEN + timedelta(seconds=after)
        usual: dict[str, Any] = {
            "sid": f"CA{next(self.numbers):032x}",
            "line": line,
            "organisation": line,
            "source": Source.PRACTICE,
            "started_at": began,
            "last_heard_at": began,
            "ended_at": began + timedelta(seconds=60),
            "arrived": True,
            "outcome": Outcome.ABANDONED,
            "reason": "who",
        }
        return self._stored(Call(**(usual | values)))

    def consultation(self, of: Call, **values: object) -> Consultation:
        usual: dict[str, Any] = {
            "call_id": of.id,
            "organisation": of.organisation,
            "line": of.line,
            "source": of.source,
            "opened_at": of.started_at,
        }
        return self._stored(Consultation(**(usual | values)))

    def attempt(self, of: Call, by: Staff, state: AttemptState, **values: object) -> Attempt:
        number = next(self.numbers)
        usual: dict[str, Any] = {
            "call_id": of.id,
            "staff_id": by.id,
            "token": f"token{number}",
            "turn": number,
            "tier": Tier.PRIMARY,
            "state": state,
            "began_at": of.started_at + timedelta(seconds=5),
            "ended_at": of.started_at + timedelta(seconds=25),
        }
        return self._stored(Attempt(**(usual | values)))

    def answered(self, by: Staff, **values: object) -> Call:
        """A call that was taken ten seconds after it began, and lasted a minute; by our own clock alone."""
        call = self.call(outcome=Outcome.ANSWERED, reason="")
        accepted = call.started_at + timedelta(seconds=10, milliseconds=900)
        usual: dict[str, Any] = {"accepted_at": accepted, "ended_at": call.ended_at, "bridged": True}
        self.attempt(call, by, AttemptState.ACCEPTED, **(usual | values))
        self.consultation(call, staff_id=by.id, held_at=accepted)
        return call

    def _stored(self, row: _Row) -> _Row:
        self.session.add(row)
        self.session.commit()
        return row


@pytest.fixture
def rows(stored: Session) -> Rows:
    return Rows(stored, count(1))
