"""What there is to see of the service: every page of its map as each role, and some that only come about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.permissions import Role
from tests.browser.atlas import app_of, explored
from tests.browser.chromium import window
from tests.browser.every_role import VISITOR, WHO, come_in, is_own_page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page

    from tests.browser.deployments import Practice

NO_NUMBER = "19121212-1212"


def scenes(browser: Browser, practice: Practice) -> Iterator[tuple[str, Page]]:
    """Each by its name, in a window that may be made larger and smaller."""
    app = app_of(practice.where.environment)
    for who in WHO:
        context = window(browser, practice.service_url)
        come_in(practice, context, who)
        page = context.new_page()
        for endpoint, path in explored(app, context).pages.items():
            if is_own_page(who, endpoint):
                page.goto(path)
                yield f"{who}-{endpoint}", page
        context.close()
    for name, (who, lead) in _BY_HAND.items():
        context = window(browser, practice.service_url)
        come_in(practice, context, who)
        page = context.new_page()
        lead(page)
        yield f"by-hand-{name}", page
        context.close()


def _wrong_password(page: Page) -> None:
    page.goto("/sign-in")
    page.get_by_label("E-postadress").fill("ingen@skane.example")
    page.get_by_label("Lösenord").fill("fel")
    page.keyboard.press("Enter")
    page.locator("#error-summary").wait_for()


def _new_codes(page: Page) -> None:
    page.goto("/account/recovery-codes")
    page.get_by_role("button", name="Skapa nya koder").click()
    page.locator("main code").first.wait_for()


def _setting_up_codes(page: Page) -> None:
    page.goto("/account/codes")
    page.get_by_role("button", name="Börja använda koder").click()
    page.locator("main code").first.wait_for()


def _nothing_given(page: Page) -> None:
    page.goto("/account/password")
    page.locator("main").get_by_role("button").click()
    page.locator("#error-summary").wait_for()


def _a_number_in_the_note(page: Page) -> None:
    page.goto("/records/current")
    page.keyboard.press("a")
    page.keyboard.type(f"Övning: {NO_NUMBER} frågar om skydd.")
    page.locator("[data-found] ul").wait_for()


def _something_left(page: Page) -> None:
    page.goto("/records/current")
    page.keyboard.press("m")
    page.locator(".field-error").first.wait_for()


def _keys(page: Page) -> None:
    page.goto("/records/current")
    page.keyboard.press("?")


def _signed_out_while_writing(page: Page) -> None:
    page.goto("/records/current")
    page.context.clear_cookies()
    page.keyboard.press("a")
    page.keyboard.type("Övning: en mening som inte får försvinna.")
    page.locator("[data-session-over]").wait_for()


def _sent_when_signed_out(page: Page) -> None:
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("/records/current")
    page.context.clear_cookies()
    page.locator("#note").fill("Övning: en mening som inte får försvinna.")
    page.evaluate("document.querySelector('form[data-consultation]').submit()")
    page.locator("form.kept").wait_for()


_BY_HAND: dict[str, tuple[str, Callable[[Page], object]]] = {
    "not-there": (VISITOR, lambda page: page.goto("/finns-inte")),
    "not-open": (Role.MANAGER, lambda page: page.goto("/records/current")),
    "no-records": (Role.SPECIALIST, lambda page: page.goto("/records?before=2001-01-01T00:00:00Z_1")),
    "wrong-password": (VISITOR, _wrong_password),
    "nothing-given": (Role.SPECIALIST, _nothing_given),
    "setting-up-codes": (Role.SPECIALIST, _setting_up_codes),
    "new-codes": (Role.SPECIALIST, _new_codes),
    "a-number-in-the-note": (Role.SPECIALIST, _a_number_in_the_note),
    "something-left": (Role.SPECIALIST, _something_left),
    "keys": (Role.SPECIALIST, _keys),
    "signed-out-while-writing": (Role.SPECIALIST, _signed_out_while_writing),
    "sent-when-signed-out": (Role.SPECIALIST, _sent_when_signed_out),
}
