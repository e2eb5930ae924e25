"""Numbers and money as people write them: `12,000.50`, `1.2万`, `¥12000`, full-width digits. Never through float."""

from __future__ import annotations

import re
from decimal import Context, Decimal
from typing import Any

from fairway.engine.facts import MINOR_UNITS
from fairway.engine.forms.refusals import Wrong, repeated
from fairway.engine.forms.texts import narrow, text_of

LARGEST = 9 * 10**15  # what is kept stays exact in every program that reads JSON
PLACES = 10
_FINEST = Decimal(1).scaleb(-PLACES)
_EXACT = Context(prec=80)

SYMBOLS = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "HKD": "HK$", "TWD": "NT$", "JPY": "¥", "SGD": "S$"}
_NAMES = {"CNY": ("人民币", "rmb", "元", "圆", "块"), "USD": ("美元", "us$"), "EUR": ("欧元",), "HKD": ("港币", "港元")}

_UNITS = {
    "": 1, "百": 10**2, "千": 10**3, "k": 10**3, "万": 10**4, "w": 10**4, "百万": 10**6, "m": 10**6, "千万": 10**7,
    "亿": 10**8, "万亿": 10**12,
}  # fmt: skip
_NUMBER = re.compile(
    r"(?P<sign>[+-]?)\s*(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)?(?P<rest>\.[0-9]*)?\s*"
    r"(?P<unit>万亿|百万|千万|百|千|万|亿|[kmw])?",
    re.IGNORECASE,
)
_UNIT_AT_END = re.compile(r"(万亿|百万|千万|百|千|万|亿|[kmw])$", re.IGNORECASE)
_BETWEEN = re.compile(r"(?<=\S)\s*(?:~|—+|–|-|至|到|\bto\b)\s*(?=\S)", re.IGNORECASE)


def number_of(raw: Any) -> Decimal:
    """The number that was typed, or a JSON number, as a Decimal.

    Raises Wrong when it is none, or too large, or has more than ten decimals.
    """
    if isinstance(raw, bool) or not isinstance(raw, str | int | float | Decimal):
        raise _no_number(raw)
    if isinstance(raw, str):
        return _bounded(_written(narrow(text_of(raw))), raw)
    if isinstance(raw, int) and abs(raw) > LARGEST:
        raise _too_large()
    # The shortest text of a float is what the other side wrote.
    return _bounded(Decimal(repr(raw) if isinstance(raw, float) else raw), raw)


def _written(text: str) -> Decimal:
    match = _NUMBER.fullmatch(text.strip())
    if match is None or not (match["whole"] or (match["rest"] or ".") != "."):
        raise _no_number(text)
    digits = (match["whole"] or "0").replace(",", "") + (match["rest"] or "").rstrip(".")
    if len(digits) > 40:
        raise _too_large()
    return _EXACT.multiply(Decimal(match["sign"] + digits), Decimal(_UNITS[(match["unit"] or "").lower()]))


def _bounded(value: Decimal, raw: Any) -> Decimal:
    if not value.is_finite():
        raise _no_number(raw)
    if abs(value) > LARGEST:
        raise _too_large()
    if value != value.quantize(_FINEST):
        raise Wrong("too_precise", f"At most {PLACES} decimals.", f"最多 {PLACES} 位小数。")
    return value


def plain(value: Decimal) -> str:
    """A number as records keep it: digits without exponent and without needless zeros."""
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in {"", "-0"} else text


def decimal_of(raw: Any) -> str:
    """A decimal number as its plain text."""
    return plain(number_of(raw))


def percent_of(raw: Any) -> str:
    """A percentage as its plain text, `12.5` for 12.5 %; the sign may be typed."""
    if isinstance(raw, str):
        raw = narrow(raw).strip().removesuffix("%")
    return decimal_of(raw)


def int_of(raw: Any) -> int:
    """A whole number."""
    value = number_of(raw)
    if value != value.to_integral_value():
        raise Wrong("not_whole", f"“{repeated(raw)}” is no whole number.", f"“{repeated(raw)}”不是整数。")
    return int(value)


def money_of(raw: Any, currency: str = "CNY") -> int:
    """An amount in major units, as minor units (fen). The sign or name of `currency` may stand beside it.

    Raises Wrong when it is no amount, is in another currency, or is finer than a fen.
    """
    if isinstance(raw, str):
        raw = _without_currency(narrow(text_of(raw)), currency)
    minor = number_of(raw) * MINOR_UNITS
    if minor != minor.to_integral_value():
        raise Wrong("too_precise", "An amount has two decimals at most.", "金额最多两位小数。")
    if abs(minor) > LARGEST:
        raise _too_large()
    return int(minor)


def _without_currency(text: str, currency: str) -> str:
    text = text.strip()
    sign = text[:1] if text[:1] in {"+", "-"} else ""
    text = text.removeprefix(sign).lstrip() if sign else text
    names = (currency.lower(), SYMBOLS.get(currency, "").lower(), *_NAMES.get(currency, ()))
    for name in sorted(filter(None, names), key=len, reverse=True):
        if text.lower().startswith(name):
            text = text[len(name) :].strip()
        if text.lower().endswith(name):
            text = text[: -len(name)].strip()
    if any(symbol[-1] in text for symbol in SYMBOLS.values()):
        raise Wrong(
            "currency", f"Amounts here are in {currency}; convert it first.", f"此处金额的币种是 {currency}，请先换算。"
        )
    if sign and text[:1] in {"+", "-"}:
        raise _no_number(text)
    return sign + text


def money_range_of(raw: Any, currency: str = "CNY") -> dict[str, int | None] | None:
    """From and to in minor units, either of them open: `{from, to}`, or text such as `10-20万`, or one amount.

    Raises Wrong when an end is no amount or the range runs backwards.
    """
    if not isinstance(raw, dict):
        raw = _ends(raw)
    ends: dict[str, int | None] = {}
    for end in ("from", "to"):
        given = raw.get(end)
        try:
            is_open = given is None or (isinstance(given, str) and not given.strip())
            ends[end] = None if is_open else money_of(given, currency)
        except Wrong as wrong:
            wrong.at = f".{end}"
            raise
    low, high = ends["from"], ends["to"]
    if low is None and high is None:
        return None
    if low is not None and high is not None and low > high:
        raise Wrong("backwards", "“To” is below “from”.", "上限低于下限。", at=".to")
    return ends


def _ends(raw: Any) -> dict[str, Any]:
    if not isinstance(raw, str):
        return {"from": raw, "to": raw}
    parts = _BETWEEN.split(narrow(text_of(raw)).strip())
    if len(parts) != 2:
        return {"from": raw, "to": raw}
    low, high = parts
    unit = _UNIT_AT_END.search(high.rstrip("元圆块 "))
    if unit and low and low[-1].isdigit():
        low += unit[0]  # 10-20万 means 10万 to 20万
    return {"from": low, "to": high}


def _no_number(raw: Any) -> Wrong:
    shown = repeated(raw) if isinstance(raw, str | int | float | Decimal) else "…"
    return Wrong("not_a_number", f"“{shown}” is no number.", f"“{shown}”不是数字。")


def _too_large() -> Wrong:
    return Wrong("too_large", "The number is too large.", "数字太大。")
