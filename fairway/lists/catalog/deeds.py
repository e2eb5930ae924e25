"""What may be done with many rows of a list at once: each deed is the action that one record's page calls."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy

from fairway.customers.actions import WRITERS
from fairway.lists.actions.tags import names_in, tag_account, tag_contact, tag_run
from fairway.lists.asking import Asker
from fairway.lists.catalog.shared import tag_choices
from fairway.lists.columns import Choices, Row
from fairway.lists.deeds import Ask, Deed, Values
from fairway.people.models import User
from fairway.people.roles import MANAGER, REP
from fairway.runs import actions
from fairway.runs.texts import outcome_title, reason_title, stage_title
from fairway.sops.programs import program_of
from fairway.sops.queries import current_ids


def sells(asker: Asker) -> bool:
    """Whether the asker leads runs at all; on which of them, the action says."""
    return bool({REP, MANAGER} & asker.scope.roles)


def writes(asker: Asker) -> bool:
    """Whether the asker writes companies and contacts."""
    return bool(WRITERS & asker.scope.roles)


def heirs(asker: Asker) -> Choices:
    """Whom the asker may give runs to: reps and managers of the teams that they see. One query."""
    found = User.objects.active().filter(grants__role__in=(REP, MANAGER)).distinct().order_by("display_name")
    if not asker.scope.is_admin:
        found = found.filter(team_id__in=sorted(asker.scope.team_ids))
    return [(str(pk), name) for pk, name in found.values_list("pk", "display_name")]


def _reassign(row: Row, values: Values, asker: Asker) -> None:
    owner = User.objects.get(pk=int(values["owner"]))
    actions.reassign(row["run_id"], owner=owner, why=values["why"], by=asker.user, now=asker.now)


def _advance(row: Row, values: Values, asker: Asker) -> None:
    actions.advance(row["run_id"], to=values["to"] or None, by=asker.user, now=asker.now)


def _close(row: Row, values: Values, asker: Asker) -> None:
    outcome, _dot, reason = values["outcome"].partition(".")
    actions.close(
        row["run_id"], outcome=outcome, reason=reason or None, note=values["note"], by=asker.user, now=asker.now
    )


def run_deeds(subject: str) -> tuple[Deed, ...]:
    """What may be done with runs about a subject."""

    def stages(_asker: Asker) -> Choices:
        found: dict[str, str] = {}
        for pk in _versions(subject):
            program = program_of(pk)
            found.update({key: stage_title(program, key) for key in program.stages if key not in found})
        return list(found.items())

    def ends(_asker: Asker) -> Choices:
        found: dict[str, str] = {}
        for pk in _versions(subject):
            program = program_of(pk)
            for key, outcome in program.sop.outcomes.items():
                title = outcome_title(program, key)
                if not outcome.reasons:
                    found.setdefault(key, title)
                for reason in outcome.reasons:
                    words = f"{title} · {reason_title(program, key, reason.key)}"
                    found.setdefault(f"{key}.{reason.key}", words)
        return list(found.items())

    return (
        Deed(
            "reassign", gettext_lazy("Hand over"), "user-check",
            (Ask("owner", gettext_lazy("To"), heirs), Ask("why", gettext_lazy("Why"))), _reassign, sells,
        ),
        Deed(
            "advance", gettext_lazy("Move on"), "arrow-right",
            (
                Ask("to", gettext_lazy("To stage"), stages, optional=True,
                    help=gettext_lazy("Left open: the next one.")),
            ),
            _advance, sells,
        ),
        Deed(
            "close", gettext_lazy("Close"), "circle-x",
            (
                Ask("outcome", gettext_lazy("Outcome and reason"), ends),
                Ask("note", gettext_lazy("Note"), optional=True),
            ),
            _close, sells,
        ),
        *tag_deeds(lambda row, **more: tag_run(row["run_id"], **more), sells),
    )  # fmt: skip


def _versions(subject: str) -> list[int]:
    ids = current_ids(subject)
    return [ids[key] for key in sorted(ids, key=lambda key: key != "new-business")]


def tag_deeds(act: Callable[..., Any], may: Callable[[Asker], bool]) -> tuple[Deed, ...]:
    """Putting tags on and taking them off; `act` takes the row, `add` or `remove`, `by` and `now`."""

    def put(row: Row, values: Values, asker: Asker) -> None:
        act(row, add=names_in(values["tags"]), by=asker.user, now=asker.now)

    def take(row: Row, values: Values, asker: Asker) -> None:
        act(row, remove=[values["tag"]], by=asker.user, now=asker.now)

    several = gettext_lazy("Several with commas between them; new ones are made.")
    return (
        Deed("tag", gettext_lazy("Put a tag on"), "tag", (Ask("tags", gettext_lazy("Tags"), help=several),), put, may),
        Deed(
            "untag", gettext_lazy("Take a tag off"), "tag", (Ask("tag", gettext_lazy("Tag"), tag_choices),), take, may
        ),
    )


def account_deeds() -> tuple[Deed, ...]:
    """What may be done with companies."""
    return tag_deeds(lambda row, **more: tag_account(row["id"], **more), writes)


def contact_deeds() -> tuple[Deed, ...]:
    """What may be done with contacts."""
    return tag_deeds(lambda row, **more: tag_contact(row["id"], **more), writes)


def task_deeds() -> tuple[Deed, ...]:
    """What may be done with tasks: hand them to a colleague."""

    def hand_over(row: Row, values: Values, asker: Asker) -> None:
        to = User.objects.with_roles().get(pk=int(values["owner"]))
        actions.hand_over(row["id"], to=to, why=values["why"], by=asker.user, now=asker.now)

    def colleagues(asker: Asker) -> Choices:
        found = User.objects.active().order_by("display_name").values_list("pk", "display_name")
        return [(str(pk), name) for pk, name in found[:1000]]

    asks = (Ask("owner", gettext_lazy("To"), colleagues), Ask("why", gettext_lazy("Why")))
    return (Deed("reassign", gettext_lazy("Hand over"), "user-check", asks, hand_over),)
