"""Texts that lie in the database encrypted, with keys made from the installation's secret: a stolen copy of the
database alone opens nothing.
"""

import base64
from functools import cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

SECOND_FACTOR = b"fairway second factor"
SIGN_IN_MAIL = b"fairway sign-in mail"


class Unreadable(ValueError):
    """The text was sealed with another installation's secret."""


def seal(text: str, purpose: bytes) -> str:
    """Encrypt a text; `purpose` keeps what is for one thing from being opened as another."""
    return _cipher(_keys(), purpose).encrypt(text.encode()).decode()


def unseal(sealed: str, purpose: bytes) -> str:
    """The text again. Raises Unreadable."""
    try:
        return _cipher(_keys(), purpose).decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise Unreadable from error


def _keys() -> tuple[str, ...]:
    return (settings.SECRET_KEY, *map(str, settings.SECRET_KEY_FALLBACKS))


@cache
def _cipher(keys: tuple[str, ...], purpose: bytes) -> MultiFernet:
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_derived(key, purpose))) for key in keys])


def _derived(key: str, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(key.encode())
