"""A file that somebody sends in a form."""

from __future__ import annotations

from flask import request


def text_of_file() -> str:
    """The text of the field ``file``, in UTF-8; anything else is no file of ours, and reads as nothing."""
    sent = request.files.get("file")
    try:
        return sent.read().decode("utf-8-sig") if sent else ""
    except UnicodeDecodeError:
        return ""
