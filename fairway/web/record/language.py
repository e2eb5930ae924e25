"""The language of the reader, as documents of SOPs know it."""

from django.utils.translation import get_language


def reader() -> str:
    """`zh-hans` or `en`."""
    return "zh-hans" if (get_language() or "zh").startswith("zh") else "en"
