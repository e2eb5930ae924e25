"""The person who asks."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from fairway.people.models import User


def person(request: HttpRequest) -> User:
    """Return who is signed in. The door of the view has seen to it already; this says so to the types.

    Raises PermissionDenied for a visitor.
    """
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user
