import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from fairway import environment, folder

pytestmark = pytest.mark.once


def test_a_new_folder_and_its_secret_are_for_their_owner_only(tmp_path, monkeypatch):
    monkeypatch.setenv("FAIRWAY_HOME", str(tmp_path / "new" / "home"))
    home = folder.make()
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert stat.S_IMODE((home / environment.SECRET_FILE).stat().st_mode) == 0o600
    assert [path.name for path in home.iterdir()] == [environment.SECRET_FILE]


def test_a_second_start_keeps_the_secret(tmp_path, monkeypatch):
    monkeypatch.setenv("FAIRWAY_HOME", str(tmp_path))
    first = environment.stored_secret(folder.make())
    assert len(first) > 50
    assert environment.stored_secret(folder.make()) == first


def test_two_first_starts_at_once_agree_on_one_prepared_folder(tmp_path):
    surroundings = {**os.environ, "FAIRWAY_HOME": str(tmp_path), "DATABASE_URL": ""}
    command = [sys.executable, "-m", "fairway", "prepare"]

    def start(_):
        return subprocess.run(command, env=surroundings, capture_output=True, text=True, check=False)

    with ThreadPoolExecutor() as pool:
        ends = list(pool.map(start, range(2)))
    assert [(end.returncode, end.stderr) for end in ends] == [(0, "")] * 2
    assert (tmp_path / environment.SQLITE_FILE).is_file()
    assert (tmp_path / folder.PREPARED_FILE).read_text() == folder.fingerprint()


def test_a_folder_prepared_by_another_version_is_looked_at_again(tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "")
    (tmp_path / environment.SQLITE_FILE).touch()
    assert not folder.is_prepared(tmp_path)
    folder.note_prepared(tmp_path)
    assert folder.is_prepared(tmp_path)
    monkeypatch.setattr(folder, "__version__", "99")
    assert not folder.is_prepared(tmp_path)
