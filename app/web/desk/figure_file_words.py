"""What came of a file of figures, in the words of pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask_babel import gettext, lazy_gettext, ngettext

from app.services.csv_reading import FileWrong
from app.services.numbers.figure_rows import Wrong
from app.web import language

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.services.csv_reading import Mistake
    from app.services.numbers.figure_rows import Imported

WRONG: Final = {
    FileWrong.NO_TABLE: lazy_gettext("This isn't a CSV file in UTF-8, or nothing is in it."),
    FileWrong.HEADER: lazy_gettext("The first row must have these columns: %(columns)s."),
    FileWrong.CELLS: lazy_gettext("The row has more or fewer cells than the first row."),
    FileWrong.TOO_MANY: lazy_gettext("There are %(found)s rows; at most 20,000 are taken in at once."),
    Wrong.NO_MUNICIPALITY: lazy_gettext("No municipality has the code “%(found)s”."),
    Wrong.NO_YEAR: lazy_gettext("“%(found)s” isn't a year that has begun, written as 2025."),
    Wrong.NO_NUMBER: lazy_gettext("“%(found)s” isn't a whole number that fits here: write digits, and spaces at most."),
    FileWrong.TWICE: lazy_gettext("%(found)s comes twice in the file."),
    Wrong.NO_LINE: lazy_gettext("“%(found)s” is the key of none of your lines."),
    Wrong.NO_UNIT: lazy_gettext("“%(found)s” is no unit: write cases, exposed_persons, consultations or calls."),
    Wrong.NO_DAY: lazy_gettext("“%(found)s” isn't a day, written as 2014-03-13."),
    Wrong.NO_PERIOD: lazy_gettext(
        "%(found)s isn't a whole year, half-year, quarter or month, nor the end of one where a series begins within it."
    ),
    Wrong.AHEAD: lazy_gettext("The period isn't over: it ends on %(found)s."),
    Wrong.NO_SOURCE: lazy_gettext("Say where the number was published, in at most 200 characters."),
    Wrong.OVERLAPS: lazy_gettext(
        "Another figure of the line and unit is of %(found)s: days would count twice. Take that one away first."
    ),
    Wrong.STANDS: lazy_gettext(
        "%(found)s stands there already for this period, or another source. Nothing is replaced unless you tick that it"
        " may be."
    ),
}


def mistakes_in_words(mistakes: Sequence[Mistake], columns: Mapping[str, Sequence[str]]) -> list[str]:
    """Each with its row and the column's name in the language of the page."""
    return [_words(one, columns["en"], columns[language.spoken()]) for one in mistakes]


def imported_in_words(done: Imported) -> str:
    """How many figures are new, replaced and unchanged."""
    return " ".join(
        (
            ngettext("%(num)d figure was added.", "%(num)d figures were added.", done.added),
            ngettext("%(num)d was replaced.", "%(num)d were replaced.", done.replaced),
            gettext("%(count)d were as they are already.", count=done.unchanged),
        )
    )


def _words(one: Mistake, names: Sequence[str], spoken: Sequence[str]) -> str:
    said = str(WRONG[one.wrong]) % {"found": one.found, "columns": ", ".join(spoken)}
    if not one.row:
        return said
    column = spoken[names.index(one.column)] if one.column else ""
    where = gettext("Row %(row)d", row=one.row) + (f", {column}" if column else "")
    return f"{where}: {said}"
