"""What goes wrong behind a page is noticed: without that, the other tests would prove less than they seem to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.browser.conftest import PersonMaker
    from tests.browser.deployments import Practice

WRONGS = {
    "an error in the console": ("console.error('broken')", "console: broken"),
    "a script that fails": ("setTimeout(() => { throw new Error('broken') })", "script: broken"),
    "a style that the policy forbids": ("document.body.innerHTML = '<p style=\"color:red\">'", "console: "),
    "a request to elsewhere": ("fetch('https://example.org/').catch(() => {})", "console: Connecting to"),
    "an answer that wasn't expected": ("fetch('/finns-inte')", "404: GET"),
}


@pytest.mark.parametrize("wrong", WRONGS)
def test_what_goes_wrong_behind_a_page_is_noticed(new_person: PersonMaker, practice: Practice, wrong: str) -> None:
    script, expected = WRONGS[wrong]
    person = new_person(practice.service_url)
    person.opens("/")

    person.page.evaluate(f"() => {{ {script} }}")
    while not person.problems:  # until the test's own time is up
        person.page.wait_for_timeout(20)

    found, person.problems = person.problems, []
    assert any(problem.startswith(expected) for problem in found), found
