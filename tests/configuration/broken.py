"""What can be wrong in the files, as mutations of the shipped ones, and what has to be said about each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = "config.toml"
SKANE = "schedules/skane.toml"
VASTMANLAND = "schedules/vastmanland.toml"
FLOW = "callflows/regional.toml"
WORDS = "callflows/words/sv.toml"
# In place of a key: the mistake is known by its line.
SYNTAX = "line"


@dataclass(frozen=True, slots=True)
class Broken:
    """``old`` in ``file`` becomes ``new``; then the message names ``key`` and says ``found`` and ``allowed``."""

    file: str
    old: str
    new: str
    key: str
    found: str
    allowed: str
    where: str = ""
    """The file that the message names, where it isn't the broken one."""

    def apply(self, folder: Path) -> None:
        """Break the copy in ``folder``, once."""
        file = folder / self.file
        text = file.read_text(encoding="utf-8")
        if self.old not in text:
            message = f"{self.file} has no {self.old!r} any more"
            raise LookupError(message)
        file.write_text(text.replace(self.old, self.new, 1), encoding="utf-8")

    def __str__(self) -> str:
        change = self.new if self.new.strip() else f"without {self.old}"
        return f"{self.file}: {' '.join(change.split())}"


def in_line(key: str, old: str, new: str, path: str, found: str, allowed: str) -> Broken:
    """A mutation inside the table of one line: ``old`` is the text after the line's header."""
    return Broken(CONFIG, f"[line.{key}]\n{old}", f"[line.{key}]\n{new}", f"line.{path}", found, allowed)


WRAP_UP = "wrap_up_minutes = 2"
MONDAY = 'monday = ["09:00-16:00"]'
TURN = '[[rota]]\nkey = "skane"\ntier = "primary"\nunit = "day"\nlength = 1'
ANCHOR = "anchor = 2024-01-01"
SKANE_NUMBER = 'public_number = "+4640349800"'
SKANE_TWILIO = 'twilio_numbers = ["+4640349800"]'
SKANE_BACKUP = 'backup_number = "+46406280400"'
SKANE_OVERFLOW = (
    'overflow = "nationell"\n# Reserved for fiction: nobody answers there. Set the real number before going live.\n'
)

OF_CONFIG = [
    Broken(CONFIG, "most_per_hour = 20", "most_per_hour = 0", "callbacks.most_per_hour", "0 (a whole", "1 to 200"),
    Broken(CONFIG, "most_per_day = 100", 'most_per_day = "many"', "callbacks.most_per_day", '"many"', "1 to 1000"),
    Broken(CONFIG, "keep_days = 30", "keep_days = 400", "callbacks.keep_days", "400", "1 to 90"),
    Broken(CONFIG, "keep_days = 30", "keep_day = 30", "callbacks.keep_day", "means nothing here", "keep_days"),
    Broken(CONFIG, 'mode = "practice"', 'mode = "test"', "mode", '"test"', "practice, live"),
    Broken(CONFIG, 'mode = "practice"', "mode = 1", "mode", "1 (a whole number)", "text"),
    Broken(CONFIG, 'mode = "practice"', "", "RADRUM_MODE", "nothing", "practice, live", where="environment"),
    Broken(CONFIG, 'mode = "practice"', 'mode = "practice', SYNTAX, "illegal character", "a TOML file in UTF-8"),
    Broken(
        CONFIG, 'mode = "practice"', 'mode = "practice"\nmod = 1', "mod", "means nothing here", 'did you mean "mode"'
    ),
    Broken(CONFIG, "[line.skane]", "[line.nationell]", SYNTAX, "twice", "a TOML file in UTF-8"),
    Broken(CONFIG, "[web]", "web = 1\n[www]", "web", "1 (a whole number)", "a table [web]"),
    Broken(CONFIG, 'bind = "127.0.0.1:8400"', 'bind = "8400"', "web.bind", '"8400"', "host:port"),
    Broken(CONFIG, 'bind = "127.0.0.1:8400"', 'bind = "127.0.0.1:0"', "web.bind", '"127.0.0.1:0"', "1 to 65535"),
    Broken(
        CONFIG, 'bind = "127.0.0.1:8400"', 'bind = "127.0.0.1:99999"', "web.bind", '"127.0.0.1:99999"', "1 to 65535"
    ),
    Broken(CONFIG, 'bind = "127.0.0.1:8400"', 'bind = "[::1]:8400"', "web.bind", '"[::1]:8400"', "IPv4"),
    Broken(CONFIG, 'bind = "127.0.0.1:8400"', 'bind = "0.0.0.0:8400"', "web.bind", '"0.0.0.0:8400"', "127.0.0.1:PORT"),
    Broken(CONFIG, 'bind = "127.0.0.1:8400"', 'bnd = "x"', "web.bnd", "means nothing here", 'did you mean "bind"'),
    Broken(CONFIG, "127.0.0.1:8401", "0.0.0.0:8401", "simulator.bind", '"0.0.0.0:8401"', "127.0.0.1:PORT"),
    Broken(CONFIG, "127.0.0.1:8401", "127.0.0.1:8400", "simulator.bind", "where the service listens", "another port"),
    Broken(
        CONFIG,
        "# public_url = ",
        'public_url = "https://a.se/tel" # ',
        "web.public_url",
        '"https://a.se/tel"',
        "nothing more",
    ),
    Broken(
        CONFIG,
        "# public_url = ",
        'public_url = "https://u:hush@a.se" # ',
        "web.public_url",
        "user name",
        "nothing more",
    ),
    Broken(
        CONFIG, "# public_url = ", 'public_url = "https://[::1]" # ', "web.public_url", '"https://[::1]"', "no IPv6"
    ),
    Broken(
        CONFIG,
        "# public_url = ",
        'public_url = "https://a.se?x" # ',
        "web.public_url",
        '"https://a.se?x"',
        "nothing more",
    ),
    Broken(CONFIG, "# public_url = ", 'public_url = "https://a_b.se" # ', "web.public_url", '"https://a_b.se"', "host"),
    Broken(CONFIG, "# public_url = ", 'public_url = "a.se" # ', "web.public_url", '"a.se"', "scheme"),
    Broken(CONFIG, '# url = "postgresql', 'url = "mysql://a/b" # "', "database.url", "another kind", "postgresql://"),
    Broken(CONFIG, '# url = "postgresql', 'url = "sqlite://" # "', "database.url", "another kind", "sqlite:///FILE"),
    Broken(CONFIG, '# url = "postgresql', 'url = "postgresql://a" # "', "database.url", "without the name", "DATABASE"),
    Broken(CONFIG, '# url = "smtp', 'url = "http://a" # "', "mail.url", "another form", "smtp://HOST:PORT"),
    Broken(CONFIG, 'edge = "dublin"', "", "twilio.edge", "nothing", "dublin"),
    Broken(CONFIG, 'region = "ie1"', "", "twilio.region", "nothing", "or neither"),
    Broken(CONFIG, 'edge = "dublin"', 'edge = "ashburn"', "twilio.edge", '"ashburn"', "dublin"),
    Broken(CONFIG, 'region = "ie1"', 'region = "ie2"', "twilio.region", '"ie2"', "ie1, au1, us1"),
    Broken(CONFIG, 'name = "Malmö stad"', "", "organisation.skane.name", "nothing", "text"),
    Broken(CONFIG, 'name = "Malmö stad"', 'name = "  "', "organisation.skane.name", '"  "', "text"),
    Broken(CONFIG, "[organisation.skane]", "[organisation.Skane]", "organisation.Skane", '"Skane"', "small letters"),
]

OF_LINES = [
    in_line("skane", 'organisation = "skane"', 'organisation = "skåne"', "skane.organisation", '"skåne"', "skaraborg"),
    in_line(
        "skane",
        'organisation = "skane"',
        'organization = "skane"',
        "skane.organization",
        "means nothing",
        '"organisation"',
    ),
    in_line("skane", 'organisation = "skane"', "", "skane.organisation", "nothing", "nationell, skane"),
    Broken(CONFIG, "Resurscentrum heder Skåne", "R{line}", "line.skane.name", '"R{line}"', "without { }"),
    Broken(CONFIG, "Resurscentrum heder Skåne", "R" * 101, "line.skane.name", "RRR", "at most 100 characters"),
    Broken(CONFIG, SKANE_NUMBER, "public_number = 4640349800", "line.skane.public_number", "4640349800", '"+46…"'),
    Broken(
        CONFIG, SKANE_NUMBER, 'public_number = "040-34 98 00"', "line.skane.public_number", "040-34 98 00", '"+46…"'
    ),
    Broken(CONFIG, SKANE_NUMBER, 'public_number = "+4540349800"', "line.skane.public_number", "+4540349800", "Swedish"),
    Broken(CONFIG, SKANE_NUMBER, 'public_number = "+469001000"', "line.skane.public_number", "+469001000", "premium"),
    Broken(
        CONFIG,
        SKANE_NUMBER,
        'public_number = "+46500498000"',
        "line.skane.public_number",
        "also a number",
        "no other line",
    ),
    Broken(CONFIG, SKANE_TWILIO, "twilio_numbers = []", "line.skane.twilio_numbers", "an empty list", "one or more"),
    Broken(
        CONFIG, SKANE_TWILIO, 'twilio_numbers = "+4640349800"', "line.skane.twilio_numbers", '"+4640349800"', "a list"
    ),
    Broken(CONFIG, SKANE_TWILIO, 'twilio_numbers = ["+464"]', "line.skane.twilio_numbers", '"+464"', "Swedish number"),
    Broken(
        CONFIG,
        SKANE_TWILIO,
        'twilio_numbers = ["+46102235760"]',
        "line.skane.twilio_numbers",
        "line.nationell",
        "no other",
    ),
    Broken(
        CONFIG,
        SKANE_TWILIO,
        'twilio_numbers = ["+4640349800", "+4640349800"]',
        "line.skane.twilio_numbers",
        "twice",
        "once",
    ),
    Broken(CONFIG, SKANE_BACKUP, 'backup_number = "112"', "line.skane.backup_number", '"112"', "Swedish number"),
    Broken(
        CONFIG, SKANE_BACKUP, 'backup_number = "+4640349800"', "line.skane.backup_number", "line.skane", "none of these"
    ),
    Broken(
        CONFIG, SKANE_BACKUP, 'backup_number = "+46102235760"', "line.skane.backup_number", "nationell", "none of these"
    ),
    Broken(
        CONFIG, 'callflow = "regional"', 'callflow = "reginal"', "line.skane.callflow", '"reginal"', 'mean "regional"'
    ),
    Broken(CONFIG, 'schedule = "skane"', 'schedule = "scania"', "line.skane.schedule", '"scania"', "skaraborg"),
    Broken(CONFIG, 'schedule = "skane"', 'schedule = "../skane"', "line.skane.schedule", '"../skane"', "skaraborg"),
    Broken(
        CONFIG, 'schedule = "skane"', 'schedule = "skaraborg"', "line.skane.schedule", "line.skaraborg", "of its own"
    ),
    Broken(CONFIG, 'catchment = ["12"]', 'catchment = ["26"]', "line.skane.catchment", '"26"', "county codes"),
    Broken(
        CONFIG, 'catchment = ["12"]', 'catchment = ["1299"]', "line.skane.catchment", '"1299"', "municipality codes"
    ),
    Broken(CONFIG, 'catchment = ["12"]', "catchment = [12]", "line.skane.catchment", "[12]", '"all"'),
    Broken(CONFIG, 'catchment = ["12"]', "catchment = []", "line.skane.catchment", "an empty list", '"all"'),
    Broken(CONFIG, 'catchment = ["12"]', 'catchment = "some"', "line.skane.catchment", '"some"', '"all"'),
    Broken(CONFIG, 'serves = ["professional"]', "serves = []", "line.nationell.serves", "an empty list", "exposed"),
    Broken(
        CONFIG,
        'serves = ["professional"]',
        'serves = ["professionals"]',
        "line.nationell.serves",
        "professionals",
        "did you mean",
    ),
    Broken(
        CONFIG,
        "public_statistics = true",
        'public_statistics = "yes"',
        "line.nationell.public_statistics",
        '"yes"',
        "true",
    ),
    Broken(CONFIG, SKANE_OVERFLOW, 'overflow = "skane"\n', "line.skane.overflow", '"skane"', "another line"),
    Broken(
        CONFIG,
        SKANE_OVERFLOW,
        'overflow = "nationel"\n',
        "line.skane.overflow",
        '"nationel"',
        'did you mean "nationell"',
    ),
    Broken(
        CONFIG,
        'serves = ["professional"]\n# The switchboard',
        'serves = ["professional"]\noverflow = "skane"\n# The switchboard',
        "line.skane.overflow",
        "a circle, skane > nationell > skane",
        "without overflow",
    ),
    Broken(
        CONFIG,
        'serves = ["professional"]\n# The switchboard',
        'serves = ["exposed"]\n# The switchboard',
        "line.skane.overflow",
        "serves none of those",
        "some of them",
    ),
    Broken(
        CONFIG,
        SKANE_OVERFLOW,
        'overflow = "vastmanland"\n',
        "line.skane.overflow",
        '"vastmanland", which serves none of the municipalities of skane',
        "a line that serves them",
    ),
    Broken(CONFIG, 'more_at = "malmo punkt s e"', "", "line.skane.more_at", "nothing", "text"),
    Broken(CONFIG, 'more_at = "malmo punkt s e"', 'more_at = "a\\nb"', "line.skane.more_at", "a", "on one line"),
    Broken(CONFIG, "[line.skane]", '[line."Skåne"]', "line.Skåne", '"Skåne"', "small letters a to z"),
]

OF_SCHEDULES = [
    Broken(SKANE, "Europe/Stockholm", "Europe/Stokholm", "timezone", '"Europe/Stokholm"', "Europe/Stockholm"),
    Broken(SKANE, "Europe/Stockholm", "Europe", "timezone", '"Europe"', "a time zone"),
    Broken(SKANE, "Europe/Stockholm", "../../etc/passwd", "timezone", '"../../etc/passwd"', "a time zone"),
    Broken(SKANE, 'timezone = "Europe/Stockholm"', "", "timezone", "nothing", "a time zone"),
    Broken(SKANE, "close_on_eves = true", 'close_on_eves = "yes"', "close_on_eves", '"yes"', "true or false"),
    Broken(SKANE, "close_on_eves = true", "close_on_eve = true", "close_on_eve", "means nothing", '"close_on_eves"'),
    Broken(SKANE, WRAP_UP, "wrap_up_minutes = 61", "wrap_up_minutes", "61", "from 0 to 60"),
    Broken(SKANE, WRAP_UP, "wrap_up_minutes = 2.5", "wrap_up_minutes", "2.5 (a number)", "a whole number"),
    Broken(SKANE, WRAP_UP, "wrap_up = 2", "wrap_up", "means nothing", 'did you mean "wrap_up_minutes"'),
    Broken(SKANE, "[hours]", "[opening]", "hours", "nothing", "a table [hours]"),
    Broken(SKANE, MONDAY, '"måndag" = ["09:00-16:00"]', "hours.måndag", "means nothing", "monday, tuesday"),
    Broken(SKANE, MONDAY, 'monday = "09:00-16:00"', "hours.monday", '"09:00-16:00"', "a list of intervals"),
    Broken(SKANE, MONDAY, 'monday = ["9-16"]', "hours.monday", '"9-16"', "a list of intervals"),
    Broken(SKANE, MONDAY, 'monday = ["09:00-24:00"]', "hours.monday", '"09:00-24:00"', "23:59"),
    Broken(SKANE, MONDAY, 'monday = ["16:00-09:00"]', "hours.monday", '"16:00-09:00"', "closes after it opens"),
    Broken(SKANE, MONDAY, 'monday = ["09:00-09:00"]', "hours.monday", '"09:00-09:00"', "closes after it opens"),
    Broken(SKANE, MONDAY, 'monday = ["09:00-13:00", "12:00-16:00"]', "hours.monday", "which overlap", "don't overlap"),
    Broken(SKANE, MONDAY, 'monday = ["13:00-16:00", "09:00-12:00"]', "hours.monday", "before", "order of the day"),
    Broken(
        SKANE, MONDAY, 'monday = ["09:00-12:00", "12:00-16:00"]', "hours.monday", "without a break", '"09:00-16:00"'
    ),
    Broken(
        SKANE, "[special_days]", "[special_days]\njulafton = []", "special_days.julafton", "means nothing", "klamdag"
    ),
    Broken(SKANE, "[special_days]", '[special_days]\nklamdag = ["9"]', "special_days.klamdag", '"9"', "intervals"),
    Broken(SKANE, "[special_days]", "[special_days]\nklamdag = false", "special_days.klamdag", "false", "intervals"),
    Broken(SKANE, TURN, TURN.replace('"skane"', '"Skåne 1"'), "rota.Skåne 1.key", '"Skåne 1"', "small letters"),
    Broken(
        SKANE,
        TURN,
        TURN.replace('"skane"', '"skaraborg"'),
        "rota.skaraborg.key",
        "also a rota of schedules/skane.toml",
        "no other rota",
        where="schedules/skaraborg.toml",
    ),
    Broken(SKANE, TURN, TURN.replace("primary", "backup"), "rota", "no rota of the primary tier", 'tier = "primary"'),
    Broken(SKANE, TURN, TURN.replace("primary", "first"), "rota.skane.tier", '"first"', "primary, backup"),
    Broken(SKANE, TURN, TURN.replace('"day"', '"month"'), "rota.skane.unit", '"month"', "day, week"),
    Broken(SKANE, TURN, TURN.replace("length = 1", "length = 0"), "rota.skane.length", "0", "from 1 to 52"),
    Broken(
        SKANE, TURN, TURN.replace("length = 1", "length = true"), "rota.skane.length", "true (a switch)", "from 1 to 52"
    ),
    Broken(SKANE, TURN, TURN.replace("length = 1", "lengths = 1"), "rota.skane.lengths", "means nothing", '"length"'),
    Broken(
        SKANE,
        TURN,
        TURN.replace('unit = "day"', 'unit = "week"'),
        "rota.skane.handover_weekday",
        "nothing",
        "a weekday",
    ),
    Broken(SKANE, 'handover = "00:00"', 'handover = "24:00"', "rota.skane.handover", '"24:00"', "23:59"),
    Broken(SKANE, 'handover = "00:00"', "handover = 00:00:00", "rota.skane.handover", "00:00:00", '"00:00"'),
    Broken(SKANE, "at_once = 2", "at_once = 21", "rota.skane.at_once", "21", "from 1 to 20"),
    Broken(
        SKANE, "anchor = 2024-01-01", 'anchor = "2024-01-01"', "rota.skane.anchor", '"2024-01-01"', "without quotation"
    ),
    Broken(
        SKANE,
        "anchor = 2024-01-01",
        "anchor = 2024-01-01T09:00:00",
        "rota.skane.anchor",
        "2024-01-01 09:00:00",
        "a date",
    ),
    Broken(SKANE, "anchor = 2024-01-01", "anchor = 2026-02-30", SYNTAX, "invalid date", "a TOML file"),
    Broken(SKANE, 'weekdays = ["monday"', 'weekdays = ["mon"', "rota.skane.weekdays", '"mon"', 'did you mean "monday"'),
    Broken(SKANE, 'weekdays = ["monday"', 'weekdays = ["friday"', "rota.skane.weekdays", '"friday"', "each once"),
    Broken(
        VASTMANLAND,
        'weekday = "monday"',
        'weekday = "moonday"',
        "rota.vastmanland.handover_weekday",
        "moonday",
        "monday",
    ),
    Broken(
        SKANE,
        'handover = "00:00"',
        'handover = "00:00"\nhandover_weekday = "friday"',
        "rota.skane.handover_weekday",
        "friday",
        "week",
    ),
    Broken(SKANE, ANCHOR, f'{ANCHOR}\nwindow = "12-16"', "rota.skane.window", '"12-16"', '"22:00-06:00"'),
    Broken(SKANE, ANCHOR, f'{ANCHOR}\nwindow = "12:00-24:00"', "rota.skane.window", '"12:00-24:00"', "23:59"),
    Broken(SKANE, ANCHOR, f'{ANCHOR}\nwindow = ["12:00-16:00"]', "rota.skane.window", "a list", "a part of the day"),
    Broken(SKANE, ANCHOR, f'{ANCHOR}\nwindow = "09:00-09:00"', "rota.skane.window", "09:00-09:00", "another time"),
    Broken(SKANE, ANCHOR, f'{ANCHOR}\nwindows = "12:00-16:00"', "rota.skane.windows", "nothing here", '"window"'),
    Broken(
        SKANE,
        TURN,
        TURN.replace('"day"', '"hour"') + '\nwindow = "12:00-16:00"',
        "rota.skane.handover",
        '"00:00"',
        '"12:00", when the window begins',
    ),
    Broken(
        SKANE,
        TURN,
        TURN.replace('"day"', '"hour"') + '\nhandover_weekday = "friday"',
        "rota.skane.handover_weekday",
        "friday",
        "week",
    ),
]

OF_CALLFLOWS = [
    Broken(FLOW, 'start = "hours"', "start = hours", SYNTAX, "invalid value", "a TOML file in UTF-8"),
    Broken(FLOW, 'start = "hours"', 'start = "nowhere"', "start", "nowhere", "hours"),
    Broken(FLOW, 'start = "hours"', "", "start", "nothing", "a node's name"),
    Broken(FLOW, 'start = "hours"', 'start = "hours"\nend = "x"', "end", "unknown", "start"),
    Broken(FLOW, 'kind = "who"', 'kind = "whom"', "node.who.kind", "whom", "greeting"),
    Broken(FLOW, 'closed = "closed"', 'closed = "shut"', "node.hours.closed", "shut", "one of the nodes"),
    Broken(FLOW, 'silent = "ring"', 'silent = "who"', "node.who.silent", "without a key", "an end"),
    Broken(FLOW, "{line}", "{linje}", "node.greeting.say", "{linje}", "{line}"),
    Broken(FLOW, "rounds = 1", "rounds = 3", "node.ring.rounds", "3", "from 1 to 2"),
    Broken(
        FLOW, "Samtalet spelas inte in.", "Samtalet spelas inte in. " * 40, "node.greeting.say", "characters", "at most"
    ),
    Broken(FLOW, 'kind = "greeting"', 'kind = "greeting"\nrecord = true', "node.greeting.record", "unknown", "say"),
    Broken(
        FLOW, 'kind = "greeting"', 'kind = "greeting"\nplay = "../a.wav"', "node.greeting.play", "../a.wav", "WAV file"
    ),
    Broken(FLOW, 'exposed = "refer_exposed"', 'exposed = "ring"', "node.who.exposed", "callback", "callback"),
    Broken(WORDS, 'language = "sv-SE"', 'language = "swedish"', "language", "swedish", "sv-SE"),
    Broken(WORDS, 'weekdays = ["måndag", ', "weekdays = [", "weekdays", "tisdag", "a list of 7 texts"),
]

ALL = [*OF_CONFIG, *OF_LINES, *OF_SCHEDULES, *OF_CALLFLOWS]
