"""The code that makes the first administrator: whoever reads what `serve` prints may claim an empty installation.

Made from the installation's secret, so that every node knows it and none keeps it; it opens nothing once anybody is
there. Works without Django, because `serve` does.
"""

import hmac
import os
import sqlite3
from base64 import b32encode
from contextlib import closing
from pathlib import Path

import psycopg

from fairway import environment

PURPOSE = b"fairway first administrator"
GROUPS, LETTERS = 3, 4  # sixty bits: nobody guesses it over a network
SOMEBODY = "SELECT 1 FROM people_user LIMIT 1"


def derive(secret: str) -> str:
    """The code of the installation with this secret, as `abcd-efgh-ijkl`."""
    letters = b32encode(hmac.digest(secret.encode(), PURPOSE, "sha256")).decode().lower()
    return "-".join(letters[start : start + LETTERS] for start in range(0, GROUPS * LETTERS, LETTERS))


def fits(given: str, secret: str) -> bool:
    """Whether what was typed is the code; case, spaces and hyphens do not matter."""
    typed = "".join(letter for letter in given.lower() if letter.isalnum())
    return hmac.compare_digest(typed.encode(), derive(secret).replace("-", "").encode())


def wanted() -> str:
    """The code while nobody is in this installation, else nothing; nothing where its database cannot be asked."""
    surroundings = environment.read(os.environ)
    try:
        return "" if _somebody(surroundings) else derive(surroundings.secret_key)
    except (sqlite3.Error, psycopg.Error, OSError):
        return ""


def _somebody(surroundings: environment.Environment) -> bool:
    settings = environment.database(surroundings.database_url, surroundings.home, pool_size=0)
    if settings["ENGINE"].endswith("postgresql"):
        with psycopg.connect(surroundings.database_url) as connection:
            return connection.execute(SOMEBODY).fetchone() is not None
    if not Path(settings["NAME"]).is_file():
        return False
    with closing(sqlite3.connect(f"file:{settings['NAME']}?mode=ro", uri=True)) as lite:
        return lite.execute(SOMEBODY).fetchone() is not None
