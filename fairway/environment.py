"""Everything that is read from the environment, in one typed place.

`fairway.settings` turns this into Django's settings; nothing else reads `os.environ`.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import platformdirs

SECRET_FILE = "secret_key"  # noqa: S105 (a file's name)
SQLITE_FILE = "fairway.sqlite3"
BUSY_TIMEOUT_SECONDS = 20


class BadEnvironment(Exception):
    """A variable of the environment cannot be understood; the message names it."""


@dataclass(frozen=True, slots=True)
class Environment:
    """What the surroundings say about this installation.

    `home` is the absolute data folder, `database_url` is empty for SQLite in it, `url` is the address under which
    people reach the site (empty: only this machine), `pool_size` is the most PostgreSQL connections a process keeps
    (0: no pool), `proxies` how many trusted proxies stand in front, `smtp_url` is empty when mail goes into a folder,
    `api_rate` how many requests a minute one token may make of one process (0: any number).
    """

    home: Path
    database_url: str
    secret_key: str
    debug: bool
    url: str
    allowed_hosts: tuple[str, ...]
    pool_size: int
    proxies: int
    smtp_url: str
    mail_from: str
    log_level: str
    api_rate: int


def read(environ: Mapping[str, str]) -> Environment:
    """Read and check the variables.

    `environ` is usually `os.environ`. Returns the typed environment. Raises `BadEnvironment`.
    """
    home = home_folder(environ)
    url = environ.get("FAIRWAY_URL", "").rstrip("/")
    if url and urlsplit(url).scheme not in {"http", "https"}:
        raise BadEnvironment(f"FAIRWAY_URL must begin with http:// or https://, not {url!r}")
    return Environment(
        home=home,
        database_url=environ.get("DATABASE_URL", ""),
        secret_key=environ.get("FAIRWAY_SECRET_KEY", "") or stored_secret(home) or secrets.token_urlsafe(50),
        debug=_flag(environ, "FAIRWAY_DEBUG"),
        url=url,
        allowed_hosts=_hosts(environ, url),
        pool_size=_number(environ, "FAIRWAY_DB_POOL", 16),
        proxies=_number(environ, "FAIRWAY_PROXIES", 0),
        smtp_url=environ.get("FAIRWAY_SMTP_URL", ""),
        mail_from=environ.get("FAIRWAY_MAIL_FROM", "") or "Fairway <fairway@localhost>",
        log_level=environ.get("FAIRWAY_LOG_LEVEL", "INFO").upper(),
        api_rate=_number(environ, "FAIRWAY_API_RATE", 120_000),
    )


def home_folder(environ: Mapping[str, str]) -> Path:
    """Say where the data folder is.

    FAIRWAY_HOME; else `./data` where an installation already lives; else the user's data folder of this system.
    """
    if given := environ.get("FAIRWAY_HOME", ""):
        return Path(given).expanduser().resolve()
    here = Path("data")
    if (here / SECRET_FILE).is_file():
        return here.resolve()
    return platformdirs.user_data_path("fairway").resolve()


def stored_secret(home: Path) -> str:
    """Return the secret key kept in the data folder, empty where none was made yet."""
    try:
        return (home / SECRET_FILE).read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return ""


def database(url: str, home: Path, *, pool_size: int) -> dict[str, Any]:
    """Turn a database address into Django's settings for it.

    `url` is `postgresql://user:password@host:port/name?option=value`, `sqlite:///path` or empty (SQLite in `home`);
    `pool_size` is for PostgreSQL only. Raises `BadEnvironment`.
    """
    parts = urlsplit(url)
    if not url or parts.scheme == "sqlite":
        return _sqlite(Path(unquote(parts.path)) if url else home / SQLITE_FILE)
    if parts.scheme in {"postgres", "postgresql"}:
        return _postgresql(url, pool_size)
    raise BadEnvironment(f"DATABASE_URL must begin with postgresql:// or sqlite://, not {parts.scheme or url!r}")


def mail(url: str, home: Path) -> dict[str, Any]:
    """Turn a mail address such as `smtp://user:password@host:587?tls=1` into Django's EMAIL_* settings.

    `smtps://` speaks TLS from the start, `?tls=1` asks for STARTTLS. Empty: messages are written into `home`/mail.
    """
    if not url:
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": str(home / "mail"),
        }
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise BadEnvironment("FAIRWAY_SMTP_URL must look like smtp://user:password@host:587?tls=1")
    implicit_tls = parts.scheme == "smtps"
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if implicit_tls else 25),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": implicit_tls,
        "EMAIL_USE_TLS": not implicit_tls and dict(parse_qsl(parts.query)).get("tls") == "1",
        "EMAIL_TIMEOUT": 20,
    }


def _sqlite(path: Path) -> dict[str, Any]:
    # NORMAL loses commits that were acknowledged when the power goes; DEFERRED fails under concurrent writers.
    return {
        "ENGINE": "fairway.sqlite",
        "NAME": str(path),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "timeout": BUSY_TIMEOUT_SECONDS,
            "transaction_mode": "IMMEDIATE",
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA journal_size_limit=67108864;"
                "PRAGMA cache_size=-16000; PRAGMA temp_store=MEMORY; PRAGMA mmap_size=1073741824;"
            ),
        },
    }


def _postgresql(url: str, pool_size: int) -> dict[str, Any]:
    parts = urlsplit(url)
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    host = options.pop("host", parts.hostname or "")
    if pool_size:
        options["pool"] = {"min_size": 1, "max_size": pool_size, "timeout": 30}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(host),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 0 if pool_size else None,
        "CONN_HEALTH_CHECKS": not pool_size,
        "OPTIONS": options,
    }


def _hosts(environ: Mapping[str, str], url: str) -> tuple[str, ...]:
    named = tuple(host.strip() for host in environ.get("FAIRWAY_ALLOWED_HOSTS", "").split(",") if host.strip())
    own = (urlsplit(url).hostname or "",) if url else ()
    return (*dict.fromkeys((*named, *own, "localhost", "127.0.0.1", "[::1]")),)


def _flag(environ: Mapping[str, str], name: str) -> bool:
    value = environ.get(name, "").lower()
    if value in {"", "0", "no", "off", "false"}:
        return False
    if value in {"1", "yes", "on", "true"}:
        return True
    raise BadEnvironment(f"{name} must be 1 or 0, not {value!r}")


def _number(environ: Mapping[str, str], name: str, default: int) -> int:
    value = environ.get(name, "")
    if not value:
        return default
    if not value.isascii() or not value.isdigit():
        raise BadEnvironment(f"{name} must be a whole number, not {value!r}")
    return int(value)
