"""What the practice records say: invented answers, in about the mix that published figures have.

No note says anything of anybody: there is one, and it says that it is made up.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from random import Random
from typing import TYPE_CHECKING

from sqlalchemy import insert, update

from app.domain.consultations import Answers, Chosen, Form, Place, PlaceKind, apply
from app.domain.lines import Audience, LineKey, MunicipalityCode
from app.domain.taxonomy import Code, GroupKey, Taxonomy
from app.services.practice_data.demo_volume import SEED
from app.storage.models import Consultation, ConsultationNote, ConsultationTag

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

NOTE = "Övning: påhittat samtal om en påhittad fråga. Ingen verklig person."
NOTED = 0.1
LEFT_TO_DO = 3
"""The newest held records of each line that nobody has filled in yet; the one before is half done."""
_MINUTES_TO_CLOSE = (2, 40)
_FIRST = GroupKey("service")
"""What is filled in first, and alone where a record is half done."""

_Mix = tuple[tuple[str, ...], tuple[float, ...]]


def _mix(**shares: float) -> _Mix:
    """Codes, and the shares up to each. A code that begins with a digit has a _ before it here."""
    return tuple(code.removeprefix("_") for code in shares), tuple(accumulate(shares.values()))


_SERVICE = _mix(SOC=50, SKOLA=24, HSV=8, POLIS=5, IDEELL=5, BOENDE=3, AKL=1, FRITID=1, MIGR=1, ANNAN=1, OKAND=1)
_LEVEL = {"SOC": "KOMMUN", "SKOLA": "KOMMUN", "HSV": "REGION", "POLIS": "STAT", "AKL": "STAT", "IDEELL": "PRIVAT"}
_ROLE = {"SOC": "HANDL", "SKOLA": "KURATOR", "HSV": "VARD", "POLIS": "POLIS"}
_TYPE = _mix(ARENDE=58, RISK=12, GENERELL=15, UPPF=7, UTB=3, SAMV=3, FEL=2)
_OF_CASES = frozenset({"ARENDE", "RISK", "UPPF"})
_THEMES = {"KONTROLL": 0.6, "PSYK": 0.45, "FYS": 0.34, "SEX": 0.06, "BARNAKT": 0.09, "TVANG": 0.13, "KONS": 0.06}
_THEMES |= {"BORT_RISK": 0.11, "BORT": 0.04, "UPPF_RESA": 0.03, "OMV": 0.01, "EFTER": 0.05}
_MOST_THEMES = 5
_GENERAL_THEME = _mix(KONTROLL=50, HEDERSBROTT=20, TVANG=10, KONS=5, ANNAT=15)
_PLACES = _mix(KOMMUN=88, LAN=7, HELA_LAN=1, UTOMLANDS=1, OKAND=3)
_EXPOSED = ((1, 2, 3, 4, 5), (84, 92, 96, 99, 100))
_HOUSEHOLD = _mix(ENSKILD=65, SYSKON=13, MED_BARN=13, ANNAN=9)
_AGE = _mix(_0_11=12, _12_14=16, _15_17=28, _18_24=22, _25_=14, OKAND=8)
_GENDER = _mix(F=80, M=13, OKAND=7)
_URGENCY = _mix(PAG=55, SKYND=20, AKUT=8, FOREB=17)
_ADVICE = {"ORO": 0.45, "ANMALAN": 0.2, "RISKBED": 0.35, "LVU": 0.1, "SKYDD": 0.12, "UD": 0.06, "VARD": 0.1}
_ADVICE |= {"SIP": 0.2, "RUTIN": 0.25, "MATERIAL": 0.2, "STODLINJE": 0.15}
_GAPS = {"RUTIN": 0.25, "SAMV_INT": 0.2, "SAMV_EXT": 0.1, "KUNSKAP": 0.35, "SENT": 0.1, "ANM": 0.06, "RESURS": 0.08}
_OUTCOME = _mix(AVSLUT=62, BOKAD=24, VIDARE=9, EJ_NADD=5)
_LARGE_TOWNS = ("1280", "1283", "1281", "0180", "1480", "0580", "1980", "1496", "0380", "0581", "1880")
"""They ask more often; of others, those that chance puts first do."""


@dataclass(frozen=True, slots=True)
class HeldCall:
    """A practice call that was answered."""

    consultation_id: int
    line: LineKey
    began: datetime
    ended: datetime
    by_exposed: bool
    """The caller said that they are exposed themselves, or a relative."""


@dataclass(frozen=True, slots=True)
class FilledIn:
    """What one record says."""

    consultation_id: int
    answers: Answers
    note: str
    closed_at: datetime | None


def fill_in(form: Form, held: Sequence[HeldCall], now: datetime) -> list[FilledIn]:
    """The records of one line's calls, which are given in the order in which they came."""
    towns = _towns(form)
    to_do = {one.consultation_id for one in held[len(held) - LEFT_TO_DO :]} if held else set()
    half_done = {one.consultation_id for one in held[-LEFT_TO_DO - 1 : -LEFT_TO_DO]}
    records: list[FilledIn] = []
    for one in held:
        # Every record has chances of its own, so that one more or less changes none of the others.
        chance = Random(f"{SEED} record {one.line} {one.began}")  # noqa: S311 - practice data, the same everywhere
        answers = _answers(form, towns, chance, by_exposed=one.by_exposed)
        note = NOTE if chance.random() < NOTED else ""
        closed_at = one.ended + timedelta(minutes=chance.randint(*_MINUTES_TO_CLOSE))
        if one.consultation_id in half_done or (closed_at > now and one.consultation_id not in to_do):
            first = Chosen(_FIRST, answers.chosen[_FIRST])
            records.append(FilledIn(one.consultation_id, apply(form, Answers(), first), "", None))
        elif one.consultation_id not in to_do:
            records.append(FilledIn(one.consultation_id, answers, note, closed_at))
    return records


def store(session: Session, taxonomy: Taxonomy, records: Sequence[FilledIn]) -> None:
    """Many rows by few statements."""
    columns = [
        {
            "id": one.consultation_id,
            "version": 1,
            "taxonomy_version": taxonomy.version,
            "place": one.answers.place and one.answers.place.kind,
            "municipality": one.answers.place and one.answers.place.municipality,
            "county": one.answers.place and one.answers.place.county,
            "exposed": one.answers.exposed,
            "closed_at": one.closed_at,
        }
        for one in records
    ]
    tags = [
        {"consultation_id": one.consultation_id, "kind": kind, "code": code, "position": position}
        for one in records
        for kind, codes in one.answers.chosen.items()
        for position, code in enumerate(codes, start=1)
    ]
    notes = [{"consultation_id": one.consultation_id, "text": one.note} for one in records if one.note]
    for statement, rows in (
        (update(Consultation), columns),
        (insert(ConsultationTag), tags),
        (insert(ConsultationNote), notes),
    ):
        if rows:
            session.execute(statement, rows)


def _answers(form: Form, towns: _Mix, chance: Random, *, by_exposed: bool) -> Answers:
    kind = _one(_TYPE, chance)
    service = "EJ_YRKES" if by_exposed else _one(_SERVICE, chance)
    if by_exposed and Audience.EXPOSED not in form.line.serves:
        return _ordered(form, {"service": [service], "type": ["FEL"], "advice": ["STODLINJE"]}, None, None)
    chosen = {"service": [service], "type": [kind], "theme": _themes(kind, chance), "advice": _advice(kind, chance)}
    if not by_exposed:
        chosen |= {"level": [_LEVEL.get(service, "OKAND")], "role": [_ROLE.get(service, "ANNAN")]}
    exposed = None
    if kind in _OF_CASES:
        exposed = chance.choices(_EXPOSED[0], cum_weights=_EXPOSED[1])[0]
        household = "SYSKON" if exposed > 1 and chance.random() < 0.5 else _one(_HOUSEHOLD, chance)  # noqa: PLR2004
        chosen |= {"household": [household], "age": [_one(_AGE, chance)], "gender": [_one(_GENDER, chance)]}
        chosen |= {"urgency": [_one(_URGENCY, chance)], "outcome": [_one(_OUTCOME, chance)]}
        chosen["gap"] = _some(_GAPS, chance) or ["INGEN"]
    # Of an exposed person only that they rang: a municipality would be theirs, and not a service's.
    place = Place(PlaceKind.UNKNOWN) if by_exposed else _place(form, towns, chance)
    return _ordered(form, chosen, place, exposed)


def _themes(kind: str, chance: Random) -> list[str]:
    if kind == "FEL":
        return ["EJ_HRV"]
    if kind in _OF_CASES:
        return _some(_THEMES, chance)[:_MOST_THEMES] or ["ANNAT"]
    return [_one(_GENERAL_THEME, chance)]


def _advice(kind: str, chance: Random) -> list[str]:
    if kind == "FEL":
        return ["STODLINJE"]
    return (_some(_ADVICE, chance) or ["INGET"]) if kind in _OF_CASES else [chance.choice(["RUTIN", "MATERIAL"])]


def _place(form: Form, towns: _Mix, chance: Random) -> Place:
    kind = PlaceKind(_one(_PLACES, chance))
    code = MunicipalityCode(_one(towns, chance))
    county = form.municipalities.by_code[code].county
    match kind:
        case PlaceKind.MUNICIPALITY:
            return Place(kind, code, county)
        case PlaceKind.COUNTY | PlaceKind.WHOLE_COUNTY:
            return Place(kind, county=county)
        case _:
            return Place(kind)


def _towns(form: Form) -> _Mix:
    """The line's municipalities, those that ask most first: the second asks about a third as often as the first."""
    codes = sorted(form.line.catchment)
    Random(f"{SEED} towns {form.line.key}").shuffle(codes)  # noqa: S311 - as above
    codes.sort(key=lambda code: _LARGE_TOWNS.index(code) if code in _LARGE_TOWNS else len(_LARGE_TOWNS))
    return tuple(codes), tuple(accumulate((place + 1) ** -1.1 for place in range(len(codes))))


def _one(mix: _Mix, chance: Random) -> str:
    codes, up_to = mix
    return chance.choices(codes, cum_weights=up_to)[0]


def _some(chances: Mapping[str, float], chance: Random) -> list[str]:
    return [code for code, likely in chances.items() if chance.random() < likely]


def _ordered(form: Form, chosen: Mapping[str, Sequence[str]], place: Place | None, exposed: int | None) -> Answers:
    """As the service would have stored them."""
    groups = form.taxonomy.groups
    in_order = {
        key: tuple(code for code in group.choices if code in chosen[key])
        for key, group in groups.items()
        if key in chosen
    }
    return Answers({key: tuple(map(Code, codes)) for key, codes in in_order.items()}, place, exposed)
