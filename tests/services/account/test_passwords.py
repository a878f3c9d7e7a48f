"""Passwords, as a process meets the first of them."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_HASHED = "from app.services.account import passwords; print(passwords.hashed('tre eller fyra ord'))"
_FIRST = "from app.services.account import passwords; print(passwords.is_right('tre eller fyra ord', None))"


def test_the_first_password_of_a_process_is_judged_when_its_address_is_unknown(root: Path) -> None:
    first = subprocess.run([sys.executable, "-c", _FIRST], cwd=root, capture_output=True, text=True, check=False)

    assert (first.stdout, first.stderr) == ("False\n", "")


def test_a_hash_costs_as_much_as_is_said(root: Path) -> None:
    """Beside the tests, which hash cheaply: what a process of the service does."""
    made = subprocess.run([sys.executable, "-c", _HASHED], cwd=root, capture_output=True, text=True, check=False)

    assert made.stdout.startswith("$argon2id$v=19$m=65536,t=3,p=4$"), made.stderr
