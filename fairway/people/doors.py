"""Who may enter: every view and API operation declares its door, and one without a door does not start.

    @door(signed_in=True)                      any signed-in person
    @door(roles=("manager", "admin"))          a person with one of these roles
    @door(scope="leads:read")                  an API operation: a token with this scope, or one's session
    @door(public=True, why="…")                anybody; say why, the line is read in review
    @door(closed=True, why="…")                nobody: a page of a library that is not in use

The decorator only marks. `DoorMiddleware` checks before any view runs, so a forgotten check cannot leave a page open.
Which rows a person sees behind the door is for `scope`. Views of libraries, which cannot carry a mark, are declared in
reviewed lists by `declare`. `routes()` lists every door for the generated matrix test.
"""

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.core import checks
from django.urls import URLPattern, URLResolver, get_resolver
from ninja.operation import PathView

from fairway.people.roles import unknown_roles
from fairway.people.scopes import unknown_scopes

Marked = TypeVar("Marked", bound=Callable[..., Any])

_MARK = "__door__"
EVERY_METHOD = "*"


@dataclass(frozen=True, slots=True)
class Door:
    """Who may enter one view. Exactly one of the ways in is named; `roles` may narrow an API `scope`."""

    public: bool = False
    closed: bool = False
    signed_in: bool = False
    roles: frozenset[str] = frozenset()
    scope: str = ""
    why: str = ""

    def __post_init__(self) -> None:
        """Refuse a declaration that says nothing, two things at once, or words that do not exist."""
        ways = [self.public, self.closed, self.signed_in, bool(self.roles or self.scope)]
        if sum(ways) != 1:
            raise ValueError("A door is either public, closed, for the signed-in, or for roles and scope.")
        if (self.public or self.closed) and not self.why:
            raise ValueError("A public or closed door says why.")
        if unknown_roles(self.roles):
            raise ValueError(f"No such role: {', '.join(unknown_roles(self.roles))}")
        if self.scope and unknown_scopes([self.scope]):
            raise ValueError(f"No such scope: {self.scope}")

    @property
    def is_api(self) -> bool:
        """Whether tokens open it, and refusals are problem documents instead of pages."""
        return bool(self.scope)

    def admits(self, roles: Iterable[str]) -> bool:
        """Whether a signed-in person with these roles may enter."""
        return not self.closed and (not self.roles or not self.roles.isdisjoint(roles))


@dataclass(frozen=True, slots=True)
class Route:
    """One address: its pattern, name, the methods the door is for ("*": all of the view), and the door if declared."""

    pattern: str
    name: str | None
    methods: tuple[str, ...]
    view: str
    door: Door | None


def door(
    *,
    public: bool = False,
    closed: bool = False,
    signed_in: bool = False,
    roles: Iterable[str] = (),
    scope: str = "",
    why: str = "",
) -> Callable[[Marked], Marked]:
    """Declare who may enter the view function, view class or API operation below."""
    declared = Door(public, closed, signed_in, frozenset(roles), scope, why)

    def mark(view: Marked) -> Marked:
        setattr(view, _MARK, declared)
        return view

    return mark


# -- views that cannot carry a mark ------------------------------------------------------------------------------------

_reviewed: dict[str, Door] = {}


def declare(doors: Mapping[str, Door]) -> None:
    """Declare doors of library views by dotted name (`allauth.account.views.LoginView`). For an AppConfig's ready()."""
    for name, declared in doors.items():
        if _reviewed.setdefault(name, declared) != declared:
            raise ValueError(f"{name} has two doors.")


def view_name(view: Callable[..., Any]) -> str:
    """Dotted name of a routed view: of its class for a class-based one."""
    inner: Any = getattr(view, "view_class", None) or inspect.unwrap(view)
    inner = getattr(inner, "func", inner)
    return f"{inner.__module__}.{inner.__qualname__}"


def api_operations(view: Callable[..., Any]) -> PathView | None:
    """The operations behind an API route, by method; None when the view is a page."""
    for cell in getattr(view, "__closure__", None) or ():
        if isinstance(cell.cell_contents, PathView):
            return cell.cell_contents
    return None


def _mark_of(view: Any) -> Door | None:
    # a class passes its mark to subclasses only by name: each says again who may enter
    own = vars(view) if isinstance(view, type) else getattr(view, "__dict__", {})
    found = own.get(_MARK)
    return found if isinstance(found, Door) else None


def doors_of(view: Callable[..., Any]) -> dict[tuple[str, ...], Door | None]:
    """The doors of a routed view by HTTP methods; one entry for a page, one per operation for an API route."""
    api = api_operations(view)
    if api is not None:
        return {tuple(sorted(one.methods)): _mark_of(one.view_func) for one in api.operations}
    view_class = getattr(view, "view_class", None)
    found = (_mark_of(view_class) if view_class else None) or _mark_of(view) or _reviewed.get(view_name(view))
    return {(EVERY_METHOD,): found}


def door_for(view: Callable[..., Any], method: str) -> Door | None:
    """The door that a request of `method` to `view` has to pass; None when none is declared.

    A method no operation of an API route answers is let through to its 405 by the door of a sister operation.
    """
    doors = doors_of(view)
    for methods, found in doors.items():
        if method in methods or EVERY_METHOD in methods:
            return found
    return next(iter(doors.values()), None)


# -- every route -------------------------------------------------------------------------------------------------------


def routes(urlconf: str | None = None) -> Iterator[Route]:
    """Every routed view with its doors, in the order of the URL configuration."""
    yield from _walk(get_resolver(urlconf).url_patterns, "")


def _walk(patterns: Iterable[Any], prefix: str) -> Iterator[Route]:
    for pattern in patterns:
        address = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, address)
        elif isinstance(pattern, URLPattern):
            for methods, found in doors_of(pattern.callback).items():
                yield Route(address, pattern.name, methods, view_name(pattern.callback), found)


def undeclared(urlconf: str | None = None) -> list[Route]:
    """Routes without a door."""
    return [route for route in routes(urlconf) if route.door is None]


@checks.register(checks.Tags.security)
def every_route_has_a_door(app_configs: object = None, **kwargs: object) -> list[checks.CheckMessage]:
    """System check: fails the start when a routed view says not who may enter."""
    return [
        checks.Error(
            f"/{route.pattern} ({route.view}) declares no door.",
            hint="Put @door(…) on the view, or declare() a library's view.",
            id="people.E001",
        )
        for route in undeclared()
    ]
