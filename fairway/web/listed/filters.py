"""The filters of a list as a page shows them: the bar of quick ones, and every other condition as a chip."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.http import QueryDict
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from fairway.lists import tree
from fairway.lists.asking import Asker
from fairway.lists.columns import CHOICE, FLAG, PERSON, TAGS, TEAM, Choices, Column
from fairway.lists.listing import Listing
from fairway.lists.view import OLD_NONE, View
from fairway.web.templatetags.html import icon

MOST_OPTIONS = 1000


def filter_bar(listing: Listing, view: View, asker: Asker) -> SafeString:
    """The fields of the quick filters, written at once."""
    search = (
        f'<input type="search" id="filter_q" class="form-control" name="q" value="{escape(view.text)}"'
        f' placeholder="{escape(listing.placeholder)}">'
    )
    found = [_field("q", _("Search"), search)]
    found += [_quick(listing, listing.columns[name], view, asker) for name in listing.quick]
    return mark_safe("".join(found))  # noqa: S308 - every part of it is escaped where it is made


def _field(name: str, label: object, control: str) -> str:
    said = f'<label class="fy-field__label" for="filter_{name}">{escape(label)}</label>'
    return f'<div class="fy-field">{said}{control}</div>'


def _quick(listing: Listing, column: Column, view: View, asker: Asker) -> str:
    value = view.quick.get(column.key, "")
    if column.kind == FLAG:
        ticked = " checked" if value and value not in ("0", "no") else ""
        return (
            f'<div class="fy-field"><label class="form-check" for="filter_{column.key}"><input type="checkbox"'
            f' id="filter_{column.key}" class="form-check-input" value="1" name="{column.key}"{ticked}>'
            f"<span>{escape(column.title)}</span></label></div>"
        )
    if column.choices is None:
        return _hidden(column.key, value)
    usual = listing.usual is not None and listing.usual[0] == column.key
    shown = value or (listing.usual[1] if usual and listing.usual and _usual_holds(listing, view) else "")
    choices = column.choosable(asker)
    options = "" if usual else f'<option value="">{escape(_("All"))}</option>'
    if shown and shown not in {str(key or OLD_NONE) for key, _name in choices}:
        options += f'<option value="{escape(shown)}" selected>{escape(shown)}</option>'
    options += _options([(key or OLD_NONE, name) for key, name in choices], shown)
    select = f'<select id="filter_{column.key}" class="form-select" name="{column.key}">{options}</select>'
    return _field(column.key, column.title, select)


def _usual_holds(listing: Listing, view: View) -> bool:
    return listing.usual is not None and listing.usual[0] not in {leaf.field for leaf in tree.leaves(view.filter)}


def _options(choices: Choices, value: str) -> str:
    return "".join(
        f'<option value="{escape(key)}"{" selected" if str(key) == value else ""}>{escape(name)}</option>'
        for key, name in choices[:MOST_OPTIONS]
    )


def _hidden(name: str, value: str) -> str:
    return f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' if value else ""


def kept(view: View) -> SafeString:
    """What the filter bar does not show, so that it stays when the bar is sent."""
    pairs = {
        "f": tree.write(view.filter), "sort": view.sort, "cols": ",".join(view.columns), "group": view.group,
        "size": str(view.size) if view.size != 50 else "",
    }  # fmt: skip
    return mark_safe("".join(_hidden(name, value) for name, value in pairs.items()))  # noqa: S308 - escaped


def hidden(view: View) -> SafeString:
    """Everything that the address says, for a form that adds to it."""
    pairs = QueryDict(view.first_page().query()).items()
    return mark_safe("".join(_hidden(name, str(value)) for name, value in pairs))  # noqa: S308 - escaped


def chips(listing: Listing, view: View, asker: Asker) -> list[dict[str, Any]]:
    """Every condition at the top of the filter, in words, with the view that is without it."""
    if view.filter is None:
        return []
    top: Sequence[tree.Node] = view.filter.parts if isinstance(view.filter, tree.All) else (view.filter,)
    return [
        {
            "words": in_words(part, listing, asker),
            "without": replace(view.first_page(), filter=tree.together(*(one for one in top if one is not part))),
        }
        for part in top
    ]  # fmt: skip


def in_words(node: tree.Node, listing: Listing, asker: Asker) -> str:
    """A condition as a sentence would say it."""
    if not isinstance(node, tree.Leaf):
        joint = _(" and ") if isinstance(node, tree.All) else _(" or ")
        return joint.join(f"({in_words(part, listing, asker)})" if not isinstance(part, tree.Leaf) else
                          in_words(part, listing, asker) for part in node.parts)  # fmt: skip
    column = listing.columns[node.field]
    values = _(", ").join(_value(value, column, asker) for value in node.values)
    shape = {
        (tree.IS, False): _("%(title)s: %(values)s"), (tree.IS, True): _("%(title)s not: %(values)s"),
        (tree.HAS, False): _("%(title)s contains %(values)s"), (tree.HAS, True): _("%(title)s without %(values)s"),
    }[node.sign, node.negated]  # fmt: skip
    return shape % {"title": column.title, "values": values}


def _value(value: str | tree.Range, column: Column, asker: Asker) -> str:
    if isinstance(value, tree.Range):
        if value.low and value.high:
            return _("%(low)s to %(high)s") % {"low": value.low, "high": value.high}
        return _("from %(low)s") % {"low": value.low} if value.low else _("to %(high)s") % {"high": value.high}
    if value == "":
        return _("nothing")
    if column.kind == FLAG:
        return _("Yes") if value in ("yes", "1") else _("No")
    if column.kind in (CHOICE, PERSON, TEAM, TAGS) and column.choices:
        return str(dict(column.choosable(asker)).get(value, value))
    return value


def drop_icon() -> SafeString:
    """The sign on what takes a chip away."""
    return icon("x")
