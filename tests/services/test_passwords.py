"""Passwords, as a process meets the first of them."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_FIRST = "from app.services import passwords; print(passwords.is_right('tre eller fyra ord', None))"


def test_the_first_password_of_a_process_is_judged_when_its_address_is_unknown(root: Path) -> None:
    first = subprocess.run([sys.executable, "-c", _FIRST], cwd=root, capture_output=True, text=True, check=False)

    assert (first.stdout, first.stderr) == ("False\n", "")
