"""What the columns of files and of the API mean: the data dictionary in words. The English is the API's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask_babel import gettext, lazy_gettext

from app.domain.columns import COLUMNS, Dataset, Of, Type

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask_babel.speaklater import LazyString

DATASETS: Final = {
    Dataset.CONSULTATIONS: lazy_gettext("Consultations, de-identified"),
    Dataset.CALLS: lazy_gettext("Calls"),
    Dataset.TALLIES: lazy_gettext("Numbers by period"),
}
UNITS: Final = {
    Dataset.CONSULTATIONS: lazy_gettext("One row is one consultation that was held in the period; none has its note."),
    Dataset.CALLS: lazy_gettext("One row is one call to the line in the period. No phone number is known here."),
    Dataset.TALLIES: lazy_gettext(
        "One row is one number: of one line, one period, one unit, one question and one answer. Never add up two units."
    ),
}
TYPES: Final = {
    Type.INTEGER: lazy_gettext("Whole number"),
    Type.TEXT: lazy_gettext("Text"),
    Type.CODE: lazy_gettext("Code"),
    Type.CODES: lazy_gettext("Codes, a space between"),
    Type.YES_OR_NO: lazy_gettext("true or false"),
    Type.DAY: lazy_gettext("Day (ISO 8601)"),
    Type.INSTANT: lazy_gettext("Instant (ISO 8601 with offset)"),
}
COUNTS: Final = {
    Of.SECONDS: lazy_gettext("Seconds"),
    Of.PERSONS: lazy_gettext("Exposed persons"),
    Of.AS_UNIT: lazy_gettext("As “unit” says"),
}
_CONSULTATION: Final = {
    "id": lazy_gettext("The record's own number."),
    "line": lazy_gettext("The line whose staff answered; else the dialled line's key."),
    "organisation": lazy_gettext("Who owns the record."),
    "opened_at": lazy_gettext(
        "When it was opened; of a record that was made by hand for an earlier day, noon of that day."
    ),
    "held_at": lazy_gettext(
        "When a specialist took it, or rang back; of a record made by hand the same as opened_at; empty unless held."
    ),
    "held": lazy_gettext("Whether it took place. Figures count those that did."),
    "specialist": lazy_gettext("The specialist's id: stable, the same in duty, attempts and answered_by."),
    "channel": lazy_gettext(
        "How it took place: in a call, in a call back that the caller asked for, or as whoever made the record by hand"
        " said; phone is a call over another number than the line's."
    ),
    "call": lazy_gettext("The CallSid of its call; empty for one without a call."),
    "source": lazy_gettext("Where the record comes from."),
    "complete": lazy_gettext("Whether its specialist marked it as complete."),
    "service": lazy_gettext("The caller's service."),
    "role": lazy_gettext("The caller's role."),
    "level": lazy_gettext("The level of the caller's organisation."),
    "place": lazy_gettext("How exactly the area of the caller's service is known."),
    "county": lazy_gettext("The county of the caller's service, two digits; of a municipality, too."),
    "municipality": lazy_gettext("The municipality of the caller's service, four digits: never anybody's home."),
    "type": lazy_gettext("The type of consultation. FEL (wrong target group) is counted apart in all figures."),
    "theme": lazy_gettext(
        "What it was about. OMV never leaves the team beside a municipality: such a consultation has ANNAT here."
    ),
    "exposed": lazy_gettext(
        "How many exposed persons it concerned, in bands: 0, 1, 2_3 (two or three), 4_ (four or more)."
    ),
    "household": lazy_gettext("Whom it concerned: one person, siblings, an adult with children."),
    "age": lazy_gettext("The age of the youngest: 0_17 (under 18), 18_ (18 or over), OKAND (unknown)."),
    "gender": lazy_gettext("The gender of whom it concerned."),
    "urgency": lazy_gettext("The urgency as the caller described it; no assessment of risk."),
    "advice": lazy_gettext("What was advised, and where the caller was referred."),
    "gap": lazy_gettext("Observed gaps, and good examples."),
    "outcome": lazy_gettext("How the consultation ended."),
}
_CALL: Final = {
    "sid": lazy_gettext("The CallSid."),
    "line": lazy_gettext("The dialled line."),
    "started_at": lazy_gettext("When its first webhook came."),
    "ended_at": lazy_gettext("When it ended; empty while it goes on."),
    "outcome": lazy_gettext("What became of it: each call has one outcome."),
    "reason": lazy_gettext("Which closure, node or failure; empty where there is none."),
    "wait_seconds": lazy_gettext(
        "From the first webhook until somebody took it, or until its end; empty where another organisation took it."
    ),
    "talk_seconds": lazy_gettext("How long caller and specialist were joined; empty unless it was answered here."),
    "answered_by": lazy_gettext("The id of the specialist who took it; empty where nobody did, or somebody elsewhere."),
    "consultation": lazy_gettext("The record's number, where it was held here."),
    "source": lazy_gettext("Where the call comes from: live, practice or reconstructed."),
}
_TALLY: Final = {
    "line": lazy_gettext("The line's key."),
    "first": lazy_gettext("The first day of the period, on the line's wall clock."),
    "last": lazy_gettext("Its last day, included."),
    "counted_since": lazy_gettext(
        "The first day of which anything of the line was counted; empty while nothing is. From then on a number that"
        " has no row is 0; of days before, nothing is known."
    ),
    "unit": lazy_gettext(
        "What is counted: call, consultation (held), person (exposed), follow_up or case (opened; not told of a period"
        " from which cases have been destroyed). No two add up."
    ),
    "dimension": lazy_gettext(
        "The question; all has every one of its unit. wait and talk are histograms: the code is the step's first"
        " second."
    ),
    "code": lazy_gettext(
        "The answer. Themes OMV and ANNAT are left out; persons are given for whole months and what is made of them."
    ),
    "label": lazy_gettext("The code in words, in the reader's language. It may be reworded; the code never changes."),
    "number": lazy_gettext("How many. An answer that nobody gave has no row: where the line was counted, it is 0."),
}
MEANINGS: Final[Mapping[Dataset, Mapping[str, LazyString]]] = {
    Dataset.CONSULTATIONS: _CONSULTATION,
    Dataset.CALLS: _CALL,
    Dataset.TALLIES: _TALLY,
}


def dictionary_of(what: Dataset) -> list[list[str]]:
    """Heads, and a row for each column: its name, its type, what it counts, what it means, and since when it is."""
    heads = [gettext("Column"), gettext("Type"), gettext("Unit"), gettext("Meaning"), gettext("Since")]
    rows = [
        [
            one.name,
            str(TYPES[one.type]),
            str(COUNTS[one.of]) if one.of else "",
            str(MEANINGS[what][one.name]),
            one.since.isoformat(),
        ]
        for one in COLUMNS[what]
    ]
    return [heads, *rows]
