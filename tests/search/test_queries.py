"""Finding records: by any two characters, by phone and number, and only what one may see."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fairway.care.actions import register_complaint
from fairway.contracts.models import Contract
from fairway.customers.actions import change_account, change_contact, create_account, create_contact
from fairway.customers.models import Account
from fairway.deals.actions import start_deal
from fairway.leads.actions import register_lead
from fairway.runs.actions import change_facts, reassign
from fairway.runs.errors import Invalid
from fairway.runs.models import Participant, Run
from fairway.runs.verify import verify
from fairway.search import index, queries
from fairway.search.models import Entry
from tests.fixtures_runs import LEAD, NOW


def found(text, by, **wanted):
    return [(hit.kind.name, hit.title) for hit in queries.find(text, by=by, **wanted)]


@pytest.fixture
def records(sops, people, lead):
    """One of each kind, all of the rep's company."""
    account = create_account(
        {"name": "宁波海天塑机集团", "uscc": "91330200MA2AXXXX1Q", "phone": "0574-86188888"}, by=people.rep, now=NOW
    )
    contact = create_contact(
        account.pk, {"name": "李建国", "email": "ljg@haitian.cn", "phone": "139 1111 2222"}, by=people.rep, now=NOW
    )
    deal = start_deal("repurchase", account=account, name="二期扩容", owner=people.rep, by=people.rep, now=NOW)
    complaint = register_complaint(
        {
            "category": "quality",
            "severity": "normal",
            "channel": "phone",
            "content": "注塑机停机",
            "account": str(account.pk),
        },
        by=people.rep,
        now=NOW,
    )
    contract = Contract.objects.create(run=deal.run, number="HT-2026-0815", name="扩容合同", created_at=NOW)
    return {"account": account, "contact": contact, "deal": deal, "complaint": complaint, "contract": contract}


def test_two_characters_find_every_kind(people, lead, records):
    assert found("启明", people.rep) == [("lead", "杭州启明机电有限公司")]
    assert found("海天", people.rep) == [
        ("deal", "二期扩容"),
        ("account", "宁波海天塑机集团"),
        ("contact", "李建国"),
        ("complaint", "宁波海天塑机集团"),
    ]
    assert found("扩容", people.rep) == [("deal", "二期扩容"), ("contract", "HT-2026-0815")]
    assert found("停机", people.rep) == [("complaint", "宁波海天塑机集团")]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("138 0000 0001", "lead"), ("+8613800000001", "lead"), ("0001", "lead"), ("啟明", "lead"),
        ("启明 王芳", "lead"),
        ("139-1111-2222", "contact"), ("haitian.cn", "contact"), ("HAITIAN", "contact"), ("lj", "contact"),
        ("91330200ma2a", "account"), ("0574 8618 8888", "account"), ("ht-2026", "contract"),
        ("ＨＴ-2026-0815", "contract"),
    ],
)  # fmt: skip
def test_by_phone_mail_code_and_number_however_they_are_written(people, lead, records, text, kind):
    assert [name for name, _title in found(text, people.rep)] == [kind]


def test_by_the_number_of_its_run(people, lead, records):
    hit = queries.find(f"N{lead.run_id:06d}", by=people.rep)[0]
    assert (hit.kind.name, hit.id, hit.url, hit.number) == ("lead", lead.pk, f"/leads/{lead.pk}", f"N{lead.run_id:06d}")
    assert {name for name, _t in found(f"n{records['deal'].run_id}", people.rep)} == {"deal", "contract"}


@pytest.mark.parametrize(
    "text", ["", " ", "启", "1", "a", "%%", "__", '"', "启明\x00", "'; drop", "不在" * 200, "N" + "9" * 30]
)
def test_what_cannot_be_meant_finds_nothing_and_breaks_nothing(people, lead, text):
    assert found(text, people.outsider) == []


def test_pieces_that_stand_apart_are_not_the_word(people, lead):
    register_lead({**LEAD, "company_name": "启明星辰与明机", "contact_phone": "13900000009"}, by=people.rep, now=NOW)
    assert found("启明机", people.rep) == [("lead", "杭州启明机电有限公司")]


def test_each_sees_only_what_they_may_see(people, lead, records):
    reassign(lead.run_id, owner=people.rep, why="x", by=people.manager, now=NOW)
    for user, sees in (
        (people.mate, True),
        (people.director, True),
        (people.admin, True),
        (people.outsider, False),
        (people.legal, False),
    ):
        assert bool(found("启明", user)) == sees, user
        assert ("account", "宁波海天塑机集团") not in found("海天", user) or sees, user
    Participant.objects.create(run=lead.run, user=people.legal, role="legal", since=NOW)
    assert found("启明", people.legal) == [("lead", "杭州启明机电有限公司")]


def test_what_one_sees_is_found_behind_any_number_of_others(people, lead, monkeypatch):
    monkeypatch.setattr(queries, "LOOKED_AT", 3)
    for number in range(5):
        other = register_lead({**LEAD, "contact_phone": f"1390000000{number}"}, by=people.outsider, now=NOW)
        Run.objects.filter(pk=other.run_id).update(owner=people.outsider, team=people.west)
    Run.objects.filter(pk=lead.run_id).update(owner=people.rep, team=people.east)
    assert [hit.id for hit in queries.find("启明", by=people.rep)] == [lead.pk]


def test_the_name_itself_comes_first_then_what_begins_so(people, sops):
    for name in ("启明", "启明科技", "新启明"):
        create_account({"name": name}, by=people.rep, now=NOW)
    assert [title for _k, title in found("启明", people.rep)] == ["启明", "启明科技", "新启明"]
    assert len(found("启明", people.rep, most=2)) == 2


def test_the_queries_do_not_grow_with_what_is_found(people, lead, records):
    def count(text):
        with CaptureQueriesContext(connection) as asked:
            queries.find(text, by=people.rep)
        return len(asked)

    few = count("启明")
    for number in range(30):
        create_account({"name": f"启明{number}"}, by=people.rep, now=NOW)
    assert count("启明") <= few + 1 <= 5


def test_what_is_changed_is_found_as_it_is_now(people, lead, records):
    change_facts(lead.run_id, {"lead.company": "苏州新程"}, by=people.rep, now=NOW)
    assert found("启明", people.rep) == []
    assert found("新程", people.rep) == [("lead", "苏州新程")]
    change_contact(records["contact"].pk, {"phone": "137 0000 9999"}, by=people.rep, now=NOW)
    assert found("13911112222", people.rep) == []
    change_account(records["account"].pk, {"name": "宁波洋天"}, by=people.rep, now=NOW)
    assert found("海天", people.rep) == []
    assert {name for name, _t in found("洋天", people.rep)} == {"deal", "account", "contact", "complaint"}
    Account.objects.filter(pk=records["account"].pk).update(archived_at=NOW)
    assert "account" not in {name for name, _t in found("洋天", people.rep)}


def test_a_refused_lead_leaves_no_entry(people, sops):
    before = Entry.objects.count()
    with pytest.raises(Invalid):
        register_lead({**LEAD, "source": ""}, by=people.rep, now=NOW)
    assert Entry.objects.count() == before


def test_the_index_is_made_for_what_is_there_and_verified(people, lead, records):
    assert index.fill() == 0
    assert not [fault for fault in verify(datetime.now(UTC)) if fault.check == "search"]
    Entry.objects.all().delete()
    assert found("启明", people.rep) == []
    assert {fault.row for fault in verify(datetime.now(UTC)) if fault.check == "search"} >= {f"lead {lead.pk}"}
    assert index.fill() == 6
    assert found("启明", people.rep) == [("lead", "杭州启明机电有限公司")]
    Entry.objects.filter(kind="lead").update(text="x")
    Entry.objects.filter(kind="deal").update(subject_id=999)
    said = {fault.what for fault in verify(datetime.now(UTC)) if fault.check == "search"}
    assert len(said) == 3
    assert index.rebuild() == 6
    assert not [fault for fault in verify(datetime.now(UTC)) if fault.check == "search"]


def test_confidential_columns_cannot_be_registered():
    from fairway.deals import kind as deal_kind
    from fairway.search import kinds

    changed = {name: getattr(deal_kind.FOUND, name) for name in kinds.Kind.__slots__}
    with pytest.raises(ValueError, match="confidential"):
        kinds.register(kinds.Kind(**{**changed, "letter": "z", "columns": ("min_scope",)}))
