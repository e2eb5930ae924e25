# ruff: noqa: A002 (id, help, open, … are the words of HTML, which template authors know)
"""The components of the pages: ``{% load fairway %}``. docs/components.md shows each with an example."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zlib import crc32

from django import template
from django.forms import BoundField
from django.http import QueryDict
from django.template.context import Context
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from fairway.web import formats
from fairway.web.templatetags.fields import Field, field_of
from fairway.web.templatetags.html import NOTHING, attributes, icon_or_nothing
from fairway.web.templatetags.html import icon as icon_html

register = template.Library()

GRADE_TONES = {"A": "good", "B": "accent", "C": "neutral"}
PERSON_HUES = 8
TOASTS = {
    "success": ("good", "circle-check"),
    "error": ("bad", "alert-circle"),
    "warning": ("warn", "alert-triangle"),
}
STAGE_ICONS = {
    "done": "circle-check",
    "current": "point",
    "late": "clock-exclamation",
    "next": "circle",
    "skipped": "ban",
}


def _words(label: str, *, hidden: bool) -> SafeString:
    return format_html('<span class="fy-hidden">{}</span>' if hidden else "<span>{}</span>", label)


# Controls


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Show an icon of the sprite; give a label only where no words stand beside it."""
    return icon_html(name, label)


@register.simple_tag
def button(
    label: str, *, icon: str = "", kind: str = "", href: str = "", only_icon: bool = False, **attrs: object
) -> SafeString:
    """Show a button, or a link that looks like one when ``href`` is given.

    ``kind`` is ``primary`` (one a page), ``danger``, ``quiet`` or nothing; ``only_icon`` hides the words from sight.
    Other keywords become attributes (``hx_get`` is ``hx-get``).
    """
    look = " ".join(["btn", *([f"btn-{kind}"] if kind else []), *(["btn-icon"] if only_icon else [])])
    words = _words(label, hidden=only_icon)
    if only_icon:
        attrs.setdefault("title", label)
    if href:
        shape = '<a class="{}" href="{}"{}>{}{}</a>'
        return format_html(shape, look, href, attributes(attrs), icon_or_nothing(icon), words)
    attrs.setdefault("type", "submit")
    return format_html('<button class="{}"{}>{}{}</button>', look, attributes(attrs), icon_or_nothing(icon), words)


@register.inclusion_tag("components/field.html")
def field(source: BoundField | Mapping[str, Any], **extra: object) -> dict[str, Field]:
    """Show a form field: a Django BoundField, or a mapping with name, type, label, value, required, help, error(s),
    options, prefix, suffix, placeholder, wide and attrs.
    """
    return {"field": field_of(source, extra)}


@register.inclusion_tag("components/filedrop.html")
def filedrop(
    name: str, label: str, *, accept: str = "", help: str = "", error: str = "", **attrs: object
) -> dict[str, Any]:
    """Show a place to choose a file, or to drop one on."""
    control = {"name": name, "type": "file", "label": label, "help": help, "error": error, "required": True}
    return {"field": field_of(control, {"accept": accept or None, **attrs})}


@register.simple_block_tag(takes_context=True)
def filters(context: Context, content: str, *, target: str = "#panel", short: bool = False) -> SafeString:
    """Wrap the fields of a filter bar: a GET form that reloads ``target`` on change and works without script."""
    request = context["request"]
    given = [key for key, value in request.GET.items() if value and key not in ("sort", "after", "before")]
    reset = format_html('<a class="btn btn-quiet" href="{}">{}{}</a>', request.path, icon_html("x"), gettext("Clear"))
    sort = request.GET.get("sort")
    keep = format_html('<input type="hidden" name="sort" value="{}">', sort) if sort else NOTHING
    return format_html(
        '<form class="fy-filters{}" method="get" role="search" hx-get="{}" hx-target="{}" hx-push-url="true"'
        ' hx-trigger="submit, change, input delay:400ms from:find input[type=search]">{}{}'
        '<button class="btn" type="submit">{}<span>{}</span></button>{}</form>',
        " fy-filters--short" if short else "",
        request.path,
        target,
        content,
        keep,
        icon_html("filter"),
        gettext("Filter"),
        reset if given else NOTHING,
    )


@register.simple_block_tag
def menu(
    content: str,
    label: str,
    *,
    icon: str = "chevron-down",
    start: bool = False,
    kind: str = "",
    only_icon: bool = False,
) -> SafeString:
    """Wrap the entries of a menu that opens without script; ``start`` opens it towards the end of the line."""
    look = f"btn btn-{kind}" if kind else "btn"
    words = _words(label, hidden=only_icon)
    return format_html(
        '<details class="fy-menu{}" data-menu><summary class="{}{}" title="{}">{}{}</summary>'
        '<div class="fy-menu__body">{}</div></details>',
        " fy-menu--start" if start else "",
        look,
        " btn-icon" if only_icon else "",
        label if only_icon else "",
        words,
        icon_html(icon),
        content,
    )


@register.simple_tag
def menu_item(label: str, *, href: str = "", icon: str = "", bad: bool = False, **attrs: object) -> SafeString:
    """Show one entry of a menu: a link when ``href`` is given, else a button."""
    look = "fy-menu__item fy-menu__item--bad" if bad else "fy-menu__item"
    if href:
        shape = '<a class="{}" href="{}"{}>{}<span>{}</span></a>'
        return format_html(shape, look, href, attributes(attrs), icon_or_nothing(icon), label)
    attrs.setdefault("type", "submit")
    shape = '<button class="{}"{}>{}<span>{}</span></button>'
    return format_html(shape, look, attributes(attrs), icon_or_nothing(icon), label)


@register.inclusion_tag("components/confirm.html", takes_context=True)
def confirm(
    context: Context,
    label: str,
    *,
    question: str,
    action: str,
    yes: str = "",
    icon: str = "",
    danger: bool = True,
    name: str = "",
    value: str = "",
) -> dict[str, Any]:
    """Show a button that asks first and then posts to ``action``; works without script."""
    return {
        "csrf_token": context.get("csrf_token"),
        "label": label,
        "question": question,
        "action": action,
        "yes": yes or label,
        "icon": icon,
        "danger": danger,
        "name": name,
        "value": value,
    }


@register.simple_block_tag
def dialog(content: str, id: str, title: str, *, wide: bool = False, open: bool = False) -> SafeString:
    """Wrap the content of a dialog; a :func:`dialog_button` with the same ``id`` opens it.

    ``open`` shows it at once, as after a refused submission.
    """
    return format_html(
        '<dialog class="fy-dialog{}" id="{}" aria-labelledby="{}-title"{}><div class="fy-dialog__head">'
        '<h2 id="{}-title">{}</h2><form method="dialog">'
        '<button class="btn btn-quiet btn-icon" title="{}">{}</button></form>'
        '</div><div class="fy-dialog__body">{}</div></dialog>',
        " fy-dialog--wide" if wide else "",
        id,
        id,
        attributes({"data-dialog-open": open}),
        id,
        title,
        gettext("Close"),
        icon_html("x", gettext("Close")),
        content,
    )


@register.simple_tag
def dialog_button(id: str, label: str, *, icon: str = "", kind: str = "", **attrs: object) -> SafeString:
    """Show the button that opens the dialog ``id``."""
    opener: dict[str, object] = {"type": "button", "commandfor": id, "command": "show-modal", "data_dialog": id}
    look = f"btn btn-{kind}" if kind else "btn"
    shape = '<button class="{}"{}>{}<span>{}</span></button>'
    return format_html(shape, look, attributes({**opener, **attrs}), icon_or_nothing(icon), label)


# Marks


@register.simple_tag
def badge(word: str, tone: str = "neutral", *, icon: str = "") -> SafeString:
    """Show a status: a word on the colour of its tone (neutral, accent, good, warn, bad)."""
    return format_html('<span class="fy-badge fy-tone--{}">{}<span>{}</span></span>', tone, icon_or_nothing(icon), word)


@register.simple_tag
def grade(letter: str | None) -> SafeString:
    """Show the grade of a lead: A, B or C; nothing graded shows as a dash."""
    if not letter:
        return format_html('<span class="fy-grade" title="{}">–</span>', gettext("Not graded"))
    words = gettext("Grade %(grade)s") % {"grade": letter}
    return format_html(
        '<span class="fy-grade fy-tone--{}" title="{}"><span class="fy-hidden">{}</span>'
        '<span aria-hidden="true">{}</span></span>',
        GRADE_TONES.get(letter, "neutral"),
        words,
        words,
        letter,
    )


@register.simple_tag
def clock(due: datetime | None, *, now: datetime | None = None, done: datetime | None = None) -> SafeString:
    """Show a clock: how long is left or overdue, exact time on hover; ``done`` stops it. None shows nothing."""
    if due is None:
        return NOTHING
    if done is not None:
        late = done > due
        words = gettext("Done late") if late else gettext("Done in time")
        shape = '<time class="fy-clock fy-tone--{}" datetime="{}" title="{}">{}<span>{}</span></time>'
        tone = "warn" if late else "good"
        return format_html(shape, tone, done.isoformat(), formats.exact(done), icon_html("circle-check"), words)
    left = formats.time_left(due, now=now or timezone.now())
    return format_html(
        '<time class="fy-clock fy-tone--{}" datetime="{}" title="{}" data-clock>{}<span>{}</span></time>',
        left.tone,
        due.isoformat(),
        formats.exact(due),
        icon_html("clock"),
        left.text,
    )


@register.simple_tag
def ago(moment: datetime | None, *, now: datetime | None = None) -> SafeString:
    """Show how long ago (or how soon) something is, exact time on hover. None shows nothing."""
    if moment is None:
        return NOTHING
    words = formats.relative(moment, now=now or timezone.now())
    return format_html(
        '<time datetime="{}" title="{}" data-ago>{}</time>', moment.isoformat(), formats.exact(moment), words
    )


@register.filter
def exact(moment: datetime | None) -> str:
    """Write a moment to the minute in the reader's time zone."""
    return formats.exact(moment) if moment else ""


@register.filter
def day(value: date | datetime | None) -> str:
    """Write a day."""
    return formats.day(value) if value else ""


@register.simple_tag
def money(minor: int | None, currency: str = "CNY", *, short: bool = False) -> SafeString:
    """Show an amount given in minor units; ``short`` rounds it, with the exact amount on hover. None is a dash."""
    if minor is None:
        return format_html('<span class="fy-money">{}</span>', "–")
    full = formats.money(minor, currency)
    if not short:
        return format_html('<span class="fy-money">{}</span>', full)
    return format_html('<span class="fy-money" title="{}">{}</span>', full, formats.short_money(minor, currency))


@register.simple_tag
def person(name: str | object | None, *, only_mark: bool = False, href: str = "") -> SafeString:
    """Show a person: a round mark with the initials, and the name. None says that nobody owns it."""
    if not name:
        return format_html('<span class="fy-soft">{}</span>', gettext("Nobody"))
    words = str(name)
    mark = format_html(
        '<span class="fy-person__mark fy-hue--{}" aria-hidden="true">{}</span>',
        crc32(words.encode()) % PERSON_HUES,
        initials(words),
    )
    label = _words(words, hidden=only_mark)
    if href:
        return format_html('<a class="fy-person" href="{}" title="{}">{}{}</a>', href, words, mark, label)
    return format_html('<span class="fy-person" title="{}">{}{}</span>', words, mark, label)


def initials(name: str) -> str:
    """Return the letters of a person's mark: the last two characters of a Chinese name, else two first letters."""
    name = name.strip()
    if any("\u4e00" <= letter <= "\u9fff" for letter in name):
        return "".join(name.split())[-2:]
    words = name.replace(".", " ").replace("_", " ").split()
    return "".join(word[0] for word in (words[0], *words[-1:][: len(words) - 1])).upper() if words else "?"


@register.simple_tag
def kbd(*keys: str) -> SafeString:
    """Show keys to press together."""
    return format_html_join("+", "<kbd>{}</kbd>", ((key,) for key in keys))


@register.inclusion_tag("components/progress.html")
def progress(value: int, total: int, *, label: str = "") -> dict[str, Any]:
    """Show how far a long work has come."""
    return {"value": value, "total": max(total, 1), "label": label, "percent": value * 100 // max(total, 1)}


@register.simple_tag
def skeleton(lines: int = 3) -> SafeString:
    """Show grey lines where content is on its way."""
    return format_html(
        '<div aria-hidden="true">{}</div>',
        format_html_join("", '<span class="fy-skeleton">{}</span>', (("",) for _ in range(lines))),
    )


# Surfaces


@register.simple_block_tag
def card(
    content: str, title: str = "", *, icon: str = "", id: str = "", flush: bool = False, link: str = "", href: str = ""
) -> SafeString:
    """Wrap content in a card; ``flush`` for tables and lists, ``link`` and ``href`` for one link in its head."""
    more = format_html('<a class="fy-link fy-small" href="{}">{}</a>', href, link) if href else NOTHING
    shape = '<div class="fy-card__head">{}<h2>{}</h2>{}</div>'
    head = format_html(shape, icon_or_nothing(icon), title, more) if title else NOTHING
    return format_html(
        '<section class="fy-card{}"{}>{}<div class="fy-card__body">{}</div></section>',
        " fy-card--flush" if flush else "",
        attributes({"id": id or None}),
        head,
        content,
    )


@register.simple_tag
def stat(label: str, value: object, *, note: str = "", href: str = "", tone: str = "") -> SafeString:
    """Show one figure with its label; ``href`` leads to the records behind it."""
    inner = format_html(
        '<span class="fy-stat__label">{}</span><span class="fy-stat__value{}">{}</span>{}',
        label,
        f" fy-tone--{tone}" if tone else "",
        value,
        format_html('<span class="fy-stat__note">{}</span>', note) if note else NOTHING,
    )
    if href:
        return format_html('<a class="fy-stat" href="{}">{}</a>', href, inner)
    return format_html('<div class="fy-stat">{}</div>', inner)


@register.simple_block_tag
def emptystate(content: str, title: str, *, icon: str = "inbox", page: bool = False) -> SafeString:
    """Say plainly that there is nothing here; the content explains the next step and holds its button.

    ``page`` makes its title the heading of the page, where there is no other.
    """
    shape = '<div class="fy-empty">{}<h1>{}</h1>{}</div>' if page else '<div class="fy-empty">{}<h2>{}</h2>{}</div>'
    return format_html(shape, icon_html(icon), title, content)


@register.simple_block_tag
def note(content: str, *, tone: str = "accent", icon: str = "info-circle") -> SafeString:
    """Wrap a remark that stands in the page (a toast goes away, a note stays)."""
    return format_html(
        '<div class="fy-note fy-tone--{}" role="note">{}<div class="fy-note__text">{}</div></div>',
        tone,
        icon_html(icon),
        content,
    )


@register.simple_block_tag
def fold(content: str, title: str, *, open: bool = False, id: str = "") -> SafeString:
    """Wrap what is folded away until asked for, such as the fields that are seldom filled."""
    return format_html(
        '<details class="fy-fold"{}><summary>{}<span>{}</span></summary><div class="fy-fold__body">{}</div></details>',
        attributes({"id": id or None, "open": open}),
        icon_html("chevron-right"),
        title,
        content,
    )


@register.simple_tag
def panel(id: str, src: str) -> SafeString:
    """Show a part of the page that loads itself from ``src`` after the page; without script it is a link."""
    return format_html(
        '<div id="{}" hx-get="{}" hx-trigger="load" hx-swap="outerHTML" aria-busy="true">{}'
        '<noscript><a href="{}">{}</a></noscript></div>',
        id,
        src,
        skeleton(3),
        src,
        gettext("Show"),
    )


@register.inclusion_tag("components/refusal.html")
def refusal(reasons: Iterable[object], *, title: str = "") -> dict[str, Any]:
    """Say why something was refused: every reason, who owes it, and the link that mends it.

    A reason is a string, or a mapping or object with ``text`` and perhaps ``owner``, ``url`` and ``mend`` (the words
    of the link). Nothing is shown without reasons.
    """
    listed = [{"text": reason} if isinstance(reason, str) else reason for reason in reasons]
    return {"reasons": listed, "title": title}


@register.inclusion_tag("components/nextaction.html")
def nextaction(
    what: str,
    *,
    label: str,
    href: str,
    due: datetime | None = None,
    now: datetime | None = None,
    why: str = "",
    owner: str = "",
) -> dict[str, Any]:
    """Show the one banner of a record: what to do next, by when, and one button. Its colour is the clock's."""
    tone = formats.time_left(due, now=now or timezone.now()).tone if due else "accent"
    return {
        "what": what,
        "label": label,
        "href": href,
        "due": due,
        "now": now,
        "why": why,
        "owner": owner,
        "tone": "accent" if tone == "neutral" else tone,
    }


@register.inclusion_tag("components/tabs.html")
def tabs(items: Iterable[Mapping[str, Any]], current: str, *, label: str = "") -> dict[str, Any]:
    """Show tabs that are links: items with ``key``, ``label``, ``url`` and perhaps ``count`` and ``icon``."""
    return {"items": items, "current": current, "label": label or gettext("Views")}


# Lists


@register.simple_block_tag
def table(content: str, label: str, *, cards: bool = True, id: str = "") -> SafeString:
    """Wrap ``<thead>`` and ``<tbody>``; on a phone each row becomes a card, its cells named by ``data-label``."""
    return format_html(
        '<div class="fy-table-wrap"{}><table class="fy-table{}"{}>'
        '<caption class="fy-hidden">{}</caption>{}</table></div>',
        NOTHING if cards else attributes({"tabindex": "0", "role": "region", "aria-label": label}),
        " fy-table--cards" if cards else "",
        attributes({"id": id or None}),
        label,
        content,
    )


@register.simple_tag(takes_context=True)
def sort_head(context: Context, label: str, key: str, *, number: bool = False, target: str = "#panel") -> SafeString:
    """Show a column head that sorts by ``key`` (``?sort=key``, descending ``?sort=-key``)."""
    query: QueryDict = context["request"].GET.copy()
    current = query.get("sort", "")
    ordered = {key: "ascending", f"-{key}": "descending"}.get(current)
    query["sort"] = f"-{key}" if current == key else key
    for cursor in ("after", "before"):
        query.pop(cursor, None)
    sign = {"ascending": "arrow-up", "descending": "arrow-down"}.get(ordered or "", "arrows-sort")
    url = f"?{query.urlencode()}"
    return format_html(
        '<th scope="col"{}{}><a class="fy-table__sort" href="{}" hx-get="{}" hx-target="{}"'
        ' hx-push-url="true">{}{}</a></th>',
        attributes({"class": "fy-num" if number else None}),
        attributes({"aria-sort": ordered}),
        url,
        url,
        target,
        label,
        icon_html(sign),
    )


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(
    context: Context, *, shown: int, total: int | None = None, after: str = "", before: str = "", target: str = "#panel"
) -> dict[str, Any]:
    """Show how much of a list is seen, and links to the pages beside it by cursor (``?after=``, ``?before=``)."""
    query: QueryDict = context["request"].GET.copy()
    for cursor in ("after", "before"):
        query.pop(cursor, None)

    def link(name: str, cursor: str) -> str:
        turned = query.copy()
        turned[name] = cursor
        return f"?{turned.urlencode()}"

    return {
        "shown": shown,
        "total": total,
        "next": link("after", after) if after else "",
        "previous": link("before", before) if before else "",
        "target": target,
    }


# The running SOP


@register.inclusion_tag("components/stages.html")
def stages(items: Iterable[Mapping[str, Any]], *, outcome: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Show the map of stages: items with ``title``, ``state`` (done, current, late, next, skipped) and perhaps ``note``
    and ``url``. A closed deal has an ``outcome`` instead: ``word``, ``tone`` and perhaps ``note``.
    """
    words = {
        "done": gettext("Done"),
        "current": gettext("Current"),
        "late": gettext("Current, late"),
        "next": gettext("Still to come"),
        "skipped": gettext("Skipped"),
    }
    shown = [{**item, "icon": STAGE_ICONS[item["state"]], "word": words[item["state"]]} for item in items]
    return {"stages": shown, "outcome": outcome}


@register.simple_block_tag
def event(
    content: str,
    what: str,
    *,
    when: datetime,
    who: object = "",
    icon: str = "point",
    tone: str = "neutral",
    now: datetime | None = None,
) -> SafeString:
    """Wrap one entry of a timeline (inside ``<ol class="fy-timeline">``): what happened, who did it, when."""
    body = format_html('<div class="fy-event__body">{}</div>', content) if content.strip() else NOTHING
    return format_html(
        '<li class="fy-event"><span class="fy-event__mark fy-tone--{}">{}</span><div><div class="fy-event__head">'
        '<span class="fy-event__what">{}</span><span class="fy-event__when">{}{}</span></div>{}</div></li>',
        tone,
        icon_html(icon),
        what,
        format_html("{} · ", who) if who else NOTHING,
        ago(when, now=now),
        body,
    )


@register.inclusion_tag("components/chart.html")
def chart(
    id: str,
    *,
    kind: str,
    label: str,
    labels: Sequence[str],
    series: Sequence[Mapping[str, Any]],
    links: Sequence[str] = (),
    unit: str = "",
) -> dict[str, Any]:
    """Show a chart (``bar``, ``line``, ``funnel``, ``heatmap``); without script the same figures stand in a table.

    ``series`` are mappings with ``name`` and ``values`` (one for each label); ``links`` lead from each label to the
    records behind it.
    """
    data = {"kind": kind, "labels": list(labels), "series": list(series), "links": list(links), "unit": unit}
    rows = [
        {
            "label": name,
            "link": links[place] if place < len(links) else "",
            "figures": [one["values"][place] for one in series],
        }
        for place, name in enumerate(labels)
    ]
    return {
        "id": id,
        "id_data": f"{id}-data",
        "label": label,
        "data": data,
        "rows": rows,
        "script": static("fairway/chart.js"),
    }


# The frame


@register.inclusion_tag("components/toast.html")
def toast(text: object, *, level: str = "info") -> dict[str, Any]:
    """Show a short message that goes away: level success, error, warning or info."""
    tone, sign = TOASTS.get(level, ("accent", "info-circle"))
    return {"text": text, "tone": tone, "icon": sign, "stays": level in ("error", "warning")}
