"""A report in a few sentences, made from its figures: what they don't carry is said to be too few, equal or unknown.

All words are in the language that is spoken; ``in_each_language`` speaks them all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext, ngettext, pgettext

from app.domain.taxonomy import Code, GroupKey
from app.services.numbers.report_facts import MOST_EQUAL, SMALL, facts_of
from app.web import language
from app.web.desk.number_words import number, rounded_percent
from app.web.desk.trends import counted_words, trend_words, trends_words
from app.web.setup import setup

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from app.domain.comparing import Change
    from app.services.numbers.report_facts import Facts, Part, Place, Ranked
    from app.services.numbers.trends import Trends


def in_each_language(found: Trends) -> Mapping[str, str]:
    """The whole text by language, one sentence on each line."""
    texts = {}
    for code in language.LANGUAGES:
        with language.speaking(code):
            texts[code] = "\n".join(sentences(found))
    return texts


def sentences(found: Trends) -> Iterator[str]:
    """The text, sentence by sentence; the last says what the figures can't. Of nothing counted only that is said."""
    if counted := counted_words.said_of(found):
        yield counted
    if not found.is_counted:
        return
    facts = facts_of(found)
    if not found.is_over:
        yield gettext("The period isn't over: the figures are of %(days)s.", days=trends_words.days(found.now.period))
    yield _held(found, facts)
    if facts.held and facts.held_before is not None:
        than = trends_words.before(found.kind, is_over=found.is_over)
        yield gettext("Beside the period before: %(compared)s.", compared=held_compared(facts.held_before, than))
    yield from _about(facts)
    yield from _persons(facts)
    yield from _done(facts)
    yield caveat()


def caveat() -> str:
    """What no report can be used for."""
    return str(
        gettext(
            "The figures give an overall picture of what reaches the line. They can't be used to describe how "
            "prevalent honour-related violence and oppression is in a county or a municipality."
        )
    )


def held_compared(change: Change, than: str) -> str:
    """How much more or fewer, and whether by chance; where there were few, how many there were."""
    if not change.now and not change.before:
        return str(gettext("as in %(than)s", than=than))
    if change.now == change.before and not change.compares_rates:
        return trend_words.compared(change, than)
    if change.now and change.before >= SMALL:
        return trend_words.said(change, than)
    before = number(change.before) if change.before else _none()
    against = gettext("against %(before)s in %(than)s", before=before, than=than)
    return trend_words.with_judgement(against, change)


def _held(found: Trends, facts: Facts) -> str:
    period = trends_words.named(found.kind, found.period)
    if not found.is_counted_whole:
        period = gettext("the counted days of %(period)s", period=period)
    held = (
        ngettext(
            "In %(period)s, %(count)s consultation was held",
            "In %(period)s, %(count)s consultations were held",
            facts.held,
            period=period,
            count=number(facts.held),
        )
        if facts.held
        else gettext("In %(period)s, no consultation was held", period=period)
    )
    if facts.reached:
        some, all_of_them = number(facts.reached), number(facts.catchment)
        held += " " + gettext("for %(reached)s of %(all)s municipalities", reached=some, all=all_of_them)
    if facts.held_year_before is None:
        return f"{held}."
    than = trends_words.year_before(found.kind, found.year_before.period, is_over=found.is_over)
    return f"{held}, {held_compared(facts.held_year_before, than)}."


def _about(facts: Facts) -> Iterator[str]:
    """What was most frequent, where there is enough to say it of."""
    if not facts.held:
        return
    if facts.service.is_of_too_few:
        yield ngettext(
            "%(count)s consultation is too few to say what is most frequent.",
            "%(count)s consultations are too few to say what is most frequent.",
            facts.held,
            count=number(facts.held),
        )
        return
    yield _ranked(gettext("Service that turned to the line"), "service", facts.service)
    yield _ranked(gettext("Type of consultation"), "type", facts.type)
    yield _ranked(gettext("Theme, of which a consultation may have several"), "theme", facts.theme)
    yield _ranked(gettext("Gap observed, of which there may be several"), "gap", facts.gap)
    if facts.good.count:
        yield gettext("A good example was noted in %(count)s.", count=_amount(facts.good))


def _persons(facts: Facts) -> Iterator[str]:
    if not facts.persons:
        if facts.held:
            yield gettext("No exposed persons are noted.")
        return
    yield ngettext(
        "The consultations concerned %(count)s exposed person: %(minors)s under 18, %(adults)s 18 or older, "
        "%(unknown)s of unknown age.",
        "The consultations concerned %(count)s exposed persons: %(minors)s under 18, %(adults)s 18 or older, "
        "%(unknown)s of unknown age.",
        facts.persons,
        count=number(facts.persons),
        minors=_some(facts.minors),
        adults=_some(facts.adults),
        unknown=_some(facts.persons_unknown),
    )


def _done(facts: Facts) -> Iterator[str]:
    if facts.calls:
        yield ngettext(
            "Of %(count)s call, %(answered)s was answered.",
            "Of %(count)s calls, %(answered)s were answered.",
            facts.calls,
            count=number(facts.calls),
            answered=_some(facts.answered),
        )
    else:
        yield gettext("No calls came to the line.")
    if facts.kept.of:
        yield ngettext(
            "Of %(count)s follow-up promised, %(kept)s was kept within two weeks; %(open)s is still open.",
            "Of %(count)s follow-ups promised, %(kept)s were kept within two weeks; %(open)s are still open.",
            facts.kept.of,
            count=number(facts.kept.of),
            kept=_some(facts.kept),
            open=number(facts.still_open) if facts.still_open else _none(),
        )
    if facts.continued.of:
        yield ngettext(
            "Of %(count)s later consultation of a case, %(same)s was held by the same specialist as the one before.",
            "Of %(count)s later consultations of a case, %(same)s were held by the same specialist as the one before.",
            facts.continued.of,
            count=number(facts.continued.of),
            same=_some(facts.continued),
        )
    if facts.wrong:
        yield ngettext(
            "Besides, %(count)s consultation was held with the wrong target group.",
            "Besides, %(count)s consultations were held with the wrong target group.",
            facts.wrong,
            count=number(facts.wrong),
        )


def _ranked(title: str, group: str, ranked: Ranked) -> str:
    unknown = _unknown(ranked)
    if ranked.is_mostly_unknown:
        return str(gettext("%(title)s: too often unknown to say more%(unknown)s.", title=title, unknown=unknown))
    if not ranked.places:
        return str(gettext("%(title)s: nothing is noted%(unknown)s.", title=title, unknown=unknown))
    first, *rest = ranked.places
    if len(first.codes) > MOST_EQUAL:
        said = gettext(
            "%(many)s answers are equally frequent (each %(amount)s)",
            many=number(len(first.codes)),
            amount=_amount(first.each),
        )
    elif len(first.codes) > 1:
        said = gettext("as many %(labels)s (each %(amount)s)", labels=_labels(group, first), amount=_amount(first.each))
    else:
        said = gettext("most often %(label)s (%(amount)s)", label=_labels(group, first), amount=_amount(first.each))
        said += "".join(_next(group, place) for place in rest if len(place.codes) <= MOST_EQUAL)
    return f"{title}: {said}{unknown}."


def _next(group: str, place: Place) -> str:
    labels, amount = _labels(group, place), _amount(place.each)
    if len(place.codes) == 1:
        said = gettext("then %(label)s (%(amount)s)", label=labels, amount=amount)
    else:
        said = gettext("then as many %(labels)s (each %(amount)s)", labels=labels, amount=amount)
    return f", {said}"


def _unknown(ranked: Ranked) -> str:
    if not ranked.unknown:
        return ""
    unknown, all_of_them = number(ranked.unknown), number(ranked.of)
    said = gettext("unknown for %(unknown)s of %(all)s", unknown=unknown, all=all_of_them)
    return f"; {said}"


def _labels(group: str, place: Place) -> str:
    known, spoken = setup().policy.taxonomy.groups[GroupKey(group)], language.spoken()
    named = [gettext("“%(label)s”", label=known.label_of(Code(code), spoken)) for code in place.codes]
    return trends_words.joined(named)


def _amount(part: Part) -> str:
    """In brackets: 97, 50 %; of few 7 of 15."""
    if part.is_of_few:
        return str(gettext("%(count)s of %(all)s", count=number(part.count), all=number(part.of)))
    return f"{number(part.count)}, {rounded_percent(part.share)}"


def _some(part: Part) -> str:
    """In a sentence that has said of how many: 97 (50 %); of few 7."""
    if not part.count:
        return _none()
    return number(part.count) if part.is_of_few else f"{number(part.count)} ({rounded_percent(part.share)})"


def _none() -> str:
    return str(pgettext("of several", "none"))
