"""Webhooks are believed only when our account at Twilio signed them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import Headers, MultiDict

from app.telephony.signature import SignatureCheck

if TYPE_CHECKING:
    from collections.abc import Mapping

TOKEN = "12345"
ACCOUNT = "AC" + "0" * 32
ORIGIN = "https://mycompany.com"
TARGET = "/myapp.php?foo=1&bar=2"
CALL = MultiDict(
    {
        "CallSid": "CA1234567890ABCDE",
        "Digits": "1234",
        "From": "+14158675309",
        "To": "+18005551212",
        "Caller": "+14158675309",
    }
)
OTHER_CALLER = MultiDict({**CALL.to_dict(), "From": "+14158675310", "Caller": "+14158675310"})
REPEATED = MultiDict([("Sid", "CA123"), ("SidAccount", "AC123"), *(("Digits", d) for d in ("5678", "1234", "1234"))])
SWEDISH = MultiDict({"Body": "åäö", "A": ""})
BODY_HASH = "&bodySHA256=0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620"

VECTORS = [
    pytest.param(ORIGIN, TARGET, CALL, "RSOYDt4T1cUTdK1PDd93/VVr8B8=", id="post"),
    pytest.param("https://mycompany.com:443", TARGET, CALL, "kvajT1Ptam85bY51eRf/AJRuM3w=", id="port 443"),
    pytest.param(ORIGIN, TARGET, CALL, "kvajT1Ptam85bY51eRf/AJRuM3w=", id="port 443 signed, none configured"),
    pytest.param("http://mycompany.com:80", TARGET, CALL, "0ZXoZLH/DfblKGATFgpif+LLRf4=", id="port 80"),
    pytest.param("http://mycompany.com:1234", TARGET, CALL, "Zmvh+3yNM1Phv2jhDCwEM3q5ebU=", id="port 1234"),
    pytest.param(ORIGIN, TARGET, REPEATED, "IK+Dwps556ElfBT0I3Rgjkr1wJU=", id="repeated fields"),
    pytest.param(ORIGIN, TARGET + BODY_HASH, MultiDict(), "a9nBmqA0ju/hNViExpshrM61xv4=", id="hash of a body"),
    pytest.param("https://example.com", TARGET, OTHER_CALLER, "L/OH5YylLD5NRKLltdqwSvS0BnU=", id="another host"),
    pytest.param(ORIGIN, TARGET, MultiDict(), "zYQTYrRWXE7LtzbG4PfP7/bkkGo=", id="no fields"),
    pytest.param("https://ex.se", "/v?namn=%C3%A5", SWEDISH, "osQzwtCeFDexZnppBWtW4BJ+W3I=", id="percent-encoded"),
    pytest.param(ORIGIN, TARGET + "#rc=2&rp=all", CALL, "RSOYDt4T1cUTdK1PDd93/VVr8B8=", id="fragment"),
    pytest.param(ORIGIN + "/", TARGET, CALL, "RSOYDt4T1cUTdK1PDd93/VVr8B8=", id="slash after the origin"),
]


def signed(
    form: MultiDict[str, str], target: str = "/twilio/voice", token: str = TOKEN, origin: str = ORIGIN
) -> dict[str, str]:
    """The headers of a request that ``token`` signed."""
    return {"X-Twilio-Signature": RequestValidator(token).compute_signature(origin + target, form)}


def form_of(account: str = ACCOUNT, **fields: str) -> MultiDict[str, str]:
    """A webhook's form."""
    return MultiDict({"AccountSid": account, "CallSid": "CA" + "1" * 32, **fields})


@pytest.fixture
def check() -> SignatureCheck:
    """The check as a service in the middle of a change of tokens has it."""
    return SignatureCheck((TOKEN, "next-token"), ACCOUNT, ORIGIN)


@pytest.mark.parametrize(("origin", "target", "form", "signature"), VECTORS)
def test_the_published_signatures_are_recognised(
    origin: str, target: str, form: MultiDict[str, str], signature: str
) -> None:
    check = SignatureCheck((TOKEN,), ACCOUNT, origin)

    assert check.is_signed(target, form, {"X-Twilio-Signature": signature})


@pytest.mark.parametrize(("origin", "target", "form", "signature"), VECTORS)
def test_a_signature_over_anything_else_is_refused(
    origin: str, target: str, form: MultiDict[str, str], signature: str
) -> None:
    check = SignatureCheck((TOKEN,), ACCOUNT, origin)

    changed = MultiDict([*form.items(multi=True), ("Extra", "1")])

    assert not check.is_signed(target, changed, {"X-Twilio-Signature": signature})
    assert not check.is_signed("/elsewhere" + target, form, {"X-Twilio-Signature": signature})
    assert not check.is_signed(target, form, {"X-Twilio-Signature": signature.swapcase()})


def test_the_strong_signature_of_a_shared_key_is_refused_because_we_hold_none() -> None:
    check = SignatureCheck((TOKEN,), ACCOUNT, ORIGIN)
    signature = "033hgUJA9M/hXIZsYjwkerEP/DBm35nEri5FhCYjA5s="

    with_settings = {
        "X-Twilio-Signature": signature,
        "X-Twilio-Webhooks-Signature-Settings": "key=webhooks_sharedkey_1,algorithm=HMAC_SHA256",
    }

    assert RequestValidator(TOKEN).validate(ORIGIN + TARGET, CALL, signature, "HMAC_SHA256")
    assert not check.is_signed(TARGET, CALL, with_settings)
    assert not check.is_signed(TARGET, CALL, {"X-Twilio-Signature": signature})


@pytest.mark.parametrize("settings", ["", "algorithm=HMAC_SHA1", "key=webhooks_sharedkey_1"])
def test_a_settings_header_that_names_the_usual_algorithm_changes_nothing(check: SignatureCheck, settings: str) -> None:
    headers = {**signed(form_of()), "X-Twilio-Webhooks-Signature-Settings": settings}

    assert check.accepts("/twilio/voice", form_of(), headers)


@pytest.mark.parametrize("token", [TOKEN, "next-token"])
def test_both_tokens_are_accepted_while_they_are_changed(check: SignatureCheck, token: str) -> None:
    assert check.accepts("/twilio/voice", form_of(), Headers(signed(form_of(), token=token)))


def test_unknown_and_empty_fields_take_part_in_the_signature(check: SignatureCheck) -> None:
    form = form_of(FromCity="", XSim="anything")

    assert check.accepts("/twilio/voice", form, signed(form))
    assert not check.accepts("/twilio/voice", form_of(XSim="anything"), signed(form_of()))


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Twilio-Signature": ""},
        {"X-Twilio-Signature": "garbage"},
        {"X-Twilio-Signature": "ÅÄÖ" * 50},
        {"X-Twilio-Signature": "=" * 28},
        {"X-Twilio-Signature": ", ".join(signed(form_of()).values()) + ", x"},
    ],
    ids=["none", "empty", "garbage", "not ascii", "right length", "given twice"],
)
def test_a_missing_or_odd_signature_is_refused(check: SignatureCheck, headers: Mapping[str, str]) -> None:
    assert not check.accepts("/twilio/voice", form_of(), headers)


def test_a_token_that_is_no_longer_ours_is_refused(check: SignatureCheck) -> None:
    assert not check.accepts("/twilio/voice", form_of(), signed(form_of(), token="retired"))


@pytest.mark.parametrize("tokens", [(), ("",), ("", "")])
def test_without_a_token_everything_is_refused(tokens: tuple[str, ...]) -> None:
    check = SignatureCheck(tokens, ACCOUNT, ORIGIN)

    assert not check.accepts("/twilio/voice", form_of(), signed(form_of(), token=""))


@pytest.mark.parametrize(
    "form",
    [
        form_of(account="AC" + "9" * 32),
        form_of(account=""),
        MultiDict({"CallSid": "CA" + "1" * 32}),
        MultiDict([("AccountSid", ACCOUNT), ("AccountSid", ACCOUNT)]),
        MultiDict([("AccountSid", ACCOUNT), ("AccountSid", "AC" + "9" * 32)]),
    ],
    ids=["another", "empty", "none", "twice the same", "two"],
)
def test_a_signed_request_of_another_account_is_refused(check: SignatureCheck, form: MultiDict[str, str]) -> None:
    assert check.is_signed("/twilio/voice", form, signed(form))
    assert not check.accepts("/twilio/voice", form, signed(form))


def test_without_an_account_of_our_own_everything_is_refused() -> None:
    form = form_of(account="")

    assert not SignatureCheck((TOKEN,), "", ORIGIN).accepts("/twilio/voice", form, signed(form))


@pytest.mark.parametrize("target", ["", "twilio/voice", "https://mycompany.com/twilio/voice", ":8400/twilio/voice"])
def test_a_target_that_is_not_a_path_is_refused(check: SignatureCheck, target: str) -> None:
    assert not check.accepts(target, form_of(), signed(form_of(), target=target))


def test_a_request_that_breaks_the_check_is_refused(check: SignatureCheck, caplog: pytest.LogCaptureFixture) -> None:
    broken = form_of(Digits="\ud800")  # half a character: it can't be encoded, so it can't be signed

    assert not check.accepts("/twilio/voice", broken, {"X-Twilio-Signature": "x"})
    assert "UnicodeEncodeError" in caplog.text
    assert ACCOUNT not in caplog.text


@given(target=st.text(), name=st.text(), value=st.text(), signature=st.text())
def test_whatever_a_stranger_sends_is_refused_and_nothing_raises(
    target: str, name: str, value: str, signature: str
) -> None:
    form = MultiDict([("AccountSid", ACCOUNT), (name, value)])

    check = SignatureCheck((TOKEN,), ACCOUNT, ORIGIN)

    assert not check.accepts("/" + target, form, {"X-Twilio-Signature": signature})


def test_the_port_of_our_own_origin_takes_part() -> None:
    check = SignatureCheck((TOKEN,), ACCOUNT, "http://127.0.0.1:8400")
    form = form_of()

    assert check.accepts("/twilio/voice", form, signed(form, origin="http://127.0.0.1:8400"))
    assert not check.accepts("/twilio/voice", form, signed(form, origin="http://127.0.0.1:8401"))
