"""Sign-in backend: reads the person of a session with team and roles in one query."""

from allauth.account.auth_backends import AuthenticationBackend

from fairway.people.models import Team, User
from fairway.people.models.user import JoinedText
from fairway.prepared import Prepared, columns_of, made


class SignInBackend(AuthenticationBackend):  # type: ignore[misc]  # untyped library
    """Sign-in by name or e-mail; deactivated people are turned away at sign-in and at their next click."""

    def get_user(self, user_id: int) -> User | None:
        """Return the active user with everything a scope asks for."""
        row = _PERSON.first(int(user_id))
        if row is None:
            return None
        user = made(User, row[:_TEAM])
        user.team = made(Team, row[_TEAM:-1]) if row[_TEAM] is not None else None
        user.__dict__["joined_roles"] = row[-1]
        return user if self.user_can_authenticate(user) else None


_PERSON = Prepared(
    lambda user_id: (
        User.objects.filter(pk=user_id)
        .order_by()
        .annotate(joined_roles=JoinedText("grants__role"))
        .values_list(*columns_of(User), *columns_of(Team, "team__"), "joined_roles")
    )
)
_TEAM = len(columns_of(User))
