import pytest
from django.core.exceptions import PermissionDenied

from fairway.lists.actions.views import change_view, delete_view, mark_view, save_view
from fairway.lists.errors import Misread
from fairway.lists.listing import listing_of
from fairway.lists.models import SavedView
from fairway.lists.queries import home_of, kept_views
from fairway.people.errors import Refused
from fairway.people.models import AuditEntry, User
from tests.fixtures_runs import NOW

pytestmark = pytest.mark.django_db


def who(user):
    return User.objects.with_roles().get(pk=user.pk)


def kept(user):
    return [one.view.name for one in kept_views(listing_of("leads"), who(user))]


def test_a_view_is_kept_as_the_list_writes_it_and_only_once(people):
    rep = who(people.rep)
    view = save_view("leads", " A 级  ", "?f=grade:A&after=xyz&view=9&sort=-due", by=rep, now=NOW)
    assert (view.name, view.query) == ("A 级", "f=grade:A&sort=-due")
    again = save_view("leads", "A 级", "f=grade:A,B", by=rep, now=NOW)
    assert again.pk == view.pk
    assert SavedView.objects.get().query == "f=grade:A,B"
    save_view("leads", "A 级", "f=grade:A,B", by=rep, now=NOW)
    assert list(AuditEntry.objects.order_by("id").values_list("action", flat=True)) == ["view.saved", "view.changed"]


def test_own_views_are_ones_own_and_team_views_the_teams(people):
    rep = who(people.rep)
    save_view("leads", "我的", "owner=me", by=rep, now=NOW)
    save_view("leads", "团队", "late=1", share="team", by=rep, now=NOW)
    assert kept(people.rep) == ["团队", "我的"]
    assert kept(people.mate) == ["团队"]
    assert kept(people.director) == ["团队"]
    assert kept(people.outsider) == []
    assert kept(people.admin) == ["团队"]
    save_view("leads", "部门", "", share="team", by=who(people.director), now=NOW)
    assert kept(people.mate) == ["团队", "部门"]
    assert kept(people.outsider) == ["部门"]


def test_the_view_of_a_role_is_an_administrators_to_set_and_opens_the_list(people):
    with pytest.raises(PermissionDenied):
        save_view("leads", "所有销售", "owner=me", share="rep", by=who(people.manager), now=NOW)
    view = save_view("leads", "所有销售", "owner=me", share="rep", by=who(people.admin), now=NOW)
    views = kept_views(listing_of("leads"), who(people.rep))
    assert home_of(views, who(people.rep)).view == view
    assert kept_views(listing_of("leads"), who(people.finance)) == []
    with pytest.raises(Refused):
        save_view("leads", "另一个", "", share="rep", by=who(people.admin), now=NOW)
    own = save_view("leads", "先看这个", "late=1", by=who(people.rep), now=NOW)
    mark_view(own.pk, home=True, by=who(people.rep))
    assert home_of(kept_views(listing_of("leads"), who(people.rep)), who(people.rep)).view == own
    mark_view(view.pk, home=True, by=who(people.rep))
    assert home_of(kept_views(listing_of("leads"), who(people.rep)), who(people.rep)).view == view


def test_who_may_change_and_delete_a_view(people):
    view = save_view("leads", "团队", "late=1", share="team", by=who(people.rep), now=NOW)
    for user in (people.mate, people.finance):
        with pytest.raises((PermissionDenied, SavedView.DoesNotExist)):
            change_view(view.pk, name="别的", by=who(user), now=NOW)
        with pytest.raises((PermissionDenied, SavedView.DoesNotExist)):
            delete_view(view.pk, by=who(user), now=NOW)
    change_view(view.pk, name="本组逾期", by=who(people.manager), now=NOW)
    assert SavedView.objects.get().name == "本组逾期"
    mark_view(view.pk, pinned=True, by=who(people.mate))
    delete_view(view.pk, by=who(people.rep), now=NOW)
    assert not SavedView.objects.exists()
    assert AuditEntry.objects.filter(action="view.deleted").count() == 1


@pytest.mark.parametrize(
    ("key", "name", "query", "share"),
    [
        ("nothing", "x", "", "own"),
        ("leads", " ", "", "own"),
        ("leads", "x" * 81, "", "own"),
        ("leads", "x", "", "everybody"),
        ("leads", "x", "f=nothing:1", "own"),
        ("leads", "x", "sort=nothing", "own"),
        ("leads", "x", "f=((", "own"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_a_reason(people, key, name, query, share):
    with pytest.raises((Refused, Misread)) as refused:
        save_view(key, name, query, share=share, by=who(people.rep), now=NOW)
    assert str(refused.value)
    assert not SavedView.objects.exists()


def test_views_on_the_page_are_kept_pinned_opened_and_deleted(twelve, people, client):
    client.force_login(people.rep)
    assert "view-name" in client.get("/leads?f=grade:A&tool=save").content.decode()
    answer = client.post(
        "/lists/leads/views", {"name": "A 级线索", "query": "f=grade:A", "share": "own", "pinned": "1"}
    )
    view = SavedView.objects.get()
    assert answer["Location"] == f"/leads?view={view.pk}&f=grade:A"
    page = client.get("/leads?view=0").content.decode()
    assert "A 级线索" in page
    client.post(f"/lists/views/{view.pk}", {"do": "home"})
    assert client.get("/leads")["Location"] == f"/leads?view={view.pk}&f=grade:A"
    client.post(f"/lists/views/{view.pk}", {"do": "update", "query": "f=grade:B"})
    assert SavedView.objects.get().query == "f=grade:B"
    assert client.post(f"/lists/views/{view.pk}", {"do": "explode"}).status_code == 404
    client.force_login(people.mate)
    assert client.post(f"/lists/views/{view.pk}", {"do": "delete"}).status_code == 404
    client.force_login(people.rep)
    client.post(f"/lists/views/{view.pk}", {"do": "delete"})
    assert not SavedView.objects.exists()
    assert client.get("/leads").status_code == 200
    bad = client.post("/lists/leads/views", {"name": "", "query": "f=grade:A"})
    assert bad["Location"].endswith("&tool=save")
    assert client.post("/lists/nothing/views", {"name": "x"}).status_code == 404
