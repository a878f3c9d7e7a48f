"""The words of the record's page that aren't the taxonomy's: states, what is wrong, and what scripts say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask_babel import gettext, lazy_gettext

from app.domain.calls import AttemptState, Outcome
from app.domain.channels import Channel
from app.domain.identities import IdentityKind
from app.domain.lines import MunicipalityCode
from app.domain.municipalities import CountyCode
from app.domain.skills import Competence, Language
from app.domain.taxonomy import NOTE, Code, GroupKey, GroupKind
from app.services.notes import NoteRefusal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.consultations import Form
    from app.domain.taxonomy import Group

OUTCOMES: Final = {
    Outcome.IN_PROGRESS: lazy_gettext("Goes on"),
    Outcome.ANSWERED: lazy_gettext("Answered"),
    Outcome.CALLBACK: lazy_gettext("Asked to be rung back"),
    Outcome.CLOSED: lazy_gettext("Rang while closed"),
    Outcome.REFERRED: lazy_gettext("Told where to turn"),
    Outcome.ABANDONED: lazy_gettext("Hung up before an answer"),
    Outcome.UNANSWERED: lazy_gettext("Nobody answered"),
    Outcome.FAILED: lazy_gettext("Failed with us"),
}
ATTEMPTS: Final = {
    AttemptState.RINGING: lazy_gettext("rings"),
    AttemptState.ACCEPTED: lazy_gettext("took the call"),
    AttemptState.DECLINED: lazy_gettext("declined"),
    AttemptState.NO_ANSWER: lazy_gettext("no answer"),
    AttemptState.BUSY: lazy_gettext("engaged"),
    AttemptState.FAILED: lazy_gettext("not reached"),
    AttemptState.SILENT: lazy_gettext("picked up without taking it"),
    AttemptState.CANCELLED: lazy_gettext("stopped ringing"),
}
SPOKEN: Final = {Language.SWEDISH: lazy_gettext("Swedish"), Language.ENGLISH: lazy_gettext("English")}
COMPETENCES: Final = {
    Competence.LAW: lazy_gettext("Law"),
    Competence.POLICE: lazy_gettext("Police matters"),
    Competence.SOCIAL_WORK: lazy_gettext("Social work"),
    Competence.SCHOOL: lazy_gettext("School"),
    Competence.HEALTH: lazy_gettext("Health care"),
}
CHANNELS: Final = {
    Channel.CALL: lazy_gettext("Call on the line"),
    Channel.CALL_BACK: lazy_gettext("Rung back, as was asked"),
    Channel.EMAIL: lazy_gettext("E-mail"),
    Channel.MEETING: lazy_gettext("Meeting"),
    Channel.VISIT: lazy_gettext("Visit"),
    Channel.PHONE: lazy_gettext("By phone, but not on the line"),
}
FOUND: Final = {
    IdentityKind.PERSONNUMMER: lazy_gettext("Personal identity number"),
    IdentityKind.SAMORDNINGSNUMMER: lazy_gettext("Coordination number"),
    IdentityKind.RESERVE: lazy_gettext("Reserve number"),
    IdentityKind.PHONE: lazy_gettext("Telephone number"),
    IdentityKind.EMAIL: lazy_gettext("E-mail address"),
    IdentityKind.NAME: lazy_gettext("May be a name"),
}
REFUSED: Final = {
    NoteRefusal.PERSONAL_NUMBER: lazy_gettext(
        "The note isn't saved: it holds a personal identity number. Take the number out; everything else is saved."
    ),
    NoteRefusal.TOO_LONG: lazy_gettext("The note isn't saved: it is longer than 500 characters."),
    NoteRefusal.NOT_ASKED: lazy_gettext(
        "The note isn't saved: of somebody whom the line doesn't serve no details are kept."
    ),
}


def label_of(form: Form, key: GroupKey, language: str) -> str:
    """What a field is called."""
    return str(gettext("Note")) if key == NOTE else form.taxonomy.groups[key].labels[language]


def said(form: Form, key: GroupKey, tokens: Sequence[str], language: str) -> str:
    """An answer in words."""
    group = form.taxonomy.groups[key]
    if not tokens:
        return str(gettext("no answer"))
    if group.kind is GroupKind.PLACE:
        return _place(form, group, tokens[0], language)
    if group.kind is GroupKind.NUMBER:
        return tokens[0]
    return ", ".join(group.label_of(Code(token), language) for token in tokens)


def why_not(form: Form, key: str, sent: Sequence[str]) -> str:
    """What is wrong with an answer that wasn't taken, and what to do."""
    group = form.taxonomy.groups.get(GroupKey(key))
    if group is None:
        return str(gettext("The page is of an older version. Load it again."))
    if form.taxonomy.referred and key == form.taxonomy.referred.group:
        return str(gettext("Take the note away first: of somebody whom the line doesn't serve no details are kept."))
    if group.kind is GroupKind.NUMBER:
        return str(gettext("Write a whole number from 0 to %(most)d.", most=group.most))
    if group.kind is GroupKind.PLACE:
        return str(gettext("Choose a place of the list."))
    if len(sent) > group.most:
        return str(gettext("Choose at most %(most)d.", most=group.most))
    return str(gettext("This can't be answered so, as the other answers stand."))


def _place(form: Form, group: Group, token: str, language: str) -> str:
    kind, _, county = token.partition(":")
    municipality = form.municipalities.by_code.get(MunicipalityCode(token))
    if municipality is not None:
        return municipality.name
    label = group.label_of(Code(kind), language)
    name = form.municipalities.county_names.get(CountyCode(county), county)
    return f"{name} ({label})" if county else label
