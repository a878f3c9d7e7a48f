"""Valid personal identity numbers, computed: no test needs one that somebody has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from hypothesis import strategies as st


def check_digit(nine: str) -> int:
    """The tenth digit, as Skatteverket describes it."""
    products = [int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(nine)]
    return -sum(sum(map(int, str(product))) for product in products) % 10


@dataclass(frozen=True, slots=True)
class PersonalNumber:
    born: date
    serial: int
    coordination: bool

    @property
    def century(self) -> str:
        return f"{self.born:%Y}"[:2]

    @property
    def parts(self) -> tuple[str, str, str]:
        day = self.born.day + (60 if self.coordination else 0)
        return f"{self.born:%Y}"[2:], f"{self.born:%m}", f"{day:02}"

    @property
    def four(self) -> str:
        nine = "".join(self.parts) + f"{self.serial:03}"
        return f"{self.serial:03}{check_digit(nine)}"


NUMBERS = st.builds(
    PersonalNumber,
    st.dates(date(1900, 3, 1), date(2026, 11, 30)),
    st.integers(0, 999),
    st.booleans(),
)

SPELLINGS = (
    "{yy}{mm}{dd}-{four}",
    "{yy}{mm}{dd}+{four}",
    "{yy}{mm}{dd}{four}",
    "{yy}{mm}{dd} {four}",
    "{yy}{mm}{dd} - {four}",
    "{yy}{mm}{dd}\u2013{four}",
    "{yy}{mm}{dd}\u2011{four}",
    "{yy}{mm}{dd}\u00a0{four}",
    "{yy}{mm}{dd}\u200b-{four}",
    "{yy} {mm} {dd} {four}",
    "{yy}-{mm}-{dd}-{four}",
    "{yy}-{mm}-{dd} {four}",
    "{yy}.{mm}.{dd}-{four}",
    "{yy}/{mm}/{dd}-{four}",
    "{yy} {mm} {dd} {fo} {ur}",
    "{cc}{yy}{mm}{dd}-{four}",
    "{cc}{yy}{mm}{dd}+{four}",
    "{cc}{yy}{mm}{dd}{four}",
    "{cc}{yy}{mm}{dd} {four}",
    "{cc} {yy}{mm}{dd}-{four}",
    "{cc} {yy}{mm}{dd}{four}",
    "{cc}{yy}-{mm}-{dd}-{four}",
    "{cc}{yy}-{mm}-{dd} {four}",
    "{cc}{yy} {mm} {dd} {four}",
    "{cc}{yy} {mm} {dd} {fo} {ur}",
    "{cc}{yy} {mm}{dd} {four}",
    "{cc}{yy}-{mm}{dd}-{four}",
    "{yy}{mm} {dd}-{four}",
    "{yy}{mm}{dd}\uff0d{four}",
    "{yy}{mm}{dd}\ufe63{four}",
    "{yy}{mm}{dd}\u3000{four}",
    "{yy}{mm}{dd}\u2003-{four}",
    "{yy}{mm}{dd}\n{four}",
    "{yy}{mm}{dd}-\r\n{four}",
    "{cc}{yy}{mm}{dd}\u2028-{four}",
    "{yy}{mm}{dd}     {four}",
    "{yy}{mm}{dd} --- {four}",
    "{yy}{mm}{dd}.{four}",
    "{yy}{mm}{dd}/{four}",
    "{yy}{mm}{dd}_{four}",
    "{yy}{mm}{dd}\u00b7{four}",
    "{yy}{mm}{dd}({four}",
    "{yy}{mm}{dd}:{four}",
    "{yy}{mm}{dd},{four}",
    "{yy}{mm}{dd};{four}",
    "{cc}{yy}{mm}{dd}:{four}",
    "{yy}:{mm}:{dd}:{four}",
    "{yy},{mm},{dd},{four}",
    "{yy}.{mm}.{dd}.{four}",
    "{yy}/{mm}/{dd}/{four}",
    "{yy}\u00b7{mm}\u00b7{dd}\u00b7{four}",
    "{cc}{yy}:{mm}:{dd}:{four}",
    "{cc}{yy}.{mm}.{dd}.{four}",
    "{cc}{yy}/{mm}/{dd}-{four}",
    "{cc}{yy}\u00b7{mm}\u00b7{dd}\u00b7{four}",
)


def spelled(number: PersonalNumber, spelling: str) -> str:
    yy, mm, dd = number.parts
    four = number.four
    return spelling.format(cc=number.century, yy=yy, mm=mm, dd=dd, four=four, fo=four[:2], ur=four[2:])
