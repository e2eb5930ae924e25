"""One view of a list, as the address holds all of it: filter, text, order, columns, grouping, page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from fairway.lists import tree
from fairway.lists.errors import Misread
from fairway.lists.listing import Listing

SIZES = (50, 25, 100)
LONGEST_TEXT = 100
READABLE = ":;,()'~!.@-/*"
"""Signs of the filter language that an address carries as they are."""
OLD_NONE = "none"
"""What addresses said for nobody, and for no grade, before filters could say that there is nothing."""
TICKED = frozenset({"late", "still"})
"""Filters that are on or off: anything but no turns them on."""


@dataclass(frozen=True, slots=True)
class View:
    """What is asked of a list. `quick` are filters by their own names, as typed; `saved` is the id of a kept view.

    `group` puts rows together by a column, `opened` is the group whose rows are shown (None: none). `sums` asks for
    totals of however many rows.
    """

    filter: tree.Node | None = None
    text: str = ""
    quick: Mapping[str, str] = field(default_factory=dict)
    sort: str = ""
    columns: tuple[str, ...] = ()
    group: str = ""
    opened: str | None = None
    size: int = SIZES[0]
    after: str = ""
    before: str = ""
    saved: int | None = None
    sums: bool = False

    @classmethod
    def of(cls, listing: Listing, query: Mapping[str, str]) -> View:
        """Read an address. Raises Misread; columns, orders and sizes that are not there are left out."""
        size = query.get("size", "")
        saved = query.get("view", "")
        group = query.get("group", "")
        column = listing.columns.get(group)
        return cls(
            filter=tree.read(query.get("f", "")),
            text=query.get("q", "").replace("\x00", "").strip()[:LONGEST_TEXT],
            quick={name: query[name].replace("\x00", "\ufffd") for name in listing.quick if query.get(name)},
            sort=query.get("sort", "") if _sorts(listing, query.get("sort", "")) else "",
            columns=_columns(listing, query.get("cols", "")),
            group=group if column is not None and column.groupable else "",
            opened=query.get("open") if "open" in query else None,
            size=int(size) if size in {str(one) for one in SIZES} else SIZES[0],
            after=query.get("after", "")[:600], before=query.get("before", "")[:600],
            saved=int(saved) if saved.isascii() and saved.isdigit() and len(saved) < 19 else None,
            sums=bool(query.get("sums")),
        )  # fmt: skip

    def tree(self, listing: Listing) -> tree.Node | None:
        """Everything that narrows the list, as one tree: what was typed, the quick filters, and the usual one."""
        quick = [_quick(name, value) for name, value in self.quick.items()]
        named = {leaf.field for leaf in tree.leaves(self.filter)} | set(self.quick)
        usual = None
        if listing.usual and listing.usual[0] not in named:
            usual = tree.leaf(*listing.usual)
        return tree.together(usual, *quick, self.filter)

    @property
    def narrowed(self) -> bool:
        """Whether anything was asked for beyond what is usual."""
        return bool(self.filter or self.text or self.quick)

    def first_page(self) -> View:
        """The same, from the beginning."""
        return replace(self, after="", before="", sums=False)

    def query(self, *, page: bool = False) -> str:
        """The query of an address that asks for this view; with its page when `page`."""
        pairs = [("view", str(self.saved))] if self.saved is not None else []
        pairs += [("q", self.text), *sorted(self.quick.items()), ("f", tree.write(self.filter)), ("sort", self.sort)]
        pairs += [("cols", ",".join(self.columns)), ("group", self.group)]
        pairs += [("size", str(self.size) if self.size != SIZES[0] else "")]
        if page:
            pairs += [("after", self.after), ("before", self.before)]
        kept = [(name, value) for name, value in pairs if value]
        if self.opened is not None and self.group:
            kept.append(("open", self.opened))
        return urlencode(kept, safe=READABLE)


def _quick(name: str, value: str) -> tree.Leaf:
    if value == OLD_NONE:
        return tree.leaf(name, "")
    return tree.leaf(name, "yes" if name in TICKED and value not in ("0", "no") else value)


def _sorts(listing: Listing, sort: str) -> bool:
    column = listing.columns.get(sort.removeprefix("-"))
    return column is not None and column.sortable


def _columns(listing: Listing, text: str) -> tuple[str, ...]:
    """The columns asked for, each once; the one that names the row is always there, and first."""
    wanted = list(
        dict.fromkeys(key for key in text.split(",") if key in listing.columns and listing.columns[key].shown)
    )
    if not wanted:
        return ()
    return (listing.main, *(key for key in wanted if key != listing.main))


def check(listing: Listing, query: Mapping[str, str]) -> None:
    """Refuse what an address would leave out in silence: for views that are kept. Raises Misread."""
    for name, known in (
        ("sort", _sorts(listing, query.get("sort", ""))),
        ("group", query.get("group") in listing.columns),
    ):
        if query.get(name) and not known:
            raise Misread(_("This list has no “%(field)s”.") % {"field": query[name][:40]})
