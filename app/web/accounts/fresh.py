"""Whether somebody has given their password lately: some pages take more than an open browser."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Final

from flask import request, session
from flask_login import current_user
from flask_security.utils import check_and_update_authn_fresh, set_request_attr

from app.web.accounts.forms import AgainForm
from app.web.kept import AGAIN

FRESH: Final = timedelta(minutes=10)
"""So lately; and whoever goes on from there is asked no sooner than so long after their last step."""


def is_fresh() -> bool:
    """Whether whoever is signed in gave their password lately. If so, the time counts from now."""
    set_request_attr("fs_paa", session.get("fs_paa", 0))
    return bool(check_and_update_authn_fresh(FRESH, FRESH))


def is_given(form: AgainForm) -> bool:
    """Whether the password was sent along, and is right: then it counts from now. The form says what is wrong."""
    if AGAIN not in request.form or not form.validate():
        return False
    session["fs_paa"] = time.time()
    return is_fresh()


def form_again() -> AgainForm:
    """A form for the password alone, beside whatever else is sent."""
    return AgainForm(user=current_user, prefix=AGAIN.removesuffix("password"))
