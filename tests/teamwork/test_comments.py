"""Comments and followers: who may, who is told, what is kept, twice."""

from datetime import timedelta

import pytest
from django.core.exceptions import ObjectDoesNotExist

from fairway.customers.actions import change_account, create_account, create_contact
from fairway.notify.models import Notice
from fairway.notify.places import address
from fairway.notify.words import headline
from fairway.people.errors import Forbidden, Refused
from fairway.people.models import User
from fairway.runs import actions as run_actions
from fairway.runs import jobs
from fairway.runs.models import Job, Run
from fairway.teamwork import actions
from fairway.teamwork.mentions import Named, mentioned
from fairway.teamwork.models import Comment, CommentChange, Follower
from fairway.teamwork.subjects import Subject, load
from tests.fixtures_runs import NOW

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def owned(lead, people):
    """The rep's own lead: her team sees it, the outsider does not."""
    Run.objects.filter(pk=lead.run_id).update(owner=people.rep, team=people.east)
    return Subject("run", Run.objects.get(pk=lead.run_id))


def told(user):
    while jobs.deliver(LATER):
        pass
    return list(Notice.objects.filter(user=user).order_by("id").values_list("code", flat=True))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("请 @王小明 看一下", ["王小明"]),
        ("＠王小明看一下", ["王小明"]),
        ("@Mate, please", ["Mate"]),
        ("@mateo is nobody", []),
        ("mail mate@Mate.example", []),
        ("@王小明明天见 and @Ann Li!", ["王小明", "Ann Li"]),
        ("@nobody", []),
    ],
)
def test_a_name_after_an_at_is_a_mention(text, names):
    known = [Named(1, "王小明", "rep"), Named(2, "Mate", "mate"), Named(3, "Ann Li", "ann"), Named(4, "Ann", "ann2")]
    assert list(mentioned(text, known)) == names


def test_who_is_mentioned_is_told_and_who_wrote_follows(owned, people):
    made = actions.comment(owned, "@Mate 请看一下报价", by=people.rep, now=NOW)
    assert told(people.mate) == ["mentioned"]
    assert told(people.rep) == []
    assert list(Follower.objects.values_list("user", flat=True)) == [people.rep.pk]
    notice = Notice.objects.get(user=people.mate)
    assert "王小明" in headline(notice.code, notice.data, notice.run)
    assert address(notice.data, people.mate).endswith(f"#comment-{made.pk}")
    assert address(notice.data, people.outsider) == ""


def test_nobody_is_mentioned_into_a_record_that_they_may_not_see(owned, people):
    with pytest.raises(Refused) as refused:
        actions.comment(owned, "@Outsider 帮个忙", by=people.rep, now=NOW)
    assert "Outsider" in refused.value.reasons[0].message
    assert not Comment.objects.exists()
    made = actions.comment(owned, "@Outsider 帮个忙", by=people.rep, now=NOW, anyway=True)
    assert not made.mentions.exists()
    assert told(people.outsider) == []


@pytest.mark.parametrize("text", ["", "  \n ", "字" * 10_001])
def test_an_empty_or_endless_comment_is_refused(owned, people, text):
    with pytest.raises(Refused):
        actions.comment(owned, text, by=people.rep, now=NOW)
    assert not Comment.objects.exists()


def test_an_outsider_neither_reads_nor_writes_nor_follows(owned, people):
    made = actions.comment(owned, "内部", by=people.rep, now=NOW)
    outsider = User.objects.with_roles().get(pk=people.outsider.pk)
    with pytest.raises(ObjectDoesNotExist):
        load("run", owned.id, outsider)
    for attempt in (
        lambda: actions.comment(owned, "我也说", by=outsider, now=NOW),
        lambda: actions.edit(made.pk, "改", by=outsider, now=NOW),
        lambda: actions.remove(made.pk, by=outsider, now=NOW),
        lambda: actions.follow(owned, by=outsider, now=NOW),
    ):
        with pytest.raises(Forbidden):
            attempt()
    made.refresh_from_db()
    assert (made.text, Comment.objects.count(), Follower.objects.count()) == ("内部", 1, 1)


def test_ones_own_words_may_be_changed_for_a_day_and_what_they_were_is_kept(owned, people):
    made = actions.comment(owned, "旧话", by=people.rep, now=NOW)
    actions.edit(made.pk, "新话 @Mate", by=people.rep, now=LATER)
    actions.edit(made.pk, "新话 @Mate", by=people.rep, now=LATER)
    made.refresh_from_db()
    assert (made.text, made.edited_at, made.revision) == ("新话 @Mate", LATER, 1)
    assert [(one.kind, one.before) for one in CommentChange.objects.all()] == [("edited", "旧话")]
    assert told(people.mate) == ["mentioned"]
    with pytest.raises(Forbidden):
        actions.edit(made.pk, "太晚", by=people.rep, now=NOW + timedelta(days=1, minutes=1))
    with pytest.raises(Forbidden):
        actions.edit(made.pk, "不是我的", by=people.mate, now=LATER)


def test_a_removed_comment_leaves_its_place_and_its_history(owned, people):
    made = actions.comment(owned, "说错了", by=people.mate, now=NOW)
    for _again in range(2):
        actions.remove(made.pk, by=people.manager, now=NOW + timedelta(days=3))
    made.refresh_from_db()
    assert (made.text, bool(made.removed_at)) == ("", True)
    assert [(one.kind, one.before, one.by) for one in made.changes.all()] == [("removed", "说错了", people.manager)]


def test_followers_are_told_what_becomes_of_a_run_but_not_of_their_own_doing(owned, people):
    actions.follow(owned, by=people.mate, now=NOW)
    actions.follow(owned, by=people.mate, now=NOW)
    actions.follow(owned, by=people.rep, now=NOW)
    run_actions.change_facts(owned.id, {"lead.region": "杭州"}, by=people.rep, now=NOW)
    assert told(people.mate) == ["followed"]
    assert told(people.rep) == []
    assert actions.unfollow(owned, by=people.mate)
    assert not actions.unfollow(owned, by=people.mate)
    run_actions.change_facts(owned.id, {"lead.region": "宁波"}, by=people.rep, now=NOW)
    assert told(people.mate) == ["followed"]


def test_who_lost_sight_of_a_record_is_told_nothing_of_it(owned, people):
    actions.follow(owned, by=people.mate, now=NOW)
    run_actions.change_facts(owned.id, {"lead.region": "杭州"}, by=people.rep, now=NOW)
    User.objects.filter(pk=people.mate.pk).update(team=people.west)
    assert told(people.mate) == []
    assert Job.objects.filter(kind="tell", status=Job.DONE).exists()


def test_a_company_and_a_contact_are_commented_on_and_followed_too(people):
    account = create_account({"name": "宁波远航"}, by=people.rep, now=NOW)
    contact = create_contact(account.pk, {"name": "李总"}, by=people.rep, now=NOW)
    for kind, row in (("account", account), ("contact", contact)):
        subject = load(kind, row.pk, User.objects.with_roles().get(pk=people.mate.pk))
        actions.comment(subject, "@王小明 认识吗?", by=people.mate, now=NOW)
    change_account(account.pk, {"region": "宁波"}, by=people.rep, now=NOW)
    assert told(people.rep) == ["mentioned", "mentioned"]
    assert told(people.mate) == ["followed"]
    notice = Notice.objects.get(user=people.mate)
    assert headline(notice.code, notice.data, None).startswith("宁波远航")
    assert address(notice.data, people.mate) == f"/accounts/{account.pk}#history"
