"""The signature, against vectors that Twilio's own package was checked with."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from app.simulator.sign import signature

TOKEN = "12345"
U = "https://mycompany.com/myapp.php?foo=1&bar=2"
P = [
    ("CallSid", "CA1234567890ABCDE"),
    ("Digits", "1234"),
    ("From", "+14158675309"),
    ("To", "+18005551212"),
    ("Caller", "+14158675309"),
]
REPEATED = [("Sid", "CA123"), ("SidAccount", "AC123"), ("Digits", "5678"), ("Digits", "1234"), ("Digits", "1234")]
OTHER = [(name, "+14158675310" if name in {"From", "Caller"} else value) for name, value in P]
HASHED = f"{U}&bodySHA256=0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620"

VECTORS = [
    ("a form", U, P, "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
    ("https with its port", U.replace(".com/", ".com:443/"), P, "kvajT1Ptam85bY51eRf/AJRuM3w="),
    (
        "http with its port",
        U.replace("https", "http").replace(".com/", ".com:80/"),
        P,
        "0ZXoZLH/DfblKGATFgpif+LLRf4=",
    ),
    ("another port", U.replace("https", "http").replace(".com/", ".com:1234/"), P, "Zmvh+3yNM1Phv2jhDCwEM3q5ebU="),
    ("a repeated field", U, REPEATED, "IK+Dwps556ElfBT0I3Rgjkr1wJU="),
    ("a hash of the body in the URL", HASHED, [], "a9nBmqA0ju/hNViExpshrM61xv4="),
    ("another host", "https://example.com/myapp.php?foo=1&bar=2", OTHER, "L/OH5YylLD5NRKLltdqwSvS0BnU="),
    ("a GET", U, [], "zYQTYrRWXE7LtzbG4PfP7/bkkGo="),
    (
        "an escaped URL and Swedish letters",
        "https://ex.se/v?namn=%C3%A5",
        [("Body", "åäö"), ("A", "")],
        "osQzwtCeFDexZnppBWtW4BJ+W3I=",
    ),
]


@pytest.mark.parametrize(("url", "fields", "expected"), [v[1:] for v in VECTORS], ids=[v[0] for v in VECTORS])
def test_a_request_is_signed_as_twilio_signs_it(url: str, fields: list[tuple[str, str]], expected: str) -> None:
    assert signature(TOKEN, url, fields) == expected


def test_a_shared_key_signs_with_sha256() -> None:
    assert signature(TOKEN, U, P, algorithm="sha256") == "033hgUJA9M/hXIZsYjwkerEP/DBm35nEri5FhCYjA5s="


@given(st.dictionaries(st.text(min_size=1), st.text()), st.text("abcdef/", max_size=20))
def test_twilios_own_package_believes_every_signature_of_ours(fields: dict[str, str], path: str) -> None:
    url = f"https://example.se/{path}"

    signed = signature(TOKEN, url, fields.items())

    assert RequestValidator(TOKEN).validate(url, fields, signed)
