"""Phone numbers as values that don't show themselves."""

from __future__ import annotations

import re
from dataclasses import dataclass

_E164 = re.compile(r"\+[1-9][0-9]{6,14}", re.ASCII)
# Swedish premium series: 0900, 0939, 0944 and 099 (PTS, the Swedish numbering plan for telephony).
_PREMIUM = re.compile(r"\+46(900|939|944|99)", re.ASCII)
# Mobile numbers (070, 072, 073, 076, 079) have nine digits after the country code; the others seven to nine, as the
# national lengths in use are 0+7 to 0+9 (PTS). Longer ones belong to machines: nobody answers there.
_SWEDISH = re.compile(r"\+46(7[02369][0-9]{7}|(?!7[02369])[1-9][0-9]{6,8})", re.ASCII)
# Numbers that PTS keeps free for books and films: 070-174 06 05 to 99, 040-628 04 00 to 99, 031-390 06 00 to 99,
# 08-465 004 00 to 99 and 0980-319 200 to 299.
_FICTION = re.compile(
    r"\+46(7017406(0[5-9]|[1-9][0-9])|4062804[0-9]{2}|3139006[0-9]{2}|8465004[0-9]{2}|9803192[0-9]{2})", re.ASCII
)


@dataclass(frozen=True, slots=True)
class PhoneNumber:
    """A number in E.164 form: ``+`` and 7 to 15 digits.

    Its ``repr`` and ``str`` show the last two digits alone, so that it can't leak by a log line or a traceback; ask for
    ``e164`` where the whole number is meant. Raises ``ValueError`` (without the number) for anything else.
    """

    e164: str

    def __post_init__(self) -> None:
        if not _E164.fullmatch(self.e164):
            message = "not a phone number in E.164 form (+ and 7 to 15 digits)"
            raise ValueError(message)

    def __repr__(self) -> str:
        return f"PhoneNumber({self.masked})"

    def __str__(self) -> str:
        return self.masked

    @property
    def masked(self) -> str:
        """The last two digits, the rest as dots."""
        return f"…{self.e164[-2:]}"

    @property
    def is_swedish(self) -> bool:
        """Whether it is a number of the Swedish plan that a person can answer."""
        return bool(_SWEDISH.fullmatch(self.e164))

    @property
    def is_premium(self) -> bool:
        """Whether a call to it is charged at a premium rate."""
        return bool(_PREMIUM.match(self.e164))

    @property
    def may_be_rung(self) -> bool:
        """Whether we ever dial it: Swedish, and not premium."""
        return self.is_swedish and not self.is_premium

    @property
    def is_fictive(self) -> bool:
        """Whether it is reserved for fiction: nobody has it, and nobody ever answers."""
        return bool(_FICTION.fullmatch(self.e164))

    @property
    def national(self) -> str:
        """As it is dialled inside Sweden (``0…``); the E.164 form for any other country."""
        return f"0{self.e164[3:]}" if self.e164.startswith("+46") else self.e164


# What the telephone network sends for a caller who withholds the number; the digits are keypad spellings
# (266696687 is ANONYMOUS). Some parse as foreign numbers, so they are known by their value.
_KEYPAD_WITHHELD = frozenset({"266696687", "7378742833", "2562533", "8656696", "86282452253"})


def caller_number(given: str | None) -> PhoneNumber | None:
    """The caller's number, or ``None`` when it is withheld or isn't a number that can be dialled."""
    text = (given or "").strip()
    if text.removeprefix("+") in _KEYPAD_WITHHELD:
        return None
    try:
        return PhoneNumber(text)
    except ValueError:
        return None


def typed_number(digits: str) -> PhoneNumber | None:
    """What a caller keyed in (``0701740612``, ``0046…``, ``46…``) as a number; ``None`` when it can't be one."""
    if not re.fullmatch(r"[0-9]+", digits, re.ASCII):
        return None
    if digits.startswith("00"):
        international = f"+{digits[2:]}"
    elif digits.startswith("0"):
        international = f"+46{digits[1:]}"
    else:
        international = f"+{digits}"
    try:
        return PhoneNumber(international)
    except ValueError:
        return None
