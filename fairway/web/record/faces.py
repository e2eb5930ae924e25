"""What differs between the pages of a lead, a deal, a complaint and a company in care: facts, and what is edited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fairway.care.models import Complaint
from fairway.customers.models import Contact
from fairway.deals import kind as deal_kind
from fairway.deals.models import Deal
from fairway.engine.forms import MoreChoices
from fairway.engine.program import Program
from fairway.leads import kind as lead_kind
from fairway.leads.models import Lead
from fairway.prepared import Prepared, columns_of, made
from fairway.receivables.models import Node
from fairway.runs import kinds
from fairway.runs.facts import RunFacts
from fairway.runs.models import Run, Task
from fairway.runs.queries.lists import Choices
from fairway.runs.texts import say
from fairway.web.nav import url_or_nothing
from fairway.web.record.facts import ComplaintFacts, DealFacts, FactsForm, LeadFacts
from fairway.web.record.inplace import Fact


@dataclass(frozen=True)
class Face:
    """The columns of the subject, ready for the page."""

    name: str
    id: int
    title: str | Promise
    home: str
    list_url: str
    facts: Sequence[Fact]
    confidential: Sequence[Fact] = ()
    currency: str = "CNY"
    contact: Contact | Lead | None = None
    contacts: Sequence[Contact] = ()
    nodes: Sequence[Node] = ()
    edit: type[FactsForm] | None = None
    choices: Mapping[str, Choices] = field(default_factory=dict)
    initial: Mapping[str, Any] = field(default_factory=dict)
    value: int | None = None

    @property
    def outstanding(self) -> int:
        """What is still owed on all nodes."""
        return sum(node.outstanding for node in self.nodes)

    @property
    def received(self) -> int:
        """What came in on all nodes."""
        return sum(node.received for node in self.nodes)

    @property
    def planned(self) -> int:
        """What all nodes come to."""
        return sum(node.amount for node in self.nodes)


TITLES = {
    "lead": gettext_lazy("Leads"),
    "deal": gettext_lazy("Deals"),
    "complaint": gettext_lazy("Complaints"),
    "account": gettext_lazy("Companies"),
}


def home_of(run: Run) -> str:
    """The address of the page on which a run is worked."""
    own = kinds.pages([(run.pk, run.face)]).get(run.pk, "") if run.face != "account" else ""
    return own or reverse("run", args=[run.pk])


def prime(run: Run, facts: RunFacts) -> None:
    """Let facts be read from the rows that came with the run (`select_related`), not anew."""
    lead, deal = run.lead if hasattr(run, "lead") else None, run.deal if hasattr(run, "deal") else None
    if lead is not None:
        facts.prime("lead", lambda: lead_kind.facts_of(lead))
    if deal is not None:
        if run.account is not None and deal.account_id == run.account_id:
            deal.account = run.account
        facts.prime("deal", lambda: deal_kind.facts_of(deal, run, _contacts_of(run)))


def face_of(run: Run, program: Program, more: MoreChoices, *, confidential: bool) -> Face:
    """The face of a run for one reader. At most three queries beside what came with the run."""
    reader = {"lead": _lead, "deal": _deal, "complaint": _complaint}.get(run.face, _account)
    return reader(run, Titles(program, more), confidential)


class Titles:
    """Titles of stored choices, in the document or added by the firm."""

    def __init__(self, program: Program, more: MoreChoices) -> None:
        self._sop, self._more = program.sop, more

    def of(self, list_key: str, key: str) -> str:
        """The title of a choice of a list; the key where it is in neither."""
        choices = (*self._sop.lists.get(list_key, ()), *self._more.get(list_key, ()))
        return next((say(choice.title) for choice in choices if choice.key == key), key)

    def choices(self, list_key: str) -> Choices:
        """The choices of a list, those that the firm added among them."""
        return [
            (choice.key, say(choice.title))
            for choice in (*self._sop.lists.get(list_key, ()), *self._more.get(list_key, ()))
        ]

    def anywhere(self, key: str) -> str:
        """The title of a choice that a field of some form lists."""
        for form in self._sop.forms.values():
            for one in form.fields:
                for choice in (*one.choices, *self._sop.lists.get(one.list_ or "", ())):
                    if key and choice.key == key:
                        return say(choice.title)
        return key


def _lead(run: Run, titles: Titles, confidential: bool) -> Face:
    lead = run.lead
    return Face(
        name="lead", id=lead.pk, title=TITLES["lead"], home=reverse("lead", args=[lead.pk]),
        list_url=url_or_nothing("leads"),
        facts=_lead_facts(lead, titles), contact=lead, edit=LeadFacts,
        choices={name: titles.choices(name) for name in LeadFacts.listed}, initial=LeadFacts.initial_of(lead),
    )  # fmt: skip


def _lead_facts(lead: Lead, titles: Titles) -> list[Fact]:
    return _shown(
        Fact(_("Company"), lead.company, name="company"),
        Fact(_("Contact"), lead.contact_name, name="contact_name"),
        Fact(_("Position"), lead.contact_title, name="contact_title"),
        Fact(_("Phone"), lead.phone, "tel", "phone"),
        Fact(_("E-mail"), lead.email, "mail", "email"),
        Fact(_("WeChat"), lead.wechat, name="wechat"),
        Fact(_("Industry"), titles.of("industry", lead.industry), name="industry"),
        Fact(_("Company size"), titles.of("company_size", lead.company_size), name="company_size"),
        Fact(_("Region"), lead.region, name="region"),
        Fact(_("Source"), titles.of("source", lead.source)),
        Fact(_("Campaign"), lead.campaign),
        Fact(_("Search keyword"), lead.keyword),
        Fact(_("Referred by"), lead.referrer),
        Fact(_("Need"), lead.need, "long", "need"),
        Fact(_("Lawful basis"), titles.of("lawful_basis", lead.lawful_basis)),
        Fact(_("Received"), lead.run.started_at, "time"),
    )


_PEOPLE = Prepared(
    lambda account_id: Contact.objects.filter(account_id=account_id).values_list(*columns_of(Contact))[:200]
)
_NODES = Prepared(
    lambda run_id: (
        Node.objects.filter(run_id=run_id).order_by("place").values_list(*columns_of(Node), *columns_of(Task, "task__"))
    )
)


def _contacts_of(run: Run) -> list[Contact]:
    """The people of the run's company, those who left too; read once for the page."""
    known: list[Contact] | None = run.__dict__.get("_contacts")
    if known is None:
        rows = _PEOPLE.rows(run.account_id) if run.account_id else []
        known = run.__dict__["_contacts"] = [made(Contact, row) for row in rows]
    return known


def _people_of(run: Run) -> list[Contact]:
    """The first twenty people who are still at the company."""
    return [one for one in _contacts_of(run) if not one.left_company][:20]


def _nodes_of(run: Run) -> list[Node]:
    """The payment nodes with their tasks; one query."""
    width, found = len(columns_of(Node)), []
    for row in _NODES.rows(run.pk):
        node = made(Node, row[:width])
        node.run, node.task = run, made(Task, row[width:]) if row[width] is not None else None
        found.append(node)
    return found


def _deal(run: Run, titles: Titles, confidential: bool) -> Face:
    deal = run.deal
    nodes = _nodes_of(run)
    contacts = _people_of(run)
    return Face(
        name="deal", id=deal.pk, title=TITLES["deal"], home=reverse("deal", args=[deal.pk]),
        list_url=url_or_nothing("deals"),
        facts=_deal_facts(deal), confidential=_bottom_lines(deal) if confidential else (), currency=deal.currency,
        contact=deal.contact, contacts=[one for one in contacts if one.pk != deal.contact_id], nodes=nodes,
        edit=DealFacts, initial=DealFacts.initial_of(deal), value=deal.amount,
    )  # fmt: skip


def _deal_facts(deal: Deal) -> list[Fact]:
    return _shown(
        Fact(_("Name"), deal.name, name="name"),
        Fact(_("Amount"), deal.amount, "money"),
        Fact(_("List price"), deal.list_amount, "money"),
        Fact(_("Budget"), _range(deal.budget_from, deal.budget_to), "range"),
        Fact(_("Expected close"), deal.expected_close, "day", "expected_close"),
        Fact(_("Promised go-live"), deal.promised_golive, "day"),
        Fact(_("Made on"), deal.created_at, "day"),
    )


def _bottom_lines(deal: Deal) -> list[Fact]:
    return _shown(
        Fact(_("Cost"), deal.cost, "money"),
        Fact(_("Lowest price"), deal.floor_price, "money"),
        Fact(_("Longest payment term (days)"), deal.max_payment_days),
        Fact(_("Least scope"), deal.min_scope, "long"),
    )


def _complaint(run: Run, titles: Titles, confidential: bool) -> Face:
    complaint = run.complaint
    contacts = _people_of(run)
    return Face(
        name="complaint", id=complaint.pk, title=TITLES["complaint"], home=reverse("complaint", args=[complaint.pk]),
        list_url=url_or_nothing("complaints"), facts=_complaint_facts(complaint, titles),
        currency=complaint.currency, contacts=contacts, edit=ComplaintFacts,
        initial=ComplaintFacts.initial_of(complaint),
    )  # fmt: skip


def _complaint_facts(complaint: Complaint, titles: Titles) -> list[Fact]:
    return _shown(
        Fact(_("Level"), complaint.get_level_display()),
        Fact(_("Kind of problem"), titles.anywhere(complaint.category)),
        Fact(_("Channel"), titles.of("channel", complaint.channel)),
        Fact(_("Complainant"), complaint.complainant, name="complainant"),
        Fact(_("Received"), complaint.received_at, "time"),
        Fact(_("What is complained of"), complaint.content, "long"),
        Fact(_("What the customer asks for"), complaint.demand, "long", "demand"),
        Fact(_("Root cause"), complaint.root_cause, "long"),
        Fact(_("Responsible"), titles.anywhere(complaint.responsible)),
        Fact(_("Compensation"), complaint.compensation, "money"),
    )


def _account(run: Run, titles: Titles, confidential: bool) -> Face:
    contacts = _people_of(run)
    account = run.account
    facts = (
        _shown(
            Fact(_("Customer grade"), account.tier),
            Fact(_("Satisfaction"), account.satisfaction),
            Fact(_("End of term"), account.term_end, "day"),
            Fact(_("Go-live"), account.golive_on, "day"),
        )
        if account
        else []
    )
    return Face(
        name="account", id=run.pk, title=TITLES["account"], home=reverse("run", args=[run.pk]),
        list_url=url_or_nothing("accounts"), facts=facts, contacts=contacts,
    )  # fmt: skip


def _range(low: int | None, high: int | None) -> tuple[int | None, int | None] | None:
    return None if low is None and high is None else (low, high)


def _shown(*facts: Fact) -> list[Fact]:
    return [fact for fact in facts if fact.name or fact.is_known]
