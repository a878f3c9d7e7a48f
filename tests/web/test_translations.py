"""The catalogues hold every sentence that the pages say, in both languages, and are compiled."""

from __future__ import annotations

import re

import pytest

from tools import translations

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")


@pytest.mark.parametrize("language", translations.LANGUAGES)
def test_nothing_that_the_pages_say_is_untranslated_or_unsure(language: str) -> None:
    assert translations.untranslated(translations.updated(language, translations.gathered())) == []


@pytest.mark.parametrize("language", translations.LANGUAGES)
def test_the_catalogue_is_as_make_translations_writes_it(language: str) -> None:
    now = translations.updated(language, translations.gathered())

    assert translations.file_of(language).read_bytes() == translations.written(now)


@pytest.mark.parametrize("language", translations.LANGUAGES)
def test_what_the_service_reads_is_what_people_read(language: str) -> None:
    compiled = translations.compiled(translations.catalogue(language))

    assert translations.file_of(language, ".mo").read_bytes() == compiled


@pytest.mark.parametrize("language", translations.LANGUAGES)
def test_a_translation_fills_in_what_its_sentence_fills_in(language: str) -> None:
    for message in translations.catalogue(language):
        # Of a plural, the form for one may leave its number out.
        asked, filled = (set(PLACEHOLDER.findall(str(text))) for text in (message.id, message.string))

        assert filled == asked, message.id


def test_english_says_itself() -> None:
    assert all(message.string == message.id for message in translations.catalogue("en") if message.id)


def test_both_languages_say_the_same_sentences() -> None:
    swedish, english = ({str(one.id) for one in translations.catalogue(code)} for code in ("sv", "en"))

    assert swedish == english
