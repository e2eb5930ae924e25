"""Keys by which the same company, phone or mailbox is known again, however it is written (L16)."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Callable

import opencc
import phonenumbers

_MAINLAND_MOBILE = re.compile(r"(?:\+?86)?(1[3-9]\d{9})")
_NOT_WORD = re.compile(r"[\W_]+", re.UNICODE)
_BRACKETED_AREA = re.compile(r"[(（][^()（）]{1,10}[)）]")
_SUFFIXES = (
    "股份有限公司", "有限责任公司", "集团有限公司", "有限公司", "股份公司", "集团公司", "公司", "集团",
    "incorporated", "corporation", "holdings", "limited", "company", "gmbh", "corp", "inc", "ltd", "llc", "plc", "co",
)  # fmt: skip
_MAX = 200
_LATIN = re.compile("[\u00c0-\u024f]")


def folded(text: str) -> str:
    """A text in one way of writing: no difference of width, case, accent, traditional or simplified characters."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    if plain.isascii():
        return plain
    return _LATIN.sub(_without_accent, _simplified()(plain))


def _without_accent(letter: re.Match[str]) -> str:
    return unicodedata.normalize("NFKD", letter[0])[0]


@functools.cache
def _simplified() -> Callable[[str], str]:
    """Traditional to simplified characters. Its tables take some milliseconds to load, so at the first use only."""
    return opencc.OpenCC("t2s").convert


def company_key(name: str) -> str:
    """A company's name without width, case, punctuation, area in brackets and legal form; empty for no name."""
    text = folded(name)
    text = _NOT_WORD.sub("", _BRACKETED_AREA.sub("", text)) or _NOT_WORD.sub("", text)
    whole = text
    changed = True
    while changed:
        changed = False
        for suffix in _SUFFIXES:
            if text.endswith(suffix) and len(text) > len(suffix) + 1:
                text, changed = text[: -len(suffix)], True
                break
    return (text or whole)[:_MAX]


_BRANCH = re.compile(
    r"(.{2,}?(?:公司|集团|厂|银行)).{1,12}?(?:分公司|子公司|分厂|分店|分行|支行|办事处|分部|营业部|代表处)$"
)
_LEGAL = re.compile(r"(.{2,}?)(科技|集团|控股|实业|技术|企业)?(股份)?(?:有限公司|有限责任公司|公司)")
_LEAST_REST = 4
_PLACES = (
    "中国", "北京市", "上海市", "天津市", "重庆市", "北京", "上海", "天津", "重庆", "河北", "山西", "辽宁", "吉林",
    "黑龙江", "江苏", "浙江", "安徽", "福建", "江西", "山东", "河南", "湖北", "湖南", "广东", "海南", "四川", "贵州",
    "云南", "陕西", "甘肃", "青海", "台湾", "内蒙古", "广西", "西藏", "宁夏", "新疆", "香港", "澳门", "杭州", "宁波",
    "温州", "苏州", "无锡", "南京", "常州", "合肥", "福州", "厦门", "南昌", "济南", "青岛", "郑州", "武汉", "长沙",
    "广州", "深圳", "东莞", "佛山", "珠海", "成都", "贵阳", "昆明", "西安", "兰州", "沈阳", "大连", "长春", "哈尔滨",
)  # fmt: skip


def company_cores(name: str) -> tuple[str, ...]:
    """What a company is called for short, in every way that its full name allows; none for no name.

    Without branch and legal form, without the word that any firm puts before its legal form, without the place in front
    where enough remains. Two names with one of these in common are near the same:
    杭州启明机电科技有限公司上海分公司 and 启明机电.
    """
    text = folded(name)
    bare = _NOT_WORD.sub("", _BRACKETED_AREA.sub("", text)) or _NOT_WORD.sub("", text)
    branch = _BRANCH.fullmatch(bare)
    whole = branch[1] if branch else bare
    legal = _LEGAL.fullmatch(whole)
    found = [company_key(whole)]
    if legal:
        # 亚光股份有限公司 may be called 亚光 or 亚光股份 for short.
        word, shares = legal[2] or "", legal[3] or ""
        found = [legal[1] + word, legal[1], *([legal[1] + word + shares] if shares else [])]
    place = next((one for one in _PLACES if found[0].startswith(one)), "")
    rest = (legal[1] if legal else found[0]).removeprefix(place).removeprefix("省").removeprefix("市")
    if place and len(rest) >= _LEAST_REST:
        found.append(rest)
    return tuple(dict.fromkeys(filter(None, found)))


def phone_key(phone: str) -> str:
    """A phone as E.164 where it is one (a bare number is taken as mainland China's), else its digits; or empty."""
    text = unicodedata.normalize("NFKC", phone)
    bare = re.sub(r"[\s\-().]", "", text)
    found = _MAINLAND_MOBILE.fullmatch(bare)
    if found:
        return f"+86{found[1]}"
    try:
        number = phonenumbers.parse(text, "CN")
    except phonenumbers.NumberParseException:
        return re.sub(r"\D", "", text)[:32]
    if phonenumbers.is_possible_number(number):
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return re.sub(r"\D", "", text)[:32]


def dialled(key: str) -> str:
    """The digits of a phone's key as people look for them: without the mark and prefix of the mainland."""
    return key.removeprefix("+86").removeprefix("+")


def email_key(email: str) -> str:
    """A mailbox in one way of writing; empty for none."""
    return unicodedata.normalize("NFKC", email).strip().casefold()[:254]


PUBLIC_MAIL = frozenset(
    {
        "qq.com", "163.com", "126.com", "sina.com", "sina.cn", "sohu.com", "foxmail.com", "139.com", "189.cn",
        "yeah.net", "aliyun.com", "tom.com", "21cn.com", "263.net", "gmail.com", "outlook.com", "hotmail.com",
        "live.com", "yahoo.com", "icloud.com", "msn.com", "proton.me",
    }
)  # fmt: skip
"""Domains at which anybody has a mailbox: they say nothing about a company."""


def domain_of(email: str) -> str:
    """The domain of a mailbox or empty."""
    return email_key(email).rpartition("@")[2]


def own_domain(address: str) -> str:
    """The domain of a company in a mailbox or web address; empty for none, and where anybody has a mailbox."""
    host = folded(address).strip().rpartition("@")[2].partition("://")[2] or folded(address).strip().rpartition("@")[2]
    host = host.partition("/")[0].partition(":")[0].removeprefix("www.")
    return "" if host in PUBLIC_MAIL or "." not in host else host
