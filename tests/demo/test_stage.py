"""The demo company: everything in it came about through the actions, and everything that must hold does."""

from argparse import Namespace
from collections import Counter
from datetime import UTC, datetime

import pytest

from fairway.care.models import Complaint
from fairway.commands import demo
from fairway.deals.models import Deal
from fairway.demo import making, removing
from fairway.demo.models import Demo
from fairway.leads.models import Lead
from fairway.notify.models import Notice
from fairway.people.actions.users import create_user
from fairway.people.models import AuditEntry, Team, User
from fairway.receivables.models import Node
from fairway.runs import actions, anchors, clock
from fairway.runs.models import Event, Job, Run, Task, Waiver
from fairway.runs.verify import verify

pytestmark = pytest.mark.once

SATURDAY = datetime(2026, 11, 21, 9, tzinfo=UTC)


def test_months_of_work_are_played_to_the_present(sops, db, capsys, mailoutbox):
    played = making.make(SATURDAY)
    assert played.cut_short == []
    assert list(verify(SATURDAY)) == []
    assert (Lead.objects.count(), Complaint.objects.count()) == (63, 10)
    assert 28 <= Deal.objects.count() <= 37
    stages = Counter(Run.objects.filter(sop="new-business", outcome="").values_list("stage", flat=True))
    assert set(stages) == {"qualify", "needs", "proposal", "negotiation", "contract", "delivery", "collection"}
    assert Counter(Run.objects.filter(sop="new-business").values_list("outcome", flat=True)) > Counter(
        won=3, lost=1, recycled=4
    )
    assert Task.objects.open().filter(due_at__lt=SATURDAY).count() >= 10
    waiting = set(Run.objects.filter(sop="complaint", outcome="").values_list("stage", flat=True))
    assert waiting == {"receive", "contain", "solve", "verify", "close"}
    assert set(Waiver.objects.values_list("verdict", flat=True)) == {"asked", "granted", "refused"}
    owed = Node.objects.filter(settled_at=None, task__due_at__lt=SATURDAY)
    assert owed.exists()
    assert 0 < Notice.objects.filter(read_at=None).count() < Notice.objects.count() / 5
    assert Event.objects.filter(kind="clock_fired").count() >= 20
    assert not Event.objects.filter(at__gt=SATURDAY).exists()

    # Nothing was mailed, nothing is left to be mailed, and the worker does not take the played months for a leap.
    assert mailoutbox == []
    assert not Job.objects.exclude(status=Job.DONE).exists()
    clock._pulse.wall = None
    clock.sweep(SATURDAY)
    assert clock.held() is None

    # A second time changes nothing and says so; passwords are shown, and kept only as hashes.
    count = User.objects.count()
    assert demo.run(Namespace(remove=False)) == 0
    assert "nothing was changed" in capsys.readouterr().out
    assert (User.objects.count(), Lead.objects.count()) == (count, 63)
    assert all(User.objects.get(username=one.login).check_password(one.password) for one in played.accounts)

    _taken_away_again(capsys)


def _taken_away_again(capsys):
    """What the demo made goes, what people made on it stays with its reason, and the chain of events holds."""
    anchors.seal(SATURDAY)
    boss = create_user(
        username="boss", email="", display_name="李总", roles=["admin", "manager"], by=None, now=SATURDAY
    )  # fmt: skip
    own = Team.objects.create(name="自己的")
    worked_on = Run.objects.filter(sop="new-business", outcome="", stage="needs").first()
    by = User.objects.with_roles().get(pk=worked_on.owner_id)
    actions.log_contact(worked_on.pk, outcome="reached", channel="call", by=by, now=SATURDAY)
    before = (Run.objects.count(), User.objects.count(), Event.objects.count())
    looked = removing.preview(by=boss, now=SATURDAY)
    assert (Run.objects.count(), User.objects.count(), Event.objects.count()) == before
    assert looked.runs == before[0] - 1

    assert demo.run(Namespace(remove=True)) == 0
    said = capsys.readouterr().out
    assert "verified: clean" in said
    assert f"{worked_on.title}: " in said
    left = set(Run.objects.values_list("pk", flat=True))
    assert worked_on.pk in left
    assert len(left) == before[0] - looked.runs
    assert User.objects.filter(pk=by.pk).exists()
    assert User.objects.filter(pk=boss.pk).exists()
    assert Team.objects.filter(pk=own.pk).exists()
    assert not User.objects.filter(username="admin").exists()
    assert list(anchors.broken_anchors()) == []
    entry = AuditEntry.objects.get(action="demo.removed")
    assert entry.before["seal"] != entry.after["seal"]
    assert not Demo.objects.exists()
    assert demo.run(Namespace(remove=True)) == 1
