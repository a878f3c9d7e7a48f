"""callflows/*.toml and callflows/words/*.toml: what callers hear, checked before any call."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from app.domain.callflow.check import check_flow, check_flow_for_line
from app.domain.callflow.parse import parse_flow
from app.domain.callflow.parse_words import parse_words
from app.domain.callflow.prompts import prompts_in_all_languages
from app.domain.errors import Problem
from app.domain.skills import OTHER_LANGUAGES, Language
from app.reading.files import read_toml

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from app.domain.callflow.nodes import Flow
    from app.domain.callflow.words import Words
    from app.domain.lines import Line, LineKey

_FLOWS = "callflows"
_AUDIO = "callflows/audio"
_HEADER_BYTES = 12


def read_flows(root: Path, names: Iterable[str], problems: list[Problem]) -> dict[str, Flow]:
    """The callflows by name, each checked by itself; those that can't be read are left out."""
    flows = {name: _flow(root, name, problems) for name in names}
    return {name: flow for name, flow in flows.items() if flow}


def flows_of(lines: Mapping[LineKey, Line], flows: Mapping[str, Flow], problems: list[Problem]) -> dict[LineKey, Flow]:
    """The callflow of each line, checked against that line."""
    found = {line.key: flows[line.callflow] for line in lines.values() if line.callflow in flows}
    for key, flow in found.items():
        where = f"{_FLOWS}/{flow.name}.toml, as line.{key} uses it"
        problems.extend(replace(problem, where=where) for problem in check_flow_for_line(flow, lines[key]))
    return found


def read_words(root: Path, problems: list[Problem]) -> Words | None:
    """The words that instants, closures and failures are spoken with: Swedish, and the other languages as there are."""
    words = _words(root, Language.SWEDISH, problems)
    there = [language for language in OTHER_LANGUAGES if (root / _words_file(language)).exists()]
    others = {language: _words(root, language, problems) for language in there}
    if words is None:
        return None
    return replace(words, translations={language: other for language, other in others.items() if other})


def check_languages(words: Words, flows: Mapping[str, Flow], problems: list[Problem]) -> None:
    """A callflow changes only to a language whose words are there."""
    for flow in flows.values():
        if flow.other_language is not None and flow.other_language not in words.translations:
            file = _words_file(flow.other_language)
            where, found = f"{_FLOWS}/{flow.name}.toml", f'"{flow.other_language}"'
            problems.append(Problem(where, "other_language", found, f"a language whose words are in {file}"))


def _words(root: Path, language: Language, problems: list[Problem]) -> Words | None:
    file = _words_file(language)
    content = read_toml(root, file, problems)
    if content is None:
        return None
    words, found = parse_words(file, content)
    problems.extend(found)
    return words


def _words_file(language: Language) -> str:
    return f"{_FLOWS}/words/{language}.toml"


def _flow(root: Path, name: str, problems: list[Problem]) -> Flow | None:
    where = f"{_FLOWS}/{name}.toml"
    content = read_toml(root, where, problems)
    if content is None:
        return None
    flow, found = parse_flow(name, where, content)
    problems.extend(found)
    if flow is None:
        return None
    wrong = [*check_flow(flow), *_missing_audio(root, where, flow)]
    # A flow doesn't know its file; whoever has to mend it needs to.
    problems.extend(replace(problem, where=where) for problem in wrong)
    return None if wrong else flow


def _missing_audio(root: Path, where: str, flow: Flow) -> Iterator[Problem]:
    for node in flow.nodes.values():
        for one in prompts_in_all_languages(node):
            if one.prompt.play and not _is_wav(root / _AUDIO, one.prompt.play):
                yield Problem(
                    where,
                    f"node.{node.id}.{one.key}.play",
                    f'"{one.prompt.play}"',
                    f"the name of a WAV file that lies in {_AUDIO}/",
                )


def _is_wav(folder: Path, name: str) -> bool:
    file = folder / name
    if file.parent != folder or not file.is_file():
        return False
    with file.open("rb") as opened:
        header = opened.read(_HEADER_BYTES)
    return header[:4] == b"RIFF" and header[8:] == b"WAVE"
