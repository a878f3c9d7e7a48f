"""Likely names of persons, by capitals alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from app.domain.identities.values import Certainty, Identity, IdentityKind

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_WORD = re.compile(r"[^\W\d_]+(?:[-'\u2019][^\W\d_]+)*")
_SENTENCE_ENDS = frozenset(".!?:;\n\u2022")
_ONE_GAP = re.compile(r"[ \u00a0]|\. ?")
_INTRODUCE = _words("heter hette kallas kallad namn named called")
"""Whatever has a capital after one of these is a name."""
_OPENERS = _words(
    """
    i på en ett hon han hen de den det vi jag ni man när om som enligt från till efter innan ring ringer hos
    vid för med utan av mot under enl är har kan ska vill bör fick ger även men och samt eller där hur vad vem
    varför idag igår frågan fråga råd situation rådet tips obs kommun region länsstyrelsen socialtjänsten
    polisen skolan rektor kurator lärare handläggare in at on the a an she he they we when if from to after
    before
    """
)
"""Words that begin sentences, and so have a capital without being a name."""
_NO_NAMES = _words(
    """
    måndag tisdag onsdag torsdag fredag lördag söndag januari februari mars april maj juni juli augusti
    september oktober november december sverige sveriges barnahus bris rädda barnen migrationsverket
    skatteverket socialstyrelsen länsstyrelsen socialtjänsten socialjouren socialnämnden polisen
    polismyndigheten åklagare åklagarmyndigheten försäkringskassan arbetsförmedlingen region kommun kommunen
    stad län kvinnofridslinjen kvinnofrid kvinnojouren kvinnojour tjejjour tjejjouren resurscentrum heder
    patriark freda skolverket utrikesdepartementet elevhälsan stödtelefonen nationella nationellt centrum jul
    julen påsk påsken midsommar sommarlovet ramadan id
    """
)


def names(text: str, no_names: Collection[str]) -> Iterator[Identity]:
    """Two or more words with capitals, and one after a word that introduces a name."""
    words = list(_WORD.finditer(text))
    begins = [_begins_sentence(text, words, number) for number in range(len(words))]

    def may_be(number: int) -> bool:
        return _may_be_name(words[number][0], no_names)

    number = 0
    while number < len(words):
        last = _last_of_name(text, words, number, begins, may_be)
        if last is not None and last > number:
            yield Identity(words[number].start(), words[last].end(), IdentityKind.NAME, Certainty.LIKELY)
            number = last
        elif number and words[number - 1][0].lower() in _INTRODUCE and may_be(number) and not begins[number]:
            yield Identity(words[number].start(), words[number].end(), IdentityKind.NAME, Certainty.LIKELY)
        number += 1


def _last_of_name(
    text: str, words: Sequence[re.Match[str]], first: int, begins: Sequence[bool], may_be: Callable[[int], bool]
) -> int | None:
    """The number of the last word of a row of capitalised words; ``None`` when the first can't begin a name."""
    if not may_be(first) or (begins[first] and words[first][0].lower() in _OPENERS):
        return None
    last = first
    while last + 1 < len(words) and may_be(last + 1):
        gap = text[words[last].end() : words[last + 1].start()]
        is_initial = len(words[last][0]) == 1
        if not _ONE_GAP.fullmatch(gap) or ("." in gap and not is_initial):
            break
        last += 1
    return last


def _begins_sentence(text: str, words: Sequence[re.Match[str]], number: int) -> bool:
    if number == 0:
        return True
    return any(sign in _SENTENCE_ENDS for sign in text[words[number - 1].end() : words[number].start()])


def _may_be_name(word: str, no_names: Collection[str]) -> bool:
    """One capital, then small letters, or an initial; and no word that is known for something else."""
    parts = re.split(r"[-'\u2019]", word)
    if not word[0].isupper() or not all(part[1:].islower() or len(part) == 1 for part in parts):
        return False
    small = word.lower()
    return not any(
        one in known
        for known in (_NO_NAMES, no_names)
        for one in (small, small.removesuffix("s"), small.removesuffix("\u2019s"))
    )
