"""The pages of duplicates: shown while typing, reviewed, merged side by side, taken apart."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fairway.customers.actions import create_account, create_contact
from fairway.customers.models import Account
from fairway.duplicates.finding import sweep
from fairway.duplicates.models import Merge, Pair
from tests.fixtures_runs import NOW


@pytest.fixture
def two(people, sops):
    one = create_account({"name": "杭州启明机电有限公司", "region": "浙江"}, by=people.rep, now=NOW)
    two = create_account({"name": "啟明機電", "region": "上海", "phone": "0571-1"}, by=people.rep, now=NOW)
    create_contact(two.pk, {"name": "王芳"}, by=people.rep, now=NOW)
    while sweep(NOW):
        pass
    return one, two


def test_a_pair_is_reviewed_merged_and_taken_apart(client, people, two):
    one, other = two
    client.force_login(people.rep)
    page = f"/duplicates/account/{one.pk}/{other.pk}"
    assert page in client.get("/duplicates").content.decode()
    assert "0571-1" in client.get(page).content.decode()
    answer = client.post(page, {"take.region": "gone", "take.phone": "kept", "take.name": "kept"})
    done = Merge.objects.get()
    assert answer["Location"] == f"/merges/{done.pk}"
    one.refresh_from_db()
    assert (one.region, one.phone) == ("上海", "")
    assert Pair.objects.get().state == Pair.MERGED
    assert client.get(f"/merges/{done.pk}").status_code == 200
    assert client.get(f"/accounts/{one.pk}").status_code == 200
    assert client.post(f"/merges/{done.pk}/undo").status_code == 302
    assert Account.objects.filter(pk=other.pk).exists()
    assert client.get(f"/merges/{done.pk}").status_code == 200
    assert client.get(f"/accounts/{other.pk}").status_code == 200


def test_not_the_same_leaves_the_list(client, people, two):
    client.force_login(people.rep)
    client.post(f"/duplicates/{Pair.objects.get().pk}/apart")
    assert f"/duplicates/account/{two[0].pk}" not in client.get("/duplicates").content.decode()


def test_others_neither_see_nor_merge(client, people, two):
    done = f"/duplicates/account/{two[0].pk}/{two[1].pk}"
    client.force_login(people.outsider)
    assert client.get(done).status_code == client.post(done).status_code == 404
    assert client.post(f"/duplicates/{Pair.objects.get().pk}/apart").status_code == 404
    client.force_login(people.mate)
    assert client.get(done).status_code == 200
    assert client.post(done).status_code == 403
    assert client.get("/duplicates/x/1/2").status_code == 404
    assert not Merge.objects.exists()


def test_a_near_company_shows_while_one_types_and_before_it_is_made(client, people, two):
    client.force_login(people.rep)
    shown = client.get("/accounts/duplicates", {"name": "启明机电（集团）有限公司"}).content.decode()
    assert f"/accounts/{two[0].pk}" in shown
    assert client.post("/accounts/new", {"name": "启明机电有限公司"}).status_code == 409
    client.force_login(people.outsider)
    shown = client.get("/accounts/duplicates", {"name": "启明机电"}).content.decode()
    assert "/accounts/" not in shown
    assert "2" in shown


def test_the_pages_ask_little_whatever_they_show(client, people, sops):
    for number in range(20):
        create_account({"name": f"启明机电{'一二三四五六七八九十'[number % 10]}部"}, by=people.rep, now=NOW)
    while sweep(NOW):
        pass
    client.force_login(people.rep)
    with CaptureQueriesContext(connection) as asked:
        client.get("/duplicates")
    assert len(asked) <= 12
    with CaptureQueriesContext(connection) as asked:
        client.get(f"/duplicates/account/{Account.objects.first().pk}/{Account.objects.last().pk}")
    assert len(asked) <= 40
