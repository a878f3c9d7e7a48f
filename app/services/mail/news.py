"""What there is to tell staff by mail: found here, put into the outbox once, and told to those whom it concerns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select
from sqlalchemy.orm import defer

from app.domain.calls import Outcome
from app.domain.mail import GATHERING, NEWS, READERS, MailKind, gathered_at
from app.domain.permissions import reaches
from app.services.account.accounts import actor_of
from app.services.mail import outbox
from app.services.mail.outbox import News
from app.storage.insert import insert_once
from app.storage.models import Account, AccountRole, Call, ToldCall

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.domain.coverage import Stage, Unmanned
    from app.domain.lines import Line, LineKey, OrganisationKey
    from app.domain.permissions import Actor
    from app.domain.policy import Policy

WITHOUT_SECRETS = (defer(Account.password), defer(Account.tf_totp_secret))
"""How accounts are loaded to be written to: nothing of that is needed, and nothing has to be opened with a data key."""
_UNTAKEN = (Outcome.UNANSWERED, Outcome.FAILED)


def readers(session: Session, policy: Policy, line: Line, kind: MailKind) -> Sequence[Actor]:
    """Who is written to about this line. Disabled accounts aren't."""
    found = readers_in(session, policy, line.organisation, kind)
    return [actor for actor in found if reaches(actor, line.organisation, line.key)]


def readers_in(session: Session, policy: Policy, organisation: OrganisationKey, kind: MailKind) -> Sequence[Actor]:
    """Who is written to in an organisation, whatever lines they reach."""
    members = (
        select(Account)
        .join(AccountRole, AccountRole.account_id == Account.id)
        .where(Account.organisation == organisation, Account.active, AccountRole.role == READERS[kind])
    )
    accounts = session.scalars(members.order_by(Account.id).options(*WITHOUT_SECRETS))
    return [actor_of(account, policy) for account in accounts]


def is_read_by(account: Account, policy: Policy, line: Line, kind: MailKind) -> bool:
    """Whether the account is among ``readers``."""
    actor = actor_of(account, policy)
    return account.active and READERS[kind] in actor.roles and reaches(actor, line.organisation, line.key)


def tell_of_untaken_calls(session: Session, policy: Policy, now: datetime) -> int:
    """Gather, line by line, the calls that nobody took, and put one mail about them in for each of the line's managers.

    There is one mail in a quarter of an hour at most; what ended since then waits for the next. How many mails it made.
    Commits line by line.
    """
    made = 0
    for line in policy.lines.values():
        put = _gather(session, policy, line, now)
        if put:
            session.commit()
        else:
            session.rollback()
        made += put
    return made


def tell_of_gaps(session: Session, policy: Policy, gaps: Iterable[tuple[LineKey, Unmanned]], now: datetime) -> int:
    """Put in a mail about each gap whose stage has come, for each of its line's coordinators; how many it made.

    It is one mail for each stage, however often it is asked. Doesn't commit.
    """
    staged = [(policy.lines[key], gap, gap.stage(now)) for key, gap in gaps]
    return sum(_tell_of_gap(session, policy, line, gap, stage, now) for line, gap, stage in staged if stage)


def forget(session: Session, before: datetime) -> int:
    """Delete the mails that ended before, and what is known of the calls that were told of; how many mails."""
    session.execute(delete(ToldCall).where(ToldCall.told_at < before).execution_options(synchronize_session=False))
    return outbox.forget(session, before)


def _tell_of_gap(session: Session, policy: Policy, line: Line, gap: Unmanned, stage: Stage, now: datetime) -> int:
    news = News(
        kind=MailKind.UNMANNED,
        about=line.key,
        begins=gap.begins,
        ends=gap.ends,
        occasion=f"{gap.begins.isoformat()} {stage}",
        over_at=gap.ends,
    )
    told = readers(session, policy, line, MailKind.UNMANNED)
    return sum(outbox.put(session, news, reader, now) for reader in told)


def _gather(session: Session, policy: Policy, line: Line, now: datetime) -> int:
    """How many mails; 0, and nothing that may stay written, when it isn't time or another process was first."""
    last = outbox.last_put(session, MailKind.UNTAKEN, line.key)
    if last is not None and now - GATHERING < last <= now:
        return 0
    calls = _untold(session, line, now)
    told = readers(session, policy, line, MailKind.UNTAKEN) if calls else ()
    if not told:
        return 0
    ends = [ended_at for _, ended_at in calls]
    news = News(
        kind=MailKind.UNTAKEN,
        about=line.key,
        begins=min(ends),
        ends=max(ends),
        occasion=gathered_at(now).isoformat(),
        number=len(calls),
    )
    # The mails first: their key is what two processes meet at.
    is_first = all(outbox.put(session, news, reader, now) for reader in told) and all(
        insert_once(session, ToldCall, call_id=call_id, told_at=now) for call_id, _ in calls
    )
    return len(told) if is_first else 0


def _untold(session: Session, line: Line, now: datetime) -> Sequence[tuple[int, datetime]]:
    """The calls of the last day that are over, that nobody took, and that no mail counts yet; each with its end."""
    untold = (
        select(Call.id, Call.ended_at)
        .outerjoin(ToldCall, ToldCall.call_id == Call.id)
        .where(Call.line == line.key, Call.started_at > now - NEWS, Call.ended_at <= now)
        .where(Call.outcome.in_(_UNTAKEN), ToldCall.call_id.is_(None))
    )
    return [(key, ended_at) for key, ended_at in session.execute(untold.order_by(Call.id)) if ended_at]
