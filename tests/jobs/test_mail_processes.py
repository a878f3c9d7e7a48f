"""Real processes that send mail to a real mail server, and are killed with kill -9 on the way."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from threading import Event
from typing import TYPE_CHECKING, ClassVar

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.domain.due import Result
from app.domain.mail import MailState
from app.domain.permissions import Role
from app.storage.engine import create_engine_for
from app.storage.models import JobOccurrence, OutgoingMail, ToldCall
from tests.jobs.running import Processes
from tests.services.written_to import account, lost_call
from tests.support.mail_server import HANG_UP, serving
from tests.support.service import deployment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from tests.support.mail_server import MailServer


@dataclass(frozen=True, slots=True)
class Bench(Processes):
    """Calls that nobody took, and what becomes of the mail about them."""

    server: MailServer

    entry: ClassVar[str] = "tests.jobs.mail_entry"

    def lose(self, calls: int) -> None:
        with Session(self.engine) as session:
            for _ in range(calls):
                lost_call(session, datetime.now(UTC))

    def sent(self) -> int:
        with Session(self.engine) as session:
            asked = select(func.count()).where(OutgoingMail.state == MailState.SENT)
            return session.scalar(asked) or 0

    def told(self) -> int:
        with Session(self.engine) as session:
            return session.scalar(select(func.count()).select_from(ToldCall)) or 0

    def looks(self) -> int:
        """How often the job came to its end."""
        with Session(self.engine) as session:
            asked = select(func.count()).where(JobOccurrence.result == Result.DONE)
            return session.scalar(asked) or 0


@pytest.fixture
def bench(root: Path, tmp_path: Path, database_url: str, data_keys: Mapping[str, bytes]) -> Iterator[Bench]:
    folder = tmp_path / "deployment"
    folder.mkdir()
    where = deployment(root, folder, database_url, data_keys, numbers=frozenset())
    config = folder / "config.toml"
    written = config.read_text(encoding="utf-8")
    config.write_text(written.replace("# from = ", "from = "), encoding="utf-8")
    engine = create_engine_for(database_url)
    with serving() as server:
        mail = {"RADRUM_MAIL_URL": f"smtp://127.0.0.1:{server.port}", "PYTHONPATH": str(root)}
        with Session(engine) as session:
            for name in ("ett", "tva", "tre"):
                account(session, name, Role.MANAGER)
        yield Bench({**where.environment, **mail}, folder, engine, server)
    engine.dispose()


def test_three_processes_send_each_mail_once(bench: Bench) -> None:
    bench.lose(2)
    # Nobody is killed: what stands still for a while is alive, and nobody else's to send.
    patient = replace(bench, environment={**bench.environment, "ONE_TRY_SECONDS": "60"})

    with ExitStack() as stack:
        for _ in range(3):
            stack.enter_context(patient.jobs())
        bench.until(lambda: bench.sent() == 3)
        bench.lose(1)
        looks = bench.looks()
        bench.until(lambda: bench.looks() >= looks + 3)

    assert sorted(bench.server.readers) == ["ett@example.se", "tre@example.se", "tva@example.se"]
    assert {str(message["Subject"])[:21] for message in bench.server.taken} == {"2 obesvarade samtal: "}
    assert len(set(bench.server.ids)) == 3
    assert bench.told() == 2


@pytest.mark.parametrize("answer", ["250 I have it", HANG_UP])
def test_a_process_that_is_killed_after_the_mail_server_has_a_mail_sends_it_again_by_the_same_id(
    bench: Bench, answer: str
) -> None:
    """The mail server's answer comes, or gets lost; either way nothing was marked, for the row is held meanwhile."""
    bench.lose(1)
    taken, is_held = Event(), Event()

    def hold() -> None:
        taken.set()
        is_held.wait(90)

    bench.server.when_taken = hold
    bench.server.will_answer("BODY", answer)
    with bench.jobs() as first, Session(bench.engine) as holder:
        assert taken.wait(90)
        holder.execute(update(OutgoingMail).values(tries=OutgoingMail.tries))
        is_held.set()
        bench.until(lambda: answer in bench.server.said)
        first.kill()
        first.wait()
        holder.rollback()
    after_the_kill = bench.sent()
    bench.server.when_taken = lambda: None
    with bench.jobs():
        bench.until(lambda: bench.sent() == 3)

    assert after_the_kill == 0
    assert len(set(bench.server.ids)) == 3
    assert sorted(set(bench.server.readers)) == ["ett@example.se", "tre@example.se", "tva@example.se"]
    assert len(bench.server.taken) == 4


@pytest.mark.parametrize("command", ["MAIL", "DATA"])
def test_a_process_that_is_killed_on_the_way_to_the_mail_server_loses_nothing(bench: Bench, command: str) -> None:
    bench.lose(1)

    with bench.jobs() as first:
        bench.server.when_asked[command] = first.kill
        first.wait(90)
    bench.server.when_asked.clear()
    with bench.jobs():
        bench.until(lambda: bench.sent() == 3)

    assert len(set(bench.server.ids)) == 3
    assert len(bench.server.taken) == 3
    assert bench.told() == 1
