"""From owed jobs to notices and mails."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from fairway.deals.models import Deal
from fairway.engine.forms import customer_values, shown
from fairway.leads.models import Lead
from fairway.notify import places
from fairway.notify.hours import quiet_until
from fairway.notify.models import MailTimes, Notice, Preference
from fairway.notify.words import headline, missing
from fairway.people.models import User
from fairway.runs import kinds
from fairway.runs.jobs import GiveUp, owe
from fairway.runs.models import Job, Record, Run, Task
from fairway.runs.people import directory
from fairway.runs.references import more_choices
from fairway.runs.texts import say
from fairway.sops.programs import program_of

ZONE = ZoneInfo("Asia/Shanghai")


def tell(job: Job, now: datetime) -> None:
    """Write a notice for each person named who wants one, and owe a mail to those who want that."""
    data = {key: value for key, value in job.payload.items() if key not in {"users", "code", "by"}}
    code, users = str(job.payload["code"]), list(dict.fromkeys(job.payload.get("users") or []))
    if "place" in data:
        users = places.seeing(data["place"], users)
    _notices(job, code, users, data, now)
    if job.payload.get("customer") and job.run is not None:
        owe(
            "mail_customer",
            f"{job.key}:customer",
            {"task": data.get("task"), "say": data.get("say")},
            now=now,
            run=job.run,
        )


def _notices(job: Job, code: str, users: Iterable[int], data: dict[str, Any], now: datetime) -> None:
    """Write and owe to each person what they want of the kind; a mail waits for the end of their quiet hours."""
    people = list(User.objects.filter(pk__in=list(users), is_active=True))
    said = {row.user_id: row for row in Preference.objects.filter(user__in=people, code=code)}
    times = MailTimes.objects.in_bulk([one.pk for one in people])
    wishes = [(one, said.get(one.pk) or Preference(code=code)) for one in people]
    shown = [one for one, wish in wishes if wish.in_app]
    Notice.objects.bulk_create(
        [Notice(user=one, run=job.run, key=job.key, code=code, data=data, at=now) for one in shown],
        ignore_conflicts=True,
    )
    for one, wish in wishes:
        if one.email and wish.by_mail:
            payload = {"user": one.pk, "code": code, "data": data}
            held = None if wish.urgent else quiet_until(times.get(one.pk), one.zone, now)
            owe("mail", f"{job.key}:{one.pk}", payload, now=now, run=job.run, due_at=held)


def mail(job: Job, now: datetime) -> None:
    """Send one notice by mail, in the reader's language. The Message-ID is the job's: a repeat can be told."""
    user = User.objects.filter(pk=job.payload["user"], is_active=True).first()
    if user is None or not user.email:
        raise GiveUp("the person is gone or has no mail address")
    with translation.override(user.language or settings.LANGUAGE_CODE):
        data = job.payload["data"]
        subject = headline(job.payload["code"], data, job.run)
        place = f"{settings.FAIRWAY_URL.rstrip('/')}{places.address(data, user)}" if "place" in data else ""
        lines = [subject, missing(data), place or link_to(job.run)]
        send(user.email, subject, "\n\n".join(line for line in lines if line), key=job.key)


def link_to(run: Run | None) -> str:
    """The address of the record."""
    page = kinds.pages([(run.pk, run.face)]).get(run.pk, "") if run else ""
    return f"{settings.FAIRWAY_URL.rstrip('/')}{page}" if page else ""


def send(to: str, subject: str, body: str, *, key: str, copies: Iterable[str] = ()) -> None:
    """Send a text mail. Raises whatever the mail server does, and is tried again then."""
    clean = " ".join(subject.split())[:200]
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("<> ") or "fairway"
    headers = {"Message-ID": f"<{key.replace(':', '.')}@{domain}>"}
    EmailMessage(clean, body, to=[to], cc=list(copies), headers=headers).send()


# -- the customer ----------------------------------------------------------------------------------------------------


def address_of(run: Run) -> tuple[str, str]:
    """Name and mail address of the run's contact at the customer; empty where there is none."""
    deal = Deal.objects.filter(run=run).select_related("contact").first()
    if deal is not None and deal.contact is not None and deal.contact.email and not deal.contact.no_contact:
        return deal.contact.name, deal.contact.email
    lead = Lead.objects.filter(run=run).first()
    return (lead.contact_name, lead.email) if lead is not None else ("", "")


def ask_customer(job: Job, now: datetime) -> None:
    """Write to the customer with the link on which they answer (N5), the roles that the step names in copy.

    Without an address it becomes a visible exception on the task and a notice to the owner: never a pass.
    """
    task = Task.objects.select_related("run").filter(pk=job.payload["task"], status=Task.OPEN).first()
    if task is None:
        return
    if not address_of(task.run)[1]:
        Task.objects.filter(pk=task.pk).update(exception="no_address")
        users = [task.run.owner_id] if task.run.owner_id else []
        _notices(job, "no_address", users, {"step": task.step, "task": task.pk}, now)
        return
    owe("mail_customer", f"{job.key}:mail", {"task": task.pk}, now=now, run=task.run)


def mail_customer(job: Job, now: datetime) -> None:
    """Send the customer what was summed up, or what the SOP says, with the link where something is asked."""
    run = job.run
    if run is None:
        raise GiveUp("the run is gone")
    name, address = address_of(run)
    if not address:
        raise GiveUp("the customer has no mail address")
    task = Task.objects.filter(pk=job.payload.get("task") or 0).first()
    program = program_of(run.version_id)
    step = program.steps.get(task.step) if task else None
    with translation.override(settings.LANGUAGE_CODE):
        said = (job.payload.get("say") or {}).get("zh-hans")
        subject = f"{run.title}: {say(step.title) if step else _('Message')}"
        lines = [
            _("Dear %(name)s,") % {"name": name},
            said or _("please look at this and confirm it, or tell us what is not right."),
            summary_of(run, task),
            f"{settings.FAIRWAY_URL.rstrip('/')}/c/{task.token}" if task and task.token else "",
        ]
        copies = _copies(run, step.copies if step else (), now)
        send(address, subject, "\n\n".join(line for line in lines if line), key=job.key, copies=copies)


def summary_of(run: Run, task: Task | None) -> str:
    """What the customer is asked to confirm: of the records of the steps it rests on, what is marked for them."""
    program = program_of(run.version_id)
    step = program.steps.get(task.step) if task else None
    language = get_language() or "zh-hans"
    lines: list[str] = []
    for key in step.needs if step else ():
        form_key = program.steps[key].form
        record = Record.objects.filter(run=run, form=form_key, current=True, confidential=False).first()
        if record is not None and form_key is not None:
            form = program.sop.forms[form_key]
            rows = shown(
                program.sop, form, customer_values(form, record.values), language, lambda kind, id_: "", zone=ZONE,
                currency=_currency(run), more_choices=more_choices(),
            )  # fmt: skip
            lines.extend(f"{row.label}:{chr(10) if chr(10) in row.text else ' '}{row.text}" for row in rows)
    return "\n".join(lines)


def _currency(run: Run) -> str:
    return Deal.objects.filter(run=run).values_list("currency", flat=True).first() or "CNY"


def _copies(run: Run, roles: Iterable[str], now: datetime) -> list[str]:
    who = directory(now)
    found = [who.resolve(role, owner_id=run.owner_id, team_id=run.team_id, now=now) for role in roles]
    people = User.objects.filter(pk__in=[one for one in found if one is not None], is_active=True)
    return [one.email for one in people if one.email]
