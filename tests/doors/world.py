"""A small company with one lead, deal, complaint… in every relation to the person who asks.

own: theirs. team: a colleague's of the same team. other: of another team. participant: of another team, but they were
asked to take part. closed: theirs, and over.
"""

from dataclasses import dataclass, field

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from fairway.care.actions import register_complaint
from fairway.catalog.models import Product
from fairway.customers.models import Account, Contact
from fairway.duplicates.merging import merge
from fairway.duplicates.models import Pair
from fairway.intake.models import Import
from fairway.leads.actions import register_lead
from fairway.leads.models import Campaign, Source
from fairway.lists.models import SavedView
from fairway.notify.models import Notice
from fairway.people.models import Absence, ApiToken, RoleGrant, Team, User
from fairway.runs import actions
from fairway.runs.models import Job, Participant, Record, Run, Task, Waiver
from fairway.runs.queries import load_run, run_page
from fairway.sops.models import SopVersion
from fairway.teamwork.actions import comment
from fairway.teamwork.subjects import Subject
from tests.doors.letters import PERSONS
from tests.fixtures_runs import LEAD
from tests.runs.player import Player

RELATIONS = ("own", "team", "other", "participant", "closed")
CARD = {"fit_score": 4, "budget_score": 4, "urgency_score": 3}
LEFT_OUT = {"django_session", "usersessions_usersession", "cache"}


@dataclass
class World:
    """The people, and by relation and kind the id of one object."""

    persons: dict[str, User] = field(default_factory=dict)
    colleague: User = None
    ids: dict[str, dict[str, int]] = field(default_factory=dict)
    alone: dict[str, object] = field(default_factory=dict)

    def become(self, name):
        """Let what is `own` and `closed` be this person's, and let them take part where they are to."""
        if name == "visitor":
            return
        user, mine = self.persons[name], [self.ids["own"]["run_ids"], self.ids["closed"]["run_ids"]]
        runs = [pk for ids in mine for pk in ids]
        Run.objects.filter(pk__in=runs).update(owner=user)
        Task.objects.filter(run__in=runs, assignee=self.colleague).update(assignee=user)
        Account.objects.filter(pk__in=Run.objects.filter(pk__in=runs).values("account")).update(owner=user)
        Account.objects.filter(pk__in=[self.ids[one]["twin"] for one in ("own", "closed")]).update(owner=user)
        Waiver.objects.filter(run__in=runs).update(asked_by=user)
        Participant.objects.bulk_create(
            Participant(run_id=pk, user=user, role="rep", since=timezone.now())
            for pk in self.ids["participant"]["run_ids"]
        )
        for model, ref in ((Absence, "absence_id"), (ApiToken, "token_id")):
            model.objects.filter(pk=self.alone[ref]).update(user=user)


def build() -> World:
    """Make it all, by the actions."""
    world, now = World(), timezone.now()
    top = Team.objects.create(name="Company")
    east, west = (Team.objects.create(name=name, parent=top) for name in ("East", "West"))
    for role in PERSONS[1:]:
        world.persons[role] = _person(role, east, role)
    world.colleague = _person("colleague", east, "rep")
    outsider = _person("outsider", west, "rep")
    _person("director", top, "manager")
    _person("west-manager", west, "manager")
    for number, relation in enumerate(RELATIONS):
        owner = outsider if relation in ("other", "participant") else world.colleague
        world.ids[relation] = _objects(owner, number, now, closed=relation == "closed")
    far = now + timezone.timedelta(days=30)
    world.alone = {
        "user_id": world.colleague.pk, "team_id": west.pk, "role": "rep", "key": "new-business",
        "version_id": SopVersion.objects.get(key="new-business").pk,
        "absence_id": Absence.objects.create(user=world.colleague, starts_at=now, ends_at=far).pk,
        "token_id": ApiToken.objects.create(
            user=world.colleague, name="t", prefix="p", digest="d", scopes=[], created_at=now, expires_at=far
        ).pk,
        "year": 2026, "number": 1,
        "view_id": SavedView.objects.create(
            listing="leads", name="v", owner=world.colleague, created_at=now, changed_at=now
        ).pk,
        "job_id": Job.objects.create(kind="x", key="x", status=Job.DEAD, created_at=now, due_at=now).pk,
        "source_id": Source.objects.create(key="own.source", title_zh="自有", title_en="Own", family="internal").pk,
        "product_id": Product.objects.create(code="X-1", name="X").pk,
        "campaign_id": Campaign.objects.create(name="X").pk, "name": "fairway-20260101T000000.tar.gz",
        "notice_id": Notice.objects.create(user=world.colleague, key="x", code="told", at=now).pk,
        "import_id": Import.objects.create(
            by=outsider, team=west, file_name="x.csv", folder="x", size=1, digest="x", signature="x", created_at=now,
            state=Import.DONE, finished_at=now,
        ).pk,
    }  # fmt: skip
    return world


def _person(username, team, role):
    user = User(username=username, email=f"{username}@example.com", display_name=username, team=team)
    user.set_unusable_password()
    user.save()
    RoleGrant.objects.create(user=user, role=role)
    return User.objects.with_roles().get(pk=user.pk)


def _objects(owner, number, now, *, closed):
    """A lead whose grade is being judged, a deal at its needs, a complaint; all of this owner."""
    values = {**LEAD, "company_name": f"{LEAD['company_name']}{number}", "contact_phone": f"1380000{number:04d}"}
    lead = register_lead(values, by=owner, owner=owner, now=now)
    actions.submit(lead.run_id, step="score", raw=CARD, by=owner, now=now)
    waiver = actions.ask_waiver(lead.run_id, codes=_codes(lead.run, owner, now), why="x", by=owner, now=now)
    other = {**values, "company_name": values["company_name"] + "二", "contact_phone": f"1390000{number:04d}"}
    deal_lead = register_lead(other, by=owner, owner=owner, now=now)
    player = Player(deal_lead.run, now, None)
    for what in (
        {"complete": "score", "values": CARD},
        {"decide": "review", "judge": "manager", "verdict": "approve", "values": {"grade_final": "A"}},
        {"contact": "reached"}, {"advance": "needs"},
    ):  # fmt: skip
        player.do(what)
        player.run.refresh_from_db()
    intake = {"category": "quality", "severity": "normal", "channel": "phone", "content": "x"}
    complaint = register_complaint(intake, by=owner, now=now)
    Run.objects.filter(pk=complaint.run_id).update(owner=owner, team=owner.team)
    Task.objects.filter(run=complaint.run_id).exclude(assignee=None).update(assignee=owner)
    deal = player.run.deal
    twin, gone = (Account.objects.create(name=name, owner=owner, team=owner.team, created_at=now) for name in "二三")
    pair = Pair.objects.create(kind="account", first=deal.account_id, second=twin.pk, bits=9, found_at=now)
    merged = merge("account", deal.account_id, gone.pk, by=owner, now=now)
    runs = [lead.run_id, player.run.pk, complaint.run_id]
    ids = {
        "run_ids": runs, "lead": lead.pk, "deal": deal.pk, "complaint": complaint.pk, "account": deal.account_id,
        "twin": twin.pk, "pair": pair.pk, "merge": merged.pk,
        "contact": Contact.objects.filter(account=deal.account).first().pk, "waiver": waiver.pk, "run": player.run.pk,
        "task": Task.objects.get(run=player.run, step="prepare").pk,
        "approval": Task.objects.get(run=lead.run, step="review").pk,
        "file": _file(player.run, owner, now),
        "comment": comment(Subject("run", player.run), "x", by=User.objects.with_roles().get(pk=owner.pk), now=now).pk,
        "record": Record.objects.filter(run=lead.run, form="scorecard").first().pk,
    }  # fmt: skip
    Participant.objects.filter(run__in=runs).delete()  # nobody takes part but those who are to
    if closed:
        actions.close(lead.run_id, outcome="recycled", reason="dormant", by=owner, now=now)
        actions.close(player.run.pk, outcome="lost", reason="price", by=owner, now=now)
        actions.close(complaint.run_id, outcome="withdrawn", reason="misunderstanding", by=owner, now=now)
    return ids


def _file(run, owner, now):
    return actions.attach(run.pk, file=SimpleUploadedFile("x.txt", b"x"), by=owner, now=now).pk


def _codes(run, owner, now):
    page = run_page(load_run(run.pk, owner), owner, now=now)
    return [reason.code for reason in page.reasons if reason.waivable][:1]


def digest():
    """All rows of all tables, but sessions and what throttles, in one number."""
    with connection.cursor() as cursor:
        tables = sorted(set(connection.introspection.table_names(cursor)) - LEFT_OUT)
        found = {}
        for table in tables:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            found[table] = hash(tuple(sorted(map(repr, cursor.fetchall()))))
    return found
