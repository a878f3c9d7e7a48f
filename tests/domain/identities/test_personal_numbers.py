"""Every valid personal identity number is found, however it is written, and figures that are none aren't."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.domain.identities import PERSONAL_NUMBERS, Certainty, Identity, IdentityKind, holds_personal_number, identities
from tests.domain.identities.numbers_of_tests import NUMBERS, SPELLINGS, PersonalNumber, check_digit, spelled

KINDS = {False: IdentityKind.PERSONNUMMER, True: IdentityKind.SAMORDNINGSNUMMER}


def personal(text: str) -> list[Identity]:
    return [one for one in identities(text) if one.kind in PERSONAL_NUMBERS]


@given(number=NUMBERS, spelling=st.sampled_from(SPELLINGS))
def test_every_valid_number_is_found_in_any_spelling(number: PersonalNumber, spelling: str) -> None:
    text = spelled(number, spelling)

    found = identities(text)

    assert found == (Identity(0, len(text), KINDS[number.coordination], Certainty.CERTAIN),)
    assert holds_personal_number(found)


@given(
    number=NUMBERS,
    spelling=st.sampled_from(SPELLINGS),
    before=st.sampled_from(["flickan ", "pnr:", "(", "nr", "2 barn, ", "ring 070-174 06 40. ", "\n", "född "]),
    after=st.sampled_from([" är 15 år", ".", ")", "x", ", 3 syskon", "\n112", " och hennes bror", " 15-17 år"]),
)
def test_it_is_found_within_words(number: PersonalNumber, spelling: str, before: str, after: str) -> None:
    text = before + spelled(number, spelling) + after

    found = [one for one in personal(text) if one.certainty is Certainty.CERTAIN]

    assert Identity(len(before), len(text) - len(after), KINDS[number.coordination], Certainty.CERTAIN) in found


@given(number=NUMBERS, spelling=st.sampled_from(SPELLINGS), after=st.sampled_from([" 12 13 14", " 3", " 2026-11-20"]))
def test_figures_right_behind_it_do_not_hide_it(number: PersonalNumber, spelling: str, after: str) -> None:
    assert holds_personal_number(identities(spelled(number, spelling) + after))


@pytest.mark.parametrize("after", [" 15-17 år", " 10 11", "-13-01", "-11-31", "/10-11"])
def test_last_digits_that_look_like_a_year_are_no_date(after: str) -> None:
    number = next(
        one
        for one in (PersonalNumber(date(2010, 1, 1), n, coordination=False) for n in range(190, 210))
        if one.four[:2] == "20"
    )

    assert holds_personal_number(identities(spelled(number, SPELLINGS[0]) + after))


@given(number=NUMBERS)
def test_digits_one_by_one_are_a_number_too(number: PersonalNumber) -> None:
    text = " ".join("".join(number.parts) + number.four)

    assert holds_personal_number(identities(text))


@given(number=NUMBERS)
def test_digits_of_another_script_are_digits(number: PersonalNumber) -> None:
    text = spelled(number, "{yy}{mm}{dd}-{four}").translate({48 + n: 0xFF10 + n for n in range(10)})

    assert holds_personal_number(identities(text))


LOOK_ALIKES = {"0": "Oo", "1": "lI|"}


@given(number=NUMBERS, spelling=st.sampled_from(SPELLINGS), data=st.data())
def test_letters_that_look_like_digits_do_not_hide_it(
    number: PersonalNumber, spelling: str, data: st.DataObject
) -> None:
    text = "".join(
        data.draw(st.sampled_from(sign + LOOK_ALIKES[sign])) if sign in LOOK_ALIKES else sign
        for sign in spelled(number, spelling)
    )

    assert identities(text) == (Identity(0, len(text), KINDS[number.coordination], Certainty.CERTAIN),)


@given(number=NUMBERS, off=st.integers(1, 9))
def test_letters_and_a_wrong_check_digit_are_nobodys_number(number: PersonalNumber, off: int) -> None:
    four = number.four[:3] + str((int(number.four[3]) + off) % 10)
    text = f"{''.join(number.parts)}-{four}".replace("0", "O").replace("1", "l")
    assume("O" in text or "l" in text)

    assert not holds_personal_number(identities(text))


@given(number=NUMBERS, joint=st.sampled_from([", ", ": ", " : ", "; ", ". "]))
def test_four_digits_of_the_next_clause_are_marked_and_do_not_stop_the_note(number: PersonalNumber, joint: str) -> None:
    text = "".join(number.parts) + joint + number.four

    assert identities(text) == (Identity(0, len(text), KINDS[number.coordination], Certainty.LIKELY),)


@pytest.mark.parametrize("date", ["19121212", "121212", "1912-12-12", "12-12-12", "19121272", "2005 01 01"])
@pytest.mark.parametrize("four", ["-T123", "-t123", "-R12X", "-TF12", "-S001", "+U123", " X123", "\u2013KA12", "-12T3"])
def test_a_reserve_number_is_marked_and_does_not_stop_the_note(date: str, four: str) -> None:
    text = f"flickan {date}{four}, 15 år"

    [found] = [one for one in identities(text) if one.kind is IdentityKind.RESERVE]

    assert text[found.begin : found.end] == date + four
    assert not holds_personal_number(identities(text))


def test_a_reserve_number_needs_no_dash() -> None:
    assert [one.kind for one in identities("19121212T123")] == [IdentityKind.RESERVE]


@pytest.mark.parametrize(
    "text",
    [
        "20261120T0930",
        "20261120T093000Z",
        "2026-11-20T09:30",
        "2026-11-20 kl 10",
        "2026-11-20 kl10",
        "121212-ABCD",
        "121312-T123",
        "121212-T1234",
        "1121212-T123",
        "20261120 SFS2",
        "20261120 och 3 barn",
        "2026-11-20 - 12 barn",
    ],
)
def test_what_merely_resembles_a_reserve_number_is_none(text: str) -> None:
    assert identities(text) == ()


@given(number=NUMBERS, off=st.integers(1, 9))
def test_a_wrong_check_digit_is_marked_and_does_not_stop_the_note(number: PersonalNumber, off: int) -> None:
    four = number.four[:3] + str((int(number.four[3]) + off) % 10)
    text = f"{''.join(number.parts)}-{four}"

    found = identities(text)

    assert found == (Identity(0, 11, KINDS[number.coordination], Certainty.LIKELY),)
    assert not holds_personal_number(found)


@given(number=NUMBERS, off=st.integers(1, 9), between=st.sampled_from(["\n", "/", "     "]))
def test_a_day_and_any_four_digits_far_from_it_are_nobody(number: PersonalNumber, off: int, between: str) -> None:
    four = number.four[:3] + str((int(number.four[3]) + off) % 10)

    assert personal(f"{''.join(number.parts)}{between}{four}") == []


@given(number=NUMBERS, month=st.integers(13, 99))
def test_a_month_that_does_not_exist_is_no_date(number: PersonalNumber, month: int) -> None:
    yy, _, dd = number.parts
    nine = f"{yy}{month}{dd}000"

    assert personal(f"{nine[:6]}-{nine[6:]}{check_digit(nine)}") == []


@pytest.mark.parametrize("six", ["000230", "010229", "010431", "010100", "010132", "010160", "010192", "000092"])
def test_a_day_that_does_not_exist_is_no_date(six: str) -> None:
    nine = f"{six}000"

    assert personal(f"{six}-000{check_digit(nine)}") == []


def test_a_leap_day_is_a_day() -> None:
    number = PersonalNumber(date(2004, 2, 29), 123, coordination=False)

    assert holds_personal_number(identities(spelled(number, SPELLINGS[0])))
    assert holds_personal_number(identities(spelled(replace(number, coordination=True), SPELLINGS[0])))


@pytest.mark.parametrize("century", ["16", "17", "21", "00"])
def test_nobody_is_of_another_century(century: str) -> None:
    assert personal(f"{century}880101-0003") == []


DAYS = st.dates(date(1990, 1, 1), date(2040, 12, 31))
WAYS = ("%Y-%m-%d", "%y%m%d", "%Y%m%d", "%d/%m %Y", "%d.%m.%Y", "%d/%m-%y", "%d %m %Y", "%Y-%m-%d kl %H.%M", "%d %B %Y")


@given(
    day=DAYS, way=st.sampled_from([*WAYS, "%Y-%m-%d %H.%M", "%Y-%m-%d %H:%M", "%Y%m%d %H:%M"]), hour=st.integers(0, 23)
)
def test_a_date_is_nobody(day: date, way: str, hour: int) -> None:
    at = day.strftime(way.replace("%H", f"{hour:02}").replace("%M", "30"))

    assert personal(f"mötet är {at}, säger kuratorn") == []


@given(
    day=DAYS, days=st.integers(0, 40), way=st.sampled_from(WAYS[:3]), between=st.sampled_from(["-", " - ", "\u2013"])
)
def test_a_period_is_nobody(day: date, days: int, way: str, between: str) -> None:
    text = day.strftime(way) + between + (day + timedelta(days=days)).strftime(way)
    # Twelve digits of two days of the nineties on end are a number; nobody writes a period without anything between.
    assume(not text.isdigit())

    assert personal(text) == []


AMOUNT = st.builds("{} {:03} kr".format, st.integers(1, 999), st.integers(0, 999)) | st.builds(
    "{},{:02} kr".format, st.integers(0, 9999), st.integers(0, 99)
)
LAW = st.builds(
    "{} {}:{}".format, st.sampled_from(["SFS", "lag", "prop."]), st.integers(1901, 2026), st.integers(1, 2999)
)
SECTION = st.builds("{} kap. {} §".format, st.integers(1, 30), st.integers(1, 50))
CASE = st.builds(
    "{} {}-{}".format, st.sampled_from(["mål B", "dnr", "ärende"]), st.integers(1, 99999), st.integers(10, 26)
)
PHONE = st.builds("070-1740{}".format, st.integers(605, 699)) | st.builds(
    "070-174 0{} {:02}".format, st.just(6), st.integers(5, 99)
)
CLOCK = st.builds("{:02}{}{:02}".format, st.integers(0, 23), st.sampled_from(":."), st.integers(0, 59))
DAY = st.builds(date.strftime, DAYS, st.sampled_from(WAYS))


@given(
    pieces=st.lists(AMOUNT | LAW | SECTION | CASE | PHONE | CLOCK | DAY, min_size=1, max_size=6),
    between=st.sampled_from([", ", ". ", " och ", "; ", ": "]),
)
def test_days_times_phones_sums_laws_and_cases_stop_no_note(pieces: list[str], between: str) -> None:
    assert not holds_personal_number(identities(between.join(pieces)))


@pytest.mark.parametrize(
    "text",
    [
        "112",
        "114 14",
        "1177",
        "116 111",
        "020-50 50 50",
        "020-505050",
        "3 barn",
        "2-3 barn, 15-17 år",
        "1 000 000 kr",
        "12 000 - 15 000 kr i månaden",
        "2019, 2020 och 2021",
        "§ 14 kap. 1 § SoL (2001:453)",
        "lag (1990:52), prop. 2021/22:138",
        "2 kap. 5 § och 3 kap. 1 § LVU, SFS 1990:52",
        "mål B 1234-26, dnr 2026:1234",
        "12,50 kr, 1.250,00 kr",
        "I 85 fall, II 07 och l 09",
        "ärende 2026-1234",
        "09-12 13-16",
        "09.00-12.00, 13.00-16.00",
        "100 %",
        "0-11 år, 12-14 år",
        "org.nr 202100-2742",
        "0500-49 80 00",
        "08-12 34 56 78",
        "",
        " ",
        "-",
    ],
)
def test_other_figures_are_nobody(text: str) -> None:
    assert personal(text) == []
