"""The first page as a browser without a script asks for it, and as the script asks again."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from app.domain.callbacks import Closing
from app.domain.calls import Outcome
from app.domain.permissions import Role
from app.services.callback import callback_list
from app.storage.base import db
from app.storage.models import Call, CallbackRequest, CallDealtWith, Pause, WebSession
from tests.services.today_cast import take
from tests.web.conftest import settings_with
from tests.web.desk.today_desk import TodayDesk, always_open, sends

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from flask import Flask

    from app.settings import Settings
    from tests.web.desk.conftest import Browser

MINUTE = timedelta(minutes=1)


@pytest.fixture
def settings(database_url: str, root: Path) -> Settings:
    shipped = settings_with(database_url, root)
    return replace(shipped, policy=always_open(shipped.policy))


@pytest.fixture
def desk(app: Flask, account: Callable[..., str]) -> TodayDesk:
    return TodayDesk(app, account)


def ago(minutes: int) -> datetime:
    return datetime.now(UTC) - minutes * MINUTE


def asks_again(browser: Browser, mark: str = "") -> tuple[int, str, str]:
    """Status, mark and content, as the script gets them."""
    headers = {"Accept": "application/json", **({"If-None-Match": mark} if mark else {})}
    answer = browser.client.get("/today/now", headers=headers)
    return answer.status_code, answer.headers["ETag"], answer.get_json()["content"] if answer.data else ""


# --- what is shown --------------------------------------------------------------------------------------------------


def test_an_empty_day_says_what_that_means(desk: TodayDesk) -> None:
    desk.hires("alfa")

    page = desk.opens().get("/").text

    for words in ("Tillgänglig", "Inget samtal pågår", "är avklarade", "Ingen väntar på att bli uppringd", "är klara"):
        assert words in page
    assert "Hämta på nytt" in page


def test_the_page_shows_calls_tasks_and_records_with_their_counts(desk: TodayDesk) -> None:
    desk.hires("alfa", "beta")
    browser = desk.opens()
    desk.call(Outcome.IN_PROGRESS, ago(1), None)
    task = desk.call(Outcome.UNANSWERED, ago(10), ago(7))
    with desk.app.app_context():
        call = db.session.get_one(Call, desk.call(Outcome.ANSWERED, ago(30), ago(20)))
        take(db.session(), call, "alfa", ago(29), ago(20))
        db.session.commit()

    page = browser.get("/").text

    assert re.search(r'id="calls-heading"[^>]*>\s*Samtal just nu <span class="count">1<', page)
    assert re.search(r'id="tasks-heading"[^>]*>\s*Samtal som ingen tog <span class="count">1<', page)
    assert re.search(r'id="mine-heading"[^>]*>\s*Mina konsultationer att göra klara <span class="count">1<', page)
    assert f'id="task-{task}"' in page
    assert "Väntade 3:00 min" in page
    assert page.count("/records/") >= 2
    assert not re.search(r"\+46|070-174", page)


def test_a_caller_who_waits_is_said_to_wait_for_so_long_once_it_is_a_minute(desk: TodayDesk) -> None:
    new, long = (desk.call(Outcome.IN_PROGRESS, ago(minutes), None) for minutes in (0, 4))

    page = desk.opens(None, Role.MANAGER).get("/").text

    rows = {number: page.partition(f'id="call-{number}"')[2].partition("</li>")[0] for number in (new, long)}
    assert " min" not in rows[new]
    assert "i 4 min" in rows[long]


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.MANAGER])
def test_coordinators_and_managers_see_the_lines_and_tasks_and_nothing_of_specialists(
    desk: TodayDesk, role: Role
) -> None:
    desk.hires("alfa")
    task = desk.call(Outcome.UNANSWERED, ago(10), ago(7))

    page = desk.opens(None, role).get("/").text

    assert f'id="task-{task}"' in page
    assert "Resurscentrum heder Skåne" in page
    for hidden in ('id="me"', 'id="mine"', 'id="callbacks"', "data-follow"):
        assert hidden not in page


def test_an_administrator_sees_the_lines_alone(desk: TodayDesk) -> None:
    desk.call(Outcome.UNANSWERED, ago(10), ago(7))

    browser = desk.opens(None, Role.ADMINISTRATOR)

    assert "data-today" not in browser.get("/").text
    assert "Resurscentrum heder Skåne" in browser.get("/").text
    assert "radrum user" in browser.get("/").text
    assert ">Idag<" not in browser.get("/").text
    assert browser.client.get("/today/now").status_code == 403


def test_a_specialist_without_a_phone_is_told_whom_to_ask(desk: TodayDesk) -> None:
    page = desk.opens(None, Role.SPECIALIST).get("/").text

    assert "inte kopplat till någon specialist" in page


# --- pausing --------------------------------------------------------------------------------------------------------


def test_a_pause_is_taken_and_said_and_ended(desk: TodayDesk) -> None:
    desk.hires("alfa", "beta")
    browser = desk.opens()

    paused = sends(browser, "/today/pause", reason="lunch", until="", seen="")
    page = browser.get("/").text
    resumed = sends(browser, "/today/resume", seen=desk.last_pause())

    assert (paused.status_code, paused.location) == (303, "/")
    assert "Du tar inga samtal nu." in page
    assert 'data-doing="paused"' in page
    assert "Lunch" in page
    assert (resumed.status_code, desk.pauses()) == (303, [("alfa", "lunch", True)])
    assert 'data-doing="free"' in browser.get("/").text


def test_whoever_is_alone_is_told_so_before_and_after(desk: TodayDesk) -> None:
    desk.hires("alfa")
    browser = desk.opens()

    before = browser.get("/").text
    after = browser.client.post(
        "/today/pause",
        data={"csrf_token": browser.token("/"), "reason": "break", "seen": ""},
        follow_redirects=True,
    ).text

    assert "Du är ensam i tjänst: om du tar paus tar ingen samtal på Resurscentrum heder Skåne." in before
    assert "ingen annan gör det heller: Resurscentrum heder Skåne till 23:59" in after
    assert "Ingen annan tar samtal på Resurscentrum heder Skåne" in after
    assert "Öppet, men ingen tar samtal förrän 23:59" in after


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"until": ""}, "Välj ett"),
        ({"reason": "sickness", "until": ""}, "Varför"),
        ({"reason": "lunch", "until": "nio"}, "Skriv ett klockslag i dag efter"),
        ({"reason": "lunch", "until": "00:00"}, "Skriv ett klockslag i dag efter"),
    ],
    ids=["no reason", "a reason of others", "no time", "a time that has passed"],
)
def test_what_is_wrong_is_said_by_the_field_and_what_was_typed_stays(
    desk: TodayDesk, fields: dict[str, str], said: str
) -> None:
    desk.hires("alfa", "beta")
    browser = desk.opens()

    answer = sends(browser, "/today/pause", seen="", **fields)

    assert answer.status_code == 422
    assert said in answer.text
    assert 'role="alert"' in answer.text
    assert f'value="{fields["until"]}"' in answer.text or not fields["until"]
    assert bool(re.search(r'name="reason"[^>]*checked', answer.text)) == (fields.get("reason") == "lunch")
    assert re.search(r'<details class="today-pause" open', answer.text)
    assert re.search(r'aria-current="page">Idag<', answer.text)
    assert desk.pauses() == []


def test_a_pause_that_was_made_elsewhere_is_said_and_not_overwritten(desk: TodayDesk) -> None:
    desk.hires("alfa", "beta")
    other = desk.opens()
    sends(other, "/today/pause", reason="lunch", until="", seen="")

    met = sends(other, "/today/pause", reason="meeting", until="", seen="")
    resumed_blindly = sends(other, "/today/resume", seen="")
    again = sends(other, "/today/pause", reason="meeting", until="", seen=desk.last_pause())

    assert (met.status_code, resumed_blindly.status_code) == (409, 409)
    assert "Din paus ändrades på annat håll under tiden" in met.text
    assert re.search(r'value="meeting"[^>]*checked', met.text.replace("\n", " "))
    assert again.status_code == 303
    assert [reason for _, reason, _ in desk.pauses()][-1] == "meeting"


def test_a_pause_that_was_ended_elsewhere_is_said(desk: TodayDesk) -> None:
    desk.hires("alfa", "beta")
    browser = desk.opens()

    met = sends(browser, "/today/pause", reason="meeting", until="", seen="4711")

    assert met.status_code == 409
    assert "Det finns ingen paus längre" in met.text
    assert "Du tar redan samtal" in sends_and_follows(browser, "/today/resume", seen="")


def test_an_account_without_a_phone_pauses_nothing(desk: TodayDesk) -> None:
    browser = desk.opens(None, Role.SPECIALIST)

    statuses = [
        sends(browser, "/today/pause", reason="lunch", until="", seen="").status_code,
        sends(browser, "/today/resume", seen="").status_code,
    ]

    assert statuses == [409, 409]


def test_whoever_loads_the_address_of_a_form_again_gets_the_page(desk: TodayDesk) -> None:
    browser = desk.opens(None, Role.MANAGER)

    assert [browser.get(path).location for path in ("/today/pause", "/today/resume")] == ["/", "/"]


# --- calls that nobody took -------------------------------------------------------------------------------------------


def test_a_task_is_dealt_with_once_and_the_second_is_told_by_whom(desk: TodayDesk) -> None:
    desk.hires("alfa")
    task = desk.call(Outcome.UNANSWERED, ago(10), ago(7))
    alfa, chef = desk.opens(), desk.opens(None, Role.MANAGER)

    first = sends(alfa, f"/today/calls/{task}", **{f"call-{task}-dealt_as": "reached"})
    second = sends(chef, f"/today/calls/{task}", **{f"call-{task}-dealt_as": "nothing_to_do"})

    assert (first.status_code, second.status_code) == (303, 409)
    assert "Samtalet var redan avklarat" in second.text
    assert re.search(r"Alfa noterade kl\. \d\d:\d\d: Den som ringde nåddes på annat sätt\.", second.text)
    with desk.app.app_context():
        assert [one.dealt_as for one in db.session.scalars(select(CallDealtWith))] == ["reached"]
    assert "Ett har klarats av i dag" in chef.get("/").text
    assert f'id="task-{task}"' not in chef.get("/").text


def test_a_task_needs_an_answer_and_says_so_at_its_field(desk: TodayDesk) -> None:
    tasks = [desk.call(Outcome.UNANSWERED, ago(10), ago(7)) for _ in range(2)]
    browser = desk.opens(None, Role.COORDINATOR)

    answers = [
        sends(browser, f"/today/calls/{tasks[1]}"),
        sends(browser, f"/today/calls/{tasks[1]}", **{f"call-{tasks[1]}-dealt_as": "shouted"}),
    ]

    assert [one.status_code for one in answers] == [422, 422]
    for one in answers:
        assert f'href="#call-{tasks[1]}-dealt_as"' in one.text
        assert one.text.count("has-error") == 1


def test_a_call_in_reach_leads_to_its_task_and_others_are_not_there(desk: TodayDesk) -> None:
    own, others = (desk.call(Outcome.UNANSWERED, ago(9), ago(7), line) for line in ("skane", "nationell"))
    browser = desk.opens(None, Role.MANAGER)

    assert browser.get(f"/today/calls/{own}").location == f"/#task-{own}"
    assert browser.get(f"/today/calls/{others}").status_code == 404
    assert sends(browser, f"/today/calls/{others}", **{f"call-{others}-dealt_as": "reached"}).status_code == 404


def test_mail_leads_to_the_tasks_and_to_a_line_in_reach(desk: TodayDesk) -> None:
    coordinator = desk.opens(None, Role.COORDINATOR)

    for path, place in (("/today/calls", "tasks"), ("/today/lines/skane", "line-skane")):
        assert coordinator.get(path).location == f"/#{place}"
        assert f'id="{place}"' in coordinator.get("/").text
    for line in ("nationell", "nowhere"):
        assert coordinator.get(f"/today/lines/{line}").status_code == 404


def test_of_many_tasks_the_earliest_are_shown_and_the_others_can_be_opened(desk: TodayDesk) -> None:
    tasks = [desk.call(Outcome.UNANSWERED, ago(60 - minute), ago(30)) for minute in range(13)]
    browser = desk.opens(None, Role.MANAGER)

    first, _, others = browser.get("/").text.partition('<details class="today-more" id="later-tasks">')
    wrong = sends(browser, f"/today/calls/{tasks[-1]}").text

    assert first.count('class="panel today-task"') == 10
    assert others.count('class="panel today-task"') == 3
    assert "3 till, senare" in others
    assert f'id="task-{tasks[-1]}"' in others
    assert f'name="call-{tasks[-1]}-dealt_as"' in others
    assert re.search(r'<details class="today-more" id="later-tasks"\s+open>', wrong)


@pytest.mark.parametrize(
    ("role", "said", "unsaid"),
    [
        (Role.COORDINATOR, "radrum rota cover skane --stands-in ALIAS --from", "Säg till"),
        (Role.SPECIALIST, "Säg till en samordnare nu", "radrum rota"),
        (Role.MANAGER, "Säg till en samordnare nu", "radrum rota"),
    ],
)
def test_where_nobody_takes_calls_everybody_is_told_what_to_do(
    desk: TodayDesk, role: Role, said: str, unsaid: str
) -> None:
    page = desk.opens(None, role).get("/").text

    assert "men ingen tar samtal" in page
    assert page.count(said) == 1
    assert unsaid not in page


# --- asked again and again --------------------------------------------------------------------------------------------


def test_nothing_new_is_said_in_no_words_until_something_changes(desk: TodayDesk) -> None:
    desk.hires("alfa", "beta")
    browser = desk.opens()
    _, mark, _ = asks_again(browser)

    same = asks_again(browser, mark)
    number = desk.call(Outcome.IN_PROGRESS, ago(0), None)
    rings = asks_again(browser, mark)
    desk.ends_all()
    over = asks_again(browser, rings[1])

    # A minute may begin between two questions: then the page is given again.
    assert same in {(304, mark, ""), (200, same[1], same[2])}
    assert rings[0] == over[0] == 200
    assert f'id="call-{number}"' in rings[2]
    assert "data-announce" in rings[2]
    assert f'id="call-{number}"' not in over[2]


@pytest.mark.parametrize("what", ["pause", "task", "dealt", "record"])
def test_whatever_the_page_shows_changes_its_mark(desk: TodayDesk, what: str) -> None:
    desk.hires("alfa", "beta")
    task = desk.call(Outcome.UNANSWERED, ago(10), ago(7))
    browser = desk.opens()
    _, mark, _ = asks_again(browser)

    with desk.app.app_context():
        now = datetime.now(UTC)
        if what == "pause":
            db.session.add(Pause(staff_id="beta", begins=now, ends=now + MINUTE, reason=""))
        elif what == "dealt":
            row = CallDealtWith(call_id=task, organisation="skane", line="skane", dealt_as="reached", dealt_at=now)
            row.account_id = "somebody"
            db.session.add(row)
        db.session.commit()
    if what in {"task", "record"}:
        desk.call(Outcome.FAILED if what == "task" else Outcome.ANSWERED, ago(3), ago(2))

    assert asks_again(browser, mark)[:2] != (304, mark)


@pytest.mark.parametrize(
    "change",
    [
        {"staff_id": None, "taken_at": None},
        {"passed_by_id": "beta"},
        {"is_exposed": True},
        {"closed_at": ago(0), "closed_as": Closing.WRONG_NUMBER},
    ],
    ids=["given back", "handed on", "exposed", "closed"],
)
def test_what_becomes_of_a_call_back_changes_the_mark_though_another_was_taken_later(
    desk: TodayDesk, change: dict[str, object]
) -> None:
    desk.hires("alfa", "beta")
    first, _ = desk.call_back("beta", ago(20)), desk.call_back("beta", ago(10))
    browser = desk.opens()
    _, mark, _ = asks_again(browser)

    with desk.app.app_context():
        call_back = db.session.get_one(CallbackRequest, first)
        for name, value in change.items():
            setattr(call_back, name, value)
        db.session.commit()

    assert asks_again(browser, mark)[:2] != (304, mark)


def test_all_call_backs_are_counted_though_few_are_shown(desk: TodayDesk) -> None:
    desk.hires("alfa")
    for _ in range(callback_list.MOST_LISTED + 1):
        desk.call_back(None, None)

    page = desk.opens().get("/").text

    assert re.search(r'id="callbacks-heading"[^>]*>[^<]*<span class="count">201<', page)
    assert "196 till har väntat kortare tid" in page


def test_the_page_of_another_person_or_language_has_another_mark(desk: TodayDesk) -> None:
    desk.hires("alfa", "beta")
    alfa, beta = desk.opens("alfa"), desk.opens("beta")
    marks = {asks_again(one)[1] for one in (alfa, beta)}
    alfa.client.set_cookie("radrum_language", "en")

    marks.add(asks_again(alfa)[1])

    assert len(marks) == 3


def test_asking_again_keeps_no_session_alive_and_nothing_is_kept(desk: TodayDesk) -> None:
    browser = desk.opens(None, Role.MANAGER)
    with desk.app.app_context():
        before = db.session.scalars(select(WebSession.seen_at)).all()

    answer = browser.client.get("/today/now", headers={"Accept": "application/json"})

    with desk.app.app_context():
        assert db.session.scalars(select(WebSession.seen_at)).all() == before
    assert answer.headers["Cache-Control"] == "no-store"
    assert getattr(desk.app.view_functions["desk.today_now"], "asks_by_itself", False)


def test_a_script_whose_session_has_ended_is_told_so(desk: TodayDesk) -> None:
    client = desk.app.test_client()

    assert client.get("/today/now", headers={"Accept": "application/json"}).status_code == 401


def sends_and_follows(browser: Browser, path: str, **fields: str) -> str:
    """Send a form, and read the page that comes after it."""
    sends(browser, path, **fields)
    return browser.get("/").text
