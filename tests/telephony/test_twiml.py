"""What callers and specialists get told to hear, as TwiML, and what can never leave the house."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.callflow.values import AwaitKey, AwaitNumber, HangUp, RingOne, Spoken
from app.domain.callflow.words import spoken_digits
from app.domain.lines import StaffId
from app.domain.phone import PhoneNumber
from app.telephony import twiml
from app.telephony.allowed import ALLOWED, MOST_BYTES, MOST_SPOKEN, NotAllowed, assert_allowed

if TYPE_CHECKING:
    from pathlib import Path

    from app.domain.callflow.values import Wait
    from app.domain.callflow.words import Words

SPECIALIST = PhoneNumber("+46701740641")
CALLER = PhoneNumber("+46701740605")
LINE = PhoneNumber("+4640349800")
PREMIUM = PhoneNumber("+46900123456")
NORWEGIAN = PhoneNumber("+4722334455")
SCREEN = Spoken("Samtal till stödlinjen. Tryck 1.")

# Only the words that the telephony adapter reads.
WORDS = cast(
    "Words",
    SimpleNamespace(
        language="sv-SE", voice="Polly.Elin-Neural", failure="{line} når du på {backup_number}.", failure_over="Slut."
    ),
)
DIAL = twiml.Dial(SPECIALIST, LINE, "/twilio/screen/tok-1", "/twilio/leg/tok-1")


def rendering(
    wait: Wait,
    *spoken: str,
    number: PhoneNumber | None = None,
    dial: twiml.Dial | None = None,
    turn_url: str = "/twilio/turn/3",
) -> twiml.Rendering:
    """A step in Swedish."""
    return twiml.Rendering(tuple(map(Spoken, spoken)), wait, "sv-SE", "Polly.Elin-Neural", turn_url, number, dial)


def ring_one(seconds: int = 20) -> RingOne:
    """Ring the specialist."""
    return RingOne(StaffId("specialist-1"), seconds, SCREEN)


def verbs(xml: str) -> list[ET.Element]:
    """The verbs of a document, in order."""
    return list(ET.fromstring(xml))  # noqa: S314 - our own output


def said(xml: str) -> str:
    """All words of a document."""
    return " ".join(one.text or "" for one in ET.fromstring(xml).iter("Say"))  # noqa: S314 - our own output


# --- turns -----------------------------------------------------------------------------------------------------------


def test_a_menu_takes_one_key_and_calls_silence_an_event_too() -> None:
    xml = twiml.render(rendering(AwaitKey(6), "Välkommen.", "Tryck 1."))

    assert xml == (
        '<?xml version="1.0" encoding="UTF-8"?><Response>'
        '<Gather action="/twilio/turn/3" actionOnEmptyResult="true" input="dtmf" method="POST" '
        'numDigits="1" timeout="6">'
        '<Say language="sv-SE" voice="Polly.Elin-Neural">Välkommen.</Say>'
        '<Say language="sv-SE" voice="Polly.Elin-Neural">Tryck 1.</Say>'
        '</Gather><Redirect method="POST">/twilio/turn/3</Redirect></Response>'
    )


def test_a_number_is_keyed_in_until_the_hash_key() -> None:
    gather, redirect = verbs(twiml.render(rendering(AwaitNumber(8), "Slå ditt nummer.")))

    assert gather.attrib == {
        "action": "/twilio/turn/3",
        "actionOnEmptyResult": "true",
        "finishOnKey": "#",
        "input": "dtmf",
        "method": "POST",
        "timeout": "8",
    }
    assert redirect.text == "/twilio/turn/3"


def test_a_number_of_digits_that_is_known_ends_with_the_last_one() -> None:
    gather, _ = verbs(twiml.render(rendering(AwaitNumber(10, digits=7), "Vilket nummer?")))

    assert (gather.get("numDigits"), gather.get("finishOnKey")) == ("7", "#")


def test_one_specialist_is_rung_from_the_lines_number_and_screened() -> None:
    say, dial = verbs(twiml.render(rendering(ring_one(25), "Vänta.", dial=DIAL)))

    assert say.text == "Vänta."
    assert dial.attrib == {
        "action": "/twilio/turn/3",
        "answerOnBridge": "true",
        "callerId": "+4640349800",
        "method": "POST",
        "ringTone": "se",
        "timeLimit": "7200",
        "timeout": "25",
    }
    (number,) = dial
    assert number.text == "+46701740641"
    assert number.attrib == {
        "url": "/twilio/screen/tok-1",
        "statusCallback": "/twilio/leg/tok-1",
        "statusCallbackEvent": "initiated ringing answered completed",
    }


def test_a_call_ends_after_its_last_words() -> None:
    say, hangup = verbs(twiml.render(rendering(HangUp(), "Hej då.")))

    assert say.text == "Hej då."
    assert hangup.tag == "Hangup"


def test_a_recorded_prompt_is_played_instead_of_spoken() -> None:
    step = twiml.Rendering((Spoken("Välkommen.", play="welcome.wav"),), HangUp(), "sv-SE", "Polly.Astrid", "/t")

    play, _ = verbs(twiml.render(step))

    assert (play.tag, play.text) == ("Play", "/prompts/welcome.wav")


def test_the_number_is_read_back_digit_by_digit() -> None:
    xml = twiml.render(rendering(AwaitKey(), "Du nås på {number}. Stämmer det?", number=CALLER))

    assert said(xml) == f"Du nås på {spoken_digits('0701740605')}. Stämmer det?"


def test_words_about_a_number_without_a_number_are_an_error() -> None:
    with pytest.raises(ValueError, match="need a number"):
        twiml.render(rendering(AwaitKey(), "Du nås på {number}."))


def test_braces_in_words_are_only_words() -> None:
    assert said(twiml.render(rendering(HangUp(), "{x} {0} {}"))) == "{x} {0} {}"


@pytest.mark.parametrize("phone", [PREMIUM, NORWEGIAN], ids=["premium", "foreign"])
def test_numbers_that_may_not_be_rung_are_not(phone: PhoneNumber) -> None:
    dial = twiml.Dial(phone, LINE, "/s", "/l")

    with pytest.raises(ValueError, match="only Swedish") as refused:
        twiml.render(rendering(ring_one(), dial=dial))

    assert phone.e164 not in str(refused.value)


@pytest.mark.parametrize(("wait", "dial"), [(HangUp(), DIAL), (ring_one(), None)], ids=["uncalled for", "missing"])
def test_a_dial_is_given_exactly_when_somebody_is_rung(wait: Wait, dial: twiml.Dial | None) -> None:
    with pytest.raises(ValueError, match="exactly when"):
        twiml.render(rendering(wait, dial=dial))


# --- other documents -------------------------------------------------------------------------------------------------


def test_a_specialist_who_presses_nothing_is_hung_up_on() -> None:
    gather, hangup = verbs(twiml.render_screen(WORDS, SCREEN, "/twilio/accept/tok-1"))

    assert gather.attrib == {
        "action": "/twilio/accept/tok-1",
        "input": "dtmf",
        "method": "POST",
        "numDigits": "1",
        "timeout": "8",
    }
    assert gather[0].text == SCREEN.text
    assert hangup.tag == "Hangup"


def test_an_empty_document_bridges_and_acknowledges() -> None:
    assert verbs(twiml.bridge()) == []
    assert verbs(twiml.acknowledge()) == []


def test_a_leg_is_ended_with_or_without_words() -> None:
    assert [verb.tag for verb in verbs(twiml.hang_up())] == ["Hangup"]
    assert [verb.tag for verb in verbs(twiml.say_and_hang_up(WORDS, "Samtalet", "är borta."))] == [
        "Say",
        "Say",
        "Hangup",
    ]


def test_a_failure_speaks_the_backup_number_and_rings_it() -> None:
    say, dial, over, hangup = verbs(twiml.failure(WORDS, "Stödlinjen", SPECIALIST, LINE))

    assert say.text == f"Stödlinjen når du på {spoken_digits('0701740641')}."
    assert dial.attrib == {
        "answerOnBridge": "true",
        "callerId": "+4640349800",
        "ringTone": "se",
        "timeLimit": "7200",
        "timeout": "60",
    }
    assert [(number.text, number.attrib) for number in dial] == [("+46701740641", {})]
    assert over.text == "Slut."
    assert hangup.tag == "Hangup"


def test_a_failure_with_a_foreign_backup_number_still_speaks() -> None:
    assert [verb.tag for verb in verbs(twiml.failure(WORDS, "Stödlinjen", NORWEGIAN, LINE))] == ["Say", "Hangup"]


# --- words -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given_words", "heard"),
    [
        ("a\x00b\x07c", "a b c"),
        ("rad ett\r\n\trad två", "rad ett rad två"),
        ("sam\xadtal", "samtal"),
        ("\u202eabc\u2028def", "abc def"),
        ("halv \ud800 bokstav \uffff", "halv bokstav"),
        ("<Hangup/> & \"så\" ]]> 'vidare'", "<Hangup/> & \"så\" ]]> 'vidare'"),
        ("<!-- & <!DOCTYPE", "<!-- & <!DOCTYPE"),
    ],
)
def test_what_cannot_be_spoken_is_left_out_and_markup_is_only_words(given_words: str, heard: str) -> None:
    assert said(twiml.render(rendering(HangUp(), given_words))) == heard


@pytest.mark.parametrize("nothing", ["", "   ", "\x00\x01"])
def test_nothing_to_say_is_not_said(nothing: str) -> None:
    assert [verb.tag for verb in verbs(twiml.render(rendering(HangUp(), nothing)))] == ["Hangup"]


@pytest.mark.parametrize(
    "text",
    ["En mening. " * 900, "ord " * 2000, "x" * 7000, "x" * (MOST_SPOKEN - 1), "x" * MOST_SPOKEN, "x. " + "y" * 4000],
    ids=["sentences", "words", "one word", "just fits", "just too long", "sentence then one word"],
)
def test_long_words_are_said_in_parts_and_none_is_lost(text: str) -> None:
    says = [verb.text or "" for verb in verbs(twiml.render(rendering(HangUp(), text))) if verb.tag == "Say"]

    assert all(len(said_text) < MOST_SPOKEN for said_text in says)
    assert "".join(says).replace(" ", "") == text.replace(" ", "")


def test_long_words_are_parted_after_a_sentence() -> None:
    says = [verb.text or "" for verb in verbs(twiml.render(rendering(HangUp(), "Är det så? Ja! " * 400)))]

    assert all(text.endswith(("?", "!")) for text in says if text)


# --- the allow-list --------------------------------------------------------------------------------------------------

NUMBERS = st.from_regex(r"\A\+[1-9][0-9]{6,14}\Z").map(PhoneNumber) | st.just(SPECIALIST)
TEXTS = st.text() | st.text(alphabet="<>&\"'![]{}numberRecordtransci ", max_size=400)
SPOKEN = st.builds(Spoken, TEXTS, st.none() | TEXTS | st.just("welcome.wav"))
PATHS = st.sampled_from(["/twilio/turn/3", "/twilio/turn/3#rc=2&rp=ct,5xx", "/twilio/leg/aB_-9"]) | TEXTS
SECONDS = st.integers(-1, 10_000)
WAITS = st.one_of(
    st.builds(AwaitKey, SECONDS),
    st.builds(AwaitNumber, SECONDS),
    st.builds(RingOne, st.just(StaffId("specialist-1")), SECONDS, SPOKEN),
    st.builds(HangUp),
)
RENDERINGS = st.builds(
    twiml.Rendering,
    spoken=st.lists(SPOKEN, max_size=4).map(tuple),
    wait=WAITS,
    language=st.just("sv-SE") | TEXTS,
    voice=st.just("Polly.Elin-Neural") | TEXTS,
    turn_url=PATHS,
    number=st.none() | NUMBERS,
    dial=st.none() | st.builds(twiml.Dial, NUMBERS, NUMBERS, PATHS, PATHS),
)
USUAL = st.builds(
    rendering,
    st.builds(AwaitKey) | st.builds(AwaitNumber) | st.builds(HangUp),
    TEXTS,
    number=st.just(CALLER),
)
STORING = re.compile("record|transcri|stream|siprec", re.IGNORECASE)


@given(step=RENDERINGS)
def test_no_step_whatever_makes_anything_but_the_listed_verbs(step: twiml.Rendering) -> None:
    try:
        xml = twiml.render(step)
    except ValueError:
        return

    root = ET.fromstring(xml)  # noqa: S314 - our own output
    for element in root.iter():
        assert element.tag in ALLOWED
        assert element.attrib.keys() <= ALLOWED[element.tag].attributes.keys()
        assert not STORING.search(" ".join([element.tag, *element.attrib]))
    assert len(list(root.iter("Number"))) <= 1


@given(step=USUAL)
def test_every_text_can_be_said(step: twiml.Rendering) -> None:
    assert_allowed(twiml.render(step))


def test_the_list_holds_nothing_that_stores_what_is_said() -> None:
    for tag, verb in ALLOWED.items():
        assert not STORING.search(" ".join([tag, *verb.attributes]))
    assert set(ALLOWED) == {"Response", "Say", "Play", "Gather", "Dial", "Number", "Redirect", "Pause", "Hangup"}


# Twilio's words for keeping what is said: verbs, attributes and values, fields of callbacks, lists of the REST client.
KEEPING = re.compile(
    r"""<(Record|Transcription|Stream|Siprec)\b|\brecord\s*=\s*["']|record-from|[Tt]ranscri(be|ption)"""
    r"""|[Rr]ecording_?([Ss]tatus|[Tt]rack|[Cc]hannels|[Ss]id|[Uu]rl)|\.(recordings|transcriptions|start_recording)\b"""
)


def test_nothing_in_the_application_names_such_a_thing(root: Path) -> None:
    files = [file for folder in ("app", "callflows", "schedules") for file in (root / folder).rglob("*")]
    texts = [file for file in files if file.suffix in {".py", ".toml", ".html", ".json", ".js", ".xml", ".mako"}]

    found = [
        f"{file.relative_to(root)}: {line.strip()}"
        for file in texts
        for line in file.read_text().splitlines()
        if KEEPING.search(line)
    ]

    assert len(texts) > 50
    assert found == []


@pytest.mark.parametrize(
    "line",
    ["<Record/>", 'record="record-from-answer"', "recordingStatusCallback", "transcribe", "call.recordings.list()"],
)
def test_such_a_thing_would_be_found(line: str) -> None:
    assert KEEPING.search(line)


def within(inner: str) -> str:
    """A document around ``inner``."""
    return f"<Response>{inner}</Response>"


SAY = '<Say language="sv-SE" voice="Polly.Astrid">Hej</Say>'
DIAL_TO = '<Dial timeout="20" timeLimit="7200" callerId="+4640349800"{more}>{number}</Dial>'
REFUSED = {
    "another root": SAY,
    "not xml": "<Response>",
    "nothing": "",
    "a doctype": "<!DOCTYPE Response>" + within(""),
    "a comment": within("<!-- -->"),
    "an unknown verb": within("<Enqueue>x</Enqueue>"),
    "a verb that stores": within("<Record/>"),
    "a verb that stores, in lower case": within("<record/>"),
    "a verb of another namespace": within('<x:Say xmlns:x="y">Hej</x:Say>'),
    "a response in a response": within(within("")),
    "say in say": within(SAY.replace("Hej", SAY)),
    "dial in gather": within(
        '<Gather input="dtmf" timeout="5" action="/a" method="POST">'
        + DIAL_TO.format(more="", number="<Number>+46701740641</Number>")
        + "</Gather>"
    ),
    "say without a language": within('<Say voice="Polly.Astrid">Hej</Say>'),
    "say without a voice": within('<Say language="sv-SE">Hej</Say>'),
    "say without words": within('<Say language="sv-SE" voice="Polly.Astrid"/>'),
    "say for ever": within('<Say language="sv-SE" voice="Polly.Astrid" loop="0">Hej</Say>'),
    "words that are too long": within(SAY.replace("Hej", "x" * MOST_SPOKEN)),
    "words outside a verb": within(SAY + "Hej"),
    "words in the response": within("Hej"),
    "speech input": within('<Gather input="speech" timeout="5" action="/a" method="POST"/>'),
    "gather without an action": within('<Gather input="dtmf" timeout="5" method="POST"/>'),
    "gather to another host": within('<Gather input="dtmf" timeout="5" action="//evil.example/a" method="POST"/>'),
    "gather with a query": within('<Gather input="dtmf" timeout="5" action="/a?From=1" method="POST"/>'),
    "gather by GET": within('<Gather input="dtmf" timeout="5" action="/a" method="GET"/>'),
    "redirect to another host": within('<Redirect method="POST">https://evil.example/</Redirect>'),
    "play from another host": within("<Play>https://evil.example/a.wav</Play>"),
    "play of a parent folder": within("<Play>/prompts/../secret.wav</Play>"),
    "dial that stores": within(
        DIAL_TO.format(more=' record="record-from-answer"', number="<Number>+46701740641</Number>")
    ),
    "number that stores": within(DIAL_TO.format(more="", number='<Number recordingTrack="both">+46701740641</Number>')),
    "dial of two": within(DIAL_TO.format(more="", number="<Number>+46701740641</Number>" * 2)),
    "dial of nobody": within(DIAL_TO.format(more="", number="")),
    "dial by text": within(DIAL_TO.format(more="", number="+46701740641")),
    "dial abroad": within(DIAL_TO.format(more="", number="<Number>+4722334455</Number>")),
    "dial of a premium number": within(DIAL_TO.format(more="", number="<Number>+46900123456</Number>")),
    "dial of a conference": within(DIAL_TO.format(more="", number="<Conference>x</Conference>")),
    "dial without a caller id": within('<Dial timeout="20" timeLimit="7200"><Number>+46701740641</Number></Dial>'),
    "too much": within(SAY * (MOST_BYTES // len(SAY) + 1)),
}


@pytest.mark.parametrize("xml", REFUSED.values(), ids=REFUSED.keys())
def test_what_is_not_listed_is_refused(xml: str) -> None:
    with pytest.raises(NotAllowed) as refused:
        assert_allowed(xml)

    assert "46701740641" not in str(refused.value)


@pytest.mark.parametrize("inner", ["", SAY, '<Pause length="1"/>', "<Hangup/>", "<Play>/prompts/a.wav</Play>"])
def test_what_is_listed_passes(inner: str) -> None:
    assert_allowed(within(inner))


@given(number=NUMBERS)
def test_the_list_and_the_value_agree_on_what_may_be_rung(number: PhoneNumber) -> None:
    xml = within(DIAL_TO.format(more="", number=f"<Number>{number.e164}</Number>"))

    if number.may_be_rung:
        assert_allowed(xml)
    else:
        with pytest.raises(NotAllowed):
            assert_allowed(xml)
