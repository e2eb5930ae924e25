"""How accounts differ from the library's habits: nobody signs up, and secrets of second factors are kept encrypted."""

import base64
import logging
import secrets
from functools import cache
from smtplib import SMTPException
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.http import HttpRequest

logger = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # untyped library
    """Closes sign-up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: users are made by an administrator."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a message about signing in. When mail is down the page answers all the same, and the log says why:
        a page that fails for known addresses only would tell which are known.
        """
        try:
            super().send_mail(template_prefix, email, context)
        except (OSError, SMTPException):
            logger.exception("A message (%s) could not be sent.", template_prefix)


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # untyped library
    """Encrypts the secrets of second factors with a key made from the installation's own, so that a stolen copy of the
    database alone opens nothing.
    """

    def encrypt(self, text: str) -> str:
        """Encrypt a secret for the database."""
        return _cipher(_keys()).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Read a secret. One that the key does not open (another installation's) becomes one that no code fits."""
        try:
            return _cipher(_keys()).decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return base64.b32encode(secrets.token_bytes(20)).decode()


def _keys() -> tuple[str, ...]:
    return (settings.SECRET_KEY, *map(str, settings.SECRET_KEY_FALLBACKS))


@cache
def _cipher(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_derived(key))) for key in keys])


def _derived(key: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"fairway second factor").derive(key.encode())
