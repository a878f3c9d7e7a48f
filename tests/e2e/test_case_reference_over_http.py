"""A case made of a first call, and a second call with its reference, over real HTTP.

Once undisturbed, and once with everything going wrong on the way that doesn't end a call.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from app.domain.lines import LineKey, OrganisationKey, StaffId
from app.domain.permissions import AccountId, Actor, Role
from app.services.case import cases
from app.simulator.caller import CallerScript
from app.simulator.drill.mix import FAULT_NAMES, drilled_lines, faults_named
from app.simulator.drill.provider import standing_in
from app.simulator.engine import place_call
from app.simulator.faults import NO_FAULTS, RequestFault
from app.simulator.network import Network
from app.simulator.phones import PhoneBehaviour, Reaction
from app.simulator.plan import CallPlan
from app.simulator.transcript import LineKind
from app.storage.models import Call, Case, Consultation, Staff
from tests.support.ports import reserved_port
from tests.support.service import deployment, running

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from sqlalchemy.orm import Session

    from app.domain.policy import Policy
    from app.simulator.faults import FaultPlan
    from app.simulator.plan import Service
    from app.simulator.transcript import Transcript

SKANE = "+4640349800"
ETT, TVA = "+46701740698", "+46701740699"
STAFF = """name,alias,phone,competences,languages,rota,from
Övning Ett,Ett,070-174 06 98,law,sv,skane,2026-01-01
Övning Två,Två,070-174 06 99,law,sv,skane,2026-01-01
"""
DISTURBED = faults_named([name for name in FAULT_NAMES if name != RequestFault.LOST])
BUSY = PhoneBehaviour(Reaction.BUSY)


@dataclass
class Line:
    """The line of Skåne on an open day."""

    service: Service
    network: Network
    faults: FaultPlan
    now: datetime
    log: Path

    def rings(self, *keys: str, busy: str = "") -> Transcript:
        """A call, and an hour that goes by."""
        phones = {busy: BUSY} if busy else {}
        plan = CallPlan(
            SKANE,
            script=CallerScript(keys),
            phones=phones,
            starts_at=self.now,
            faults=self.faults,
            seed=self.now.hour,
        )
        self.now += timedelta(hours=1)
        return place_call(self.service, plan, self.network)


@pytest.fixture(params=[NO_FAULTS, DISTURBED], ids=["undisturbed", "disturbed"])
def line(
    request: pytest.FixtureRequest,
    root: Path,
    tmp_path: Path,
    database_url: str,
    data_keys: Mapping[str, bytes],
    policy: Policy,
) -> Iterator[Line]:
    network, port = Network(), reserved_port()
    numbers = frozenset(one.twilio_numbers[0].e164 for one in policy.lines.values())
    api_base_url = f"http://127.0.0.1:{port}"
    where = deployment(root, tmp_path, database_url, data_keys, numbers=numbers, api_base_url=api_base_url)
    staff = tmp_path / "staff.csv"
    staff.write_text(STAFF, encoding="utf-8")
    where.run("staff", "import", str(staff))
    opens = drilled_lines(policy, datetime.now(UTC).date())[0].spans[0].opens
    with standing_in(where.service, network, port), running(where, workers=2) as log:
        yield Line(where.service, network, request.param, opens + timedelta(minutes=10), log)


def joined_with(transcript: Transcript) -> str:
    """Whose phone the caller was put through to."""
    [phone] = [leg.phone for leg in transcript.legs if leg.joined]
    return phone


def record_of(session: Session, transcript: Transcript) -> Consultation:
    of_call = select(Consultation).join(Call, Call.id == Consultation.call_id)
    return session.scalars(of_call.where(Call.sid == transcript.call_sid)).one()


def reference_of_new_case(session: Session, transcript: Transcript, now: datetime) -> str:
    """The case is opened as the specialist does who held the record."""
    record = record_of(session, transcript)
    reach = frozenset({LineKey("skane")})
    staff = StaffId(record.staff_id or "")
    held_it = Actor(AccountId("held it"), staff, OrganisationKey("skane"), reach, frozenset({Role.SPECIALIST}))
    reference = cases.open_case(session, held_it, record.id, now).reference
    session.commit()
    return reference


def test_a_call_with_a_reference_reaches_the_same_specialist_although_another_comes_first(
    line: Line, session: Session
) -> None:
    first_in_turn = line.rings("1").legs[0].phone
    made = line.rings("1", busy=first_in_turn)
    reference = reference_of_new_case(session, made, line.now)

    again = line.rings("3", reference)
    wrong = line.rings("3", f"{reference[:-1]}{(int(reference[-1]) + 1) % 10}", reference)
    without = line.rings("1")

    case = session.scalars(select(Case)).one()
    responsible = session.get_one(Staff, case.staff_id).phone.e164
    assert {first_in_turn, responsible} == {ETT, TVA}
    assert [joined_with(one) for one in (made, again, wrong, without)] == [*[responsible] * 3, first_in_turn]
    assert [leg.phone for leg in again.legs] == [responsible]
    joined = session.scalars(select(Consultation.case_id).order_by(Consultation.opened_at)).all()
    assert joined == [None, case.id, case.id, case.id, None]
    heard = [one.text for one in again.lines if one.kind is LineKind.SCREEN_SAID]
    assert any("med ärendenummer" in one for one in heard)
    keyed = [one.text for one in (*again.lines, *wrong.lines) if one.kind is LineKind.KEYED]
    assert keyed == ["3", "•" * 7, "3", "•" * 7, "•" * 7]
    assert reference not in line.log.read_text(encoding="utf-8")
    assert not any(reference in exchange.url for one in (again, wrong) for exchange in one.exchanges)
    assert not any(one.findings for one in (made, again, wrong, without))
