"""What is wrong with a file of figures, as a command says it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.domain.errors import Problem, RejectedInput
from app.services.csv_reading import FileWrong
from app.services.numbers.figure_rows import EARLIEST, Imported, Refused, Wrong

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.services.csv_reading import Mistake

_PERIOD = "a whole year, half-year, quarter or month, or the end of one where the series begins within it"
_ALLOWED: Final = {
    FileWrong.NO_TABLE: "a CSV file with at least a header",
    FileWrong.HEADER: "the columns {columns}",
    FileWrong.CELLS: "as many cells as the first row has",
    FileWrong.TOO_MANY: "at most 20000 rows",
    Wrong.NO_MUNICIPALITY: "the code of a municipality (SCB), as 1280",
    Wrong.NO_YEAR: f"a year from {EARLIEST} on that has begun",
    Wrong.NO_NUMBER: "a whole number in digits, with spaces at most",
    FileWrong.TWICE: "each once in the file",
    Wrong.NO_LINE: "the key of a line (radrum check names them)",
    Wrong.NO_UNIT: "cases, exposed_persons, consultations or calls",
    Wrong.NO_DAY: "a day as 2014-03-13",
    Wrong.NO_PERIOD: _PERIOD,
    Wrong.AHEAD: "a period that is over",
    Wrong.NO_SOURCE: "where the number was published, in 1 to 200 characters",
    Wrong.OVERLAPS: "periods that share no day; take the other one away first",
    Wrong.STANDS: "a figure that isn't there yet; --replace puts this one in its place",
}
_FOUND: Final = {
    FileWrong.NO_TABLE: "nothing that reads as a table",
    FileWrong.HEADER: "another header",
    FileWrong.CELLS: "more or fewer",
    FileWrong.TOO_MANY: "{found} rows",
    FileWrong.TWICE: "{found} in an earlier row",
    Wrong.OVERLAPS: "days of {found}",
    Wrong.STANDS: "{found} for this period already",
}


def taken_in(done: Imported | Refused, columns: Sequence[str]) -> Imported:
    """What was taken in. Raises ``RejectedInput`` with every mistake of a file that wasn't."""
    if isinstance(done, Refused):
        raise RejectedInput([_problem(one, columns) for one in done.mistakes])
    return done


def counted(done: Imported) -> str:
    """How many figures are new, replaced and unchanged."""
    return f"{done.added} added, {done.replaced} replaced, {done.unchanged} unchanged"


def _problem(one: Mistake, columns: Sequence[str]) -> Problem:
    where = f"row {one.row}" if one.row else "the file"
    found = _FOUND.get(one.wrong, "{found!r}").format(found=one.found)
    return Problem(where, one.column, found, _ALLOWED[one.wrong].format(columns=", ".join(columns)))
