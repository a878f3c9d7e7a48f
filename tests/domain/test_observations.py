"""What a note on a gap or a good example can be about, and how notes are counted."""

from __future__ import annotations

from datetime import date

from app.domain.observations import Observation, about, in_order
from app.domain.taxonomy import Choice, Code, Group, GroupKey, GroupKind

WORDS = {"sv": "ord", "en": "words"}
GAPS = Group(
    GroupKey("gap"),
    GroupKind.MANY,
    "i",
    WORDS,
    choices={
        Code("RUTIN"): Choice(Code("RUTIN"), WORDS),
        Code("GAMMAL"): Choice(Code("GAMMAL"), WORDS, retired=True),
        Code("INGEN"): Choice(Code("INGEN"), WORDS),
        Code("GOTT"): Choice(Code("GOTT"), WORDS),
    },
)


def test_no_note_is_about_nothing() -> None:
    assert list(about(GAPS)) == ["RUTIN", "GAMMAL", "GOTT"]


def test_counts_stand_in_the_taxonomys_order_with_noughts_and_without_retired_codes_that_nobody_has() -> None:
    assert in_order({Code("GOTT"): 2, Code("OKÄND"): 1}, GAPS) == {"RUTIN": 0, "GOTT": 2, "OKÄND": 1}
    assert list(in_order({Code("GAMMAL"): 1}, GAPS)) == ["RUTIN", "GAMMAL", "GOTT"]


def test_a_note_doesnt_say_its_words_by_itself() -> None:
    note = Observation(date(2026, 11, 23), Code("RUTIN"), None, None, "hemligt")

    assert "hemligt" not in repr(note)
