"""CSV files that are handed to a command."""

from __future__ import annotations

import codecs

from app.domain.errors import Problem, RejectedInput

# How .xlsx and .ods files begin, and .xls files.
_WORKBOOKS = (b"PK", bytes.fromhex("d0cf11e0"))
_CSV = "a CSV file in UTF-8 (in Excel: Save as, CSV UTF-8)"


def decoded(content: bytes) -> str:
    """The text of a file, in UTF-8 or as Excel writes Unicode. Raises ``RejectedInput``, which names the row."""
    if content.startswith(_WORKBOOKS):
        raise RejectedInput([Problem("the file", "csv", "a workbook", _CSV)])
    encoding = "utf-16" if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        raise RejectedInput([Problem(f"row {row}", "encoding", "a byte that isn't UTF-8", _CSV)]) from error
