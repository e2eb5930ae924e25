"""The demo company: everything in it came about through the actions, and everything that must hold does."""

from collections import Counter
from datetime import UTC, datetime

import pytest

from fairway.care.models import Complaint
from fairway.commands import demo
from fairway.deals.models import Deal
from fairway.demo import stage
from fairway.leads.models import Lead
from fairway.people.models import User
from fairway.runs import clock
from fairway.runs.models import Event, Job, Run, Task
from fairway.runs.verify import verify

pytestmark = pytest.mark.once

SATURDAY = datetime(2026, 11, 21, 9, tzinfo=UTC)


def test_months_of_work_are_played_to_the_present(sops, db, capsys, mailoutbox):
    played = stage.make(SATURDAY)
    assert played.cut_short == []
    assert list(verify(SATURDAY)) == []
    assert (Lead.objects.count(), Complaint.objects.count()) == (60, 8)
    assert 25 <= Deal.objects.count() <= 31
    stages = Counter(Run.objects.filter(sop="new-business", outcome="").values_list("stage", flat=True))
    assert set(stages) == {"qualify", "needs", "proposal", "negotiation", "contract", "delivery", "collection"}
    assert Counter(Run.objects.filter(sop="new-business").values_list("outcome", flat=True)) > Counter(
        won=3, lost=1, recycled=4
    )
    assert Task.objects.open().filter(due_at__lt=SATURDAY).count() >= 10
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
    assert demo.run(None) == 0
    assert "nothing was changed" in capsys.readouterr().out
    assert (User.objects.count(), Lead.objects.count()) == (count, 60)
    assert all(User.objects.get(username=one.login).check_password(one.password) for one in played.accounts)
