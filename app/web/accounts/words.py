"""What Flask-Security says, in our words: English sentences, which ``translations/`` says in each language."""

from __future__ import annotations

from typing import Final


def N_(sentence: str) -> str:  # noqa: N802 - the name by which sentences are found for the catalogue
    """Mark a sentence that is translated where it is shown."""
    return sentence


WRONG: Final = N_("The e-mail address or the password is wrong.")
TOO_OFTEN: Final = N_("Too many tries. Wait a quarter of an hour, then try again.")
TOO_LONG: Final = N_("A password has at most 256 characters.")
TOO_SHORT: Final = N_("Take at least 12 characters. Three or four words are easy to remember.")
GIVE_IT: Final = N_("Fill this in.")

MESSAGES: Final = {
    "INVALID_PASSWORD": (N_("The password is wrong."), "error"),
    "PASSWORD_NOT_PROVIDED": (GIVE_IT, "error"),
    "PASSWORD_IS_THE_SAME": (N_("Choose a password that differs from the present one."), "error"),
    "RETYPE_PASSWORD_MISMATCH": (N_("The two passwords differ."), "error"),
    "PASSWORD_CHANGE": (N_("Your password is changed. You are signed out everywhere else."), "success"),
    "UNAUTHENTICATED": (N_("Sign in to see this page."), "info"),
    "ANONYMOUS_USER_REQUIRED": (N_("You are signed in already."), "info"),
    "REAUTHENTICATION_REQUIRED": (N_("Give your password again before you change how you sign in."), "info"),
    "REAUTHENTICATION_SUCCESSFUL": (N_("Thank you. You can go on."), "success"),
    "TWO_FACTOR_INVALID_TOKEN": (N_("The code is wrong, too old, or was used already."), "error"),
    "TWO_FACTOR_LOGIN_SUCCESSFUL": (N_("You are signed in."), "success"),
    "TWO_FACTOR_CHANGE_METHOD_SUCCESSFUL": (N_("From now on a code is asked for when you sign in."), "success"),
    "TWO_FACTOR_PERMISSION_DENIED": (N_("Sign in with your password first."), "error"),
    "TWO_FACTOR_METHOD_NOT_AVAILABLE": (N_("Choose one of the ways that are offered."), "error"),
    "TWO_FACTOR_DISABLED": (N_("Codes are switched off. Your password alone signs you in."), "success"),
    "TWO_FACTOR_SETUP_EXPIRED": (N_("That took too long. Begin again."), "error"),
    "INVALID_RECOVERY_CODE": (N_("That is none of your recovery codes, or it was used already."), "error"),
    "NO_RECOVERY_CODES_SETUP": (N_("There are no recovery codes yet."), "info"),
    "INVALID_CODE": (N_("The code is wrong."), "error"),
    "API_ERROR": (N_("The browser sent something that we didn't ask for. Begin again."), "error"),
    "WEBAUTHN_EXPIRED": (N_("That took too long. Begin again."), "error"),
    "WEBAUTHN_NAME_REQUIRED": (N_("Give the passkey a name, as the name of the computer or key."), "error"),
    "WEBAUTHN_NAME_INUSE": (N_("You have a passkey of that name already."), "error"),
    "WEBAUTHN_NAME_NOT_FOUND": (N_("You have no passkey of that name."), "error"),
    "WEBAUTHN_NAME_DISALLOWED_CHARACTERS": (N_("Letters, digits, blanks and hyphens only."), "error"),
    "WEBAUTHN_CREDENTIAL_DELETED": (N_("The passkey %(name)s is removed."), "success"),
    "WEBAUTHN_REGISTER_SUCCESSFUL": (N_("The passkey %(name)s is added. It signs you in from now on."), "success"),
    "WEBAUTHN_CREDENTIAL_ID_INUSE": (N_("This passkey is registered already."), "error"),
    "WEBAUTHN_UNKNOWN_CREDENTIAL_ID": (N_("This passkey isn't known here."), "error"),
    "WEBAUTHN_ORPHAN_CREDENTIAL_ID": (N_("This passkey isn't known here."), "error"),
    "WEBAUTHN_NO_VERIFY": (N_("The passkey couldn't be checked."), "error"),
    "WEBAUTHN_CREDENTIAL_WRONG_USAGE": (N_("This passkey isn't known here."), "error"),
    "WEBAUTHN_MISMATCH_USER_HANDLE": (N_("This passkey isn't known here."), "error"),
    "DISABLED_ACCOUNT": (N_("This passkey isn't known here."), "error"),
    "INVALID_REDIRECT": (N_("That address isn't one of ours."), "error"),
}
"""By the names that Flask-Security gives them. It makes no distinction where a stranger could learn something."""
