"""How accounts differ from the library's habits: nobody signs up; an administrator makes users."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # untyped library
    """Closes sign-up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: users are made by an administrator."""
        return False
