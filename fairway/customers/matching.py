"""Which records are the same person or company: compared field by field, the evidence added up (L16).

Every field that two records both have speaks for or against them, in bits: so many for the same value, fewer for a near
one, a minus for another one. A field that one of them lacks says nothing. Compared are only records that share a block,
some piece that the same ones nearly always have in common; so the work does not grow with their square.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

Values = Mapping[str, str]
Block = Callable[[Values], Iterable[str]]
LARGEST_BLOCK = 200
"""A block with more records says nothing about any two of them (a switchboard's number, a city)."""
_SAME, _NEAR, _FAR = 0.985, 0.85, 0.65


@dataclass(frozen=True, slots=True)
class Field:
    """One field: bits for the same value and against another one. `how` near values are known: text, name or code.

    One that is known by several names has them all, each on a line (`any`): one in common is the same.
    """

    name: str
    same: float
    other: float
    how: str = "text"


@dataclass(frozen=True, slots=True)
class Settings:
    """How records of one sort are compared: from `threshold` bits on two are held to be the same.

    `crossed` are two fields that people mix up, such as given name and surname.
    """

    fields: tuple[Field, ...]
    blocks: tuple[Block, ...]
    threshold: float
    crossed: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """Two records held to be the same, the evidence in bits, and the fields that spoke for it, the strongest first."""

    first: int
    second: int
    bits: float
    reasons: tuple[str, ...]


def matches(records: Mapping[int, Values], settings: Settings) -> Iterator[Match]:
    """Every two of the records that are held to be the same, the lower number first, each pair once."""
    compared: set[tuple[int, int]] = set()
    for block in settings.blocks:
        members: dict[str, list[int]] = {}
        for number, values in records.items():
            for key in block(values):
                members.setdefault(key, []).append(number)
        for together in members.values():
            if len(together) > LARGEST_BLOCK:
                continue
            for pair in itertools.combinations(sorted(together), 2):
                if pair not in compared:
                    compared.add(pair)
                    found = compare(records[pair[0]], records[pair[1]], settings)
                    if found[0] >= settings.threshold:
                        yield Match(*pair, *found)


def compare(one: Values, two: Values, settings: Settings) -> tuple[float, tuple[str, ...]]:
    """The evidence in bits that both are the same, and the fields that speak for it."""
    said = {field.name: evidence(field, one.get(field.name, ""), two.get(field.name, "")) for field in settings.fields}
    if settings.crossed is not None:
        first, second = settings.crossed
        fields = {field.name: field for field in settings.fields}
        turned = {
            first: evidence(fields[first], one.get(first, ""), two.get(second, "")),
            second: evidence(fields[second], one.get(second, ""), two.get(first, "")),
        }
        if sum(turned.values()) > said[first] + said[second]:
            said.update(turned)
    speaking = sorted((name for name, bits in said.items() if bits > 0), key=lambda name: -said[name])
    return sum(said.values()), tuple(speaking)


def evidence(field: Field, one: str, two: str) -> float:
    """What two values of a field say, in bits; nothing where one of them is not known."""
    if not one or not two:
        return 0.0
    if one == two:
        return field.same
    alike = _alike(field.how, one, two)
    if alike >= _SAME:
        return field.same
    if alike >= _NEAR:
        return field.same * (0.45 + 0.45 * (alike - _NEAR) / (_SAME - _NEAR))
    if alike >= _FAR:
        return field.other * (_NEAR - alike) / (_NEAR - _FAR)
    return field.other


def _alike(how: str, one: str, two: str) -> float:
    if how == "any":
        ours, theirs = one.split("\n"), two.split("\n")
        return 1.0 if set(ours) & set(theirs) else max(_text(x, y) for x in ours for y in theirs)
    if how == "name":
        return JaroWinkler.similarity(one, two)
    if how == "code":
        # A slip of the finger in a long number; a short one is another one.
        slips = DamerauLevenshtein.distance(one, two, score_cutoff=2)
        return {1: 0.92, 2: 0.80}.get(slips, 0.0) if min(len(one), len(two)) > 3 else (0.7 if slips == 1 else 0.0)
    return _text(one, two)


def _text(one: str, two: str) -> float:
    return max(JaroWinkler.similarity(one, two), DamerauLevenshtein.normalized_similarity(one, two))


def parts(*names: str, size: int = 0) -> Block:
    """A block of whole fields, or of their first `size` characters; none where one of them is not known."""

    def block(values: Values) -> Iterable[str]:
        found = [values.get(name, "")[: size or None] for name in names]
        return ("|".join((*names, *found)),) if all(found) else ()

    return block


def each(name: str, *, size: int = 0) -> Block:
    """A block for each name of a field that is known by several."""

    def block(values: Values) -> Iterable[str]:
        return {line[: size or None] for line in values.get(name, "").split("\n") if line}

    return block


PERSON = Settings(
    fields=(
        Field("given", 4.5, -2.5, "name"), Field("surname", 5.0, -2.5, "name"), Field("name", 6.0, -5.0, "name"),
        Field("phone", 9.0, -1.5, "code"), Field("email", 10.0, -1.0, "code"), Field("wechat", 9.0, -1.0, "code"),
        Field("company", 6.0, -3.0), Field("street_number", 3.0, -1.0, "code"), Field("street", 5.5, -2.0),
        Field("place", 4.5, -1.0), Field("suburb", 4.5, -1.5), Field("postcode", 4.0, -1.5, "code"),
        Field("state", 1.2, -1.5, "code"), Field("born", 9.0, -4.0, "code"), Field("id_number", 12.0, -4.0, "code"),
    ),
    blocks=(
        parts("phone"), parts("email"), parts("wechat"), parts("id_number"), parts("born"), parts("given", "surname"),
        parts("name", "company"), parts("given", "postcode"), parts("surname", "postcode"), parts("surname", "suburb"),
        parts("street", "street_number"), parts("given", "suburb"), parts("street", "surname"), parts("place"),
        parts("street", "given"), parts("born", size=4),
    ),
    threshold=9.0,
    crossed=("given", "surname"),
)  # fmt: skip
"""People, by whatever is known of them: name and ways to reach them, or name, address and date of birth."""

COMPANY = Settings(
    fields=(
        Field("core", 9.0, -6.0, "any"), Field("phone", 5.0, -0.5, "code"), Field("domain", 6.0, -0.5, "code"),
        Field("uscc", 14.0, -14.0, "code"), Field("region", 0.5, -1.0),
    ),
    blocks=(each("core"), parts("phone"), parts("domain"), parts("uscc"), each("core", size=3)),
    threshold=8.0,
)  # fmt: skip
"""Companies: by the core of the name, or by a near one with phone or domain; another credit code is another company."""

LEAD = Settings(
    fields=(
        Field("phone", 9.0, -0.5, "code"), Field("email", 10.0, -0.5, "code"), Field("core", 9.0, -2.0, "any"),
        Field("domain", 4.0, 0.0, "code"), Field("name", 2.0, -0.5, "name"),
    ),
    blocks=(parts("phone"), parts("email"), each("core"), each("core", size=3), parts("domain")),
    threshold=6.5,
)  # fmt: skip
"""Leads: the same phone, mailbox or company, or a near company with the same domain."""
