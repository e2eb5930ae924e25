"""Files over the API: kept, listed, given, removed; by the same rules as on the page."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from fairway.runs import actions
from fairway.runs.actions.attachments import MOST, path_of
from fairway.runs.models import Attachment, Event, Record, Run
from tests.fixtures_runs import NOW

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40


def send(call, user, run, content=PNG, name="图.png", **more):
    one = call(user)
    headers = {**one.headers, **more.pop("headers", {})}
    body = {"run": run.pk, "file": SimpleUploadedFile(name, content), **more}
    return one.client.post("/api/v1/files", body, headers=headers)


@pytest.fixture
def run(lead, people):
    Run.objects.filter(pk=lead.run_id).update(owner=people.rep)
    return Run.objects.get(pk=lead.run_id)


def test_a_file_is_kept_listed_given_and_removed(call, people, run):
    made = send(call, people.rep, run)
    assert made.status_code == 201, made.content
    said = made.json()
    assert (said["name"], said["kind"], said["size"], said["run"]) == ("图.png", "image/png", len(PNG), run.pk)
    assert [one["id"] for one in call(people.mate).get(f"/files?run={run.pk}").json()["items"]] == [said["id"]]
    content = call(people.rep).get(f"/files/{said['id']}/content")
    assert b"".join(content.streaming_content) == PNG
    assert content["Content-Disposition"].startswith("attachment")
    gone = call(people.rep)
    assert gone.client.delete(f"/api/v1/files/{said['id']}", headers=gone.headers).status_code == 204
    assert not Attachment.objects.exists()
    event = Event.objects.filter(run=run).order_by("-seq").first()
    assert (event.kind, event.data["name"], event.data["digest"]) == ("file_removed", "图.png", said["sha256"])
    assert call(people.rep).get(f"/files/{said['id']}").status_code == 404


def test_the_bytes_go_with_the_file(call, people, run, django_capture_on_commit_callbacks):
    send(call, people.rep, run)
    found = Attachment.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        actions.detach(found.pk, by=people.rep, now=NOW)
    assert not path_of(found).exists()


def test_what_a_file_is_is_found_in_it_and_its_size_is_bounded(call, people, run):
    assert (
        send(call, people.rep, run, b"<script>alert(1)</script>", "a.png").json()["kind"] == "application/octet-stream"
    )
    assert send(call, people.rep, run, b"").json()["reasons"][0]["code"] == "file.empty"
    large = send(call, people.rep, run, b"0" * (MOST + 1))
    assert (large.status_code, large.json()["reasons"][0]["code"]) == (409, "file.too_large")
    assert Attachment.objects.count() == 1


def test_whoever_does_not_see_the_run_finds_no_file(call, people, run):
    item = send(call, people.rep, run).json()["id"]
    other = call(people.outsider)
    assert send(call, people.outsider, run).status_code == 404
    assert other.get(f"/files?run={run.pk}").json()["items"] == []
    assert other.get(f"/files/{item}/content").status_code == 404
    assert other.client.delete(f"/api/v1/files/{item}", headers=other.headers).status_code == 404
    assert Attachment.objects.count() == 1


def test_a_mate_removes_only_what_is_his(call, people, run):
    item = send(call, people.rep, run).json()["id"]
    mate = call(people.mate)
    assert mate.client.delete(f"/api/v1/files/{item}", headers=mate.headers).status_code == 403
    own = send(call, people.mate, run, PNG + b"1").json()["id"]
    assert mate.client.delete(f"/api/v1/files/{own}", headers=mate.headers).status_code == 204


def test_a_file_that_a_record_names_stays(call, people, run):
    item = send(call, people.rep, run).json()["id"]
    Record.objects.create(run=run, form="confirmation", values={"evidence": [item]}, created_at=NOW)
    one = call(people.rep)
    answer = one.client.delete(f"/api/v1/files/{item}", headers=one.headers)
    assert (answer.status_code, answer.json()["reasons"][0]["code"]) == (409, "file.in_use")


def test_confidential_files_are_for_the_deals_team(call, people, run):
    item = send(call, people.rep, run, confidential="true").json()["id"]
    assert call(people.rep).get(f"/files/{item}").json()["confidential"] is True
    mate = call(people.mate)
    assert mate.get(f"/files/{item}").status_code == 404
    assert mate.get(f"/files?run={run.pk}").json()["items"] == []


def test_the_same_key_gives_the_same_answer_and_another_file_is_refused(call, people, run):
    key = {"Idempotency-Key": "k-1"}
    first = send(call, people.rep, run, headers=key)
    again = send(call, people.rep, run, headers=key)
    assert (again.json(), again["Idempotent-Replay"]) == (first.json(), "true")
    assert send(call, people.rep, run, PNG + b"2", headers=key).status_code == 422
