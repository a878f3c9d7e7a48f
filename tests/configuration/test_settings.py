"""The environment goes before the file; live mode needs its secrets, practice makes its own; no refusal shows one."""

from __future__ import annotations

import base64
import json
import stat
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context
from typing import TYPE_CHECKING

import pytest

from app.domain.errors import ConfigurationError
from app.settings import MailSettings, Mode, Settings, load_settings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

KEY_1 = base64.b64encode(b"1" * 32).decode()
KEY_2 = base64.b64encode(b"2" * 32).decode()
LIVE = {
    "RADRUM_MODE": "live",
    "RADRUM_PUBLIC_URL": "https://radrum.example.se",
    "RADRUM_SECRET_KEY": "a secret of the tests, long enough",
    "RADRUM_DATA_KEYS": f"new:{KEY_2},old:{KEY_1}",
    "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
    "TWILIO_AUTH_TOKEN": "token-of-the-account",
}


@pytest.fixture
def config(deployment: Path) -> Path:
    """A copy of the shipped configuration file."""
    return deployment / "config.toml"


def load(config: Path, environ: Mapping[str, str] | None = None) -> Settings:
    return load_settings({"RADRUM_CONFIG": str(config), **(environ or {})})


def refused(config: Path, environ: Mapping[str, str]) -> dict[str, str]:
    """The keys of the problems, each with the whole sentence."""
    with pytest.raises(ConfigurationError) as refusal:
        load(config, environ)
    return {problem.key: str(problem) for problem in refusal.value.problems}


def with_mail(config: Path, url: str, sender: str = "radrum@example.se") -> None:
    text = config.read_text(encoding="utf-8").replace('# url = "smtp://localhost:25"', url)
    config.write_text(text.replace('# from = "radrum@example.se"', f'from = "{sender}"'), encoding="utf-8")


def test_the_shipped_configuration_is_practice_on_this_computer(config: Path) -> None:
    settings = load(config)

    assert settings.mode is Mode.PRACTICE
    assert settings.is_practice
    assert settings.bind == "127.0.0.1:8400"
    assert settings.public_url == "http://127.0.0.1:8400"
    assert settings.database_url == f"sqlite:///{config.parent}/var/practice.sqlite3"
    assert settings.twilio.api_base_url == "http://127.0.0.1:8401"
    assert (settings.twilio.region, settings.twilio.edge) == ("ie1", "dublin")
    assert settings.mail is None


def test_practice_draws_its_secrets_once_and_reads_them_from_then_on(config: Path) -> None:
    first = load(config)

    second = load(config)

    assert (first.secret_key, first.data_keys, first.twilio) == (second.secret_key, second.data_keys, second.twilio)
    assert len(first.secret_key) >= 32
    assert [len(key) for key in first.data_keys.values()] == [32]


def test_the_secrets_of_practice_are_for_their_owner_alone(config: Path) -> None:
    load(config)

    folder = config.parent / "var"

    assert stat.S_IMODE((folder / "practice-secrets.json").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def _secret_of(config: Path) -> str:
    return load(config).secret_key


def test_processes_that_start_together_share_the_secrets_of_practice(config: Path) -> None:
    with get_context("spawn").Pool(3) as pool:
        seen = pool.map(_secret_of, [config] * 6)
        # Let go of by themselves: one that is ended while coverage writes down what it saw may never end.
        pool.close()
        pool.join()

    assert len(set(seen)) == 1


def test_threads_that_start_together_share_the_secrets_of_practice(config: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        seen = list(pool.map(_secret_of, [config] * 16))

    assert len(set(seen)) == 1


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"RADRUM_SECRET_KEY": 1}', "null"])
def test_damaged_secrets_of_practice_are_named_and_not_replaced(content: str, config: Path) -> None:
    file = config.parent / "var" / "practice-secrets.json"
    file.parent.mkdir()
    file.write_text(content, encoding="utf-8")

    said = refused(config, {})

    assert "practice-secrets.json" in said["the file"]
    assert file.read_text(encoding="utf-8") == content


def test_a_folder_for_the_secrets_of_practice_that_cannot_be_made_is_named(config: Path) -> None:
    (config.parent / "var").write_text("a file", encoding="utf-8")

    said = refused(config, {})

    assert "can't be read or written" in said["the file"]


def test_the_environment_goes_before_the_secrets_of_practice(config: Path) -> None:
    load(config)

    settings = load(config, {"RADRUM_SECRET_KEY": "e" * 40, "TWILIO_AUTH_TOKEN": "mine"})

    assert settings.secret_key == "e" * 40
    assert settings.twilio.auth_tokens == ("mine",)
    kept = json.loads((config.parent / "var" / "practice-secrets.json").read_text(encoding="utf-8"))
    assert settings.twilio.account_sid == kept["TWILIO_ACCOUNT_SID"]


def test_live_runs_with_its_secrets_and_writes_none(config: Path) -> None:
    settings = load(config, LIVE)

    assert settings.mode is Mode.LIVE
    assert settings.public_url == "https://radrum.example.se"
    assert list(settings.data_keys) == ["new", "old"]
    assert settings.data_keys["old"] == b"1" * 32
    assert settings.twilio.auth_tokens == ("token-of-the-account",)
    assert settings.twilio.api_base_url is None
    assert settings.database_url.endswith("/var/radrum.sqlite3")
    assert not (config.parent / "var").exists()


def test_live_may_listen_where_the_network_reaches_it(config: Path) -> None:
    settings = load(config, LIVE | {"RADRUM_BIND": "0.0.0.0:80"})

    assert settings.bind == "0.0.0.0:80"


@pytest.mark.parametrize("name", [name for name in LIVE if name != "RADRUM_MODE"])
@pytest.mark.parametrize("value", [None, "", "  "])
def test_live_does_not_start_without(name: str, value: str | None, config: Path) -> None:
    environ = {key: text for key, text in LIVE.items() if key != name} | ({} if value is None else {name: value})

    said = refused(config, environ)

    assert list(said) == [name]
    assert "found nothing" in said[name]


def test_live_says_all_that_it_lacks_at_once(config: Path) -> None:
    said = refused(config, {"RADRUM_MODE": "live"})

    assert said.keys() == LIVE.keys() - {"RADRUM_MODE"}


@pytest.mark.parametrize(
    "url",
    ["https://radrum.example.se", "https://radrum.example.se:8443", "http://127.0.0.1:8400", "http://localhost:1"],
)
def test_live_takes_https_and_http_on_this_computer(url: str, config: Path) -> None:
    assert load(config, LIVE | {"RADRUM_PUBLIC_URL": url}).public_url == url


@pytest.mark.parametrize(
    "url",
    [
        "http://radrum.example.se",
        "http://127.0.0.1.example.se",
        "http://localhost.example.se",
        "http://10.0.0.1",
        "https://radrum.example.se/telefon",
        "https://radrum.example.se//",
        "https://radrum.example.se?",
        "https://radrum.example.se#x",
        "https://user@radrum.example.se",
        "https://[2001:db8::1]",
        "https://[::1",
        "https://radrum.example.se:port",
        "https://radrum.example.se:70000",
        "https://rådrum.example.se",
        "https://rad_rum.example.se",
        "https://rad rum.example.se",
        "ftp://radrum.example.se",
        "radrum.example.se",
        "https://",
    ],
)
def test_live_refuses_the_public_address(url: str, config: Path) -> None:
    said = refused(config, LIVE | {"RADRUM_PUBLIC_URL": url})

    assert list(said) == ["RADRUM_PUBLIC_URL"]


def test_a_closing_slash_of_the_public_address_is_dropped(config: Path) -> None:
    assert (
        load(config, LIVE | {"RADRUM_PUBLIC_URL": "https://Radrum.Example.se/"}).public_url == LIVE["RADRUM_PUBLIC_URL"]
    )


@pytest.mark.parametrize(
    "keys",
    [
        "hush",
        f":{KEY_1}",
        f"a b:{KEY_1}",
        f"{'i' * 17}:{KEY_1}",
        "a:hush",
        f"a:{KEY_1[:-4]}",
        f"a:{base64.b64encode(b'1' * 31).decode()}",
        f"a:{base64.b64encode(b'1' * 33).decode()}",
        f"a:{KEY_1},",
        f"a:{KEY_1},a:{KEY_2}",
        f"a:{KEY_1};b:{KEY_2}",
    ],
)
def test_data_keys_of_another_form_are_refused_and_never_shown(keys: str, config: Path) -> None:
    said = refused(config, LIVE | {"RADRUM_DATA_KEYS": keys})

    assert list(said) == ["RADRUM_DATA_KEYS"]
    assert "hush" not in said["RADRUM_DATA_KEYS"]
    assert KEY_1[:10] not in said["RADRUM_DATA_KEYS"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RADRUM_SECRET_KEY", "hush"),
        ("TWILIO_ACCOUNT_SID", "AChush"),
        ("TWILIO_ACCOUNT_SID", "AC" + "0" * 31 + "G"),
        ("TWILIO_AUTH_TOKEN", "hush hush"),
        ("TWILIO_AUTH_TOKEN_SECONDARY", "hush hush"),
        ("RADRUM_DATABASE_URL", "mysql://u:hush@h/d"),
        ("RADRUM_DATABASE_URL", "postgresql://u:hush@h"),
        ("RADRUM_DATABASE_URL", "postgresql://u:hush@h:port/d"),
        ("RADRUM_DATABASE_URL", "sqlite://"),
        ("RADRUM_DATABASE_URL", "sqlite:///:memory:"),
        ("RADRUM_DATABASE_URL", "sqlite:relative"),
        ("RADRUM_MAIL_URL", "https://u:hush@h"),
        ("RADRUM_MAIL_URL", "smtp://u:hush@h:port"),
        ("RADRUM_MAIL_URL", "smtp://u:hush@h/x"),
        ("RADRUM_MAIL_URL", "smtp://"),
        ("RADRUM_MAIL_URL", "smtp://hush@h"),
        ("RADRUM_MAIL_URL", "smtp://:hush@h"),
        ("RADRUM_MAIL_URL", "smtp://u:hush%0A@h"),
        ("RADRUM_MAIL_URL", "smtp://u:hush%C3%A5@h"),
        ("RADRUM_BIND", "8400"),
        ("RADRUM_BIND", ":8400"),
        ("RADRUM_BIND", "127.0.0.1:"),
        ("RADRUM_BIND", "127.0.0.1:8400x"),
        ("RADRUM_MODE", "Live"),
        ("RADRUM_PUBLIC_URL", "https://u:hush@radrum.example.se"),
        ("TWILIO_API_BASE_URL", "http://api.example.se"),
        ("TWILIO_API_BASE_URL", "https://u:hush@api.example.se"),
        ("TWILIO_REGION", "us1"),
        ("TWILIO_EDGE", "ashburn"),
    ],
)
def test_a_variable_of_another_form_is_named_and_its_secret_is_not_shown(name: str, value: str, config: Path) -> None:
    said = refused(config, LIVE | {name: value})

    assert said[name].startswith(f"environment: {name}: found ")
    assert "hush" not in "".join(said.values())


@pytest.mark.parametrize(
    "bind", ["0.0.0.0:8400", "10.0.0.5:8400", "radrum.example.se:8400", "localhost.example.se:8400"]
)
def test_practice_listens_to_this_computer_alone(bind: str, config: Path) -> None:
    said = refused(config, {"RADRUM_BIND": bind})

    assert list(said) == ["RADRUM_BIND"]


def test_the_address_of_practice_follows_from_where_it_listens(config: Path) -> None:
    assert load(config, {"RADRUM_BIND": "127.0.0.1:9000"}).public_url == "http://127.0.0.1:9000"


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("postgresql://u:p@h:5432/d?sslmode=require", "postgresql+psycopg://u:p@h:5432/d?sslmode=require"),
        ("postgresql+psycopg://h/d", "postgresql+psycopg://h/d"),
        ("postgres://h/d", "postgresql+psycopg://h/d"),
        ("postgresql:///d?host=/run/postgresql", "postgresql+psycopg:///d?host=/run/postgresql"),
        ("sqlite:////srv/radrum.sqlite3", "sqlite:////srv/radrum.sqlite3"),
        ("sqlite:///var/other.sqlite3", "sqlite:///{root}/var/other.sqlite3"),
    ],
)
def test_a_database_is_addressed_as_sqlalchemy_wants_it(given: str, used: str, config: Path) -> None:
    settings = load(config, {"RADRUM_DATABASE_URL": given})

    assert settings.database_url == used.format(root=config.parent)


def test_the_environment_goes_before_the_file(config: Path) -> None:
    with_mail(config, 'url = "smtp://file:25"')

    in_file, in_environment = load(config).mail, load(config, {"RADRUM_MAIL_URL": "smtp://variable:26"}).mail

    assert in_file is not None
    assert in_environment is not None
    assert (in_file.host, in_file.port) == ("file", 25)
    assert (in_environment.host, in_environment.port) == ("variable", 26)


@pytest.mark.parametrize(
    ("url", "understood"),
    [
        ("smtp://localhost", ("localhost", 25, None, None, False, True)),
        ("smtp://127.0.0.1:2525", ("127.0.0.1", 2525, None, None, False, True)),
        ("smtps://Mail.example.se", ("mail.example.se", 465, None, None, True, False)),
        ("smtp://u%40example.se:p%2F%3Aw@h:587", ("h", 587, "u@example.se", "p/:w", False, False)),
    ],
)
def test_a_mail_server_is_understood(
    url: str, understood: tuple[str, int, str | None, str | None, bool, bool], config: Path
) -> None:
    with_mail(config, f'url = "{url}"')

    mail = load(config).mail

    assert mail == MailSettings(*understood, sender="radrum@example.se")


def test_mail_needs_an_address_that_it_comes_from(config: Path) -> None:
    said = refused(config, {"RADRUM_MAIL_URL": "smtp://localhost:25"})

    assert list(said) == ["mail.from"]
    assert said["mail.from"].startswith("config.toml: mail.from: found nothing; allowed: an e-mail address as ")


@pytest.mark.parametrize(
    "sender",
    ["radrum", "@example.se", "radrum@", "a@b@example.se", "Rådrum <a@example.se>", "a..b@example.se", "å@example.se"],
)
def test_an_address_that_no_mail_comes_from_is_refused(sender: str, config: Path) -> None:
    with_mail(config, 'url = "smtp://localhost:25"', sender)

    assert list(refused(config, {})) == ["mail.from"]


def test_both_tokens_are_accepted_while_a_token_is_changed(config: Path) -> None:
    settings = load(config, LIVE | {"TWILIO_AUTH_TOKEN_SECONDARY": "the-new-one"})

    assert settings.twilio.auth_tokens == ("token-of-the-account", "the-new-one")


def test_region_and_edge_of_the_environment_may_say_what_the_file_says(config: Path) -> None:
    settings = load(config, LIVE | {"TWILIO_REGION": "ie1", "TWILIO_EDGE": "dublin"})

    assert (settings.twilio.region, settings.twilio.edge) == ("ie1", "dublin")


def test_neither_region_nor_edge_will_do(config: Path) -> None:
    text = config.read_text(encoding="utf-8").replace('region = "ie1"', "").replace('edge = "dublin"', "")
    config.write_text(text, encoding="utf-8")

    settings = load(config, LIVE)

    assert (settings.twilio.region, settings.twilio.edge) == (None, None)


def test_no_secret_is_in_what_python_shows_of_the_settings(config: Path) -> None:
    with_mail(config, "")
    environ = LIVE | {"RADRUM_DATABASE_URL": "postgresql://u:hush@h/d", "RADRUM_MAIL_URL": "smtp://u:hush@h"}

    shown = repr(load(config, environ))

    for secret in ("hush", "token-of-the-account", "s" * 32, KEY_1, "1" * 32, "2" * 32):
        assert secret not in shown


def test_the_config_file_of_the_working_directory_is_found(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(config.parent)

    assert load_settings({}).root == config.parent


def test_the_config_file_above_the_package_is_found_from_elsewhere(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    # Complete, so that nothing is written into the checkout.
    assert load_settings(LIVE).root == root


def test_a_config_file_that_is_named_and_missing_is_said_so(tmp_path: Path) -> None:
    said = refused(tmp_path / "radrum.toml", {})

    assert said["the file"].startswith("radrum.toml: the file: found no such file")
    assert str(tmp_path) in said["the file"]
