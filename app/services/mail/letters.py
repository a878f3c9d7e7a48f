"""Mail on its way out: each due mail is written and handed in, and marked only once the mail server has it."""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never

from app.domain.calendar_periods import kind_of
from app.domain.errors import Unavailable
from app.domain.lines import LineKey
from app.domain.mail import MailKind, MailState, message_id
from app.domain.trends import period_between
from app.mail import words
from app.mail.post import Envelope, NotNow, Refused
from app.services.mail import outbox
from app.services.mail.news import WITHOUT_SECRETS, is_read_by
from app.storage.models import Account

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime, tzinfo

    from sqlalchemy.orm import Session

    from app.domain.policy import Policy
    from app.mail import post
    from app.mail.words import Letter
    from app.storage.models import OutgoingMail

_log = logging.getLogger(__name__)
_MOST = 200
"""In one go; the others come with the next."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What letters are written with, and where they are handed in."""

    policy: Policy
    post: post.Post
    public_url: str
    """The origin of the desk."""
    clock: Callable[[], datetime]
    """Read for each mail: a slow mail server may take minutes over many."""


def send_due(session: Session, desk: Desk) -> Counter[MailState]:
    """Send what is due; how many mails came to which state, ``WAITING`` being those that were put off.

    Commits before and after each mail, so that a break in the middle loses nothing. Raises ``Unavailable`` when the
    mail server takes none; what was due then waits for its next try.
    """
    gave_up = outbox.give_up_old(session, desk.clock())
    waiting = outbox.due(session, desk.clock(), _MOST)
    session.commit()
    _say_given_up(gave_up)
    done = Counter(MailState.GIVEN_UP for _ in gave_up)
    if not waiting:
        return done
    try:
        with desk.post.open() as counter:
            for mail_id in waiting:
                if state := _send(session, desk, counter, mail_id):
                    done[state] += 1
    except Unavailable as error:
        _put_off_all(session, waiting, desk.clock(), str(error))
        raise
    return done


def _send(session: Session, desk: Desk, counter: post.Counter, mail_id: int) -> MailState | None:
    """The state that the mail came to; ``None`` when another process has it."""
    mail = outbox.begin_try(session, mail_id, desk.clock())
    written = _written(session, desk, mail) if mail else None
    if mail and not written:
        outbox.end(session, mail_id, MailState.WITHDRAWN, desk.clock())
    # Before anything is sent: nobody waits for a lock while we wait for the network.
    session.commit()
    if not mail or not written:
        return MailState.WITHDRAWN if mail else None
    try:
        state, why = _handed_in(counter, *written)
    except Unavailable as error:
        outbox.put_off(session, mail, desk.clock(), str(error))
        session.commit()
        raise
    if state is MailState.WAITING:
        outbox.put_off(session, mail, desk.clock(), why)
    else:
        outbox.end(session, mail_id, state, desk.clock(), why)
    session.commit()
    if state is MailState.GIVEN_UP:
        _say_given_up([mail_id])
    return state


def _handed_in(counter: post.Counter, letter: Letter, envelope: Envelope) -> tuple[MailState, str]:
    """What the mail server makes of the mail, and why."""
    try:
        counter.hand_in(letter, envelope)
    except Refused as error:
        return MailState.GIVEN_UP, str(error)
    except NotNow as error:
        return MailState.WAITING, str(error)
    return MailState.SENT, ""


def _put_off_all(session: Session, waiting: Sequence[int], now: datetime, why: str) -> None:
    """What was tried already isn't due any more, and stays as it is."""
    for mail_id in waiting:
        mail = outbox.begin_try(session, mail_id, now)
        if mail:
            outbox.put_off(session, mail, now, why)
    session.commit()


def _written(session: Session, desk: Desk, mail: OutgoingMail) -> tuple[Letter, Envelope] | None:
    """The mail in words; ``None`` when its reader reads such mail no more, or its line is gone."""
    account = session.get_one(Account, mail.account_id, options=WITHOUT_SECRETS)
    line = desk.policy.lines.get(LineKey(mail.about))
    if line is None or not is_read_by(account, desk.policy, line, mail.kind):
        return None
    now, host, zone = desk.clock(), desk.post.server.our_host, desk.policy.schedules[line.key].hours.zone
    told = words.Told(
        reader=account.alias,
        line=line.name,
        number=mail.number or 0,
        overdue=mail.overdue or 0,
        begins=mail.begins,
        ends=mail.ends,
        now=now,
        zone=zone,
        desk=f"{desk.public_url}{_place(mail, line.key, zone)}",
    )
    return words.letter(mail.kind, told), Envelope(account.email, message_id(mail.key, host), now)


def _place(mail: OutgoingMail, line: LineKey, zone: tzinfo) -> str:
    """Where something is done about it. Paths, not places of a page: those don't outlast signing in."""
    match mail.kind:
        case MailKind.UNTAKEN:
            return "/today/calls"
        case MailKind.UNMANNED:
            return f"/today/lines/{line}"
        case MailKind.FOLLOW_UPS:
            return "/today/follow-ups"
        case MailKind.ABSENT_FOLLOW_UPS:
            return "/today/absent"
        case MailKind.REPORT:
            period = period_between(mail.begins, mail.ends, zone)
            return f"/reports/{kind_of(period)}/{period.first}"
    assert_never(mail.kind)


def _say_given_up(mails: Sequence[int]) -> None:
    if mails:
        _log.error("given up for good: mail %s", ", ".join(map(str, mails)))
