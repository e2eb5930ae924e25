"""The board of deals put together: the filters of their list, a column for each stage, lanes across."""

from __future__ import annotations

import functools
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext as _

from fairway.deals import queries
from fairway.deals.models import Deal
from fairway.lists.listing import listing_of
from fairway.lists.reading import Counted, Reading
from fairway.lists.view import View
from fairway.people.models import User
from fairway.runs.queries.lists import number_of
from fairway.runs.texts import stage_title
from fairway.sops.programs import program_of
from fairway.web.listed.page import ListPage

LEFT_OUT = ("state", "stage")
"""Filters of the list that a board does not have: it shows what is open, and every stage."""
MOST_SHOWN = 300


class BoardPage(ListPage):
    """The board as one person asks for it; its address says what that of the list says, and which lanes."""

    def __init__(self, request: HttpRequest, by: User, now: datetime) -> None:
        listing = listing_of("deals")
        quick = tuple(name for name in listing.quick if name not in LEFT_OUT)
        super().__init__(replace(listing, quick=quick), request, by, now)
        sops = dict(queries.sop_choices())
        asked = self.view.quick.get("sop", "")
        self.sop = asked if asked in sops else next(iter(sops), "")
        kept = {name: value for name, value in self.view.quick.items() if name != "sop" or value in sops}
        self.view = replace(self.view.first_page(), quick=kept, group="", opened=None)
        self.reading = Reading(self.listing, self.view, self.asker)
        given = request.GET.get("lanes", "")
        self.lanes = given if given in queries.LANES else ""

    @functools.cached_property
    def rows_found(self) -> QuerySet[Deal]:
        """The deals that the filters leave, but for the SOP, which the board chooses."""
        found: QuerySet[Deal] = self.reading.found().select_related("run__owner", "account")
        return found

    @functools.cached_property
    def count(self) -> Counted:
        """How many deals stand on the board."""
        return Counted(sum(tally.count for _key, _title, tally in self.board.columns))

    @functools.cached_property
    def tab_counts(self) -> dict[str, Counted]:
        """None: the counts of the list are over all SOPs, the board is about one."""
        return {}

    @functools.cached_property
    def board(self) -> queries.Board:
        """The columns and lanes."""
        return queries.board(self.rows_found, self.sop, now=self.now, lanes=self.lanes)

    def address(self, view: View, **more: str) -> str:
        """The address of another view of this board, with its lanes."""
        return super().address(view, **({"lanes": self.lanes} if self.lanes else {}), **more)

    def context(self) -> dict[str, Any]:
        """Everything that the template of the board shows."""
        shown = replace(self.view, quick={**self.view.quick, "sop": self.sop} if self.sop else self.view.quick)
        bar = self.bar(shown)
        lanes = [self._lane(lane) for lane in self.board.lanes]
        return {
            "title": str(self.listing.title), "tabs": self.tabs(), "saved": self.saved(), **bar,
            "narrowed": self.view.narrowed, "columns": self.board.columns, "lanes": lanes, "by_lane": self.lanes,
            "left_out": self.board.left_out, "lane_choices": self.lane_choices(), "here": self.address(self.view),
            "list_query": f"?{self.view.query() or 'view=0'}",
        }  # fmt: skip

    def bar(self, shown: View) -> dict[str, Any]:
        """The filters, the conditions, and what a form of the bar keeps."""
        found = self.filters(shown)
        if self.lanes:
            found["kept"] += format_html('<input type="hidden" name="lanes" value="{}">', self.lanes)
        return found

    def lane_choices(self) -> list[dict[str, Any]]:
        """What the board may be cut into."""
        choices = {"": _("No lanes"), "owner": _("Lanes by owner"), "grade": _("Lanes by grade")}
        return [
            {"label": label, "current": key == self.lanes, "url": super(BoardPage, self).address(
                self.view, **({"lanes": key} if key else {})
            )}
            for key, label in choices.items()
        ]  # fmt: skip

    # -- cards --------------------------------------------------------------------------------------------------------

    @functools.cached_property
    def asked_more(self) -> tuple[str, str, int]:
        """The cell of which more is asked for: stage, lane, how many cards in all; 0 for none."""
        stage, _at, lane = self.request.GET.get("more", "").partition("~")
        given = self.request.GET.get("shown", "")
        shown = int(given) if given.isascii() and given.isdigit() and len(given) < 6 else 0
        return stage, lane, min(shown, MOST_SHOWN)

    def part(self) -> dict[str, Any]:
        """The next cards of one cell, for a page that shows the others."""
        stage, lane, shown = self.asked_more
        start = max(0, shown - queries.CARDS)
        found = self._more(stage, lane, start, shown + 1)
        cards, count = found[: shown - start], start + len(found)
        return {
            "cards": [card(deal) for deal in cards],
            "more": self._more_link(stage, lane, shown, count),
            "part": True,
        }

    def _more(self, stage: str, lane: str, start: int, end: int) -> list[Deal]:
        return queries.more_cards(
            self.rows_found, self.sop, stage, lanes=self.lanes, lane=lane, start=start, end=end
        )  # fmt: skip

    def _lane(self, lane: queries.Lane) -> dict[str, Any]:
        nobody = _("Nobody") if self.lanes == "owner" else _("Not graded")
        named = _("Grade %(grade)s") % {"grade": lane.title} if self.lanes == "grade" and lane.title else lane.title
        cells = [self._cell(cell) for cell in lane.cells]
        return {"key": lane.key or "none", "title": named or nobody, "tally": lane.tally, "cells": cells}

    def _cell(self, cell: queries.Cell) -> dict[str, Any]:
        cards = list(cell.cards)
        stage, lane, shown = self.asked_more
        if (stage, lane) == (cell.stage, cell.lane) and shown > len(cards):
            cards += self._more(stage, lane, len(cards), shown)
        column = next(one for one in self.board.columns if one[0] == cell.stage)
        return {
            "stage": cell.stage, "column": {"key": column[0], "title": column[1], "tally": column[2]},
            "cards": [card(deal) for deal in cards], "count": cell.count,
            "more": self._more_link(cell.stage, cell.lane, len(cards), cell.count),
        }  # fmt: skip

    def _more_link(self, stage: str, lane: str, shown: int, count: int) -> dict[str, Any] | None:
        """Where more of a cell is; beyond MOST_SHOWN in the list."""
        if count <= shown:
            return None
        if shown >= MOST_SHOWN:
            quick = {**self.view.quick, "sop": self.sop, "stage": stage}
            if self.lanes:
                quick[self.lanes] = lane or "none"
            return {"list": f"/deals?{replace(self.view, quick=quick).query()}"}
        more = {"more": f"{stage}~{lane}", "shown": str(min(shown + queries.CARDS, MOST_SHOWN))}
        return {"url": self.address(self.view, **more), "part": self.address(self.view, **more, part="cards")}


def card(deal: Deal) -> dict[str, Any]:
    """A deal as a card, with the ways that its stage knows, for the menu that needs no script."""
    program = program_of(deal.run.version_id)
    stage = program.stages.get(deal.run.stage)
    ways = [*(stage.next if stage else ()), *(stage.back if stage else ())]
    return {
        "deal": deal, "run": deal.run, "number": number_of(deal.run), "url": f"/deals/{deal.pk}",
        "move": f"/deals/{deal.pk}/move", "ways": [(key, stage_title(program, key)) for key in ways],
    }  # fmt: skip
