"""The cells of a list as HTML, written without a template: hundreds of them are most of what a page costs."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from fairway.lists.asking import Asker
from fairway.lists.columns import (
    CHOICE,
    DAY,
    FLAG,
    MOMENT,
    MONEY,
    NUMBER,
    PERSON,
    TAGS,
    Column,
    Row,
)
from fairway.lists.listing import Listing
from fairway.web import formats
from fairway.web.listed.words import Words
from fairway.web.templatetags.fairway import badge, grade, person
from fairway.web.templatetags.html import icon

Maker = Callable[[Row], str]
OUTCOMES = {"won": ("good", "trophy"), "recycled": ("warn", "")}
LONGEST = 120
DASH = '<span class="fy-soft">–</span>'


class Cells:
    """Writes rows of one list for one reader. `suffix` is what every link to a record carries."""

    def __init__(self, listing: Listing, shown: Sequence[Column], asker: Asker, *, suffix: str = "") -> None:
        self.listing, self.shown, self.asker, self.suffix = listing, shown, asker, suffix
        self.words = Words(asker.now, asker.zone)
        self._clock, self._pencil = icon("clock"), icon("pencil")
        self._choices = {
            column.key: {str(value): str(name) for value, name in column.choosable(asker)}
            for column in shown
            if column.choices and column.kind == CHOICE and column.value is None
        }
        self._grade = functools.cache(lambda value: str(grade(value)))
        self._person = functools.cache(lambda value: str(person(value)))
        self.makers: list[tuple[Column, Maker]] = [(column, self._maker(column)) for column in shown]
        self.by_key: dict[str, Maker] = {column.key: maker for column, maker in self.makers}

    def text(self, column: Column, row: Row) -> Any:
        """What a cell holds: of a choice, its name."""
        if column.value is not None:
            return column.value(row, self.asker)
        value = row[column.path]
        return self._choices[column.key].get(str(value), value) if column.key in self._choices else value

    def name(self, row: Row) -> str:
        """What the row is called."""
        main = self.listing.columns[self.listing.main]
        return str(main.value(row, self.asker) if main.value else row[main.path])

    def url(self, row: Row) -> str:
        """Where the row's page is, with the list that one comes from."""
        return f"{self.listing.url(row)}{self.suffix}"

    # -- one maker a column -------------------------------------------------------------------------------------------

    def _maker(self, column: Column) -> Maker:
        if column.key == self.listing.main:
            return self._main
        looks = {
            "stage": self._stage, "grade": self._of_grade, "clock": self._of_clock, "ago": self._of_ago,
            "phone": self._of_phone, "mail": self._of_mail, "level": self._of_level, "stance": self._of_stance,
        }  # fmt: skip
        kinds = {
            FLAG: self._of_flag, MONEY: self._of_money, DAY: self._of_day, MOMENT: self._of_moment,
            PERSON: self._of_person, TAGS: self._of_tags, NUMBER: self._of_number,
        }  # fmt: skip
        make = looks.get(column.look) or kinds.get(column.kind) or self._of_text
        return functools.partial(make, column)

    def _main(self, row: Row) -> str:
        listing = self.listing
        under = listing.under(row, self.asker) if listing.under else ()
        small = f'<span class="fy-table__under">{escape(" · ".join(under))}</span>' if under else ""
        name = escape(self.name(row)) or DASH
        return f'<a class="fy-table__main" href="{escape(self.url(row))}">{name}</a>{small}'

    def _of_text(self, column: Column, row: Row) -> str:
        value = self.text(column, row)
        if value is None or value == "":
            return DASH
        said = str(value)
        return escape(said if len(said) <= LONGEST else f"{said[:LONGEST]}…")

    def _of_number(self, column: Column, row: Row) -> str:
        value = self.text(column, row)
        return DASH if value is None else f"{value:,}"

    def _of_flag(self, column: Column, row: Row) -> str:
        value = self.text(column, row)
        return DASH if value is None else escape(_("Yes") if value else _("No"))

    def _of_money(self, column: Column, row: Row) -> str:
        value = self.text(column, row)
        said = "–" if value is None else escape(formats.money(value, row["currency"]))
        return f'<span class="fy-money">{said}</span>'

    def _of_day(self, column: Column, row: Row) -> str:
        value: date | None = self.text(column, row)
        return DASH if value is None else escape(self.words.day(value))

    def _of_moment(self, column: Column, row: Row) -> str:
        value: datetime | None = self.text(column, row)
        return DASH if value is None else f'<time datetime="{value.isoformat()}">{self.words.exact(value)}</time>'

    def _of_ago(self, column: Column, row: Row) -> str:
        value: datetime | None = self.text(column, row)
        if value is None:
            return DASH
        at, exact = value.isoformat(), self.words.exact(value)
        return f'<time datetime="{at}" title="{exact}" data-ago>{self.words.ago(value)}</time>'

    def _of_clock(self, column: Column, row: Row) -> str:
        due: datetime | None = self.text(column, row)
        if due is None:
            return ""
        left, tone = self.words.left(due)
        return (
            f'<time class="fy-clock fy-tone--{tone}" datetime="{due.isoformat()}" title="{self.words.exact(due)}"'
            f" data-clock>{self._clock}<span>{left}</span></time>"
        )

    def _of_person(self, column: Column, row: Row) -> str:
        return self._person(self.text(column, row))

    def _of_grade(self, column: Column, row: Row) -> str:
        return self._grade(row[column.path])

    def _stage(self, column: Column, row: Row) -> str:
        said = self.text(column, row)
        if not row["run__outcome"]:
            return escape(said)
        tone, sign = OUTCOMES.get(row["run__outcome_kind"], ("neutral", ""))
        return str(badge(said, tone, icon=sign))

    def _of_level(self, column: Column, row: Row) -> str:
        tones = {"urgent": "bad", "major": "warn"}
        return str(badge(str(self.text(column, row)), tones.get(row[column.path], "neutral")))

    def _of_stance(self, column: Column, row: Row) -> str:
        tones = {"support": "good", "oppose": "bad"}
        value = row[column.path]
        return str(badge(str(self.text(column, row)), tones.get(value, "neutral"))) if value else DASH

    def _of_phone(self, column: Column, row: Row) -> str:
        said = escape(row[column.path])
        return f'<a class="fy-link" href="tel:{said}">{said}</a>' if said else DASH

    def _of_mail(self, column: Column, row: Row) -> str:
        said = escape(row[column.path])
        return f'<a class="fy-link" href="mailto:{said}">{said}</a>' if said else DASH

    def _of_tags(self, column: Column, row: Row) -> str:
        tags = self.text(column, row)
        return " ".join(str(badge(name)) for name in tags) if tags else DASH

    # -- rows ---------------------------------------------------------------------------------------------------------

    def rows(self, rows: Sequence[Row], *, choose: bool) -> SafeString:
        """The rows of a table; with a tick box each, where one may choose."""
        template = "".join(self._template(column) for column, _maker in self.makers)
        edited = [column.key for column in self.shown if self._edited(column)]
        choosing, said = _("Choose %(name)s"), []
        for row in rows:
            cells = template.format(*[maker(row) for _column, maker in self.makers])
            box = self._box(row, choosing) if choose else ""
            if edited:
                cells = cells.replace("@id@", str(row["id"]))
            said.append(f'<tr data-row="{row["id"]}">{box}{cells}</tr>\n')
        return mark_safe("".join(said))  # noqa: S308 - every part of it is escaped where it is made

    def _template(self, column: Column) -> str:
        """The cell of a column around its content; signs that `format` would read are doubled."""
        if column.key == self.listing.main:
            return '<th scope="row">{}</th>'
        label = escape(column.title).replace("{", "{{").replace("}", "}}")
        look = ' class="fy-num"' if column.kind in (NUMBER, MONEY) else ""
        if not self._edited(column):
            return f'<td{look} data-label="{label}">{{}}</td>'
        url = f"/lists/{self.listing.key}/@id@/{column.key}"
        words = escape(_("Change %(title)s") % {"title": column.title}).replace("{", "{{").replace("}", "}}")
        return (
            f'<td{look} id="c-@id@-{column.key}" data-label="{label}" data-edit><span class="fy-fact">{{}}</span>'
            f'<a class="fy-pencil" href="{url}" hx-get="{url}" hx-target="closest td" hx-swap="outerHTML"'
            f' title="{words}" aria-label="{words}">{self._pencil}</a></td>'
        )

    def _edited(self, column: Column) -> bool:
        """Whether the cells of a column may be changed where they stand."""
        return bool(column.edit) and self.listing.edits(self.asker)

    def cell(self, column: Column, row: Row) -> SafeString:
        """One cell by itself."""
        made = self._template(column).format(self.by_key[column.key](row))
        return mark_safe(made.replace("@id@", str(row["id"])))  # noqa: S308 - escaped where it is made

    def _box(self, row: Row, choosing: str) -> str:
        name = escape(choosing % {"name": self.name(row)})
        return (
            '<td class="fy-choose"><label class="fy-choose__hit"><input type="checkbox" class="form-check-input"'
            f' name="id" value="{row["id"]}" form="bulk" data-pick><span class="fy-hidden">{name}</span></label></td>'
        )
