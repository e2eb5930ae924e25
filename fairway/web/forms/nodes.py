"""The parts of an SOP form on a page: each field of the document becomes one node, which names its template."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from fairway.engine.forms import MoreChoices, choices_of
from fairway.engine.forms.numbers import SYMBOLS
from fairway.engine.forms.parse import ENTRIES_LIMIT, REFERENCES, bool_of
from fairway.engine.forms.refusals import Wrong
from fairway.engine.forms.texts import LONGTEXT_LIMIT, TEXT_LIMIT
from fairway.engine.spec import ALWAYS, NEVER, Condition, FormField, Sop, Text

# What may be chosen for a kind (user, contact, account, file): ids with names, bounded by whoever gives them.
Options = Mapping[str, Callable[[], Sequence[tuple[int, str]]]]

FEW_CHOICES = 5
# In half the width of a form on a desk, with its tick for each.
FEW_LETTERS = 54
FEW_POINTS = 10
FEW_TICKS = 12
TEMPLATES = "components/sop_form"
FILES = frozenset({"file", "files"})


@dataclass(frozen=True, slots=True)
class Place:
    """What every node shows: where it stands, what it is called, and what is wrong with it."""

    id: str
    name: str
    label: str
    help: str = ""
    errors: tuple[str, ...] = ()
    required: bool = False
    confidential: bool = False


@dataclass(frozen=True, slots=True)
class Input:
    """One control that the `field` component knows; `unticked` is sent by a box that is not ticked."""

    template: ClassVar[str] = f"{TEMPLATES}/input.html"
    place: Place
    description: dict[str, Any]
    unticked: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """One point of a scale, or a choice that is explained."""

    value: str
    title: str
    text: str
    checked: bool


@dataclass(frozen=True, slots=True)
class Points:
    """A choice whose values are explained beside them: the scale of a criterion, or choices with help."""

    template: ClassVar[str] = f"{TEMPLATES}/points.html"
    place: Place
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Range:
    """An amount from and to."""

    template: ClassVar[str] = f"{TEMPLATES}/range.html"
    place: Place
    low: str
    high: str
    symbol: str


@dataclass(frozen=True, slots=True)
class Files:
    """Files: those that are there, each of which may be dropped, and a control for new ones."""

    template: ClassVar[str] = f"{TEMPLATES}/files.html"
    place: Place
    kept: tuple[tuple[str, str], ...]
    has_many: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that belong together."""

    template: ClassVar[str] = f"{TEMPLATES}/group.html"
    place: Place
    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One entry of a list. `nodes` is one bare input for a list of texts or people."""

    index: str
    number: str
    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """A list: its rows, and a blank one for the script, in which `placeholder` stands for the position."""

    template: ClassVar[str] = f"{TEMPLATES}/rows.html"
    place: Place
    path: str
    rows: tuple[Row, ...]
    blank: Row | None
    placeholder: str
    is_bare: bool
    most: int


Node = Input | Points | Range | Files | Group | Rows


@dataclass
class Builder:
    """Makes the nodes of one form. `ids` collects the id of each path, for links to what is wrong."""

    sop: Sop
    form_key: str
    language: str
    zone: tzinfo
    currency: str
    prefix: str
    errors: Mapping[str, Sequence[str]]
    options: Options
    more: MoreChoices | None
    holds: Callable[[Condition], bool] | None
    may_see_confidential: bool
    takes_files: bool
    ids: dict[str, str] = field(default_factory=dict)
    _in_row: bool = False
    _listed: dict[str, Sequence[tuple[int, str]]] = field(default_factory=dict)

    def nodes(self, fields: Sequence[FormField], raw: Any, path: str, depth: int = 0) -> tuple[Node, ...]:
        """The nodes of fields below `path` (empty, or ending in a dot) with what was typed into them."""
        values = raw if isinstance(raw, dict) else {}
        return tuple(self.node(one, values.get(one.key), path + one.key, depth) for one in fields if self.is_asked(one))

    def is_asked(self, one: FormField) -> bool:
        """Whether the field is on the page at all: automatic ones are not, nor what the reader may not see."""
        if (one.type in FILES or one.of == "file") and not self.takes_files:
            return False
        return one.auto is None and (self.may_see_confidential or not one.confidential)

    def is_required(self, one: FormField) -> bool:
        """Whether it must be filled as things stand."""
        if one.required == NEVER:
            return False
        return one.required == ALWAYS or (self.holds is not None and self.holds(one.required))

    def node(self, one: FormField, raw: Any, path: str, depth: int) -> Node:
        """The node of one field."""
        place = self.place(one, path)
        if (one.type == "list" and one.of != "file") or (
            one.type in {"users", "contacts"} and len(self.options_of(one)) > FEW_TICKS
        ):
            return self._rows(one, raw, path, place, depth)
        if one.type == "group":
            return Group(place, self.nodes(one.fields, raw, f"{path}.", depth))
        if one.type == "money_range":
            return self._range(raw, place)
        if one.type in FILES or one.of == "file":
            return self._files(one, raw, place)
        points = self._points(one, raw)
        return Points(place, points) if points else self._input(one, raw, place)

    def place(self, one: FormField, path: str) -> Place:
        """Id, name and words of a field at `path`."""
        id_ = f"{self.prefix}-{path.replace('.', '-')}"
        self.ids[path] = id_
        return Place(
            id=id_,
            name=f"{self.prefix}.{path}",
            label=self.text(one.label),
            help=self.text(one.help) if one.help else "",
            errors=self._errors(one, path),
            required=self.is_required(one),
            confidential=one.confidential,
        )

    def text(self, text: Text) -> str:
        """A text of the document in the reader's language."""
        return text.in_language(self.language)

    def options_of(self, one: FormField) -> Sequence[tuple[int, str]]:
        """What may be chosen for a person, contact, company or file."""
        kind = REFERENCES.get(one.type) or REFERENCES.get(one.of or "", "")
        if kind not in self._listed:
            given = self.options.get(kind)
            self._listed[kind] = given() if given else ()
        return self._listed[kind]

    def _errors(self, one: FormField, path: str) -> tuple[str, ...]:
        """What is wrong with this field; of one shown as a single control, with its entries too."""
        found = list(self.errors.get(path, ()))
        if one.type in {"enums", "users", "contacts", "files", "money_range"}:
            for below, messages in self.errors.items():
                if below.startswith(f"{path}."):
                    found.extend(message for message in messages if message not in found)
        return tuple(found)

    # -- lists -------------------------------------------------------------------------------------------------------

    def _rows(self, one: FormField, raw: Any, path: str, place: Place, depth: int) -> Rows:
        placeholder = f"__{depth}__"
        most = min(one.at_most or ENTRIES_LIMIT, ENTRIES_LIMIT)
        entries = raw if isinstance(raw, list) else [] if raw in (None, "", {}) else [raw]
        missing = max(one.at_least or 0, 1) if place.required else 0
        shown = [*entries, *([""] * (missing - len(entries)))]
        rows = tuple(self._row(one, entry, f"{path}.{index}", index, depth) for index, entry in enumerate(shown))
        ids = dict(self.ids)
        blank = self._row(one, "", f"{path}.{placeholder}", placeholder, depth)
        self.ids = ids
        return Rows(place, path, rows, blank, placeholder, not one.fields, most)

    def _row(self, one: FormField, raw: Any, path: str, index: int | str, depth: int) -> Row:
        number = str(index + 1) if isinstance(index, int) else "#"
        if one.fields:
            given = raw if isinstance(raw, dict) and raw else {f.key: f.default for f in one.fields}
            was_in_row, self._in_row = self._in_row, True
            nodes = self.nodes(one.fields, given, f"{path}.", depth + 1)
            self._in_row = was_in_row
            return Row(str(index), number, nodes)
        kind = {"users": "user", "contacts": "contact"}.get(one.type, one.of or "text")
        place = Place(
            id=f"{self.prefix}-{path.replace('.', '-')}",
            name=f"{self.prefix}.{path}",
            label=self.text(one.label),
            errors=tuple(self.errors.get(path, ())),
        )
        self.ids[path] = place.id
        return Row(str(index), number, (self._input(one.model_copy(update={"type": kind}), raw, place),))

    # -- single controls ---------------------------------------------------------------------------------------------

    def _range(self, raw: Any, place: Place) -> Range:
        ends = raw if isinstance(raw, dict) else {"from": raw, "to": raw}
        symbol = SYMBOLS.get(self.currency, self.currency)
        return Range(place, _shown(ends.get("from")), _shown(ends.get("to")), symbol)

    def _files(self, one: FormField, raw: Any, place: Place) -> Files:
        names = {str(key): name for key, name in self.options_of(one)}
        ids = [given for given in _many(raw) if given]
        return Files(place, tuple((given, names.get(given, f"#{given}")) for given in ids), one.type != "file")

    def _points(self, one: FormField, raw: Any) -> tuple[Point, ...]:
        given = _shown(raw)
        if one.type == "int" and (rubric := self._rubric(one)):
            return tuple(
                Point(str(points), str(points), self.text(text), given == str(points))
                for points, text in enumerate(rubric, start=1)
            )
        if one.type != "enum" or self._in_row:
            return ()
        choices = choices_of(self.sop, one, self.more)
        if len(choices) > FEW_POINTS or not any(choice.help for choice in choices):
            return ()
        return tuple(
            Point(c.key, self.text(c.title), self.text(c.help) if c.help else "", given == c.key) for c in choices
        )

    def _rubric(self, one: FormField) -> Sequence[Text]:
        grading = self.sop.grading
        if grading is None or grading.score.form != self.form_key:
            return ()
        return next((criterion.rubric for criterion in grading.score.criteria if criterion.field == one.key), ())

    def _input(self, one: FormField, raw: Any, place: Place) -> Input:
        description: dict[str, Any] = {
            "id": place.id, "name": place.name, "label": place.label, "help": place.help, "errors": list(place.errors),
            "confidential": place.confidential, "value": _shown(raw), "required": place.required, "attrs": {},
        }  # fmt: skip
        description.update(self._control(one, raw, place))
        # The server says everything that is missing at once; a browser would stop at the first one.
        description["attrs"] = {"aria-required": "true" if place.required else None, **description["attrs"]}
        return Input(place, description, unticked="false" if description["type"] == "checkbox" else "")

    def _control(self, one: FormField, raw: Any, place: Place) -> dict[str, Any]:
        simple = _SIMPLE.get(one.type)
        if simple is not None:
            return {"type": simple[0], "attrs": dict(simple[1])}
        match one.type:
            case "int":
                return self._number(one)
            case "percent":
                return {"type": "text", "suffix": "%", "attrs": {"inputmode": "decimal", "autocomplete": "off"}}
            case "money":
                symbol = SYMBOLS.get(self.currency, self.currency)
                return {"type": "text", "prefix": symbol, "attrs": {"inputmode": "decimal", "autocomplete": "off"}}
            case "date" | "datetime":
                return self._time(one, raw)
            case "bool":
                return self._yes_no(one, raw, place)
            case "enum" | "enums":
                return self._choice(one, raw, place)
        return self._reference(one, raw)

    def _number(self, one: FormField) -> dict[str, Any]:
        low, high = one.at_least, one.at_most
        if low is not None and high is not None and 0 < high - low < FEW_POINTS and not self._in_row:
            return {"type": "radio", "options": [(str(n), str(n)) for n in range(low, high + 1)]}
        return {"type": "text", "attrs": {"inputmode": "numeric", "autocomplete": "off"}}

    def _time(self, one: FormField, raw: Any) -> dict[str, Any]:
        """A date or time control; what such a control cannot hold is shown as text, so that nothing typed is lost."""
        text = _shown(raw)
        kind = "date" if one.type == "date" else "datetime-local"
        if not text:
            return {"type": kind}
        try:
            if one.type == "date":
                return {"type": kind, "value": date.fromisoformat(text).isoformat()}
            moment = datetime.fromisoformat(text)
        except ValueError:
            return {"type": "text"}
        local = moment.astimezone(self.zone) if moment.tzinfo else moment
        exact = local.second or local.microsecond
        value = local.replace(tzinfo=None).isoformat(timespec="auto" if exact else "minutes")
        return {"type": kind, "value": value, "attrs": {"step": "any"} if exact else {}}

    def _yes_no(self, one: FormField, raw: Any, place: Place) -> dict[str, Any]:
        """A box where the document has a default, else yes, no or (when it may be left open) neither."""
        try:
            value = None if raw in (None, "") else bool_of(raw)
        except Wrong:
            value = None
        if one.default is not None:
            return {"type": "checkbox", "value": value, "attrs": {"value": "true"}, "required": False}
        options = [("true", _("Yes")), ("false", _("No"))]
        if self._in_row:
            return {**self._select(options, place.required), "value": "" if value is None else str(value).lower()}
        if not place.required:
            options.append(("", _("Not known")))
        return {"type": "radio", "options": options, "value": "" if value is None else str(value).lower()}

    def _choice(self, one: FormField, raw: Any, place: Place) -> dict[str, Any]:
        options = [(choice.key, self.text(choice.title)) for choice in choices_of(self.sop, one, self.more)]
        if one.type == "enums":
            return {"type": "checkboxes" if len(options) <= FEW_TICKS else "multiselect", "options": options,
                    "value": _many(raw)}  # fmt: skip
        letters = sum(_width(title) + 6 for _key, title in options)
        are_few = len(options) <= FEW_CHOICES and letters <= FEW_LETTERS and not self._in_row
        if are_few and (place.required or one.default is not None):
            return {"type": "radio", "options": options}
        return self._select(options, place.required)

    def _reference(self, one: FormField, raw: Any) -> dict[str, Any]:
        options = [(str(key), title) for key, title in self.options_of(one)]
        if one.type in {"users", "contacts"}:
            return {"type": "checkboxes", "options": options, "value": _many(raw)}
        return self._select(options, is_required=False)

    def _select(self, options: list[tuple[str, str]], is_required: bool) -> dict[str, Any]:
        # A required one starts with nothing chosen too: the first entry must not be sent by oversight.
        return {"type": "select", "options": [("", _("Choose …") if is_required else "—"), *options]}


_SIMPLE: dict[str, tuple[str, dict[str, Any]]] = {
    "text": ("text", {"maxlength": TEXT_LIMIT}),
    "region": ("text", {"maxlength": TEXT_LIMIT}),
    "longtext": ("textarea", {"rows": 3, "maxlength": LONGTEXT_LIMIT, "data_grow": True}),
    "decimal": ("text", {"inputmode": "decimal", "autocomplete": "off"}),
    "phone": ("tel", {"inputmode": "tel", "autocomplete": "off"}),
    "email": ("email", {"inputmode": "email", "autocomplete": "off"}),
    "url": ("url", {"inputmode": "url", "autocomplete": "off"}),
}


def _shown(value: Any) -> str:
    """A given value as the text of a control."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None or isinstance(value, dict | list) else str(value)


def _many(value: Any) -> list[str]:
    return [_shown(one) for one in value] if isinstance(value, list) else [_shown(value)]


def _width(text: str) -> int:
    """About how wide a text is shown: a Chinese character counts two."""
    return sum(1 if char < "\u2e80" else 2 for char in text)
