"""A voice for the browser that has none: it begins to speak at once, and ends when the test says so.

So words take as long as a test needs them to, and no test waits for a sentence to be over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

_VOICE = """(() => {
    const voices = ['sv-SE', 'en-GB'].map(lang => ({lang, name: lang, localService: true}));
    const waiting = [];
    window.spokenWords = [];
    window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
    Object.defineProperty(window, 'speechSynthesis', {value: {
        getVoices: () => voices,
        speak(piece) {
            waiting.push(piece);
            window.spokenWords.push([piece.lang, piece.text]);
            setTimeout(() => waiting.includes(piece) && piece.onstart?.());
        },
        cancel() { for (const piece of waiting.splice(0)) piece.onerror?.({error: 'canceled'}); },
        addEventListener() {},
    }});
    window.speakToTheEnd = () => { while (waiting.length) waiting.shift().onend?.(); };
})()"""


def give_voice(context: BrowserContext) -> None:
    """Let every page of a window speak."""
    context.add_init_script(_VOICE)


def speak_to_the_end(page: Page) -> None:
    """All that is being said, and was to be said after it, is over now."""
    page.evaluate("speakToTheEnd()")


def spoken_words(page: Page) -> list[tuple[str, str]]:
    """What was spoken on the page so far: the language and the text of each piece."""
    return [(language, text) for language, text in page.evaluate("spokenWords")]
