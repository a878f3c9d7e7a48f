from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.domain.errors import Conflict, RejectedInput
from app.domain.phone import PhoneNumber
from app.services.rota.languages import LANGUAGES
from app.services.rota.staff import ImportReport, import_staff, staff_list
from app.services.rota.staff_file import MOST_ROWS, read_staff_file
from app.storage.engine import create_engine_for
from app.storage.models import RotaMembership, Staff

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.domain.policy import Policy

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
HEADER = "name,alias,phone,competences,languages,rota,from"
ALFA = "Påhittad Alfa,Övning Alfa,070-174 06 40,law|police,sv so,skane,2026-11-23"
BETA = "Påhittad Beta,Övning Beta,070-174 06 41,,,skane-backup,2026-11-23"
REORDERED = """from,rota,languages,competences,phone,alias,name
2026-11-23,skane,sv so,law|police,0701740640,Övning Alfa,Påhittad Alfa
2026-11-23,skane-backup,,,0701740641,Övning Beta,Påhittad Beta
"""
GOOD = f"{HEADER}\n{ALFA}\n{BETA}\n"


def row(**changes: str) -> str:
    """A file of one row, good but for the changes."""
    cells = dict(zip(HEADER.split(","), ALFA.split(","), strict=True)) | changes
    return f"{HEADER}\n" + ",".join(f'"{cell}"' for cell in cells.values()) + "\n"


def problems(session: Session, policy: Policy, text: str) -> list[tuple[str, str]]:
    """Where and key of every problem; and nothing was stored."""
    with pytest.raises(RejectedInput) as refused:
        import_staff(session, policy, text, NOW)
    assert session.query(Staff).count() == session.query(RotaMembership).count() == 0
    assert "0640" not in str(refused.value).replace(" ", "")
    return [(problem.where, problem.key) for problem in refused.value.problems]


@pytest.fixture
def sqlite_session(sqlite_url: str) -> Iterator[Session]:
    """For tables of files that are refused before anything is stored: the engine makes no difference."""
    engine = create_engine_for(sqlite_url)
    with Session(engine) as session:
        yield session
    engine.dispose()


# --- what is taken in ------------------------------------------------------------------------------------------------


def test_a_file_becomes_people_in_rotas(session: Session, policy: Policy) -> None:
    report = import_staff(session, policy, GOOD, NOW)
    session.commit()
    session.expire_all()

    alfa, beta = session.query(Staff).order_by(Staff.alias)

    assert report == ImportReport(added=2, updated=0, unchanged=0, memberships=2)
    assert (alfa.organisation, alfa.alias, alfa.name) == ("skane", "Övning Alfa", "Påhittad Alfa")
    assert alfa.phone == PhoneNumber("+46701740640")
    assert (alfa.competences, alfa.languages) == (["law", "police"], ["sv", "so"])
    assert (beta.competences, beta.languages) == ([], [])
    assert {(one.rota, one.staff_id, one.begins, one.ends) for one in session.query(RotaMembership)} == {
        ("skane", alfa.id, date(2026, 11, 23), None),
        ("skane-backup", beta.id, date(2026, 11, 23), None),
    }


@pytest.mark.parametrize(
    "text",
    [
        f"\ufeff{GOOD}",
        GOOD.replace("\n", "\r\n"),
        GOOD.replace(",", ";"),
        GOOD.replace(",", "\t"),
        "sep=;\r\n" + GOOD.replace(",", ";"),
        '\ufeff"sep=,"\n' + GOOD,
        f"\n\n{HEADER}\n\n{ALFA}\n,,,,,,\n{BETA}",
        GOOD.replace(HEADER, "Name , ALIAS,Phone,competences,languages,Rota,FROM"),
        REORDERED,
    ],
    ids=[
        "byte order mark",
        "CRLF",
        "semicolons",
        "tabs",
        "Excel's first line",
        "the same quoted",
        "empty rows",
        "header with capitals",
        "another order",
    ],
)
def test_spreadsheets_write_files_in_their_own_ways(session: Session, policy: Policy, text: str) -> None:
    assert import_staff(session, policy, text, NOW).added == 2
    assert {(one.alias, one.phone.e164) for one in session.query(Staff)} == {
        ("Övning Alfa", "+46701740640"),
        ("Övning Beta", "+46701740641"),
    }


@pytest.mark.parametrize(
    "cell", ["law|police", "law;police", "law,police", "law police", " Juridik ,  POLIS;", "law,police,law"]
)
def test_lists_are_written_in_several_ways(session: Session, policy: Policy, cell: str) -> None:
    import_staff(session, policy, row(competences=cell), NOW)

    assert session.query(Staff).one().competences == ["law", "police"]


@pytest.mark.parametrize(
    ("swedish", "stored"),
    [
        ("juridik", "law"),
        ("polis", "police"),
        ("socialt_arbete", "social_work"),
        ("skola", "school"),
        ("halsa", "health"),
        ("hälsa", "health"),
    ],
)
def test_competences_may_be_swedish(session: Session, policy: Policy, swedish: str, stored: str) -> None:
    import_staff(session, policy, row(competences=swedish), NOW)

    assert session.query(Staff).one().competences == [stored]


def test_one_person_may_be_in_several_rotas(session: Session, policy: Policy) -> None:
    import_staff(session, policy, row(rota="skane|skane-backup"), NOW)

    assert session.query(Staff).count() == 1
    assert {one.rota for one in session.query(RotaMembership)} == {"skane", "skane-backup"}


def test_an_alias_may_be_used_by_two_organisations(session: Session, policy: Policy) -> None:
    other = ALFA.replace("06 40", "06 42").replace("skane", "nationell")

    report = import_staff(session, policy, f"{HEADER}\n{ALFA}\n{other}\n", NOW)

    assert report.added == 2


def test_turns_go_in_the_order_of_the_file(session: Session, policy: Policy) -> None:
    import_staff(session, policy, row(), NOW)
    beta = BETA.replace("-backup", "")
    gamma = beta.replace("Beta", "Gamma").replace("06 41", "06 42")
    later = f"{HEADER}\n{beta}\n{gamma}\n"
    import_staff(session, policy, later, NOW)

    order = session.query(Staff.alias).join(RotaMembership).order_by(RotaMembership.position)

    assert [alias for (alias,) in order] == ["Övning Alfa", "Övning Beta", "Övning Gamma"]


# --- again -----------------------------------------------------------------------------------------------------------


def test_the_same_file_again_changes_nothing(session: Session, policy: Policy) -> None:
    import_staff(session, policy, GOOD, NOW)

    report = import_staff(session, policy, GOOD, NOW)

    assert report == ImportReport(added=0, updated=0, unchanged=2, memberships=0)


def test_a_known_alias_is_the_same_person_updated(session: Session, policy: Policy) -> None:
    import_staff(session, policy, GOOD, NOW)
    before = session.query(Staff).filter_by(alias="Övning Alfa").one().id

    report = import_staff(session, policy, row(phone="0701740650", alias="ÖVNING alfa"), NOW)
    session.commit()
    session.expire_all()

    after = session.get_one(Staff, before)
    assert report == ImportReport(added=0, updated=1, unchanged=0, memberships=0)
    assert (after.phone.e164, after.alias) == ("+46701740650", "ÖVNING alfa")


def test_a_new_from_ends_the_membership_before_it(session: Session, policy: Policy) -> None:
    import_staff(session, policy, row(), NOW)

    days = ("2027-03-01", "2027-01-11", "2027-03-01")

    reports = [import_staff(session, policy, row(**{"from": day}), NOW) for day in days]

    assert [report.memberships for report in reports] == [1, 1, 0]
    spans = session.query(RotaMembership.begins, RotaMembership.ends).order_by(RotaMembership.begins).all()
    assert [tuple(span) for span in spans] == [
        (date(2026, 11, 23), date(2027, 1, 11)),
        (date(2027, 1, 11), date(2027, 3, 1)),
        (date(2027, 3, 1), None),
    ]


def test_whoever_imports_a_moment_later_is_told_so(postgresql_url: str, policy: Policy) -> None:
    """On SQLite they wait for one another from the beginning."""
    engine = create_engine_for(postgresql_url)
    with Session(engine) as first, Session(engine) as second:

        def commit_the_first(*_: object) -> None:
            import_staff(first, policy, GOOD, NOW)
            first.commit()

        event.listen(second, "before_flush", commit_the_first, once=True)
        with pytest.raises(Conflict, match="try again"):
            import_staff(second, policy, GOOD, NOW)
    engine.dispose()


def test_two_people_may_swap_their_phones_in_one_file(session: Session, policy: Policy) -> None:
    import_staff(session, policy, GOOD, NOW)
    swapped = GOOD.replace("06 40", "06 4X").replace("06 41", "06 40").replace("06 4X", "06 41")

    report = import_staff(session, policy, swapped, NOW)

    assert report.updated == 2


def test_a_phone_that_somebody_else_has_is_refused(session: Session, policy: Policy) -> None:
    import_staff(session, policy, GOOD, NOW)

    with pytest.raises(RejectedInput, match=r"row 2: phone: found …40, which is the phone of Övning Alfa too"):
        import_staff(session, policy, row(alias="Övning Gamma"), NOW)


# --- what is refused -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"name": ""}, "name"),
        ({"name": "<b>Alfa</b>"}, "name"),
        ({"name": "A" * 81}, "name"),
        ({"name": "070-174 06 40"}, "name"),
        ({"alias": ""}, "alias"),
        ({"alias": "A" * 41}, "alias"),
        ({"alias": "=HYPERLINK(1)"}, "alias"),
        ({"alias": "-Alfa"}, "alias"),
        ({"alias": "<script>"}, "alias"),
        ({"alias": "0701740640"}, "alias"),
        ({"alias": "Alfa_1"}, "alias"),
        ({"phone": ""}, "phone"),
        ({"phone": "112"}, "phone"),
        ({"phone": "0900-123 45 67"}, "phone"),
        ({"phone": "+47 22 00 00 00"}, "phone"),
        ({"phone": "=0701740640"}, "phone"),
        ({"phone": "040-34 98 00"}, "phone"),
        ({"phone": "010-223 50 00"}, "phone"),
        ({"competences": "law|sorcery"}, "competences"),
        ({"languages": "sv|klingon"}, "languages"),
        ({"languages": "xx"}, "languages"),
        ({"rota": ""}, "rota"),
        ({"rota": "malmo"}, "rota"),
        ({"rota": "skane|nationell"}, "rota"),
        ({"from": ""}, "from"),
        ({"from": "23/11 2026"}, "from"),
        ({"from": "20261123"}, "from"),
        ({"from": "2026-W48-1"}, "from"),
        ({"from": "2026-02-30"}, "from"),
        ({"from": "1926-11-23"}, "from"),
    ],
    ids=str,
)
def test_a_wrong_field_is_named_with_its_row(
    sqlite_session: Session, policy: Policy, changes: dict[str, str], key: str
) -> None:
    assert problems(sqlite_session, policy, row(**changes)) == [("row 2", key)]


def test_every_problem_of_every_row_is_said_at_once_in_order(session: Session, policy: Policy) -> None:
    text = f"{GOOD}X,,112,sorcery,xx,malmo,tomorrow\n{ALFA.replace('skane', 'nowhere').replace('06 40', '06 43')}\n"

    assert problems(session, policy, text) == [
        *(("row 4", key) for key in ("alias", "phone", "competences", "languages", "from")),
        ("row 5", "rota"),
    ]


@pytest.mark.parametrize(
    ("second", "where_and_keys"),
    [
        (BETA.replace("06 41", "06 40"), [("row 3", "phone")]),
        (ALFA, [("row 3", "alias")]),
        (ALFA.replace("Påhittad", "Annan").replace("skane", "skane-backup"), [("row 3", "name")]),
        (ALFA.replace("06 40", "06 49").replace("skane", "skane-backup"), [("row 3", "phone")]),
        (ALFA.replace("skane", "nationell"), [("row 3", "phone")]),
    ],
    ids=["a phone twice", "the same row", "another name", "another phone", "one phone in two organisations"],
)
def test_rows_that_contradict_each_other_are_refused(
    session: Session, policy: Policy, second: str, where_and_keys: list[tuple[str, str]]
) -> None:
    assert problems(session, policy, f"{HEADER}\n{ALFA}\n{second}\n") == where_and_keys


@pytest.mark.parametrize(
    ("text", "where_and_keys"),
    [
        ("", [("the file", "csv")]),
        ("\n \n", [("the file", "csv")]),
        (HEADER, [("the file", "csv")]),
        (ALFA, [("row 1", "header")]),
        (GOOD.replace("phone,", "telefon,", 1), [("row 1", "header")]),
        (GOOD.replace("name,", "alias,", 1), [("row 1", "header")]),
        (GOOD.replace("2026-11-23\n", "2026-11-23,more\n", 1), [("row 2", "row")]),
        (f'{HEADER}\n"Påhittad', [("row 2", "csv")]),
        (f"{HEADER}\n" + "x" * 200_000, [("row 2", "csv")]),
        (GOOD + "x" * 5_000_000, [("the file", "csv")]),
        (f"{HEADER}\n" + f"{ALFA}\n" * (MOST_ROWS + 1), [("the file", "csv")]),
    ],
    ids=[
        "empty",
        "blank",
        "header alone",
        "no header",
        "unknown column",
        "column twice",
        "too many cells",
        "open quote",
        "huge cell",
        "huge file",
        "too many rows",
    ],
)
def test_what_is_no_such_file_is_refused(
    sqlite_session: Session, policy: Policy, text: str, where_and_keys: list[tuple[str, str]]
) -> None:
    assert problems(sqlite_session, policy, text) == where_and_keys


def test_an_unknown_column_is_called_by_its_name(session: Session, policy: Policy) -> None:
    with pytest.raises(RejectedInput, match="the unknown column 'telefon'"):
        import_staff(session, policy, GOOD.replace("phone,", "telefon,", 1), NOW)


def test_a_swedish_header_is_translated_in_one_sentence(session: Session, policy: Policy) -> None:
    swedish = "namn,alias,telefon,kompetens,språk,jour,från"

    with pytest.raises(RejectedInput) as refused:
        import_staff(session, policy, GOOD.replace(HEADER, swedish), NOW)

    assert [(one.where, one.key) for one in refused.value.problems] == [("row 1", "header")]
    assert "(write namn as name, telefon as phone, kompetens as competences, " in str(refused.value)


def test_a_header_that_is_none_is_told_in_one_short_sentence(session: Session, policy: Policy) -> None:
    with pytest.raises(
        RejectedInput, match=r"the unknown columns 'c0', .*'c6', and more; without name, alias"
    ) as refused:
        import_staff(session, policy, ",".join(f"c{number}" for number in range(500)), NOW)

    assert len(str(refused.value)) < 300


def test_rows_keep_their_numbers_below_the_line_that_tells_the_delimiter(session: Session, policy: Policy) -> None:
    assert problems(session, policy, f"sep=,\n{HEADER}\n{ALFA.replace('skane', 'malmo')}\n") == [("row 3", "rota")]


@pytest.mark.parametrize(
    "day", ["23/11 2026", "20261123", "2026-02-30", "11/23/2026", "2026-11-23 00:00:00", "23.11.26", "2026/11/23"]
)
def test_a_wrong_day_is_shown_as_it_was_found(sqlite_session: Session, policy: Policy, day: str) -> None:
    with pytest.raises(RejectedInput, match=f"from: found '{day}'; allowed"):
        import_staff(sqlite_session, policy, row(**{"from": day}), NOW)


@pytest.mark.parametrize("phone", ["070-174 06 40", "0701740640", "+46701740640"])
def test_a_number_in_place_of_a_day_is_not_shown(sqlite_session: Session, policy: Policy, phone: str) -> None:
    with pytest.raises(RejectedInput, match="from: found a number …40"):
        import_staff(sqlite_session, policy, row(**{"from": phone}), NOW)


def test_a_number_in_the_wrong_column_is_not_repeated(session: Session, policy: Policy) -> None:
    swapped = row(alias="070-174 06 40", phone="Övning Alfa")

    with pytest.raises(RejectedInput) as refused:
        import_staff(session, policy, swapped, NOW)

    assert "alias: found a number …40" in str(refused.value)
    assert "174" not in str(refused.value)


@given(st.text(alphabet=st.sampled_from('name,alias;phone\n\r"|= 07å\x00\ufeff-')) | st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(RejectedInput):
        rows, wrong = read_staff_file(text)

        assert (rows, wrong) == ([], [])


def test_there_are_as_many_languages_as_the_standard_has() -> None:
    assert len(LANGUAGES) == 183
    assert all(len(code) == 2 for code in LANGUAGES)


# --- the list --------------------------------------------------------------------------------------------------------


def test_the_list_shows_who_is_in_which_rota_and_no_number(session: Session, policy: Policy) -> None:
    import_staff(session, policy, GOOD, NOW)
    session.query(RotaMembership).filter_by(rota="skane").one().ends = date(2026, 11, 24)

    today = staff_list(session, policy, NOW)
    tomorrow = staff_list(session, policy, NOW.replace(day=24))

    assert [(one.alias, one.phone.masked, one.rotas) for one in today] == [
        ("Övning Alfa", "…40", ("skane",)),
        ("Övning Beta", "…41", ("skane-backup",)),
    ]
    assert tomorrow[0].rotas == ()
    assert "70174064" not in repr(today)
