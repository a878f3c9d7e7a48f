"""How municipalities' social services are reached: one by one, or by a file that is taken in whole or not at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from app.domain.errors import NotFound
from app.domain.lines import LineKey, MunicipalityCode, OrganisationKey
from app.domain.permissions import AccountId, Actor, Role
from app.domain.referrals import SocialOffice
from app.services.csv_reading import FileWrong, Mistake
from app.services.help import social_offices
from app.services.help.office_file import Wrong, office_file, version_of
from app.services.help.social_offices import Imported, Refused
from app.storage.models import AuditEntry

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.domain.policy import Policy

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
TODAY = date(2026, 11, 23)
MALMO, LUND, UPPSALA = map(MunicipalityCode, ("1280", "1281", "0380"))
FILLED = SocialOffice(MALMO, "070-174 06 40", "Vardagar efter 16.30", "070-174 06 41", "Övning", TODAY)
HEADER = "kod;kommun;nummer;tider;dagnummer;anteckning;kontrollerad;version\n"


def coordinator(organisation: str = "skane") -> Actor:
    line = frozenset({LineKey(organisation)})
    return Actor(AccountId("alfa"), None, OrganisationKey(organisation), line, frozenset({Role.COORDINATOR}))


ALFA, ELSEWHERE = coordinator(), coordinator("nationell")


def known(session: Session, policy: Policy, code: str, who: Actor = ALFA) -> SocialOffice:
    return social_offices.office(session, policy.municipalities, who, code)


def read_in(session: Session, policy: Policy, text: str) -> Imported | Refused:
    return social_offices.import_file(session, policy.municipalities, ALFA, text, TODAY, NOW)


def log(session: Session) -> list[tuple[str | None, str]]:
    return [(one.record, one.fields) for one in session.scalars(select(AuditEntry).order_by(AuditEntry.sequence))]


def test_nothing_is_known_until_somebody_fills_it_in(session: Session, policy: Policy) -> None:
    assert known(session, policy, MALMO) == SocialOffice(MALMO)
    assert social_offices.filled_in(session, ALFA) == {}


def test_what_is_filled_in_is_the_organisations_alone(session: Session, policy: Policy) -> None:
    social_offices.save(session, policy.municipalities, ALFA, FILLED, NOW)

    assert known(session, policy, MALMO) == replace(FILLED, version=1)
    assert known(session, policy, MALMO, ELSEWHERE).is_empty
    assert log(session) == [("social_office:1280", "day_number,hours,note,number,verified_on")]


def test_whoever_was_slower_is_told(session: Session, policy: Policy) -> None:
    social_offices.save(session, policy.municipalities, ALFA, FILLED, NOW)

    met = social_offices.save(session, policy.municipalities, ALFA, replace(FILLED, note="Annat"), NOW)
    same = social_offices.save(session, policy.municipalities, ALFA, FILLED, NOW)

    assert met is not None
    assert met.now == replace(FILLED, version=1)
    assert same is None
    assert len(log(session)) == 1


def test_what_is_emptied_is_not_filled_in_any_more(session: Session, policy: Policy) -> None:
    social_offices.save(session, policy.municipalities, ALFA, FILLED, NOW)

    social_offices.save(session, policy.municipalities, ALFA, SocialOffice(MALMO, version=1), NOW)

    assert social_offices.filled_in(session, ALFA) == {}


def test_a_code_that_no_municipality_has_is_not_found(session: Session, policy: Policy) -> None:
    with pytest.raises(NotFound):
        known(session, policy, "9999")
    with pytest.raises(NotFound):
        social_offices.save(session, policy.municipalities, ALFA, SocialOffice(MunicipalityCode("9999")), NOW)


def test_the_file_names_every_municipality_of_the_lines_and_what_is_known_elsewhere(
    session: Session, policy: Policy
) -> None:
    social_offices.save(session, policy.municipalities, ALFA, replace(FILLED, municipality=UPPSALA), NOW)

    rows = social_offices.to_download(session, policy, ALFA)

    assert len(rows) == 33 + 1
    assert [one.municipality for one in rows if not one.is_empty] == [UPPSALA]
    assert len(social_offices.catchment(policy, ELSEWHERE)) == 290


def test_a_file_that_comes_back_as_it_went_changes_nothing(session: Session, policy: Policy) -> None:
    social_offices.save(session, policy.municipalities, ALFA, FILLED, NOW)
    rows = social_offices.to_download(session, policy, ALFA)

    done = read_in(session, policy, office_file(rows, policy.municipalities, "sv"))

    assert done == Imported(0, 33)
    assert known(session, policy, MALMO) == replace(FILLED, version=1)
    assert len(log(session)) == 1


def test_a_file_fills_in_many_and_leaves_others_alone(session: Session, policy: Policy) -> None:
    social_offices.save(session, policy.municipalities, ALFA, FILLED, NOW)

    done = read_in(session, policy, HEADER + "380;Uppsala;070-174 06 42;;;;2026-11-01;\n1281;lund;;;070-174 06 43;;;\n")

    assert done == Imported(2, 0)
    assert known(session, policy, UPPSALA).number == "070-174 06 42"
    assert known(session, policy, LUND).day_number == "070-174 06 43"
    assert known(session, policy, MALMO).number == FILLED.number
    assert log(session)[-1] == ("social_office:file", "day_number,number,verified_on")


def test_what_a_colleague_changed_after_the_download_is_a_mistake_of_its_row(session: Session, policy: Policy) -> None:
    old = office_file(social_offices.to_download(session, policy, ALFA), policy.municipalities, "sv")
    social_offices.save(session, policy.municipalities, ALFA, FILLED, NOW)
    edited = old.replace("1280;Malmö;;", "1280;Malmö;112;").replace("1281;Lund;;", "1281;Lund;112;")

    done = read_in(session, policy, edited)

    row = next(number for number, text in enumerate(old.splitlines(), start=1) if "1280;" in text)
    assert done == Refused([Mistake(row, "", Wrong.CHANGED)])
    assert known(session, policy, MALMO) == replace(FILLED, version=1)
    assert known(session, policy, LUND).is_empty


def test_what_nobody_changed_in_the_file_is_left_as_a_colleague_has_it_now(session: Session, policy: Policy) -> None:
    social_offices.save(session, policy.municipalities, ALFA, FILLED, NOW)
    old = office_file(social_offices.to_download(session, policy, ALFA), policy.municipalities, "sv")
    later = replace(FILLED, note="Nytt nummer", version=1)
    social_offices.save(session, policy.municipalities, ALFA, later, NOW)
    social_offices.save(session, policy.municipalities, ALFA, replace(FILLED, municipality=UPPSALA), NOW)

    done = read_in(session, policy, old.replace("1281;Lund;;", "1281;Lund;112;"))

    assert done == Imported(1, 32)
    assert known(session, policy, MALMO).note == "Nytt nummer"
    assert known(session, policy, LUND).number == "112"


def test_what_was_filled_in_can_be_emptied_and_a_day_set_by_the_file(session: Session, policy: Policy) -> None:
    social_offices.save(session, policy.municipalities, ALFA, FILLED, NOW)
    rows = social_offices.to_download(session, policy, ALFA)
    version = version_of(FILLED)

    text = HEADER + f"1280;Malmö;;;;;;{version}\n1281;Lund;;;;;2026-11-01;\n"

    assert len(rows) == 33
    assert read_in(session, policy, text) == Imported(2, 0)
    assert known(session, policy, MALMO).is_empty
    assert known(session, policy, LUND).verified_on == date(2026, 11, 1)


def test_nothing_of_a_file_with_mistakes_is_taken_in_and_each_is_said_by_its_row(
    session: Session, policy: Policy
) -> None:
    rows = [
        "1280;Malmö;070-174 06 40;;;;;",
        "9999;Ingenstans;1;;;;;",
        "1281;Malmö;ring oss;;;;2026-11-24;",
        "1280;Malmö;1;;;;;",
        "0380;Uppsala;1",
        f"1282;Landskrona;1;{'x' * 121};;;2026-02-30;",
    ]

    done = read_in(session, policy, HEADER + "\n".join(rows))

    assert done == Refused(
        (
            Mistake(3, "code", Wrong.NO_MUNICIPALITY, "9999"),
            Mistake(4, "municipality", Wrong.OTHER_NAME, "Malmö"),
            Mistake(4, "number", Wrong.NO_NUMBER, "ring oss"),
            Mistake(4, "verified_on", Wrong.NO_DAY, "2026-11-24"),
            Mistake(5, "code", FileWrong.TWICE, "1280"),
            Mistake(6, "", FileWrong.CELLS),
            Mistake(7, "hours", Wrong.TOO_LONG, "120"),
            Mistake(7, "verified_on", Wrong.NO_DAY, "2026-02-30"),
        )
    )
    assert social_offices.filled_in(session, ALFA) == {}


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("", Mistake(0, "", FileWrong.NO_TABLE)),
        ('kod;"kommun', Mistake(0, "", FileWrong.NO_TABLE)),
        ("namn;telefon\nÖvning;1", Mistake(1, "", FileWrong.HEADER)),
        (HEADER + "1280;;;;;;;\n" * 1001, Mistake(0, "", FileWrong.TOO_MANY, "1001")),
    ],
    ids=["nothing", "no CSV", "another table", "too long"],
)
def test_what_is_no_such_file_is_refused_at_once(session: Session, policy: Policy, text: str, mistake: Mistake) -> None:
    assert read_in(session, policy, text) == Refused((mistake,))


def test_the_english_header_is_read_too_in_any_order(session: Session, policy: Policy) -> None:
    done = read_in(
        session,
        policy,
        "version,verified_on,code,municipality,note,day_number,hours,number\n,,1280,Malmö,,,,'+46 70-174 06 40\n",
    )

    assert done == Imported(1, 0)
    assert known(session, policy, MALMO).number == "+46 70-174 06 40"
