"""What the status callback of a rung phone hears."""

from __future__ import annotations

from email.utils import parsedate_to_datetime

import pytest

from app.simulator.caller import CallerScript, Moment
from app.simulator.phones import PhoneBehaviour, Reaction
from tests.simulator.playing import GOODBYE, SCREEN, play
from tests.support.scripted import ANNA, LINE

ALL = "initiated ringing answered completed"


def dial(events: str | None) -> str:
    subscribed = "" if events is None else f'statusCallbackEvent="{events}"'
    number = f'<Number url="/screen" statusCallback="/leg" {subscribed}>{ANNA}</Number>'
    return f'<Dial action="/after" callerId="{LINE}">{number}</Dial>'


def answers(events: str | None) -> dict[str, str]:
    return {"/voice": dial(events), "/screen": SCREEN, "/accept": "", "/after": GOODBYE}


def test_all_events_of_a_conversation_arrive_in_order_and_numbered() -> None:
    played = play(answers(ALL))

    told = played.to("/leg")
    assert [one["CallStatus"] for one in told] == ["initiated", "ringing", "in-progress", "completed"]
    assert [one["SequenceNumber"] for one in told] == ["0", "1", "2", "3"]
    assert {one["CallbackSource"] for one in told} == {"call-progress-events"}
    assert {one["CallSid"] for one in told} == {played.transcript.legs[0].sid}
    assert {one["ParentCallSid"] for one in told} == {played.transcript.call_sid}
    assert told[-1]["CallDuration"] == "63"
    assert "CallDuration" not in told[0].form


def test_a_callback_is_dated_as_mail_is_and_in_utc() -> None:
    (told,) = play(answers("initiated")).to("/leg")

    assert parsedate_to_datetime(told.form["Timestamp"]).utcoffset() is not None
    assert told.form["Timestamp"].endswith("+0000")


def test_only_the_events_that_were_asked_for_are_told() -> None:
    told = play(answers("ringing completed")).to("/leg")

    assert [(one["CallStatus"], one["SequenceNumber"]) for one in told] == [("ringing", "0"), ("completed", "1")]


def test_the_end_alone_is_told_when_nothing_was_asked_for() -> None:
    assert [one["CallStatus"] for one in play(answers(None)).to("/leg")] == ["completed"]


@pytest.mark.parametrize(
    ("reaction", "statuses"),
    [
        (Reaction.BUSY, ["initiated", "busy"]),
        (Reaction.FAILED, ["initiated", "failed"]),
        (Reaction.NO_ANSWER, ["initiated", "ringing", "no-answer"]),
        (Reaction.SILENT, ["initiated", "ringing", "in-progress", "completed"]),
    ],
)
def test_the_last_callback_says_how_the_leg_ended(reaction: Reaction, statuses: list[str]) -> None:
    told = play(answers(ALL), other_phones=PhoneBehaviour(reaction)).to("/leg")

    assert [one["CallStatus"] for one in told] == statuses
    assert "CallDuration" in told[-1].form


def test_a_leg_that_the_caller_gave_up_is_cancelled() -> None:
    told = play(answers(ALL), caller_script=CallerScript(hangs_up=Moment.RINGING)).to("/leg")

    assert told[-1]["CallStatus"] == "canceled"


def test_callbacks_are_told_when_they_happen_and_before_the_next_document() -> None:
    paths = play(answers(ALL)).paths

    assert paths == ["/voice", "/leg", "/leg", "/leg", "/screen", "/accept", "/leg", "/after", "/status"]
