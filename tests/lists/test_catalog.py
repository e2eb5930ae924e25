"""Every list: each column can be shown, sorted by, filtered, grouped; and nothing confidential comes out anywhere."""

import csv
import io

import openpyxl
import pytest

from fairway.care.actions import register_complaint
from fairway.customers.actions import create_account, create_contact
from fairway.deals.actions import start_deal
from fairway.deals.models import Deal
from fairway.leads.actions import register_lead
from fairway.lists.errors import Misread
from fairway.lists.exporting import Export
from fairway.lists.listing import listing_of, listings
from fairway.lists.view import View
from fairway.people.models import AuditEntry
from fairway.runs import actions
from tests.fixtures_runs import LEAD, NOW
from tests.lists.conftest import asker, names, reading

pytestmark = pytest.mark.django_db
SECRET = {"cost": 7_770_000, "floor_price": 8_880_000, "max_payment_days": 93, "min_scope": "只做一期"}
SECRETS = ("77700", "77,700", "88800", "88,800", "只做一期")


@pytest.fixture
def company(sops, people):
    """A deal of the rep and one of her team-mate, both with bottom lines; a contact, a complaint, work under way."""
    made = {}
    for owner, amount in ((people.rep, 10_000_000), (people.mate, 20_000_000)):
        account = create_account({"name": f"{owner.username}公司", "tier": "A"}, by=owner, now=NOW)
        create_contact(account.pk, {"name": f"{owner.username}联系人", "phone": "13800000001"}, by=owner, now=NOW)
        deal = start_deal("key-account", account=account, name=f"{owner.username}项目", owner=owner, by=owner, now=NOW)
        Deal.objects.filter(pk=deal.pk).update(amount=amount, **SECRET)
        made[owner.username] = deal
    intake = {"category": "quality", "severity": "normal", "channel": "phone", "content": "丢单"}
    register_complaint(intake, by=people.rep, now=NOW)
    register_lead(LEAD, by=people.rep, now=NOW, owner=people.rep)
    return made


def test_every_column_of_every_list_is_shown_sorted_by_and_filtered(company, people):
    for key, listing in listings().items():
        for column in listing.columns.values():
            if column.shown:
                query = {"cols": column.key, "sort": f"-{column.key}" if column.sortable else ""}
                found = reading(key, people.rep, **query)
                assert found.page().rows or key == "records"
                found.totals()
            if column.groupable:
                assert reading(key, people.rep, group=column.key).groups() is not None
            if column.filterable and column.condition is None:
                reading(key, people.rep, f=f"{column.key}:").page() if column.kind != "flag" else None
        assert list(Export(listing, View.of(listing, {"cols": ",".join(listing.columns)}), asker(people.rep)).rows())


def test_every_page_opens_for_everybody_within_twenty_queries(company, people, client, django_assert_max_num_queries):
    for user in (people.rep, people.director, people.admin, people.finance):
        client.force_login(user)
        for key in listings():
            client.get(f"/{key}?view=0")
            with django_assert_max_num_queries(20):
                assert client.get(f"/{key}?view=0").status_code == 200


def test_bottom_lines_are_shown_to_the_deals_team_only(company, people):
    cols = "name,cost,floor,term,scope"
    rows = {row["name"]: row for row in reading("deals", people.rep, cols=cols).page().rows}
    assert rows["rep项目"]["cost"] == 7_770_000
    assert [rows["mate项目"][path] for path in ("cost", "floor_price", "max_payment_days", "min_scope")] == [None] * 4
    assert all(row["cost"] for row in reading("deals", people.manager, cols=cols).page().rows)
    assert not any(row["cost"] for row in reading("deals", people.admin, cols=cols).page().rows)


def test_no_filter_tells_a_bottom_line(company, people):
    texts = (
        "cost:77700", "cost:1..", "cost!:1", "cost:", "cost!:", "scope~一期", "scope!~x", "term:93", "term:..100",
        "(cost:77700|cost!:77700)", "floor:88800|cost:1",
    )  # fmt: skip
    for text in texts:
        found = names("deals", people.rep, f=text)
        assert "mate项目" not in found, text
    assert names("deals", people.admin, f="cost:77700|cost!:77700") == []


def test_no_order_sum_or_group_tells_a_bottom_line(company, people):
    Deal.objects.filter(pk=company["rep"].pk).update(cost=5_000_000)
    for sort in ("cost", "-cost"):
        assert names("deals", people.rep, sort=sort) == ["rep项目", "mate项目"]
    Deal.objects.filter(pk=company["rep"].pk).update(cost=9_000_000)
    for sort in ("cost", "-cost"):
        assert names("deals", people.rep, sort=sort) == ["rep项目", "mate项目"]
    (total,) = [one for one in reading("deals", people.rep, cols="cost").totals() if one.key == "cost"]
    assert total.total == 9_000_000
    assert not [one for one in reading("deals", people.admin, cols="cost").totals() if one.key == "cost"]
    group = reading("deals", people.rep, cols="cost", group="stage").groups()[0]
    assert [one.total for one in group.totals] == [9_000_000]
    assert View.of(listing_of("deals"), {"group": "cost"}).group == ""


def test_no_page_file_or_answer_holds_anothers_bottom_lines(company, people, client):
    Deal.objects.filter(pk=company["rep"].pk).update(cost=None, floor_price=None, max_payment_days=None, min_scope="")
    client.force_login(people.rep)
    for query in (
        "cols=cost,floor,term,scope",
        "sort=-cost&cols=cost",
        "group=stage&open=&cols=cost",
        "f=cost!:1&cols=cost",
    ):
        page = client.get(f"/deals?{query}").content.decode()
        file = b"".join(client.get(f"/lists/deals/export?{query}").streaming_content).decode()
        for secret in SECRETS:
            assert secret not in page
            assert secret not in file


def test_confidential_records_are_listed_for_the_team_only(company, people):
    deal = company["mate"]
    record = deal.run.records.create(form="bottom_line", confidential=True, created_at=NOW, created_by=people.mate)
    for user, there in ((people.rep, False), (people.mate, True), (people.manager, True), (people.admin, False)):
        rows = reading("records", user).page().rows
        assert (record.pk in {row["id"] for row in rows}) is there


def test_a_file_holds_just_the_rows_and_columns_seen_and_is_noted(company, people, client):
    client.force_login(people.rep)
    query = "cols=amount,owner&sort=-amount&f=amount:1.."
    seen = reading("deals", people.rep, cols="amount,owner", sort="-amount", f="amount:1..").page().rows
    file = b"".join(client.get(f"/lists/deals/export?{query}").streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(file)))
    assert [row[0] for row in rows[1:]] == [row["name"] for row in seen]
    assert rows[1] == ["mate项目", "200000.00", "CNY", "Mate"]
    book = client.get(f"/lists/deals/export?{query}&format=xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(book.streaming_content))).active
    assert [[cell.value for cell in line] for line in sheet.iter_rows(min_row=2)] == [
        ["mate项目", 200000, "CNY", "Mate"],
        ["rep项目", 100000, "CNY", "王小明"],
    ]
    noted = AuditEntry.objects.filter(action="list.exported").order_by("id")
    assert [(one.by, one.after["rows"], one.after["format"]) for one in noted] == [
        (people.rep, "2", "csv"), (people.rep, "2", "xlsx"),
    ]  # fmt: skip
    assert client.get("/lists/nothing/export").status_code == 404
    assert client.get("/lists/deals/export?format=exe").status_code == 404
    assert client.get("/lists/deals/export?f=((").status_code == 302


def test_texts_stay_texts_in_both_kinds_of_files(company, people, client, tmp_path):
    formula = '=HYPERLINK("http://x")'
    Deal.objects.filter(pk=company["rep"].pk).update(name=formula)
    export = Export(listing_of("deals"), View.of(listing_of("deals"), {"owner": "me"}), asker(people.rep))
    assert "\"'=HYPERLINK" in "".join(export.csv_lines())
    assert export.write_xlsx(tmp_path / "x.xlsx") == 1
    cell = openpyxl.load_workbook(tmp_path / "x.xlsx").active["A2"]
    assert (cell.value, cell.data_type) == (formula, "s")


def test_all_pages_of_a_list_go_into_its_file(company, people, monkeypatch):
    monkeypatch.setattr("fairway.lists.exporting.CHUNK", 1)
    listing = listing_of("contacts")
    for sort in ("", "-name", "influence"):
        export = Export(listing, View.of(listing, {"sort": sort}), asker(people.rep))
        assert [row[0] for row in export.rows()] == names("contacts", people.rep, sort=sort)


def test_deals_on_which_nothing_is_done_are_found(company, people):
    assert names("deals", people.rep, still="1") == []
    later = NOW.replace(month=5)
    assert len(names("deals", people.rep, now=later, still="1")) == 2
    actions.log_contact(company["rep"].run_id, outcome="reached", channel="call", by=people.rep, now=later)
    assert names("deals", people.rep, now=later, still="1") == ["mate项目"]


def test_what_a_list_does_not_have_is_refused(people):
    for key in listings():
        with pytest.raises(Misread):
            reading(key, people.rep, f="password:x")
