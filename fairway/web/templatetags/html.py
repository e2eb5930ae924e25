"""Small makers of safe HTML that the components share."""

from __future__ import annotations

import functools
from collections.abc import Mapping

from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

NOTHING = mark_safe("")


def attributes(given: Mapping[str, object]) -> SafeString:
    """Write keyword arguments as HTML attributes: ``hx_get`` as ``hx-get``, True as a bare name, None and False not."""
    pairs = ((name.rstrip("_").replace("_", "-"), value) for name, value in given.items())
    shown = [(name, value) for name, value in pairs if value is not None and value is not False]
    return format_html_join("", "{}", ((_attribute(name, value),) for name, value in shown))


def _attribute(name: str, value: object) -> SafeString:
    return format_html(" {}", name) if value is True else format_html(' {}="{}"', name, value)


@functools.lru_cache(maxsize=512)
def icon(name: str, label: str = "") -> SafeString:
    """Return the icon ``name`` of the sprite; with a label it is read aloud, without one it is decoration.

    Kept, because a list shows the same few a hundred times.
    """
    spoken = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="fy-icon" {} focusable="false"><use href="{}#{}"></use></svg>',
        spoken,
        static("fairway/icons.svg"),
        name,
    )


def icon_or_nothing(name: str) -> SafeString:
    """Return the icon ``name``, or nothing for an empty name."""
    return icon(name) if name else NOTHING
