"""Pages travel compressed to whoever is on our pages already; nothing can be learnt from the length of the others."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from flask.testing import FlaskClient

SQUEEZES = {"Accept-Encoding": "gzip, deflate, br"}
PAGE, MISSING, SHORT = "/", "/nowhere", "/healthz"


@pytest.mark.parametrize("comes_from", ["same-origin", "none"], ids=["a page of ours", "a bookmark"])
@pytest.mark.parametrize("page", [PAGE, MISSING], ids=["a page", "an error page"])
def test_a_page_that_ours_lead_to_travels_compressed_and_is_the_same(
    client: FlaskClient, comes_from: str, page: str
) -> None:
    plain = client.get(page)

    squeezed = client.get(page, headers=SQUEEZES | {"Sec-Fetch-Site": comes_from})

    assert squeezed.headers["Content-Encoding"] == "gzip"
    assert int(squeezed.headers["Content-Length"]) == len(squeezed.data) < len(plain.data) / 2
    assert gzip.decompress(squeezed.data).splitlines()[:3] == plain.data.splitlines()[:3]


@pytest.mark.parametrize(
    "headers",
    [
        SQUEEZES,
        SQUEEZES | {"Sec-Fetch-Site": "cross-site"},
        SQUEEZES | {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "same-origin", "Accept-Encoding": "gzip;q=0, br"},
    ],
    ids=["nobody says from where", "another site", "a neighbour of ours", "takes nothing", "takes another"],
)
def test_any_other_page_travels_as_it_is(client: FlaskClient, headers: dict[str, str]) -> None:
    answer = client.get(PAGE, headers=headers)

    assert "Content-Encoding" not in answer.headers
    assert answer.text.startswith("<!DOCTYPE html>")


def test_a_store_on_the_way_can_tell_the_two_apart(client: FlaskClient) -> None:
    assert {"Accept-Encoding", "Sec-Fetch-Site"} <= set(client.get(PAGE).vary)


def test_a_few_words_are_not_worth_it(client: FlaskClient) -> None:
    answer = client.get(SHORT, headers=SQUEEZES | {"Sec-Fetch-Site": "same-origin"})

    assert "Content-Encoding" not in answer.headers
