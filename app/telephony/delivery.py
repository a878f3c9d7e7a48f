"""Where Twilio asks for what comes next, and how it is to deliver it."""

from __future__ import annotations

# In the fragment, which neither travels nor is signed
# (https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides). Without it an answer that gets lost on its
# way ends the call; every answer of ours is the same when it is asked for again.
# Webhooks leave Twilio in the European Union: they carry callers' numbers.
_EGRESS = "&e=dublin,frankfurt"
DELIVERY = f"#rc=2&rp=ct,rt,5xx&ct=2000&rt=6000{_EGRESS}"
CALLBACK_DELIVERY = f"#rc=5&rp=all&tt=15000{_EGRESS}"


def fetched_path(turn: int) -> str:
    """Where a caller is led from hold because somebody is free."""
    return f"/twilio/fetched/{turn}{DELIVERY}"


def turn_path(turn: int) -> str:
    """Where the next event of a call is told: the path on our own host."""
    return f"/twilio/turn/{turn}{DELIVERY}"
