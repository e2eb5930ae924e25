"""A notice in words, in the language that is active."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from fairway.runs.models import Run
from fairway.runs.texts import role_title, stage_title, step_title
from fairway.sops.programs import program_of

CODES = {
    "asked": gettext_lazy("Something is asked of me"),
    "clock": gettext_lazy("A clock is due or missed"),
    "told": gettext_lazy("The SOP tells me something"),
    "waiver_asked": gettext_lazy("A waiver is asked of me"),
    "waiver_granted": gettext_lazy("My waiver was granted"),
    "waiver_refused": gettext_lazy("My waiver was refused"),
    "nobody_suitable": gettext_lazy("Nobody suitable for a lead"),
    "no_address": gettext_lazy("A customer cannot be written to"),
    "no_payment_plan": gettext_lazy("No payment plan could be made"),
    "cannot_start": gettext_lazy("A process could not be started"),
    "import_done": gettext_lazy("A file of mine was imported"),
    "mentioned": gettext_lazy("A colleague mentions me in a comment"),
    "commented": gettext_lazy("A comment on what I follow"),
    "followed": gettext_lazy("Something becomes of what I follow"),
}
"""Every kind of notice, for the page of preferences."""


def headline(code: str, data: Mapping[str, Any], run: Run | None) -> str:
    """One line: what, about whom."""
    title = run.title if run else str(data.get("title") or "")
    program = program_of(run.version_id) if run else None
    step = step_title(program, data["step"]) if program and data.get("step") else ""
    what = step or (stage_title(program, run.stage) if program and run else "")
    sentence = _sentence(code, data, what)
    return f"{title}: {sentence}" if title else sentence


def _sentence(code: str, data: Mapping[str, Any], what: str) -> str:
    said = (data.get("say") or {}).get("zh-hans" if (get_language() or "").startswith("zh") else "en")
    if said:
        return str(said)
    if code == "clock":
        late = bool(data.get("late"))
        return _("“%(what)s” is overdue") % {"what": what} if late else _("“%(what)s” is due soon") % {"what": what}
    if code in {"mentioned", "commented", "followed"}:
        return _from_colleague(code, data)
    sentences = {
        "asked": _("“%(what)s” is asked of you") % {"what": what},
        "told": _("news on “%(what)s”") % {"what": what},
        "waiver_asked": _("a waiver at “%(what)s” is asked of you") % {"what": what},
        "waiver_granted": _("your waiver at “%(what)s” was granted") % {"what": what},
        "waiver_refused": _("your waiver at “%(what)s” was refused") % {"what": what},
        "nobody_suitable": _("the rules found nobody suitable; assign it by hand"),
        "no_address": _("“%(what)s” waits for the customer, but there is no mail address; send the link yourself")
        % {"what": what},
        "no_payment_plan": _("the contract has no payment nodes or amount, so no plan was made"),
        "import_done": _("%(file)s: imported %(imported)s, duplicates %(duplicates)s, rejected %(rejected)s")
        % {name: data.get(name, "") for name in ("file", "imported", "duplicates", "rejected")},
        "cannot_start": _("“%(sop)s” could not be started: it has no version or no company") % {"sop": data.get("sop")},
    }
    return sentences.get(code, what)


def _from_colleague(code: str, data: Mapping[str, Any]) -> str:
    """What a colleague said, or did with what the reader follows."""
    said = {"who": data.get("who") or _("the system"), "text": " ".join(str(data.get("text") or "").split())[:120]}
    if code == "mentioned":
        return _("%(who)s mentions you: “%(text)s”") % said
    if code == "commented":
        return _("%(who)s says: “%(text)s”") % said
    return str(FOLLOWED.get(str(data.get("kind")), FOLLOWED["changed"])) % said


FOLLOWED = {
    "changed": gettext_lazy("changed by %(who)s"),
    "facts_changed": gettext_lazy("facts changed by %(who)s"),
    "advanced": gettext_lazy("moved on by %(who)s"),
    "went_back": gettext_lazy("sent back to an earlier stage by %(who)s"),
    "closed": gettext_lazy("closed by %(who)s"),
    "reopened": gettext_lazy("opened again by %(who)s"),
    "reassigned": gettext_lazy("given to another owner by %(who)s"),
    "claimed": gettext_lazy("claimed from the pool by %(who)s"),
    "woken": gettext_lazy("woken from the pool by %(who)s"),
    "approval_decided": gettext_lazy("judged by %(who)s"),
    "customer_answered": gettext_lazy("the customer has answered"),
    "waiver_granted": gettext_lazy("a waiver was granted by %(who)s"),
    "waiver_refused": gettext_lazy("a waiver was refused by %(who)s"),
    "file_added": gettext_lazy("a file was added by %(who)s"),
    "file_removed": gettext_lazy("a file was removed by %(who)s"),
    "step_done": gettext_lazy("a step was done by %(who)s"),
}
"""What became of a record that the reader follows, by the kind of event."""


def missing(data: Mapping[str, Any]) -> str:
    """Which roles nobody holds, where that is why the reader is told."""
    roles = data.get("missing") or []
    return _("Nobody holds: %(roles)s") % {"roles": ", ".join(role_title(role) for role in roles)} if roles else ""
