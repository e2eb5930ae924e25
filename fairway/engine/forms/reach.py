"""Phone numbers, e-mail and web addresses: checked, and kept in one spelling."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from fairway.engine.forms.refusals import Wrong, repeated
from fairway.engine.forms.texts import narrow, text_of

HOME_REGION = "CN"
_PHONE_LIMIT = 50
_URL_LIMIT = 2000

_MAINLAND_MOBILE = re.compile(r"(?:\+?86|0086)?(1[3-9][0-9]{9})")
_BETWEEN_DIGITS = str.maketrans("", "", " -()./\t")
_EXTENSION = re.compile(
    r"(?P<main>[^x#转]*?)\s*(?:分机|转|ext\.?|extension|x|#)\s*:?\s*(?P<ext>[0-9]{1,8})", re.IGNORECASE
)
_HOTLINE = re.compile(r"(?:95|96|10|12)[0-9]{3,4}")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:(?!\d)", re.IGNORECASE)


def phone_of(raw: Any) -> str:
    """A phone number in E.164 (`+8613800138000`); one with an extension and a short hotline stay as typed.

    A number without a country is of mainland China. Raises Wrong when it cannot be dialled.
    """
    typed = text_of(raw, _PHONE_LIMIT)
    text = narrow(typed)
    compact = text.translate(_BETWEEN_DIGITS)
    if match := _MAINLAND_MOBILE.fullmatch(compact):
        return f"+86{match[1]}"
    if _HOTLINE.fullmatch(compact):
        return compact
    if match := _EXTENSION.fullmatch(text):
        _dialled(match["main"], typed)
        return typed
    return _dialled(text, typed)


def _dialled(text: str, typed: str) -> str:
    try:
        number = phonenumbers.parse(text, HOME_REGION)
    except phonenumbers.NumberParseException:
        number = None
    # What the library would read past (letters of a vanity number, a name before it) is no number here.
    if number is None or not set(text) <= set("0123456789+-()./ \t") or not phonenumbers.is_valid_number(number):
        shown = repeated(typed)
        raise Wrong(
            "not_a_phone",
            f"“{shown}” is no phone number; write it with its area code, abroad with + and the country.",
            f"“{shown}”不是有效的电话号码。固话请带区号，境外号码请以 + 和国家代码开头。",
        )
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def email_of(raw: Any) -> str:
    """An e-mail address as it is written properly; no name server is asked. Raises Wrong when it is none."""
    text = text_of(raw)
    try:
        return validate_email(text, check_deliverability=False).normalized
    except EmailNotValidError:
        shown = repeated(text)
        raise Wrong("not_an_email", f"“{shown}” is no e-mail address.", f"“{shown}”不是有效的邮箱地址。") from None


def url_of(raw: Any) -> str:
    """A web address; `https://` is put before one without a scheme. Raises Wrong for any scheme but http and https."""
    text = text_of(raw, _URL_LIMIT)
    address = text if _SCHEME.match(text) else f"https://{text}"
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        is_good = parts.scheme in {"http", "https"} and "." in host and parts.port != 0
    except ValueError:
        is_good = False
    else:
        is_good = is_good and parts.username is None and not re.search(r"[\s\x00-\x1f\x7f<>\"\\^`{|}]", address)
    if not is_good:
        shown = repeated(text)
        raise Wrong(
            "not_a_url",
            f"“{shown}” is no web address; write https://… or http://….",
            f"“{shown}”不是网址，请以 https:// 或 http:// 开头。",
        )
    return address
