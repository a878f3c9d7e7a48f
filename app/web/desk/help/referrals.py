"""The list of referrals, and what to do when somebody may be in danger: as pages, and as a panel beside a record."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import render_template, request

from app.domain.permissions import Permission, allowed
from app.storage.base import db
from app.storage.engine import begin_read_only
from app.web.desk.access import actor, needs
from app.web.desk.blueprint import desk
from app.web.desk.help import referral_shown as shown


@desk.get("/referrals")
@needs(Permission.READ_REFERRALS)
def referrals() -> str:
    """Services and numbers, and a municipality's social services, where one is asked for."""
    return _list("desk/referrals.html", request.args.get("municipality", ""))


@desk.get("/referrals/panel")
@needs(Permission.READ_REFERRALS)
def referral_panel() -> str:
    """The same, and the guidance, as a part of an open page; which municipality is chosen there, nobody learns."""
    return _list("desk/referral_panel.html", "")


@desk.get("/referrals/danger")
@needs(Permission.READ_REFERRALS)
def danger() -> str:
    """What to ask and to say when somebody may be in danger."""
    begin_read_only(db.session())
    listed, retired = shown.entries(datetime.now(UTC))
    return render_template(
        "desk/danger.html",
        urgent=shown.urgent([*listed, *retired]),
    )


def _list(template: str, code: str) -> str:
    now = datetime.now(UTC)
    begin_read_only(db.session())
    listed, retired = shown.entries(now)
    may_edit = allowed(actor(), Permission.EDIT_REFERRALS)
    return render_template(
        template,
        entries=listed,
        retired=retired if may_edit else (),
        urgent=shown.urgent([*listed, *retired]),
        finder=shown.finder(code, now),
        may_edit=may_edit,
        undo=next((one for one in retired if may_edit and one.key == request.args.get("undo")), None),
    )
