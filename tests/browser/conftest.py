"""What browser tests may ask for: the processes, a browser, and people who sit at it."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest

from tests.browser.chromium import ColorScheme, NoBrowser, chromium, window
from tests.browser.deployments import Practice, practising
from tests.browser.desk import Desk, Opener, desk_running, opener
from tests.browser.person import Person
from tests.browser.telephone import Telephone

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from playwright.sync_api import Browser, BrowserContext

    from app.domain.policy import Policy

FAILURES = Path("var", "browser")
"""Beneath the checkout, where git doesn't look."""
_SECONDS_AT_MOST = 300
_REPORT = pytest.StashKey[bool]()


class PersonMaker(Protocol):
    """Somebody new, at a window of their own."""

    def __call__(self, url: str, *, width: int = 1280, color_scheme: ColorScheme = "light") -> Person: ...


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A browser for the whole run. Without one, what needs it is skipped, and fails where ``CI`` is set."""
    running = chromium()
    try:
        browser = running.__enter__()
    except NoBrowser as missing:
        if os.environ.get("CI"):
            pytest.fail(f"no browser to test in: {missing}", pytrace=False)
        pytest.skip(f"NOT TESTED IN A BROWSER: {missing}")
    yield browser
    running.__exit__(None, None, None)


@pytest.fixture(scope="session")
def practice(
    browser: Browser, root: Path, policy: Policy, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Practice]:
    """The service, its jobs and the simulator, for the whole run. Needless, and so not started, without a browser."""
    del browser
    numbers = frozenset(line.twilio_numbers[0].e164 for line in policy.lines.values())
    with practising(root, tmp_path_factory.mktemp("practice"), numbers) as practice:
        yield practice


@pytest.fixture
def new_person(browser: Browser, request: pytest.FixtureRequest, root: Path) -> Iterator[PersonMaker]:
    """Makes people. At the end of the test nothing may have gone wrong behind their pages."""
    contexts: list[BrowserContext] = []
    people: list[Person] = []

    def make(url: str, *, width: int = 1280, color_scheme: ColorScheme = "light") -> Person:
        context = window(browser, url, width=width, color_scheme=color_scheme)
        contexts.append(context)
        people.append(Person(context.new_page()))
        return people[-1]

    yield make
    problems = [problem for person in people for problem in person.problems]
    if problems or request.node.stash.get(_REPORT, False):
        _keep(root / FAILURES, request.node.name, people)
    for context in contexts:
        context.close()
    assert problems == []


@pytest.fixture(scope="module")
def desk(browser: Browser, root: Path, policy: Policy, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The desk alone, for the tests of one module, which may kill it. Needless without a browser."""
    del browser
    with desk_running(root, tmp_path_factory.mktemp("desk"), policy) as desk:
        yield desk


@pytest.fixture
def at(desk: Desk, new_person: PersonMaker) -> Opener:
    """Opens a page of the desk for somebody who is signed in."""
    return opener(desk, new_person)


@pytest.fixture
def person(new_person: PersonMaker, practice: Practice) -> Person:
    """Somebody at the simulator's pages."""
    return new_person(practice.simulator_url)


@pytest.fixture
def telephone(person: Person, practice: Practice) -> Iterator[Telephone]:
    """Somebody at the practice telephone, while no call is under way.

    None is left behind either: it would lead the specialist who took it away from the page that another test opens.
    """
    practice.end_all()
    telephone = Telephone(person)
    telephone.opens()
    yield telephone
    practice.end_all()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Three processes and a browser take their time to start on a busy machine, and the first test waits for them."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.timeout(_SECONDS_AT_MOST))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Tell the fixtures whether the test failed."""
    report = yield
    if report.failed:
        item.stash[_REPORT] = True
    return report


def _keep(folder: Path, test: str, people: list[Person]) -> None:
    """What was to be seen, for whoever looks for the reason."""
    folder.mkdir(parents=True, exist_ok=True)
    name = re.sub(r"[^\w.-]+", "-", test).strip("-")
    for number, person in enumerate(people, 1):
        file = folder / f"{name}-{number}.png"
        person.page.screenshot(path=file, full_page=True)
        file.with_suffix(".txt").write_text("\n".join([person.page.locator("body").aria_snapshot(), *person.problems]))
