"""Phone numbers, e-mail addresses and likely names are marked; what belongs to services, places and days isn't."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.identities import Certainty, IdentityKind, identities
from app.reading import read_municipalities

PLACES = read_municipalities().words


def marked(text: str, kind: IdentityKind) -> list[str]:
    return [text[one.begin : one.end] for one in identities(text, PLACES) if one.kind is kind]


# The practice numbers, 070-1740605 to -699, are reserved for fiction.
@pytest.mark.parametrize(
    "number",
    [
        "070-1740640",
        "070-174 06 40",
        "070 174 06 40",
        "070 - 174 06 40",
        "070/174 06 40",
        "0701740640",
        "0701-74 06 40",
        "(070) 174 06 40",
        "070\u2013174 06 40",
        "070\u00a0174\u00a006\u00a040",
        "+46701740640",
        "+46 70 174 06 40",
        "+46 (0)70 174 06 40",
        "+46(0)70-1740640",
        "0046701740640",
        "0046 70-174 06 40",
        "040-628 04 00",
        "040-6280400",
        "0406280400",
        "08-465 004 00",
        "08-46500400",
        "0980-31 92 00",
        "+4940123456",
        "+47 22 12 34 56",
    ],
)
@pytest.mark.parametrize("before", ["ring ", "", "tel:", "kuratorn, "])
def test_a_phone_number_is_found_in_any_spelling(number: str, before: str) -> None:
    [found] = marked(f"{before}{number} efter lunch", IdentityKind.PHONE)

    assert found == number.removeprefix("(")


@given(
    last=st.integers(605, 699),
    gaps=st.sampled_from([("", ""), (" ", ""), (" ", " "), ("-", ""), ("-", " "), ("\u00a0", "\u00a0")]),
)
def test_every_number_kept_for_fiction_is_found(last: int, gaps: tuple[str, str]) -> None:
    gap, pair = gaps
    text = f"070{gap}174{pair}0{last // 100}{pair}{last % 100:02}"

    found = identities(text)

    assert len(found) == 1
    assert found[0].certainty is Certainty.CERTAIN
    # Ten digits in a row may be a person's number as well as a phone's; that one weighs more.
    assert found[0].kind is IdentityKind.PHONE or text.isdigit()


@pytest.mark.parametrize(
    "text",
    [
        "ring 112",
        "polisen 114 14",
        "1177",
        "Bris 116 111",
        "Kvinnofridslinjen 020-50 50 50",
        "020-505050",
        "+46 20 50 50 50",
        "0771-11 44 00",
        "09-12 13-16",
        "08-12, 13-16",
        "08-12 13-16",
        "2026-01-05 08.30",
        "01-05, 02-06",
        "3 barn",
        "0-11 år",
        "den 05-06-2026",
        "10 000 kr",
        "2007-2008",
        "000 123 456 789",
    ],
)
def test_numbers_of_services_and_other_figures_are_no_phone(text: str) -> None:
    assert marked(text, IdentityKind.PHONE) == []


@pytest.mark.parametrize(
    "address",
    [
        "fiktiv.alfa@example.se",
        "a@b.se",
        "fiktiv+alfa@post.example.se",
        "åsa@exempel.se",
        "alfa (at) example.se",
        "a[at]b.se",
    ],
)
def test_an_e_mail_address_is_found(address: str) -> None:
    assert marked(f"svara till {address}, tack", IdentityKind.EMAIL) == [address]


@pytest.mark.parametrize("text", ["3 barn @ skolan", "a@b", "@handle", "se www.example.se"])
def test_what_merely_has_a_sign_of_one_is_no_address(text: str) -> None:
    assert marked(text, IdentityKind.EMAIL) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("pappan Påhittad Alfa ringde", "Påhittad Alfa"),
        ("Påhittade Alfa ringde", "Påhittade Alfa"),
        ("mamman P. Alfason sa", "P. Alfason"),
        ("systern Alfa-Beta Gammason är orolig", "Alfa-Beta Gammason"),
        ("flickan heter Alfa", "Alfa"),
        ("brodern (Åke Örtson) hotar", "Åke Örtson"),
        ("hennes kusin Alfa Betas familj", "Alfa Betas"),
        ("pojken, Alfa O\u2019Beta, är tio", "Alfa O\u2019Beta"),
    ],
)
def test_a_likely_name_is_marked_as_likely(text: str, name: str) -> None:
    assert marked(text, IdentityKind.NAME) == [name]
    assert all(one.certainty is Certainty.LIKELY for one in identities(text, PLACES))


@pytest.mark.parametrize(
    "text",
    [
        "Socialtjänsten i Malmö stad ringer.",
        "Kommunen ringde Region Skåne och Länsstyrelsen i Västra Götaland.",
        "Kuratorn i Östra Göinge frågar. Polisen vet.",
        "Malmö Lund Helsingborg",
        "Upplands-Bro och Dals-Ed",
        "mötet är på Måndag i Mars",
        "Rådet: SIP, LVU och BBIC. PATRIARK gjord.",
        "Situation - Fråga - Råd",
        "I Skaraborg finns Barnahus.",
        "EN FLICKA SOM HOTAS",
        "Malmös Socialjour hjälper",
        "hon är rädd. Vi gav råd",
        "Gamla stan",
        "",
    ],
)
def test_places_days_services_and_beginnings_of_sentences_are_no_names(text: str) -> None:
    assert marked(text, IdentityKind.NAME) == []


@given(st.text(max_size=300))
def test_whatever_is_written_spans_lie_within_it_in_order_and_apart(text: str) -> None:
    found = identities(text, PLACES)

    ends = 0
    for one in found:
        assert ends <= one.begin < one.end <= len(text)
        ends = one.end


@given(st.text(alphabet="0123456789-+ .()@aA", max_size=200))
def test_figures_and_signs_in_any_order_are_read_to_the_end(text: str) -> None:
    for one in identities(text, PLACES):
        assert text[one.begin : one.end].strip()


@pytest.mark.parametrize(
    "piece",
    [
        "0",
        "1 ",
        "07-",
        "850709-",
        "A. ",
        "Aa ",
        "Aa-",
        "a.",
        "a@",
        "a@a.",
        "(0)",
        "+",
        "\u00ad1",
        "1- - ",
        "a(at)",
        "1o",
        "O",
        "850709-O",
        "T1",
        "850709 T",
        "1:",
        "1,",
    ],
)
def test_time_grows_no_faster_than_the_text(piece: str) -> None:
    def seconds(times: int) -> float:
        text = piece * times
        begun = process_time()  # of this process alone: others may be at work beside it
        identities(text, PLACES)
        return process_time() - begun

    short, long = min(seconds(300) for _ in range(5)), min(seconds(3_000) for _ in range(3))

    # Ten times the text; a hundred times the work, were it to grow with the square.
    assert long < max(short, 0.001) * 40
