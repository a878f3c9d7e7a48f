"""Forms keep what was typed, say by the field what is wrong, and tie it to the field for those who listen."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from app.factory import create_app
from tests.support.style_page import STALE, STYLE, WITH_ERRORS, style
from tests.web.conftest import settings_with

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient


@pytest.fixture
def client(root: Path, tmp_path: Path) -> FlaskClient:
    app = create_app(settings_with(f"sqlite:///{tmp_path}/none.sqlite3", root))
    app.register_blueprint(style)
    # What a form says is tried here, and not who may send it.
    app.config["WTF_CSRF_ENABLED"] = False
    return app.test_client()


@pytest.fixture
def wrong(client: FlaskClient) -> str:
    return client.get(WITH_ERRORS).text


def tag(page: str, identity: str) -> str:
    found = re.search(rf'<[^>]*\bid="{identity}"[^>]*>', page)
    assert found, identity
    return found[0]


def test_each_field_has_a_label_and_its_hint_is_tied_to_it(client: FlaskClient) -> None:
    page = client.get(STYLE).text

    assert re.search(r'<label for="name">\s*Rubrik</label>', page)
    assert 'aria-describedby="name-hint"' in tag(page, "name")
    assert "aria-invalid" not in tag(page, "name")
    assert tag(page, "name-hint").startswith("<p")


def test_what_is_wrong_stands_by_the_field_and_is_tied_to_it(wrong: str) -> None:
    assert 'aria-invalid="true"' in tag(wrong, "time")
    assert 'aria-describedby="time-hint time-error"' in tag(wrong, "time")
    assert "Skriv timmar och minuter så här: 14:05." in wrong.split('id="time-error"')[1][:200]


def test_what_was_typed_is_kept_and_a_password_is_not(client: FlaskClient) -> None:
    page = client.post(
        STYLE, data={"name": "x" * 41, "secret": "korrekt häst", "theme": "b", "advice": ["a", "c"]}
    ).text

    assert f'value="{"x" * 41}"' in tag(page, "name")
    assert "korrekt häst" not in page
    for choice in ("theme-2", "advice-1", "advice-3"):
        assert "checked" in tag(page, choice)
    for choice in ("theme-1", "theme-3", "advice-2"):
        assert "checked" not in tag(page, choice)


def test_the_summary_comes_first_takes_the_focus_and_leads_to_each_field(wrong: str) -> None:
    before, _, after = wrong.partition('aria-labelledby="error-summary"')
    summary = after.partition("</ul>")[0]
    targets = re.findall(r'href="#([\w-]+)"', summary)

    assert "autofocus" in before.rpartition("<div")[2]
    assert wrong.index('id="error-summary"') < wrong.index("<h1")
    assert {"name", "time", "secret", "theme-1", "note", "agreed"} <= set(targets)
    for target in targets:
        assert tag(wrong, target).startswith(("<input", "<select", "<textarea"))


def test_the_summary_counts_what_is_wrong_in_words(client: FlaskClient) -> None:
    form = {"name": "Rubrik", "time": "14:05", "secret": "hemligt", "kind": "call", "theme": "a", "note": "kort"}

    page = client.post(STYLE, data=form).text

    assert "En sak behöver rättas" in page
    assert "3 saker behöver rättas" in client.post(STYLE, data=form | {"name": "", "theme": ""}).text


def test_a_group_is_a_fieldset_with_a_legend_and_a_key_for_each_choice(client: FlaskClient) -> None:
    page = client.get(STYLE).text

    assert tag(page, "theme").startswith("<fieldset")
    assert 'aria-describedby="theme-hint"' in tag(page, "theme")
    assert 'data-key="1"' in tag(page, "theme-1")
    assert 'type="radio"' in tag(page, "theme-1")
    assert 'type="checkbox"' in tag(page, "advice-1")
    assert '<kbd aria-hidden="true">T</kbd>' in page


def test_a_stale_form_says_who_changed_what_and_what_was_yours(client: FlaskClient) -> None:
    page = client.get(STALE).text

    assert "Någon annan har ändrat det här under tiden" in page
    assert "Rådgivare 2 skrev: Hot" in page
    assert "Du skrev: Kontroll" in page


def test_the_ways_to_other_pages_are_those_that_are_open_to_the_asker(client: FlaskClient) -> None:
    page = client.get("/figures/none").text

    assert re.search(r'href="/figures"[^>]*aria-current="page">Siffror', page)
    assert re.search(r'href="/callbacks"[^>]*>Återuppringningar', page)
    assert "aria-current" not in client.get("/nowhere").text


def test_a_table_says_its_headings_in_every_cell_for_narrow_screens(client: FlaskClient) -> None:
    page = client.get(STYLE).text

    assert re.search(r"<caption\s*>Samtal per vecka och linje</caption>", page)
    assert len(re.findall(r'role="cell"\s+data-label="Genomförda konsultationer"', page)) == 2
