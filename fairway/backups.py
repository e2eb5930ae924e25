"""Backups: database, files and secret in one archive with a list of contents, and laying one down again.

An archive is a .tar.gz; `manifest.json`, its last member, names every other one with size and SHA-256, so that a cut or
altered archive is noticed before anything is touched. Works without Django, because what it lays down may be missing.
"""

import fcntl
import hashlib
import io
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any

import psycopg

from fairway import __version__, environment, folder

FORMAT = 1
MANIFEST = "manifest.json"
SQLITE_MEMBER = "database.sqlite3"
POSTGRESQL_MEMBER = "database.dump"
FILES = "files"
KNOWN = frozenset({SQLITE_MEMBER, POSTGRESQL_MEMBER, environment.SECRET_FILE})
CHUNK = 1 << 20


class BackupError(Exception):
    """A backup could not be made or laid down; the message says why and what to do. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an archive: its name there, its bytes, the SHA-256 of them in hex."""

    name: str
    size: int
    sha256: str


def make(target: Path, *, now: datetime) -> list[Member]:
    """Write everything of this installation into the archive `target`; the site may run meanwhile.

    Returns what is in it. Raises BackupError.
    """
    surroundings = environment.read(os.environ)
    if target.exists():
        raise BackupError(f"{target} exists already; name another file")
    draft = target.with_name(f".{target.name}.part")
    try:
        with (
            tempfile.TemporaryDirectory(dir=surroundings.home, prefix=".backup-") as work,
            _private(draft) as file,
            tarfile.open(fileobj=file, mode="w:gz") as archive,
        ):
            # The database first: a file that comes after it is one too many, never one that is missing.
            database = _dump(surroundings, Path(work))
            members = [_add(archive, database, database.name)]
            members += [_add(archive, path, name) for path, name in _files(surroundings.home)]
            _write_manifest(archive, members, database.name, now)
        draft.rename(target)
    finally:
        draft.unlink(missing_ok=True)
    return members


@dataclass(frozen=True, slots=True)
class Kept:
    """One archive in the folder of backups: where, how many bytes, when it was made."""

    path: Path
    size: int
    at: datetime


def folder_of_backups(*, make: bool = False) -> Path:
    """Where backups made from the page lie: `backups` in the data folder, which only its owner may read."""
    found = environment.read(os.environ).home / "backups"
    if make:
        found.mkdir(mode=0o700, exist_ok=True)
    return found


def name_for(now: datetime) -> str:
    """The name of an archive made at that time."""
    return f"fairway-{now.astimezone(UTC):%Y%m%dT%H%M%S}.tar.gz"


def kept() -> list[Kept]:
    """The archives in the folder of backups, newest first."""
    found = []
    for path in folder_of_backups().glob("fairway-*.tar.gz"):
        status = path.stat()
        found.append(Kept(path, status.st_size, datetime.fromtimestamp(status.st_mtime, UTC)))
    return sorted(found, key=lambda one: one.path.name, reverse=True)


def restore(source: Path, *, force: bool, now: datetime) -> Path | None:
    """Lay an archive down as this installation.

    `force` replaces what is there; on SQLite that is kept beside, in the folder that is returned. Raises BackupError.
    """
    surroundings = environment.read(os.environ)
    home = folder.make()
    with _nobody_at_work(home), tempfile.TemporaryDirectory(dir=home, prefix=".restore-") as work:
        unpacked = Path(work)
        database = _unpack(source, unpacked)
        _check_kind(surroundings, database)
        if not force and _is_in_use(surroundings):
            raise BackupError("there is data here already; --force replaces it")
        kept = _set_aside(home, now)
        if database == POSTGRESQL_MEMBER:
            _load(surroundings, unpacked / database)
        else:
            (unpacked / database).rename(home / environment.SQLITE_FILE)
        if (unpacked / FILES).is_dir():
            (unpacked / FILES).rename(home / FILES)
        if (unpacked / environment.SECRET_FILE).is_file():
            (unpacked / environment.SECRET_FILE).replace(home / environment.SECRET_FILE)
        folder.forget_prepared(home)
    return kept


@contextmanager
def _private(path: Path) -> Iterator[IO[bytes]]:
    """Open a new file that only its owner may read, and see to it that it is on the disk in the end."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def _nobody_at_work(home: Path) -> Iterator[None]:
    with (home / folder.RUNNING_FILE).open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupError(f"Fairway is running in {home}; stop it first") from None
        yield


def _dump(surroundings: environment.Environment, work: Path) -> Path:
    settings = _database(surroundings)
    if _is_postgresql(settings):
        target = work / POSTGRESQL_MEMBER
        _run_tool(["pg_dump", "--format=custom", "--no-owner", "--no-acl", f"--file={target}"], settings)
        return target
    target = work / SQLITE_MEMBER
    with closing(sqlite3.connect(settings["NAME"])) as live, closing(sqlite3.connect(target)) as copy:
        live.backup(copy, pages=10_000)
        if (found := copy.execute("PRAGMA quick_check").fetchone()[0]) != "ok":
            raise BackupError(f"the database is damaged: {found}")
        copy.execute("PRAGMA journal_mode=DELETE")
    return target


def _load(surroundings: environment.Environment, dump: Path) -> None:
    settings = _database(surroundings)
    options = ["--clean", "--if-exists", "--no-owner", "--no-acl", "--single-transaction", "--exit-on-error"]
    _run_tool(["pg_restore", *options, f"--dbname={settings['NAME']}", str(dump)], settings)


def _run_tool(command: list[str], settings: dict[str, Any]) -> None:
    """Run one of PostgreSQL's own tools against the database of these settings."""
    path = shutil.which(command[0])
    if path is None:
        raise BackupError(f"{command[0]} is not here; install PostgreSQL's client programs of the server's version")
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    given = {name: settings[key] for name, key in names.items() if settings[key]}
    done = subprocess.run(  # noqa: S603
        [path, *command[1:]], env={**os.environ, **given}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise BackupError(f"{command[0]} failed: {done.stderr.strip()}")


def _files(home: Path) -> Iterator[tuple[Path, str]]:
    """Find what belongs to an installation beside its database: path and name in the archive."""
    yield home / environment.SECRET_FILE, environment.SECRET_FILE
    for path in sorted((home / FILES).rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield path, path.relative_to(home).as_posix()


def _add(archive: tarfile.TarFile, path: Path, name: str) -> Member:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        size = file.tell()
        file.seek(0)
        info = tarfile.TarInfo(name)
        info.size, info.mode, info.mtime = size, 0o600, int(path.stat().st_mtime)
        archive.addfile(info, file)
    return Member(name, size, digest)


def _write_manifest(archive: tarfile.TarFile, members: list[Member], database: str, now: datetime) -> None:
    content = {
        "format": FORMAT,
        "version": __version__,
        "made_at": now.isoformat(),
        "database": database,
        "files": [asdict(member) for member in members],
    }
    data = json.dumps(content, ensure_ascii=False, indent=1).encode()
    info = tarfile.TarInfo(MANIFEST)
    info.size, info.mode, info.mtime = len(data), 0o600, int(now.timestamp())
    archive.addfile(info, io.BytesIO(data))


def _unpack(source: Path, target: Path) -> str:
    """Unpack an archive and compare everything with its manifest; return the name of the database in it."""
    found: dict[str, Member] = {}
    manifest: dict[str, Any] | None = None
    try:
        with tarfile.open(source, mode="r:gz") as archive:
            for info in archive:
                stream = archive.extractfile(info) if info.isreg() else None
                if stream is None or not _is_ours(info.name):
                    raise BackupError(f"{source} is no backup of Fairway: it holds {info.name!r}")
                if info.name == MANIFEST:
                    manifest = json.loads(stream.read())
                else:
                    found[info.name] = _extract(stream, target / info.name, info.name)
    except FileNotFoundError:
        raise BackupError(f"{source} is not there") from None
    except (tarfile.TarError, EOFError, OSError, ValueError) as problem:
        raise BackupError(f"{source} cannot be read: {problem}") from problem
    if manifest is None:
        raise BackupError(f"{source} is not whole: its list of contents is missing")
    return _compared(source, manifest, found)


def _compared(source: Path, manifest: dict[str, Any], found: dict[str, Member]) -> str:
    if manifest.get("format") != FORMAT:
        raise BackupError(f"{source} has format {manifest.get('format')!r}; this version reads {FORMAT}")
    expected = {entry["name"]: Member(**entry) for entry in manifest["files"]}
    if wrong := sorted(name for name in expected.keys() | found.keys() if expected.get(name) != found.get(name)):
        raise BackupError(f"{source} is damaged: {', '.join(wrong[:5])}")
    database = str(manifest["database"])
    if database not in found:
        raise BackupError(f"{source} holds no database")
    return database


def _is_ours(name: str) -> bool:
    path = PurePosixPath(name)
    inside = path.parts[:1] == (FILES,) and len(path.parts) > 1 and ".." not in path.parts
    return name in KNOWN or name == MANIFEST or inside


def _extract(stream: IO[bytes], target: Path, name: str) -> Member:
    target.parent.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with _private(target) as file:
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
            file.write(chunk)
    return Member(name, size, digest.hexdigest())


def _check_kind(surroundings: environment.Environment, database: str) -> None:
    wanted = POSTGRESQL_MEMBER if _is_postgresql(_database(surroundings)) else SQLITE_MEMBER
    if database != wanted:
        kinds = {SQLITE_MEMBER: "SQLite", POSTGRESQL_MEMBER: "PostgreSQL"}
        raise BackupError(f"this is a backup of {kinds[database]}, and DATABASE_URL names {kinds[wanted]}")


def _is_in_use(surroundings: environment.Environment) -> bool:
    settings = _database(surroundings)
    if not _is_postgresql(settings):
        return Path(settings["NAME"]).exists()
    with psycopg.connect(surroundings.database_url) as connection:
        row = connection.execute("SELECT to_regclass('django_migrations')").fetchone()
        return row is not None and row[0] is not None


def _set_aside(home: Path, now: datetime) -> Path | None:
    """Move what is there into a folder beside, so that a mistaken restore can be undone."""
    names = (environment.SQLITE_FILE, f"{environment.SQLITE_FILE}-wal", f"{environment.SQLITE_FILE}-shm", FILES)
    present = [home / name for name in names if (home / name).exists()]
    if not present:
        return None
    kept = home / f"before-restore-{now:%Y%m%dT%H%M%S}"
    kept.mkdir(mode=0o700)
    for path in present:
        path.rename(kept / path.name)
    return kept


def _database(surroundings: environment.Environment) -> dict[str, Any]:
    return environment.database(surroundings.database_url, surroundings.home, pool_size=0)


def _is_postgresql(settings: dict[str, Any]) -> bool:
    return bool(settings["ENGINE"].endswith("postgresql"))
