"""The set-up code: printed while nobody is in the installation, and by nobody guessed."""

import sqlite3

import pytest

from fairway import folder, setup_code
from fairway.people.models import User

pytestmark = pytest.mark.once


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("FAIRWAY_HOME", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("FAIRWAY_SECRET_KEY", raising=False)
    return folder.make()


def test_it_is_wanted_until_somebody_is_there(home):
    code = setup_code.wanted()
    assert len(code) == 14
    assert setup_code.wanted() == code
    with sqlite3.connect(home / "fairway.sqlite3") as database:
        database.execute(f"CREATE TABLE {User._meta.db_table} (id integer)")
    assert setup_code.wanted() == code
    with sqlite3.connect(home / "fairway.sqlite3") as database:
        database.execute(f"INSERT INTO {User._meta.db_table} VALUES (1)")
    assert setup_code.wanted() == ""


def test_nothing_is_printed_where_the_database_cannot_be_asked(home):
    (home / "fairway.sqlite3").write_bytes(b"no database" * 100)
    assert setup_code.wanted() == ""


@pytest.mark.parametrize("typed", ["", "-", "aaaa-bbbb-cccc", "４w2c"])
def test_only_the_code_itself_fits(typed):
    assert setup_code.fits(setup_code.derive("secret"), "secret")
    assert not setup_code.fits(typed, "secret")
