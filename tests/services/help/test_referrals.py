"""The list of referrals: shipped words, an organisation's own over them, and who was quicker."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from app.domain.errors import NotFound
from app.domain.lines import LineKey, OrganisationKey
from app.domain.permissions import AccountId, Actor, Role
from app.domain.referrals import Referral, ReferralKey, Words
from app.services.help import referrals
from app.services.help.referrals import Stale, Typed
from app.storage.models import Account, AuditEntry

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.domain.policy import Policy

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)
DAY = date(2026, 11, 20)
OWN = Typed(Words("Övningsjouren", "070-174 06 40", "Vardagar", "Alla", ""), 5, None)


def coordinator(name: str, organisation: str = "skane") -> Actor:
    line = frozenset({LineKey(organisation)})
    return Actor(AccountId(name), None, OrganisationKey(organisation), line, frozenset({Role.COORDINATOR}))


ALFA, BETA, ELSEWHERE = coordinator("alfa"), coordinator("beta"), coordinator("gamma", "nationell")


@pytest.fixture(autouse=True)
def accounts(session: Session) -> None:
    for number, alias in enumerate(("alfa", "beta")):
        account = Account(id=alias, email=f"{alias}@skane.example", alias=alias.capitalize(), organisation="skane")
        account.created_at, account.password, account.active = NOW, "none", True
        account.fs_uniquifier = account.fs_webauthn_user_handle = str(number)
        session.add(account)
    session.flush()


def entry(session: Session, policy: Policy, key: str, who: Actor = ALFA, language: str = "sv") -> Referral:
    return referrals.entry(session, policy.referrals, who, key, language)


def typed(of: Referral, **words: str) -> Typed:
    """A form as it shows an entry, with some of its words changed."""
    texts = {name: getattr(of.words, name) for name in ("name", "number", "hours", "whom", "note")}
    return Typed(Words(**(texts | words)), of.position, of.verified_on, of.version)


def change(
    session: Session, policy: Policy, key: str, what: Typed, who: Actor = ALFA, language: str = "sv", at: datetime = NOW
) -> Stale[Referral] | None:
    return referrals.save(session, policy.referrals, who, key, what, language, at)


def log(session: Session) -> list[tuple[str | None, str]]:
    return [(one.record, one.fields) for one in session.scalars(select(AuditEntry).order_by(AuditEntry.sequence))]


def test_an_organisation_begins_with_the_shipped_list_in_its_order(session: Session, policy: Policy) -> None:
    shown = referrals.listed(session, policy.referrals, ALFA, "sv")

    assert [one.key for one in shown] == list(policy.referrals)
    assert shown[0].words.number == policy.referrals[ReferralKey("sos")].words["sv"].number
    assert not any(one.version or one.retired for one in shown)


def test_a_change_is_the_organisations_alone_and_leaves_the_rest_as_shipped(session: Session, policy: Policy) -> None:
    met = change(session, policy, "polisen", typed(entry(session, policy, "polisen"), note="Be om Övning."))

    in_english, elsewhere = (
        entry(session, policy, "polisen", language="en"),
        entry(session, policy, "polisen", ELSEWHERE),
    )

    assert met is None
    assert entry(session, policy, "polisen").words.note == "Be om Övning."
    assert (in_english.words.name, in_english.words.note) == ("The police", "Be om Övning.")
    assert elsewhere.words.note != "Be om Övning."
    assert log(session) == [("referral:polisen", "note")]


def test_a_text_that_is_cleared_stays_empty(session: Session, policy: Policy) -> None:
    change(session, policy, "polisen", typed(entry(session, policy, "polisen"), note=""))

    assert entry(session, policy, "polisen").words.note == ""


def test_a_text_that_is_typed_as_it_is_shipped_follows_the_shipped_one_again(session: Session, policy: Policy) -> None:
    before = entry(session, policy, "bris")
    change(session, policy, "bris", typed(before, hours="Aldrig"))

    change(session, policy, "bris", typed(entry(session, policy, "bris"), hours=before.words.hours or ""))

    assert entry(session, policy, "bris", language="en").words.hours == "Day and night"


def test_nothing_changed_is_no_change_even_of_an_old_form(session: Session, policy: Policy) -> None:
    old = typed(entry(session, policy, "bris"))
    change(session, policy, "bris", typed(entry(session, policy, "bris"), note="Ny"))
    same_as_now = Typed(entry(session, policy, "bris").words, old.position, old.verified_on, old.version)

    assert change(session, policy, "bris", same_as_now) is None
    assert entry(session, policy, "bris").version == 1
    assert len(log(session)) == 1


def test_whoever_was_slower_is_told_who_was_quicker_and_nothing_is_stored(session: Session, policy: Policy) -> None:
    shown = entry(session, policy, "bris")
    change(session, policy, "bris", typed(shown, note="Från Alfa"))

    met = change(session, policy, "bris", typed(shown, note="Från Beta"), BETA, at=LATER)

    assert met is not None
    assert (met.by, met.now.words.note, met.now.version) == ("Alfa", "Från Alfa", 1)
    assert entry(session, policy, "bris").words.note == "Från Alfa"
    again = Typed(typed(shown, note="Från Beta").words, shown.position, shown.verified_on, met.now.version)
    assert change(session, policy, "bris", again, BETA, at=LATER) is None
    assert entry(session, policy, "bris").words.note == "Från Beta"


def test_of_an_account_that_is_gone_the_change_stays_and_the_name_does_not(session: Session, policy: Policy) -> None:
    shown = entry(session, policy, "bris")
    change(session, policy, "bris", typed(shown, note="Från någon"), coordinator("gone"))

    met = change(session, policy, "bris", typed(shown, note="Från Beta"), BETA)

    assert met is not None
    assert met.by == ""


def test_the_day_and_the_place_are_changed_too(session: Session, policy: Policy) -> None:
    shown = entry(session, policy, "ratt-att-valja")

    change(session, policy, "ratt-att-valja", Typed(shown.words, 1, DAY, shown.version))

    first = referrals.listed(session, policy.referrals, ALFA, "sv")[0]
    assert (first.key, first.verified_on, first.words) == ("ratt-att-valja", DAY, shown.words)
    assert log(session) == [("referral:ratt-att-valja", "position,verified_on")]


def test_an_entry_of_ones_own_is_added_changed_and_stands_where_it_is_put(session: Session, policy: Policy) -> None:
    key = referrals.add(session, ALFA, OWN, NOW)
    change(session, policy, key, typed(entry(session, policy, key), hours="Helger"))

    first = referrals.listed(session, policy.referrals, ALFA, "en")[0]

    assert (first.key, first.words.name, first.words.hours) == (key, "Övningsjouren", "Helger")
    assert not first.is_shipped
    assert first.dialled == "0701740640"
    assert key not in [one.key for one in referrals.listed(session, policy.referrals, ELSEWHERE, "sv")]


def test_the_next_place_is_behind_all_others(session: Session, policy: Policy) -> None:
    before = referrals.next_position(session, policy.referrals, ALFA)
    referrals.add(session, ALFA, Typed(OWN.words, before, None), NOW)

    after = referrals.next_position(session, policy.referrals, ALFA)

    assert before > max(one.position for one in policy.referrals.values())
    assert after > before


def test_what_is_retired_is_marked_and_comes_back(session: Session, policy: Policy) -> None:
    for _ in range(2):
        referrals.retire(session, policy.referrals, ALFA, "bris", NOW)
    was_retired = entry(session, policy, "bris").retired

    for _ in range(2):
        referrals.restore(session, policy.referrals, BETA, "bris", LATER)

    assert was_retired
    assert not entry(session, policy, "bris").retired
    assert log(session) == [("referral:bris", "retired")] * 2


def test_a_form_that_was_open_while_the_entry_was_retired_is_stale(session: Session, policy: Policy) -> None:
    shown = entry(session, policy, "bris")
    referrals.retire(session, policy.referrals, ALFA, "bris", NOW)

    met = change(session, policy, "bris", typed(shown, note="Ny"), BETA)

    assert met is not None
    assert met.now.retired


def test_the_shipped_text_can_be_had_back(session: Session, policy: Policy) -> None:
    shipped = entry(session, policy, "bris")
    change(session, policy, "bris", Typed(Words("Annan", "1177", "", "", ""), 1, None))

    referrals.reset(session, policy.referrals, BETA, "bris", LATER)

    now = entry(session, policy, "bris")
    assert (now.words, now.position, now.verified_on) == (shipped.words, shipped.position, shipped.verified_on)
    assert now.version == 2


def test_what_nobody_changed_is_left_alone_by_a_reset(session: Session, policy: Policy) -> None:
    referrals.reset(session, policy.referrals, ALFA, "bris", NOW)

    assert entry(session, policy, "bris").version == 0
    assert log(session) == []


def test_what_is_not_there_or_not_ones_own_is_not_found(session: Session, policy: Policy) -> None:
    key = referrals.add(session, ALFA, OWN, NOW)

    for missing, who in ((key, ELSEWHERE), ("finns-inte", ALFA)):
        with pytest.raises(NotFound):
            entry(session, policy, missing, who)
        with pytest.raises(NotFound):
            change(session, policy, missing, OWN, who)
        with pytest.raises(NotFound):
            referrals.retire(session, policy.referrals, who, missing, NOW)
        with pytest.raises(NotFound):
            referrals.restore(session, policy.referrals, who, missing, NOW)
    with pytest.raises(NotFound):
        referrals.reset(session, policy.referrals, ALFA, key, NOW)
