"""Each thing that must never be is counted, and nothing else is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.domain.calls import CallStatus
from app.simulator.drill.figures import Drilled, Latencies, Losses, Overflow, Recorded, Verdict
from app.simulator.drill.verdict import judge
from app.simulator.findings import Finding, FindingKind
from app.simulator.ledger import Exchange, Ledger, RequestKind
from app.simulator.transcript import ChildLeg, Ending, Transcript

ORIGIN = "http://127.0.0.1:8400"
SID = "CA" + "1" * 32
ANNA, BO, BACKUP = "+46701740641", "+46701740642", "+46701740605"
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ARRIVAL = Exchange(
    SID, RequestKind.TWIML, "POST", f"{ORIGIN}/twilio/voice", (), "one", NOON.isoformat(), 200, "text/xml", "", 0.01
)
END = replace(
    ARRIVAL,
    kind=RequestKind.CALLBACK,
    url=f"{ORIGIN}/twilio/status",
    fields=(("CallSid", SID), ("CallStatus", "completed")),
    seconds=0.03,
)
LEG = ChildLeg("CA" + "2" * 32, ANNA, "+4640349800", CallStatus.COMPLETED, 60, joined=True)
TALKED = Transcript(
    SID, "+4640349800", "anonymous", NOON, NOON, CallStatus.COMPLETED, Ending.TALKED, 60, (), (LEG,), ()
)
RECORDED = Recorded(SID, consultations=1, is_answered=True, is_open=False, rang=(ANNA,), owner="skane")
DRILLED = Drilled(
    phones={ANNA: "skane", BO: "nationell"}, lines={"+4640349800": "skane"}, backup_numbers=frozenset({BACKUP})
)


def judged(
    *exchanges: Exchange,
    transcript: Transcript = TALKED,
    recorded: tuple[Recorded, ...] = (RECORDED,),
    before: tuple[Recorded, ...] = (RECORDED,),
    finding: FindingKind | None = None,
    complaints: tuple[str, ...] = (),
) -> Verdict:
    ledger = Ledger()
    for exchange in exchanges or (ARRIVAL, END):
        ledger.add(exchange)
    if finding:
        ledger.object_to(SID, Finding(finding, "something"))
    return judge(
        ledger,
        [transcript],
        recorded,
        before=before,
        origin=ORIGIN,
        drilled=DRILLED,
        complaints=complaints,
    )


def test_of_a_call_that_is_recorded_as_it_was_nothing_is_lost() -> None:
    verdict = judged()

    assert not verdict.losses
    assert (verdict.calls, verdict.rows, verdict.requests, verdict.acked) == (1, 1, 2, 2)
    assert verdict.latencies == Latencies(p50=10.0, p95=30.0, p99=30.0, max=30.0)
    assert verdict.endings == {"talked": 1}


LOST = {
    "no row": (judged(recorded=()), Losses(missing=1, unexpected_outbound=1, wrongly_answered=1)),
    "no record": (judged(recorded=(replace(RECORDED, consultations=0),)), Losses(missing=1)),
    "two rows": (judged(recorded=(RECORDED, RECORDED)), Losses(doubled=1)),
    "two records": (judged(recorded=(replace(RECORDED, consultations=2),)), Losses(doubled=1)),
    "an attempt more": (judged(recorded=(replace(RECORDED, rang=(ANNA, ANNA)),)), Losses(doubled=1)),
    "an attempt less": (judged(recorded=(replace(RECORDED, rang=()),)), Losses(unexpected_outbound=1)),
    "without a word": (judged(transcript=replace(TALKED, ending=Ending.SILENT)), Losses(silent=1)),
    "not answered": (judged(recorded=(replace(RECORDED, is_answered=False),)), Losses(wrongly_answered=1)),
    "left open": (judged(recorded=(replace(RECORDED, is_open=True),)), Losses(still_open=1)),
    "acknowledged and gone": (judged(before=()), Losses(forgotten=1)),
    "its end not heard": (judged(before=(replace(RECORDED, is_open=True),)), Losses(forgotten=1)),
    "an error": (judged(replace(ARRIVAL, status=500, trouble="5xx"), END), Losses(server_errors=1)),
    "rung in a call": (
        judged(finding=FindingKind.RUNG_WHILE_IN_A_CALL),
        Losses(rung_while_in_a_call=1, objections=1),
    ),
    "rung in vain": (
        judged(finding=FindingKind.DIALLED_AFTER_HANG_UP),
        Losses(unexpected_outbound=1, objections=1),
    ),
    "another's record": (judged(recorded=(replace(RECORDED, owner="nationell"),)), Losses(wrongly_owned=1)),
    "a word in the log": (judged(complaints=("ERROR",)), Losses(complaints=1)),
}


@pytest.mark.parametrize("lost", LOST)
def test_what_must_never_be_is_counted(lost: str) -> None:
    verdict, losses = LOST[lost]

    assert verdict.losses == losses
    assert losses


def test_a_call_that_another_lines_staff_answered_belongs_to_them() -> None:
    heard = replace(TALKED, legs=(replace(LEG, joined=False), replace(LEG, phone=BO)))
    recorded = replace(RECORDED, rang=(ANNA, BO), overflowed=frozenset({BO}), owner="nationell")

    verdict = judged(transcript=heard, recorded=(recorded,), before=(recorded,))
    kept = judged(transcript=heard, recorded=(replace(recorded, owner="skane"),), before=(recorded,))

    assert not verdict.losses
    assert verdict.overflow == Overflow(rung=1, answered=1, records={"nationell": 1})
    assert kept.losses == Losses(wrongly_owned=1)


def test_nobody_can_know_of_a_call_whose_every_word_on_its_end_was_lost_that_the_two_were_not_joined() -> None:
    lost = replace(ARRIVAL, fields=(("DialCallSid", LEG.sid), ("DialBridged", "false")), status=0, trouble="ct")
    told = replace(lost, status=200, trouble=None)
    alone = replace(TALKED, ending=Ending.HUNG_UP, legs=(replace(LEG, joined=False),))

    untold = judged(ARRIVAL, lost, lost, END, transcript=alone)
    ignored = judged(ARRIVAL, lost, told, END, transcript=alone)

    assert (untold.untold, untold.losses) == (1, Losses())
    assert (ignored.untold, ignored.losses) == (0, Losses(wrongly_answered=1))


def test_a_call_that_never_reached_the_service_is_only_missing_when_it_stays_so() -> None:
    lost, fallback = replace(ARRIVAL, status=0, trouble="ct"), replace(ARRIVAL, url="http://127.0.0.1:9/fallback")
    heard = replace(TALKED, legs=(replace(LEG, phone=BACKUP),))
    reconstructed = replace(RECORDED, is_answered=False, rang=(), owner="skane")

    verdict = judged(lost, fallback, transcript=heard, recorded=(reconstructed,), before=())

    assert not verdict.losses
    assert (verdict.rows, verdict.requests) == (1, 0)
    assert verdict.latencies.max == 0.0
