"""The catalogues of the pages' words: gathered from templates and code, and compiled.

``make translations`` writes ``app/translations/*/LC_MESSAGES/messages.po`` anew: new sentences come in, those that
nobody says any more go out, and English says itself. What Swedish lacks is named; translate it there and run it again.
"""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from babel.messages import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

if TYPE_CHECKING:
    from collections.abc import Mapping

LANGUAGES = ("sv", "en")
_ITSELF = "en"
_APP = Path(__file__).parent.parent / "app"
_METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]
_KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "lazy_gettext": None,
    "lazy_ngettext": (1, 2),
    "lazy_pgettext": ((1, "c"), 2),
}
_ELSEWHERE = {"simulator", "static", "translations", "migrations", "__pycache__"}
# Catalogues say what changed by their lines; the hour of the run would be a change each time.
_NO_HOUR = datetime(2026, 1, 1, tzinfo=UTC)


def file_of(language: str, suffix: str = ".po") -> Path:
    """Where a language's catalogue lies."""
    return (_APP / "translations" / language / "LC_MESSAGES" / "messages").with_suffix(suffix)


def gathered() -> Catalog:
    """Every sentence that templates and code say, with the files that say it."""
    template = Catalog(charset="utf-8")
    found = extract_from_dir(
        _APP,
        _METHODS,
        {"templates/**.html": {"encoding": "utf-8", "silent": "false"}},
        _KEYWORDS,
        directory_filter=lambda folder: Path(folder).name not in _ELSEWHERE,
        strip_comment_tags=True,
    )
    for file, _line, message, comments, context in found:
        template.add(message, None, [(f"app/{file}", 0)], auto_comments=comments, context=context)
    return template


def catalogue(language: str) -> Catalog:
    """A language's catalogue as it lies there; empty before there is one."""
    file = file_of(language)
    return read_po(io.BytesIO(file.read_bytes()), language) if file.exists() else Catalog(language)


def updated(language: str, template: Catalog) -> Catalog:
    """What the language says already, to the sentences of today."""
    known = catalogue(language)
    new = Catalog(
        language,
        header_comment="# The words of the pages. Written by: make translations",
        charset="utf-8",
        project="Rådrum",
        version="-",
        msgid_bugs_address="-",
        last_translator="-",
        language_team="-",
        creation_date=_NO_HOUR,
        revision_date=_NO_HOUR,
        fuzzy=False,
    )
    for message in template:
        if not message.id:
            continue
        before = known.get(message.id, message.context)
        said = message.id if language == _ITSELF else before.string if before else None
        new.add(message.id, said, message.locations, auto_comments=message.auto_comments, context=message.context)
    return new


def written(catalog: Catalog) -> bytes:
    """The catalogue as a file for people."""
    file = io.BytesIO()
    write_po(file, catalog, width=120, sort_output=True, include_lineno=False)
    return file.getvalue()


def compiled(catalog: Catalog) -> bytes:
    """The catalogue as a file for the service."""
    file = io.BytesIO()
    write_mo(file, catalog)
    return file.getvalue()


def untranslated(catalog: Catalog) -> list[str]:
    """The sentences that the language can't say for sure."""
    return [str(message.id) for message in catalog if message.id and (message.fuzzy or not _is_said(message.string))]


def _is_said(string: str | tuple[str, ...] | list[str] | None) -> bool:
    return all(string) if isinstance(string, tuple | list) else bool(string)


def update() -> Mapping[str, list[str]]:
    """Write all catalogues anew. What each language lacks."""
    template = gathered()
    lacking = {}
    for language in LANGUAGES:
        catalog = updated(language, template)
        file_of(language).parent.mkdir(parents=True, exist_ok=True)
        file_of(language).write_bytes(written(catalog))
        file_of(language, ".mo").write_bytes(compiled(catalogue(language)))
        lacking[language] = untranslated(catalog)
    return lacking


def main() -> int:
    """Do that, and name what is missing."""
    lacking = [f"{language}: {text}" for language, texts in update().items() for text in texts]
    print("\n".join(["Not translated yet:", *lacking] if lacking else ["The catalogues are whole."]))
    return 1 if lacking else 0


if __name__ == "__main__":
    raise SystemExit(main())
