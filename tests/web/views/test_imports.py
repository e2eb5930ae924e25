import csv

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from fairway.intake import actions
from fairway.intake.models import Import
from fairway.leads.models import Lead
from fairway.runs import jobs
from tests.intake.files import HEADER, chinese, csv_bytes, many

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sops")]
MOST_QUERIES = 20


def upload(client, data, name="线索.csv"):
    return client.post("/imports/new", {"file": SimpleUploadedFile(name, data)})


@pytest.fixture
def draft(people, client):
    client.force_login(people.rep)
    answer = upload(client, chinese())
    intake = Import.objects.get()
    assert answer.headers["Location"] == f"/imports/{intake.pk}"
    return intake


def chosen(intake, **changes):
    """The form of the mapping as the page shows it."""
    columns = {text: key for key, text in intake.fieldmap["columns"].items()}
    values = {f"column.{index}": columns.get(name, "") for index, name in enumerate(HEADER.split(","))}
    return {**values, "match": intake.fieldmap["match"], **changes}


def body(answer):
    return answer.content.decode()


def test_the_preview_counts_and_marks_errors_in_their_cells(draft, client):
    page = body(client.get(f"/imports/{draft.pk}"))
    assert "没有线索来源" in page
    assert "其他几项已打分" in page
    assert "本文件第 2 行" in page
    assert "GB18030" in page
    assert not Lead.objects.exists()


def test_only_the_rejected_rows_can_be_looked_at(draft, client):
    page = body(client.get(f"/imports/{draft.pk}?only=bad"))
    assert "无来源公司" in page
    assert "日期公司" not in page


def test_it_runs_in_the_worker_and_shows_its_progress_then_what_came_of_it(draft, client):
    answer = client.post(f"/imports/{draft.pk}/map", chosen(draft, then="run"))
    assert answer.status_code == 302
    waiting = body(client.get(f"/imports/{draft.pk}"))
    assert "hx-trigger" in waiting
    jobs.deliver(timezone.now())
    page = body(client.get(f"/imports/{draft.pk}"))
    assert 'hx-trigger="every' not in page
    assert f"import={draft.pk}" in page
    assert Lead.objects.count() == 5
    listed = body(client.get(f"/leads?state=all&import={draft.pk}"))
    assert "杭州启明机电" in listed
    assert "杭州启明机电" not in body(client.get("/leads?state=all&import=999"))


def test_pressing_twice_imports_once(draft, client):
    for _ in range(2):
        client.post(f"/imports/{draft.pk}/map", chosen(draft, then="run"))
    jobs.deliver(timezone.now())
    jobs.deliver(timezone.now())
    assert Lead.objects.count() == 5
    assert Import.objects.get().imported == 5


def test_the_bad_rows_come_back_as_a_file_in_the_readers_language(draft, client):
    client.post(f"/imports/{draft.pk}/map", chosen(draft, then="run"))
    jobs.deliver(timezone.now())
    text = b"".join(client.get(f"/imports/{draft.pk}/bad-rows").streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(text.splitlines()))
    assert rows[0] == ["行号", "字段", "原值", "原因", *HEADER.split(",")]
    assert [row[0] for row in rows[1:]] == ["5", "6", "7", "8"]
    same = b"".join(client.get(f"/imports/{draft.pk}/duplicates").streaming_content).decode("utf-8-sig")
    assert [row[0] for row in csv.reader(same.splitlines())][1:] == ["11", "12"]


def test_the_mapping_can_be_changed_and_is_checked_anew(draft, client):
    client.post(
        f"/imports/{draft.pk}/map", chosen(draft, then="look", **{"column.6": "", "default.source": "online.ads"})
    )
    draft.refresh_from_db()
    assert "source" not in draft.fieldmap["columns"]
    assert draft.fieldmap["defaults"] == {"source": "online.ads"}
    assert "没有线索来源" not in body(client.get(f"/imports/{draft.pk}"))


def test_a_word_of_the_file_is_given_its_meaning(people, client):
    client.force_login(people.rep)
    upload(client, csv_bytes("甲公司,张三,13800000001,,,,老乡会,,,,,"))
    intake = Import.objects.get()
    assert "老乡会" in body(client.get(f"/imports/{intake.pk}"))
    words = {"word.0": "老乡会", "value.0": "internal.staff"}
    client.post(f"/imports/{intake.pk}/map", chosen(intake, then="run", **words))
    jobs.deliver(timezone.now())
    assert Lead.objects.get().source == "internal.staff"


def test_a_field_chosen_twice_is_refused_and_what_was_chosen_is_kept(draft, client):
    answer = client.post(f"/imports/{draft.pk}/map", chosen(draft, then="run", **{"column.1": "company"}))
    assert answer.status_code == 422
    draft.refresh_from_db()
    assert draft.state == "draft"
    assert not Lead.objects.exists()


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"\x00\x01\x02", b"PK\x03\x04nonsense"])
def test_what_is_no_table_is_refused_with_words(people, client, data):
    client.force_login(people.rep)
    answer = upload(client, data)
    assert answer.status_code == 422
    assert not Import.objects.exists()


def test_no_file_at_all_is_said(people, client):
    client.force_login(people.rep)
    assert client.post("/imports/new").status_code == 422


def test_others_are_turned_away(draft, people, client):
    client.force_login(people.finance)
    assert client.get("/imports").status_code == 403
    assert upload(client, many(1)).status_code == 403
    client.force_login(people.outsider)
    for path in ("", "/bad-rows", "/duplicates"):
        assert client.get(f"/imports/{draft.pk}{path}").status_code == 404
    assert client.post(f"/imports/{draft.pk}/map", chosen(draft, then="run")).status_code == 404
    client.force_login(people.manager)
    assert client.get(f"/imports/{draft.pk}").status_code == 200
    assert client.post(f"/imports/{draft.pk}/map", chosen(draft, then="run")).status_code == 409
    assert Import.objects.get().state == "draft"


def test_a_file_that_was_not_imported_can_be_thrown_away(draft, client):
    assert client.post(f"/imports/{draft.pk}/discard").status_code == 302
    assert not Import.objects.exists()
    assert not draft.path.exists()


def test_what_was_imported_is_not_thrown_away(draft, client):
    client.post(f"/imports/{draft.pk}/map", chosen(draft, then="run"))
    client.post(f"/imports/{draft.pk}/discard")
    assert Import.objects.exists()


def test_the_pages_cost_the_same_few_queries_with_more_rows(people, client, django_assert_max_num_queries):
    client.force_login(people.manager)
    upload(client, many(300))
    intake = Import.objects.get()
    client.get("/imports")
    with django_assert_max_num_queries(MOST_QUERIES):
        client.get("/imports")
    with django_assert_max_num_queries(MOST_QUERIES):
        client.get(f"/imports/{intake.pk}")
    actions.ask_to_run(intake, by=people.manager, now=timezone.now())
    jobs.deliver(timezone.now())
    with django_assert_max_num_queries(MOST_QUERIES):
        assert client.get(f"/imports/{intake.pk}").status_code == 200
