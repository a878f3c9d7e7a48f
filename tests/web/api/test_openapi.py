"""The description of the API says what the API does, all of it and nothing else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from openapi_spec_validator import validate

from tests.web.api.conftest import DOCUMENT

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient


def test_the_document_is_valid_openapi() -> None:
    validate(DOCUMENT)


def test_the_document_names_every_route_and_no_other(app: Flask) -> None:
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("api.")]

    routes = {re.sub(r"<(\w+)>", r"{\1}", rule.rule.removeprefix("/api/v1")) for rule in rules}

    assert routes == set(DOCUMENT["paths"])
    assert {method for rule in rules for method in rule.methods or ()} == {"GET", "HEAD"}


def test_the_document_is_served_as_it_is_and_to_everybody(client: FlaskClient) -> None:
    response = client.get("/api/v1/openapi.json")

    assert response.status_code == 200
    assert response.json == DOCUMENT
    assert response.headers["Cache-Control"] == "no-store"


def test_the_document_takes_no_parameters(client: FlaskClient) -> None:
    assert client.get("/api/v1/openapi.json?pretty=1").status_code == 400
