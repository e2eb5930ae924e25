"""How accounts differ from the library's habits: no sign-up, mail by the outbox, second factors sealed."""

import base64
import secrets
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib.sites.shortcuts import get_current_site
from django.http import HttpRequest
from django.utils import timezone

from fairway.people import mailbox
from fairway.people.sealed import SECOND_FACTOR, Unreadable, seal, unseal


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # untyped library
    """Closes sign-up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: users are made by an administrator."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Owe a message about signing in. The page neither waits for the mail server nor fails with it: an answer that
        takes longer, or fails, for known addresses only would tell which are known.
        """
        words = {"request": self.request, "email": email, "current_site": get_current_site(self.request)}
        message = self.render_mail(template_prefix, email, words | context)
        mailbox.post(email, str(message.subject), str(message.body), timezone.now())


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # untyped library
    """Encrypts the secrets of second factors."""

    def encrypt(self, text: str) -> str:
        """Encrypt a secret for the database."""
        return seal(text, SECOND_FACTOR)

    def decrypt(self, encrypted_text: str) -> str:
        """Read a secret. One that the key does not open (another installation's) becomes one that no code fits."""
        try:
            return unseal(encrypted_text, SECOND_FACTOR)
        except Unreadable:
            return base64.b32encode(secrets.token_bytes(20)).decode()
