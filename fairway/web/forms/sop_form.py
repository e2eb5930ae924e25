"""One form of an SOP on a page: what is needed first, the rest folded, and what is wrong beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, tzinfo
from functools import cached_property
from typing import Any

from fairway.engine.forms import FieldError, MoreChoices, Shown, score_of
from fairway.engine.forms.texts import is_blank
from fairway.engine.spec import Condition, Form, FormField, Sop
from fairway.web.forms.nested import PREFIX
from fairway.web.forms.nodes import FILES, Builder, Node, Options


@dataclass(frozen=True, slots=True)
class Mistake:
    """A line of the summary: what is wrong, and the link to where it is mended (empty: the form as a whole)."""

    label: str
    text: str
    target: str


@dataclass(frozen=True, slots=True)
class Total:
    """What the points chosen come to, and what the script needs to go on reckoning."""

    total: int | None
    most: int
    grade: str | None
    names: str
    bounds: str


class SopForm:
    """An SOP form as the template `components/sop_form/form.html` shows it.

    `raw` is what stands in the fields: `engine.forms.as_input` of stored values, or what was typed (`typed`). `options`
    give people, contacts, companies to choose from. `holds` says which fields are needed as things stand. `automatic`
    are rows that nobody types, shown as they are. Files are asked for only where the view `takes_files`.
    """

    template = "components/sop_form/form.html"

    def __init__(
        self,
        sop: Sop,
        form_key: str,
        *,
        language: str,
        raw: Mapping[str, Any],
        errors: Sequence[FieldError] = (),
        options: Options | None = None,
        holds: Callable[[Condition], bool] | None = None,
        more_choices: MoreChoices | None = None,
        automatic: Sequence[Shown] = (),
        zone: tzinfo = UTC,
        currency: str = "CNY",
        may_see_confidential: bool = True,
        takes_files: bool = False,
        prefix: str = PREFIX,
    ) -> None:
        """Prepares the parts; they are built when the template asks for them."""
        self.form: Form = sop.forms[form_key]
        self.language = language
        self.errors = errors
        self.automatic = automatic
        self._raw = raw
        self._sop = sop
        self._key = form_key
        self._builder = Builder(
            sop=sop, form_key=form_key, language=language, zone=zone, currency=currency, prefix=prefix,
            errors=_by_path(errors, language), options=options or {}, more=more_choices, holds=holds,
            may_see_confidential=may_see_confidential, takes_files=takes_files,
        )  # fmt: skip

    @property
    def title(self) -> str:
        """The form's title in the reader's language."""
        return self.form.title.in_language(self.language)

    @property
    def help(self) -> str:
        """What the author says about the form as a whole."""
        return self.form.help.in_language(self.language) if self.form.help else ""

    @property
    def is_confidential(self) -> bool:
        """Whether the whole form is for the team of the deal only."""
        return self.form.confidential

    @property
    def takes_files(self) -> bool:
        """Whether files are asked for: then the page sends its form as `multipart/form-data`."""
        fields = [one for one in _all_fields(self.form.fields) if one.type in FILES or one.of == "file"]
        return any(self._builder.is_asked(one) for one in fields)

    @cached_property
    def _parts(self) -> tuple[list[Node], list[Node]]:
        needed: list[Node] = []
        rest: list[Node] = []
        for one in self.form.fields:
            if self._builder.is_asked(one):
                folded = one.usual and not self._builder.is_required(one)
                node = self._builder.node(one, self._raw.get(one.key), one.key, 0)
                (rest if folded else needed).append(node)
        return needed, rest

    @property
    def needed(self) -> list[Node]:
        """The parts that stand open."""
        return self._parts[0]

    @property
    def rest(self) -> list[Node]:
        """The parts that are folded away."""
        return self._parts[1]

    @cached_property
    def is_rest_open(self) -> bool:
        """Whether the folded part stands open, because something in it is wrong or was typed."""
        folded = {one.key for one in self.form.fields if one.usual}
        wrong = {error.path.split(".")[0] for error in self.errors}
        return bool(folded & wrong) or any(
            one.usual and not _is_only_default(one, self._raw.get(one.key)) for one in self.form.fields
        )

    @property
    def missing(self) -> list[Mistake]:
        """What is needed and was left blank: one line of links at the top of the form."""
        return self._mistakes(self.errors, lambda error: error.code == "required")

    @property
    def mistakes(self) -> list[Mistake]:
        """Everything else that is wrong, a line each."""
        return self._mistakes(self.errors, lambda error: error.code != "required")

    def _mistakes(self, errors: Sequence[FieldError], is_meant: Callable[[FieldError], bool]) -> list[Mistake]:
        self._parts  # noqa: B018 (builds the parts, which name their ids)
        return [
            Mistake(
                label=error.label.in_language(self.language) if error.label else "",
                text=error.text(self.language),
                target=self._target(error.path),
            )
            for error in errors
            if is_meant(error)
        ]

    def _target(self, path: str) -> str:
        """The id of the control at a path, or of the part around it."""
        while path and path not in self._builder.ids:
            path = path.rpartition(".")[0]
        return self._builder.ids.get(path, "")

    @cached_property
    def total(self) -> Total | None:
        """The score so far, on a score card."""
        grading = self._sop.grading
        if grading is None or grading.score.form != self._key:
            return None
        given = {
            key: int(str(value)) for key, value in self._raw.items() if str(value).isascii() and str(value).isdigit()
        }
        scored = score_of(self._sop, given)
        criteria = grading.score.criteria
        return Total(
            total=scored.total if scored else None,
            most=grading.score.scale * len(criteria),
            grade=scored.grade if scored else None,
            names=" ".join(f"{self._builder.prefix}.{criterion.field}" for criterion in criteria),
            bounds=" ".join(f"{bound.grade}:{bound.from_}" for bound in grading.grades),
        )


def _all_fields(fields: Sequence[FormField]) -> Iterator[FormField]:
    for one in fields:
        yield one
        yield from _all_fields(one.fields)


def _by_path(errors: Sequence[FieldError], language: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for error in errors:
        found.setdefault(error.path, []).append(error.text(language))
    return found


def _is_only_default(one: FormField, raw: Any) -> bool:
    return is_blank(raw) or one.default is not None or one.default_fact is not None
