"""What in a note could say who somebody is: personal identity numbers, phone numbers, e-mail addresses, likely names.

Marked while it is typed. A valid personal identity number (personnummer, samordningsnummer) isn't stored at all; the
rest is for the writer to judge. There is no list of people's names here: a name is guessed by its capitals.
"""

from app.domain.identities.find import holds_personal_number, identities
from app.domain.identities.values import PERSONAL_NUMBERS, Certainty, Identity, IdentityKind

__all__ = ["PERSONAL_NUMBERS", "Certainty", "Identity", "IdentityKind", "holds_personal_number", "identities"]
