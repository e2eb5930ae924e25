"""The page of any list put together: views, filters, table, sums, groups, pages, tools."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fairway.lists import tree
from fairway.lists.asking import Asker
from fairway.lists.columns import FLAG, MONEY, NUMBER, PERSON, TEAM, Column
from fairway.lists.deeds import Deed
from fairway.lists.errors import Misread
from fairway.lists.exporting import FORMATS
from fairway.lists.listing import Listing
from fairway.lists.neighbours import PARAMETER, token_of
from fairway.lists.queries import KeptView, home_of, kept_views
from fairway.lists.reading import Counted, Group, Page, Reading, Total
from fairway.lists.tabs import Tab, counted, plain, present, tabs
from fairway.lists.view import SIZES, View
from fairway.people.models import User
from fairway.people.roles import ROLES
from fairway.web import formats
from fairway.web.listed.cells import Cells
from fairway.web.listed.filters import chips, filter_bar, hidden, kept
from fairway.web.listed.tools import COLUMNS, FILTER, column_form, composed, filter_form
from fairway.web.templatetags.html import icon

TOOLS = ("columns", "filter", "save")


class ListPage:
    """One list as one person asks for it. Raises Misread where the address asks for what the list does not know."""

    def __init__(self, listing: Listing, request: HttpRequest, by: User, now: datetime) -> None:
        self.listing, self.request, self.now = listing, request, now
        self.asker = Asker.of(by, now)
        self.view = View.of(listing, request.GET.dict())
        self.wrong = ""
        self.reading = Reading(listing, self.view, self.asker)

    def composed(self) -> str:
        """The address that a tool's form asks for; empty when none was sent, or what it says cannot be taken."""
        try:
            view = composed(self.listing, self.view, self.request.GET, self.asker)
        except Misread as misread:
            self.wrong = str(misread)
            return ""
        if view is None:
            return ""
        return self.address(view, tool=self.tool) if self.tool else self.address(view)

    def context(self) -> dict[str, Any]:
        """Everything that the template of lists shows."""
        listing, view = self.listing, self.view
        page, count = self.page, self.count
        grouped = bool(view.group)
        return {
            "title": str(listing.title), "listing": listing, "view": view, "here": self.address(view),
            "tabs": self.tabs(), **self.filters(view),
            "heads": self.heads(), "rows": self.rows() if page.rows else "", "shown": len(page.rows),
            "span": self.span(), "columns": len(self.cells.shown), "count": count, "counted": said(count),
            "next": self.address(replace(view, after=page.after, before="")) if page.after else "",
            "previous": self.address(replace(view, after="", before=page.before)) if page.before else "",
            "sizes": self.sizes(), "foot": "" if grouped and view.opened is None else self.foot(),
            "groups": self.groups() if grouped else (), "grouped": grouped, "group_choices": self.group_choices(),
            "narrowed": view.narrowed or view.group, "tool": self.tool, "tools": self.tools(), "query": view.query(),
            **{f"export_{form}": self.export_address(form) for form in FORMATS},
            "deeds": self.deeds, "saved": self.saved(), **self.tool_context(),
        }  # fmt: skip

    def filters(self, view: View) -> dict[str, Any]:
        """The bar of filters as the view fills it, what the bar keeps, and the other conditions."""
        conditions = chips(self.listing, view, self.asker)
        return {
            "bar": filter_bar(self.listing, view, self.asker), "kept": kept(view),
            "chips": [{"words": chip["words"], "url": self.address(chip["without"])} for chip in conditions],
        }  # fmt: skip

    @functools.cached_property
    def deeds(self) -> list[Deed]:
        """What this person may do with chosen rows."""
        return [deed for deed in self.listing.deeds if deed.may(self.asker)]

    # -- what is read -------------------------------------------------------------------------------------------------

    @functools.cached_property
    def page(self) -> Page:
        """The rows; none while groups stand closed."""
        if self.view.group and self.view.opened is None:
            return Page((), 0, "", "")
        return self.reading.page()

    @functools.cached_property
    def count(self) -> Counted:
        """How many rows the view has; a first page that holds all of them says so itself."""
        page = self.page
        if self.view.group and self.view.opened is None:
            return self.reading.count()
        if (now := present(self.listing, self.view)) in self.tab_counts:
            return self.tab_counts[now]
        if not page.first and not page.after:
            return Counted(len(page.rows))
        return self.reading.count()

    @functools.cached_property
    def cells(self) -> Cells:
        """What writes the rows."""
        suffix = f"?{PARAMETER}={token_of(self.listing, self.view)}"
        return Cells(self.listing, self.reading.columns, self.asker, suffix=suffix)

    def rows(self) -> SafeString:
        """The rows as HTML."""
        return self.cells.rows(self.page.rows, choose=bool(self.deeds))

    def span(self) -> str:
        """Which rows of how many are shown."""
        page = self.page
        if not page.rows:
            return ""
        last, total = page.first + len(page.rows), said(self.count)
        if self.count.number == last and not page.first:
            return ngettext("%(count)s row", "%(count)s rows", last) % {"count": total}
        return _("%(first)s–%(last)s of %(total)s") % {"first": page.first + 1, "last": last, "total": total}

    # -- around the table ---------------------------------------------------------------------------------------------

    def address(self, view: View, **more: str) -> str:
        """The address of another view of this list."""
        query = view.query(page=True)
        extra = QueryDict(mutable=True)
        extra.update(more)
        whole = "&".join(part for part in (query, extra.urlencode()) if part)
        return f"{self.request.path}?{whole}" if whole else f"{self.request.path}?view=0"

    def heads(self) -> SafeString:
        """The headings, each a link that sorts."""
        return mark_safe("".join(self._head(column) for column in self.cells.shown))  # noqa: S308 - escaped by _head

    def _head(self, column: Column) -> str:
        look = ' class="fy-num"' if column.kind in (NUMBER, MONEY) else ""
        label = escape(column.title)
        if not column.sortable:
            return f'<th scope="col"{look}>{label}</th>'
        sort = self.view.sort
        ordered = {column.key: "ascending", f"-{column.key}": "descending"}.get(sort, "")
        turned = replace(self.view.first_page(), sort=f"-{column.key}" if sort == column.key else column.key)
        url = escape(self.address(turned))
        sign = icon({"ascending": "arrow-up", "descending": "arrow-down"}.get(ordered, "arrows-sort"))
        aria = f' aria-sort="{ordered}"' if ordered else ""
        return (
            f'<th scope="col"{look}{aria}><a class="fy-table__sort" href="{url}" hx-get="{url}" hx-target="#panel"'
            f' hx-push-url="true">{label}{sign}</a></th>'
        )

    def sizes(self) -> list[dict[str, Any]]:
        """How many rows a page may have."""
        view = self.view.first_page()
        return [
            {"size": size, "url": self.address(replace(view, size=size)), "current": size == view.size}
            for size in sorted(SIZES)
        ]

    def tabs(self) -> list[dict[str, Any]]:
        """Everything, one's own, nobody's, what is late, each with how many there are where that is known."""
        known = dict(self.tab_counts) or {present(self.listing, self.view): self.count}
        return [self._tab(tab) for tab in tabs(self.listing, self.view, known)]

    @functools.cached_property
    def tab_counts(self) -> dict[str, Counted]:
        """How many each tab has, while nothing else narrows the list."""
        return counted(self.listing, self.asker) if self.listing.face and plain(self.listing, self.view) else {}

    def _tab(self, tab: Tab) -> dict[str, Any]:
        quick = {name: value for name, value in self.view.quick.items() if name not in (self.listing.mine, "late")}
        bare = replace(self.view.first_page(), quick={**quick, **tab.quick}, saved=None, opened=None)
        return {
            "label": tab.title, "url": self.address(bare), "count": said(tab.count) if tab.count else "",
            "current": tab.current,
        }  # fmt: skip

    # -- kept views ---------------------------------------------------------------------------------------------------

    @functools.cached_property
    def kept(self) -> list[KeptView]:
        """The kept views of this list that the person may use."""
        return kept_views(self.listing, self.asker.user)

    def home(self) -> str:
        """Where the list opens for whoever asked for nothing in particular; empty for here."""
        home = home_of(self.kept, self.asker.user) if not self.request.GET else None
        return f"{self.request.path}?{home.query}" if home else ""

    def saved(self) -> dict[str, Any]:
        """The kept views: pinned ones and the present one as tabs, the others in a menu."""
        rows = [self._kept(one) for one in self.kept]
        current = next((row for row in rows if row["current"]), None)
        found: dict[str, Any] = {
            "tabs": [row for row in rows if row["pinned"] or row["current"]], "current": current,
            "more": [row for row in rows if not row["pinned"] and not row["current"]],
        }  # fmt: skip
        if self.tool == "save":
            found["shares"] = self._shares()
        return found

    def _kept(self, one: KeptView) -> dict[str, Any]:
        current = one.view.pk == self.view.saved
        now = replace(self.view.first_page(), saved=None).query()
        whose = one.view.team or (one.view.owner if one.view.owner_id != self.asker.user.pk else "")
        return {
            "id": one.view.pk, "name": one.view.name, "url": f"{self.request.path}?{one.query}", "current": current,
            "changed": current and now != one.view.query, "pinned": one.pinned, "home": one.home, "mine": one.mine,
            "whose": ROLES[one.view.role].name if one.view.role else whose,
        }  # fmt: skip

    def _shares(self) -> list[tuple[str, Any]]:
        user = self.asker.user
        found: list[tuple[str, Any]] = [("own", _("For me"))]
        if user.team is not None:
            found.append(("team", _("For my team (%(team)s)") % {"team": user.team}))
        if self.asker.scope.is_admin:
            shown = _("First view of the role: %(role)s")
            found += [(role.key, shown % {"role": role.name}) for role in ROLES.values()]
        return found

    # -- sums ---------------------------------------------------------------------------------------------------------

    def foot(self) -> SafeString | str:
        """The line of sums under the columns of figures; for many rows a link that asks for it."""
        if not self.reading.summed or not self.page.rows:
            return ""
        if self.count.more and not self.view.sums:
            url = self.address(self.view, sums="1")
            return format_html(
                '<tr><td colspan="{}"><a class="fy-link" href="{}" hx-get="{}" hx-target="#panel">{}</a></td></tr>',
                len(self.cells.shown) + 1, url, url, _("Add up all rows"),
            )  # fmt: skip
        totals = self.reading.totals()
        cells = [self._foot_cell(column, totals) for column in self.cells.shown[1:]]
        label = f'<td></td><th scope="row">{escape(_("All rows of this view"))}</th>'
        return mark_safe(f"<tr>{label}{''.join(cells)}</tr>")  # noqa: S308 - escaped by _foot_cell

    def _foot_cell(self, column: Column, totals: Sequence[Total]) -> str:
        mine = [total for total in totals if total.key == column.key]
        said_so = "<br>".join(escape(line) for total in mine for line in figures(column, total))
        return f'<td class="fy-num" data-label="{escape(column.title)}">{said_so}</td>' if mine else "<td></td>"

    # -- groups -------------------------------------------------------------------------------------------------------

    def group_choices(self) -> list[dict[str, Any]]:
        """What rows may be put together by."""
        view = replace(self.view.first_page(), opened=None)
        found = [{"label": _("Not grouped"), "url": self.address(replace(view, group="")), "current": not view.group}]
        return found + [
            {
                "label": column.title, "url": self.address(replace(view, group=column.key)),
                "current": column.key == view.group,
            }
            for column in self.listing.columns.values()
            if column.groupable
        ]  # fmt: skip

    def groups(self) -> list[dict[str, Any]]:
        """The groups with counts and sums; the open one has the rows."""
        column = self.listing.columns[self.view.group]
        names = self._names(column)
        view = self.view.first_page()
        groups = self.reading.groups()
        order = {key: place for place, key in enumerate(names)}
        groups.sort(key=lambda group: (order.get(group.key, len(order)), group.key == "", group.key))
        return [
            {
                "label": self._group_name(column, group, names), "count": group.count,
                "open": group.key == view.opened,
                "url": self.address(replace(view, opened=None if group.key == view.opened else group.key)),
                "figures": [self._figures_of(shown, group.totals) for shown in self.cells.shown[1:]],
            }
            for group in groups
        ]  # fmt: skip

    def _figures_of(self, column: Column, totals: Sequence[Total]) -> dict[str, Any]:
        lines = [line for total in totals if total.key == column.key for line in figures(column, total)]
        return {"label": column.title, "lines": lines, "number": column.kind in (NUMBER, MONEY)}

    def _names(self, column: Column) -> Mapping[str, str]:
        if column.kind == FLAG:
            return {"yes": _("Yes"), "no": _("No")}
        return {str(value): str(name) for value, name in column.choosable(self.asker)}

    def _group_name(self, column: Column, group: Group, names: Mapping[str, str]) -> str:
        if group.key in names and group.key:
            return names[group.key]
        if group.key == "":
            return names.get("") or (_("Nobody") if column.kind == PERSON else _("None"))
        if column.kind in (PERSON, TEAM):
            return self._unlisted(column, int(group.key))
        return group.key

    def _unlisted(self, column: Column, item: int) -> str:
        """The name of a person or team that is no choice any more."""
        model: Any = column_model(self.listing, column)
        found = model.objects.filter(pk=item).first()
        return str(found) if found else f"#{item}"

    # -- tools --------------------------------------------------------------------------------------------------------

    @property
    def tool(self) -> str:
        """The tool that stands open: choosing columns, filtering, or keeping the view."""
        given = self.request.GET.get("tool", "")
        return given if given in TOOLS else ""

    def tools(self) -> dict[str, Any]:
        """Where each tool opens, and closes when it is open."""
        found = {}
        for name in TOOLS:
            closed = name == self.tool
            found[name] = {"url": self.address(self.view) if closed else self.tool_address(name), "open": closed}
        return found

    def tool_context(self) -> dict[str, Any]:
        """What the open tool shows; nothing is asked for closed ones."""
        view = self.view
        found: dict[str, Any] = {}
        if self.tool:
            found = {"everything": hidden(view), "usual_columns": self.address(replace(view, columns=()))}
        if self.tool == COLUMNS:
            found["form"] = column_form(self.listing, view)
        elif self.tool == FILTER:
            form = filter_form(self.listing, view, self.request, self.asker)
            found |= {"form": {**form, "wrong": self.wrong}, "filter_text": tree.write(view.filter)}
            found["besides_filter"] = hidden(replace(view, filter=None))
        return found

    def export_address(self, form: str) -> str:
        """Where this view is sent as a file."""
        query = "&".join(part for part in (f"format={form}", self.view.first_page().query()) if part)
        return f"/lists/{self.listing.key}/export?{query}"

    def tool_address(self, name: str) -> str:
        """Where a tool opens on this view."""
        return self.address(self.view, tool=name)


def column_model(listing: Listing, column: Column) -> Any:
    """The model that a column of a person or team points to."""
    model: Any = listing.model
    for part in column.path.split("__"):
        model = model._meta.get_field(part).related_model  # noqa: SLF001 - documented by Django
    return model


def said(count: Counted) -> str:
    """A count as it is shown: 10,000+ where there are more than were counted."""
    return f"{count.number:,}{'+' if count.more else ''}"


def figures(column: Column, total: Total) -> list[str]:
    """What a column comes to, in words: the sum where one makes sense, and the average."""

    def write(value: int) -> str:
        return formats.money(value, total.currency) if column.kind == MONEY else f"{value:,}"

    lines = [write(total.total)] if total.total is not None else []
    if column.averaged and total.average is not None:
        lines.append(_("Ø %(value)s") % {"value": write(total.average)})
    return lines
