"""Sign-in backend: reads the person of a session with team and roles in one query."""

from allauth.account.auth_backends import AuthenticationBackend

from fairway.people.models import User


class SignInBackend(AuthenticationBackend):  # type: ignore[misc]  # untyped library
    """Sign-in by name or e-mail; deactivated people are turned away at sign-in and at their next click."""

    def get_user(self, user_id: int) -> User | None:
        """Return the active user with everything a scope asks for."""
        user = User.objects.with_roles().filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None
