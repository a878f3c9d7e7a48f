"""What the simulator refuses to run."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.simulator.findings import FindingKind, InvalidAnswer
from app.simulator.parse import ATTRIBUTES, MAX_BYTES, Surroundings, parse, parse_screen
from app.simulator.twiml import Dial, Gather, Hangup, Number, Pause, Play, Redirect, Reject, Say

ORIGIN = "http://127.0.0.1:8400"
HERE = Surroundings(f"{ORIGIN}/twilio/turn/1", frozenset({ORIGIN}), ("+46701740605", "+4640349800"))


VALUES = [
    "",
    "0",
    "1",
    "20",
    "-1",
    "true",
    "GET",
    "dtmf",
    "/x",
    "http://[",
    "//",
    "#",
    "busy",
    "completed",
    "+4640349800",
]


@st.composite
def elements(draw: st.DrawFn, depth: int = 2) -> str:
    """An element of our vocabulary, with attributes and contents that may or may not belong there."""
    tag = draw(st.sampled_from(sorted(ATTRIBUTES)))
    names = sorted(set().union(*ATTRIBUTES.values()))
    given_attributes = draw(st.dictionaries(st.sampled_from(names), st.sampled_from(VALUES), max_size=3))
    attributes = "".join(f' {name}="{value}"' for name, value in given_attributes.items())
    inside = draw(st.sampled_from(VALUES))
    if depth:
        inside += "".join(draw(st.lists(elements(depth - 1), max_size=2)))
    return f"<{tag}{attributes}>{inside}</{tag}>"


def body(verbs: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?><Response>{verbs}</Response>'.encode()


def test_twilios_defaults_are_filled_in() -> None:
    document = parse("text/xml", body("<Gather/><Dial>+46701740641</Dial><Pause/><Say>Hej</Say>"), HERE)

    assert document.verbs == (
        Gather(action=HERE.url, timeout_seconds=5, num_digits=None, finish_on_key="#"),
        Dial((Number("+46701740641"),), timeout_seconds=30, time_limit_seconds=14_400),
        Pause(1),
        Say("Hej", loop=1, language="en-US", voice="man"),
    )


def test_every_attribute_is_read() -> None:
    dial = (
        '<Dial action="/a" method="GET" timeout="20" timeLimit="7200" answerOnBridge="true" hangupOnStar="true" '
        'callerId="+4640349800" ringTone="se"><Number url="/s" method="GET" statusCallback="/l" '
        'statusCallbackMethod="GET" statusCallbackEvent="initiated completed">+46701740641</Number></Dial>'
    )
    gather = (
        '<Gather action="/g#rc=2" method="GET" timeout="8" numDigits="1" finishOnKey="" input="dtmf" '
        'actionOnEmptyResult="true"><Say language="sv-SE" voice="Polly.Elin-Neural" loop="2">Hej</Say>'
        '<Play loop="3">/p.wav</Play><Pause length="2"/></Gather>'
    )
    rest = '<Redirect method="GET">next</Redirect><Hangup/><Reject reason="busy"/>'

    document = parse("application/xml; charset=utf-8", body(dial + gather + rest), HERE)

    assert document.verbs == (
        Dial(
            (
                Number(
                    "+46701740641",
                    screen_url=f"{ORIGIN}/s",
                    screen_method="GET",
                    callback_url=f"{ORIGIN}/l",
                    callback_method="GET",
                    callback_events=("initiated", "completed"),
                ),
            ),
            action=f"{ORIGIN}/a",
            method="GET",
            timeout_seconds=20,
            time_limit_seconds=7200,
            answer_on_bridge=True,
            hang_up_on_star=True,
            caller_id="+4640349800",
        ),
        Gather(
            action=f"{ORIGIN}/g#rc=2",
            prompts=(Say("Hej", 2, "sv-SE", "Polly.Elin-Neural"), Play(f"{ORIGIN}/p.wav", 3), Pause(2)),
            method="GET",
            timeout_seconds=8,
            num_digits=1,
            finish_on_key="",
            action_on_empty_result=True,
        ),
        Redirect(f"{ORIGIN}/twilio/turn/next", "GET"),
        Hangup(),
        Reject("busy"),
    )


REFUSED = {
    "a recording": '<Record action="/r"/>',
    "a queue": "<Enqueue>stöd</Enqueue>",
    "leaving a queue": "<Leave/>",
    "a conference": "<Dial><Conference>rum</Conference></Dial>",
    "a SIP address": "<Dial><Sip>sip:x@example.se</Sip></Dial>",
    "a recorded Dial": '<Dial record="record-from-answer">+46701740641</Dial>',
    "a transcription": '<Gather transcribe="true"/>',
    "a stream": '<Start><Stream url="wss://example.se"/></Start>',
    "a message": "<Sms>Hej</Sms>",
    "an unknown verb": "<Sing/>",
    "a verb in lower case": "<say>Hej</say>",
    "an unknown attribute": '<Say pitch="high">Hej</Say>',
    "an attribute in lower case": '<Gather numdigits="1"/>',
    "a Gather in a Gather": "<Gather><Gather/></Gather>",
    "a Hangup in a Gather": "<Gather><Hangup/></Gather>",
    "a Dial in a Gather": "<Gather><Dial>+46701740641</Dial></Gather>",
    "a Number of its own": "<Number>+46701740641</Number>",
    "markup in a Say": "<Say>Hej <break/> du</Say>",
    "words between verbs": "<Say>Hej</Say> hej",
    "words in a Gather": "<Gather>Hej</Gather>",
    "an empty Say": "<Say> </Say>",
    "a Say without end": f"<Say>{'a' * 4096}</Say>",
    "a Play of nothing": "<Play/>",
    "a Redirect to nowhere": "<Redirect/>",
    "a Dial of nobody": "<Dial/>",
    "a Dial of eleven": f"<Dial>{'<Number>+46701740641</Number>' * 11}</Dial>",
    "words beside a Number": "<Dial>+46701740641<Number>+46701740642</Number></Dial>",
    "speech": '<Gather input="speech"/>',
    "a timeout of nothing": '<Gather timeout="0"/>',
    "a timeout of a word": '<Gather timeout="auto"/>',
    "no digits": '<Gather numDigits="0"/>',
    "two finishing keys": '<Gather finishOnKey="12"/>',
    "a short ring": '<Dial timeout="4">+46701740641</Dial>',
    "a long ring": '<Dial timeout="601">+46701740641</Dial>',
    "a talk of a day": '<Dial timeLimit="86400">+46701740641</Dial>',
    "a truth of its own": '<Dial answerOnBridge="yes">+46701740641</Dial>',
    "another method": '<Redirect method="PUT">/x</Redirect>',
    "an unknown event": '<Dial><Number statusCallbackEvent="hung-up">+46701740641</Number></Dial>',
    "a reason of its own": '<Reject reason="tired"/>',
    "loops without number": '<Play loop="many">/p.wav</Play>',
}


@pytest.mark.parametrize("verbs", REFUSED.values(), ids=REFUSED)
def test_what_twilio_would_not_run_or_we_never_use_is_refused(verbs: str) -> None:
    with pytest.raises(InvalidAnswer) as refused:
        parse("text/xml", body(verbs), HERE)

    assert refused.value.kind is FindingKind.INVALID_ANSWER


@pytest.mark.parametrize(
    ("content_type", "answer", "code"),
    [
        ("text/plain", body("<Hangup/>"), 12300),
        ("application/json", b"{}", 12300),
        ("", body("<Hangup/>"), 12300),
        ("text/xml", b"<Response><Say>Hej</Response>", 12100),
        ("text/xml", b"", 12100),
        ("text/xml", b"<Answer/>", 12100),
        ("text/xml", b'<!DOCTYPE Response [<!ENTITY a "b">]><Response/>', 12100),
        ("text/xml", b"<Response/><Response/>", 12100),
        ("text/xml", b"<Response>" + b"<Hangup/>" * 8000 + b"</Response>", 11750),
    ],
)
def test_an_answer_that_is_no_document_is_refused_with_twilios_number(
    content_type: str, answer: bytes, code: int
) -> None:
    with pytest.raises(InvalidAnswer) as refused:
        parse(content_type, answer, HERE)

    assert refused.value.code == code


def test_a_document_of_exactly_the_largest_size_is_run() -> None:
    padding = MAX_BYTES - len(b"<Response><!----></Response>")

    document = parse("text/xml", b"<Response><!--" + b"x" * padding + b"--></Response>", HERE)

    assert document.verbs == ()


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/x",
        "//example.com/x",
        "http://127.0.0.1:8401/x",
        "https://127.0.0.1:8400/x",
        "http://user@127.0.0.1:8400/x",
    ],
)
def test_a_url_that_leads_away_from_us_is_refused(url: str) -> None:
    with pytest.raises(InvalidAnswer) as refused:
        parse("text/xml", body(f"<Redirect>{url}</Redirect>"), HERE)

    assert refused.value.kind is FindingKind.FOREIGN_URL


@pytest.mark.parametrize(
    "verbs",
    [
        "<Redirect>/next?from=%2B46701740605</Redirect>",
        "<Redirect>/0701740605/next</Redirect>",
        '<Gather action="/g?n=0701-740605"/>',
        '<Dial action="/after/46701740641"><Number>+46701740641</Number></Dial>',
        '<Dial><Number url="/screen/0701740641">+46701740641</Number></Dial>',
    ],
)
def test_a_url_with_a_phone_number_in_it_is_refused(verbs: str) -> None:
    with pytest.raises(InvalidAnswer) as refused:
        parse("text/xml", body(verbs), HERE)

    assert refused.value.kind is FindingKind.NUMBER_IN_URL


@pytest.mark.parametrize(
    "url",
    ["/x y", "/x?namn=å", "http://[", "/x#rc=6", "/x#rc=many", "/x#ct=5", "/x#rt=20000", "/x#rp=never", "/x#zz=1"],
)
def test_a_url_that_twilio_could_not_ask_for_or_would_not_know_how_is_refused(url: str) -> None:
    with pytest.raises(InvalidAnswer) as refused:
        parse("text/xml", body(f"<Redirect>{url}</Redirect>"), HERE)

    assert refused.value.code == 11100


@pytest.mark.parametrize(
    "fragment", ["", "#rc=2&rp=ct,rt,5xx&ct=2000&rt=6000&tt=15000&e=dublin,frankfurt&sni=y", "#rp=all"]
)
def test_a_url_may_say_how_it_is_to_be_asked(fragment: str) -> None:
    (redirect,) = parse("text/xml", body(f"<Redirect>/x{fragment.replace('&', '&amp;')}</Redirect>"), HERE).verbs

    assert redirect == Redirect(f"{ORIGIN}/x{fragment}")


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_whatever_the_service_answers_is_run_or_refused(answer: bytes) -> None:
    with suppress(InvalidAnswer):
        parse("text/xml", answer, HERE)


@given(st.lists(elements(), max_size=3))
def test_whatever_is_built_of_known_words_is_run_or_refused(verbs: list[str]) -> None:
    with suppress(InvalidAnswer):
        parse("text/xml", body("".join(verbs)), HERE)


@pytest.mark.parametrize("verbs", ["<Dial>+46701740641</Dial>", "<Redirect>/x</Redirect>", "<Pause/>", "<Reject/>"])
def test_a_leg_that_is_screened_may_only_hear_and_press(verbs: str) -> None:
    with pytest.raises(InvalidAnswer) as refused:
        parse_screen("text/xml", body(verbs), HERE)

    assert refused.value.code == 13201
