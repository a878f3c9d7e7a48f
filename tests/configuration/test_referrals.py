"""The list of referrals that is shipped, and what is said about one that is wrong."""

from __future__ import annotations

import re
from importlib import resources
from typing import TYPE_CHECKING

import pytest

from app.domain.referrals import EMERGENCY, FOREIGN_MINISTRY, POLICE, Shipped
from app.domain.taxonomy import LANGUAGES
from app.reading.referrals import REFERRALS, parse_referrals

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from app.domain.errors import Problem
    from app.domain.policy import Policy
    from app.domain.referrals import ReferralKey

TEXT = resources.files("app.domain").joinpath(REFERRALS).read_text(encoding="utf-8")
WHERE_NUMBERS_MAY_STAND = {"referrals.toml"}


def read(text: str) -> tuple[Mapping[ReferralKey, Shipped] | None, list[Problem]]:
    problems: list[Problem] = []
    return parse_referrals(text, problems), problems


def test_the_shipped_list_is_that_of_every_policy(policy: Policy) -> None:
    found, problems = read(TEXT)

    assert problems == []
    assert policy.referrals == found


def test_it_has_what_is_said_in_danger_first(policy: Policy) -> None:
    assert list(policy.referrals)[:3] == [EMERGENCY, POLICE, FOREIGN_MINISTRY]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_service_has_a_name_of_its_own_and_says_whom_it_is_for(policy: Policy, language: str) -> None:
    words = [one.words[language] for one in policy.referrals.values()]

    assert len({one.name for one in words}) == len(words)
    assert all(one.whom for one in words)


def test_the_pilot_is_to_be_verified(policy: Policy) -> None:
    assert [key for key, one in policy.referrals.items() if one.verified_on is None] == ["ratt-att-valja"]


def test_no_number_of_the_list_stands_in_the_program_besides(policy: Policy, root: Path) -> None:
    """112 is a word of its own in labels, and the lines' own numbers are the configuration's."""
    of_lines = {line.public_number.e164.removeprefix("+46") for line in policy.lines.values()}
    numbers = [re.sub(r"\D", "", one.words["sv"].number or "").removeprefix("46") for one in policy.referrals.values()]
    others = {number.lstrip("0") for number in numbers if len(number) > 3} - of_lines
    wanted = re.compile("|".join(r"[ -]?".join(number) for number in sorted(others)))

    found = [
        f"{file.relative_to(root)}: {hit[0]}"
        for folder in ("app/web", "app/templates", "app/static", "app/services", "app/domain", "app/translations")
        for file in (root / folder).rglob("*")
        if file.suffix in {".py", ".html", ".js", ".po", ".toml"} and file.name not in WHERE_NUMBERS_MAY_STAND
        for hit in [wanted.search(file.read_text(encoding="utf-8"))]
        if hit
    ]

    assert found == []
    assert len(others) > 5


@pytest.mark.parametrize(
    ("was", "broken", "message"),
    [
        ('key = "bris"', 'key = "Bris"', 'referral.Bris.key: found "Bris"; allowed: small letters'),
        ('key = "bris"', 'key = "polisen"', 'referral.polisen.key: found "polisen" twice; allowed: each key once'),
        ('key = "sos"', 'key = "larm"', "referral: found nothing for sos; allowed: the numbers that are said"),
        ('number = "116 111"', 'number = "ring"', 'referral.bris.number: found "ring"; allowed: digits'),
        ("verified = 2025-08-01", 'verified = "i fjol"', 'referral.bris.verified: found "i fjol"; allowed: a date'),
        ('en = { name = "SOS Alarm",', 'en = { title = "SOS Alarm",', "referral.sos.en.name: found nothing"),
        (
            'number = "116 111"',
            'number = "116 111"\nphone = "1"',
            "referral.bris.phone: found a key that means nothing",
        ),
    ],
)
def test_a_list_that_is_wrong_is_refused_in_words(was: str, broken: str, message: str) -> None:
    found, problems = read(TEXT.replace(was, broken, 1))

    assert found is None
    assert f"{REFERRALS}: {message}" in "\n".join(map(str, problems))


def test_what_is_no_toml_and_what_lacks_a_language_is_refused() -> None:
    nothing, problems = read("[[referral")
    silent, silences = read('[[referral]]\nkey = "sos"\nnumber = "112"\nsv = { name = "Larm" }')

    assert nothing is None
    assert len(problems) == 1
    assert silent is None
    assert [one.key for one in silences] == ["referral.sos.en"]
