from pathlib import Path

import pytest

from fairway import environment
from fairway.environment import BadEnvironment

pytestmark = pytest.mark.once

HOME = Path("/srv/fairway")


def test_without_an_address_sqlite_in_the_folder_is_safe_against_power_cuts_and_rivals():
    settings = environment.database("", HOME, pool_size=16)
    assert settings["NAME"] == "/srv/fairway/fairway.sqlite3"
    assert settings["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert settings["OPTIONS"]["timeout"] == 20
    assert "journal_mode=WAL" in settings["OPTIONS"]["init_command"]
    assert "synchronous=FULL" in settings["OPTIONS"]["init_command"]


def test_a_postgresql_address_is_taken_apart():
    url = "postgresql://li%40a:p%2Fw@db.example:5433/fair%20way?sslmode=require&pgbouncer=1"
    settings = environment.database(url, HOME, pool_size=7)
    assert settings["ENGINE"] == "django.db.backends.postgresql"
    wanted = {"NAME": "fair way", "USER": "li@a", "PASSWORD": "p/w", "HOST": "db.example", "PORT": "5433"}
    assert {key: settings[key] for key in wanted} == wanted
    assert settings["OPTIONS"]["sslmode"] == "require"
    assert settings["OPTIONS"]["pool"]["max_size"] == 7
    assert settings["CONN_MAX_AGE"] == 0


def test_a_socket_folder_may_be_the_host_and_the_pool_may_be_off():
    settings = environment.database("postgresql://postgres:@/postgres?host=/tmp/pg", HOME, pool_size=0)
    assert settings["HOST"] == "/tmp/pg"
    assert "pool" not in settings["OPTIONS"]


@pytest.mark.parametrize("url", ["mysql://a/b", "nonsense", "http://x"])
def test_another_kind_of_database_is_refused(url):
    with pytest.raises(BadEnvironment, match="DATABASE_URL"):
        environment.database(url, HOME, pool_size=0)


def test_mail_goes_into_the_folder_until_a_server_is_named():
    assert environment.mail("", HOME)["EMAIL_FILE_PATH"] == "/srv/fairway/mail"


def test_a_mail_address_is_taken_apart():
    settings = environment.mail("smtp://me%40x:pw@mail.example:587?tls=1", HOME)
    assert (settings["EMAIL_HOST"], settings["EMAIL_PORT"]) == ("mail.example", 587)
    assert (settings["EMAIL_HOST_USER"], settings["EMAIL_HOST_PASSWORD"]) == ("me@x", "pw")
    assert (settings["EMAIL_USE_TLS"], settings["EMAIL_USE_SSL"]) == (True, False)
    assert environment.mail("smtps://mail.example", HOME)["EMAIL_PORT"] == 465


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("FAIRWAY_DEBUG", "maybe"),
        ("FAIRWAY_DB_POOL", "-1"),
        ("FAIRWAY_PROXIES", "two"),
        ("FAIRWAY_URL", "crm.example.com"),
    ],
)
def test_a_value_that_makes_no_sense_is_refused_by_name(variable, value):
    with pytest.raises(BadEnvironment, match=variable):
        environment.read({"FAIRWAY_HOME": "/tmp", variable: value})


def test_the_host_of_the_public_address_is_allowed():
    read = environment.read({"FAIRWAY_HOME": "/tmp", "FAIRWAY_URL": "https://crm.example.com/"})
    assert read.url == "https://crm.example.com"
    assert read.allowed_hosts == ("crm.example.com", "localhost", "127.0.0.1", "[::1]")


def test_the_folder_of_this_checkout_is_taken_only_where_fairway_lives_in_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").mkdir()
    assert environment.home_folder({}) != tmp_path / "data"
    (tmp_path / "data" / environment.SECRET_FILE).touch()
    assert environment.home_folder({}) == tmp_path / "data"
    assert environment.home_folder({"FAIRWAY_HOME": "/srv/x"}) == Path("/srv/x")


def test_without_a_stored_secret_each_process_has_its_own(tmp_path):
    around = {"FAIRWAY_HOME": str(tmp_path)}
    assert environment.read(around).secret_key != environment.read(around).secret_key
    assert not list(tmp_path.iterdir())
