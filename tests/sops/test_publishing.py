"""Publishing: checked, frozen, on record; drafts for two editors; rolling back; the library; working calendars."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from fairway.engine.duration import Duration, after
from fairway.engine.findings import DocumentRefused
from fairway.people.errors import Forbidden, Refused
from fairway.people.models import AuditEntry
from fairway.sops import queries, shipped
from fairway.sops.actions import (
    discard_draft,
    install_library,
    publish,
    publish_draft,
    roll_back,
    save_calendar,
    save_draft,
    set_year,
)
from fairway.sops.calendars import calendar_of, register_listener, table_of
from fairway.sops.checking import as_json, check_text
from fairway.sops.errors import NotPublishable, Stale
from fairway.sops.models import Frozen, SopDraft, SopVersion, WorkCalendar
from fairway.sops.programs import program_of

SPRING_2028 = {"spring": {"off": "2028-01-25..2028-01-31", "work": ["2028-01-22"]}}


# -- versions ----------------------------------------------------------------------------------------------------------


def test_a_manager_publishes_and_new_runs_take_it(people, plain, now):
    version = publish(plain, note="First", by=people.manager, now=now)
    assert (version.key, version.number, version.subject) == ("plain", 1, "deal")
    assert (version.title_zh, version.title_en, version.note) == ("简单流程", "Plain", "First")
    assert queries.current("plain") == version
    assert program_of(version.pk).sop.sop == "plain"


def test_publishing_is_on_record(people, plain, now):
    publish(plain, by=people.manager, now=now)
    second = publish(plain.replace("14d", "7d"), note="Faster", by=people.admin, now=now)
    entry = AuditEntry.objects.get(subject_id=second.pk, subject_kind="sop")
    assert (entry.action, entry.by, entry.at, entry.subject_name) == ("sop.published", people.admin, now, "plain 2")
    assert entry.before["version"] == 1
    assert entry.after == {"version": 2, "digest": second.digest, "note": "Faster"}


def test_publishing_the_same_again_changes_nothing(people, plain, now):
    first = publish(plain, by=people.manager, now=now)
    assert publish("# a comment\n" + plain, by=people.manager, now=now + timedelta(days=1)) == first
    assert SopVersion.objects.count() == 1
    assert AuditEntry.objects.filter(subject_kind="sop").count() == 1


@pytest.mark.parametrize("who", ["rep", "product", "support", "legal", "finance", "service"])
def test_others_may_not_publish(people, plain, now, who):
    user = getattr(people, who)
    for forbidden in (
        lambda: publish(plain, by=user, now=now),
        lambda: save_draft("plain", plain, by=user, now=now),
        lambda: publish_draft("plain", revision=1, by=user, now=now),
        lambda: discard_draft("plain", revision=1, by=user, now=now),
    ):
        with pytest.raises(Forbidden):
            forbidden()
    assert not SopVersion.objects.exists()
    assert not SopDraft.objects.exists()
    assert not AuditEntry.objects.filter(subject_kind="sop").exists()


def test_a_document_with_mistakes_is_refused_with_all_of_them(people, plain, now):
    wrong = plain.replace("form: note\n", "form: notes\n").replace("role: rep\n", "role: reps\n")
    with pytest.raises(NotPublishable) as caught:
        publish(wrong, by=people.manager, now=now)
    assert [finding.code for finding in caught.value.findings if finding.level == "error"] == [
        "unknown-form",
        "unknown-role",
    ]
    assert not SopVersion.objects.exists()


def test_what_cannot_be_read_is_refused_with_its_line(people, now):
    with pytest.raises(NotPublishable) as caught:
        publish("sop: plain\ntitle: &a x\n", by=people.manager, now=now)
    assert [(finding.line, finding.code) for finding in caught.value.findings] == [(2, "anchor")]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("roles: [rep, manager]", "roles: [rep, manager, wizard]", "unknown-role"),
        ("subject: deal", "subject: deal\ncalendar: moon", "unknown-calendar"),
        ("clock: {stay: 14d}", "clock: {stay: 14d}\n    enter: [{start: nowhere}]", "unknown-sop"),
        ("sop: plain", "sop: other", "other-key"),
    ],
)
def test_what_only_this_installation_can_say_is_found_too(db, plain, old, new, code):
    assert old in plain
    _, findings = check_text(plain.replace(old, new), key="plain")
    assert [finding.code for finding in findings] == [code]
    assert set(as_json(findings[0])["message"]) == {"en", "zh-hans"}


def test_the_subject_of_a_procedure_stays(people, plain, now):
    publish(plain, by=people.manager, now=now)
    _, findings = check_text(plain.replace("subject: deal", "subject: account"), key="plain")
    assert [finding.code for finding in findings] == ["other-subject"]


def test_a_published_version_never_changes(people, plain, now):
    version = publish(plain, by=people.manager, now=now)
    version.text = "x"
    for change in (
        version.save,
        version.delete,
        lambda: SopVersion.objects.update(text="x"),
        lambda: SopVersion.objects.all().delete(),
        lambda: SopVersion.objects.bulk_update([version], ["text"]),
    ):
        with pytest.raises(Frozen), transaction.atomic():
            change()
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE sops_sopversion SET text = 'x'")
    assert SopVersion.objects.get().text == plain


def test_rolling_back_publishes_the_old_text_as_a_new_version(people, plain, now):
    first = publish(plain, by=people.manager, now=now)
    publish(plain.replace("14d", "7d"), by=people.manager, now=now)
    third = roll_back(first, by=people.manager, now=now)
    assert (third.number, third.digest, third.note) == (3, first.digest, "Back to version 1")
    assert queries.current("plain") == third
    assert AuditEntry.objects.get(subject_id=third.pk, subject_kind="sop").action == "sop.rolled_back"
    assert roll_back(first, by=people.manager, now=now) == third
    with pytest.raises(Forbidden):
        roll_back(first, by=people.rep, now=now)


def test_a_number_taken_at_the_same_moment_is_told(people, plain, now, monkeypatch):
    publish(plain, by=people.manager, now=now)
    monkeypatch.setattr("fairway.sops.actions.publishing.current", lambda key: None)
    with pytest.raises(Refused) as caught:
        publish(plain.replace("14d", "7d"), by=people.manager, now=now)
    assert caught.value.reasons[0].code == "taken"
    assert SopVersion.objects.count() == 1


def test_of_two_publishers_the_second_is_told_who_was_first(people, plain, now):
    publish(plain, after=0, by=people.manager, now=now)
    publish(plain.replace("14d", "7d"), after=1, by=people.director, now=now)
    save_draft("plain", plain.replace("14d", "3d"), by=people.manager, now=now)
    for late in (
        lambda: publish(plain.replace("14d", "3d"), after=1, by=people.manager, now=now),
        lambda: publish_draft("plain", revision=1, after=1, by=people.manager, now=now),
    ):
        with pytest.raises(Stale) as caught:
            late()
        assert (caught.value.revision, caught.value.who, caught.value.when) == (2, "Director", now)
    assert queries.current("plain").number == 2
    assert publish_draft("plain", revision=1, after=2, by=people.manager, now=now).number == 3


def test_programs_are_built_once_and_kept_by_version(people, plain, now, django_assert_num_queries):
    first = publish(plain, by=people.manager, now=now)
    second = publish(plain.replace("14d", "7d"), by=people.manager, now=now)
    assert program_of(first.pk).sop != program_of(second.pk).sop
    with django_assert_num_queries(0):
        assert program_of(first.pk) is program_of(first.pk)


def test_lists_cost_the_same_however_many_there_are(people, plain, now, django_assert_num_queries):
    for days in range(2, 6):
        publish(plain.replace("14d", f"{days}d"), by=people.manager, now=now)
    publish(plain.replace("sop: plain", "sop: other"), by=people.manager, now=now)
    with django_assert_num_queries(1):
        assert [(v.key, v.number, str(v.published_by)) for v in queries.current_versions()] == [
            ("other", 1, "Manager"),
            ("plain", 4, "Manager"),
        ]
    with django_assert_num_queries(1):
        assert [v.number for v in queries.versions("plain")] == [4, 3, 2, 1]


# -- drafts ------------------------------------------------------------------------------------------------------------


def test_a_draft_may_hold_mistakes_and_is_published_when_they_are_mended(people, plain, now):
    draft = save_draft("plain", "sop: [", revision=0, by=people.manager, now=now)
    with pytest.raises(NotPublishable):
        publish_draft("plain", revision=draft.revision, by=people.manager, now=now)
    draft = save_draft("plain", plain, note="Mended", revision=draft.revision, by=people.manager, now=now)
    version = publish_draft("plain", revision=draft.revision, by=people.manager, now=now)
    assert (version.number, version.note) == (1, "Mended")
    assert queries.draft("plain") is None


def test_saving_the_same_draft_twice_writes_once(people, plain, now):
    first = save_draft("plain", plain, by=people.manager, now=now)
    again = save_draft("plain", plain, by=people.admin, now=now + timedelta(hours=1))
    assert (again.revision, again.author, again.updated_at) == (first.revision, people.manager, now)


def test_of_two_editors_the_second_is_told_who_was_first(people, plain, now):
    save_draft("plain", plain, revision=0, by=people.manager, now=now)
    save_draft("plain", plain + "# one\n", revision=1, by=people.director, now=now)
    for late in (
        lambda: save_draft("plain", plain + "# two\n", revision=1, by=people.manager, now=now),
        lambda: publish_draft("plain", revision=1, by=people.manager, now=now),
        lambda: discard_draft("plain", revision=1, by=people.manager, now=now),
        lambda: save_draft("plain", plain + "# two\n", revision=0, by=people.manager, now=now),
    ):
        with pytest.raises(Stale) as caught:
            late()
        assert (caught.value.revision, caught.value.who, caught.value.when) == (2, "Director", now)
    assert queries.draft("plain").text == plain + "# one\n"


def test_a_draft_that_was_published_meanwhile_is_not_saved_over(people, plain, now):
    save_draft("plain", plain, revision=0, by=people.manager, now=now)
    publish_draft("plain", revision=1, by=people.manager, now=now)
    with pytest.raises(Stale):
        save_draft("plain", plain + "# more\n", revision=1, by=people.director, now=now)
    with pytest.raises(Refused):
        publish_draft("plain", revision=1, by=people.manager, now=now)


def test_a_draft_is_thrown_away_and_twice_is_as_well(people, plain, now):
    save_draft("plain", plain, by=people.manager, now=now)
    assert [draft.key for draft in queries.drafts()] == ["plain"]
    for _ in range(2):
        discard_draft("plain", revision=1, by=people.manager, now=now)
    assert queries.drafts() == []


@pytest.mark.parametrize(
    ("key", "text", "codes"),
    [
        ("Plain One", "x", ["key"]),
        ("plain", "字" * 400_000, ["too_large"]),
        ("plain", "a\x00b", ["characters"]),
        ("", "\ud800", ["key", "characters"]),
    ],
)
def test_what_cannot_be_kept_is_refused(people, now, key, text, codes):
    with pytest.raises(Refused) as caught:
        save_draft(key, text, by=people.manager, now=now)
    assert [reason.code for reason in caught.value.reasons] == codes
    assert not SopDraft.objects.exists()


# -- the library -------------------------------------------------------------------------------------------------------


def test_the_library_is_published_once_and_what_the_firm_published_is_left_alone(people, plain, now, monkeypatch):
    own = publish(plain, by=people.manager, now=now)
    texts = {"plain": plain.replace("14d", "1d"), "second": plain.replace("sop: plain", "sop: second")}
    monkeypatch.setattr(shipped, "keys", lambda: tuple(texts))
    monkeypatch.setattr(shipped, "document", texts.__getitem__)
    assert [(version.key, version.number) for version in install_library(now=now)] == [("second", 1)]
    assert install_library(now=now) == []
    assert queries.current("plain") == own
    assert AuditEntry.objects.get(subject_kind="sop", action="sop.installed").by is None


def test_a_shipped_document_that_cannot_run_is_reported_and_the_others_are_published(
    db, plain, now, monkeypatch, caplog
):
    texts = {
        "plain": plain.replace("form: note\n", "form: notes\n"),
        "second": plain.replace("sop: plain", "sop: second"),
    }
    monkeypatch.setattr(shipped, "keys", lambda: tuple(texts))
    monkeypatch.setattr(shipped, "document", texts.__getitem__)
    assert [version.key for version in install_library(now=now)] == ["second"]
    assert "plain/sop.yaml:18:" in caplog.text


def test_a_shipped_document_about_what_no_app_serves_is_passed_over(db, plain, now, monkeypatch):
    text = plain.replace("outcome: won", "gate: {fact: moon.full, is: true}\n    outcome: won", 1)
    monkeypatch.setattr(shipped, "keys", lambda: ("plain",))
    monkeypatch.setattr(shipped, "document", lambda key: text)
    assert install_library(now=now) == []


def test_every_shipped_folder_holds_a_document_of_its_own_key():
    assert shipped.keys()
    for key in shipped.keys():  # noqa: SIM118 (no mapping)
        assert f"\nsop: {key}\n" in "\n" + shipped.document(key)
    with pytest.raises(KeyError):
        shipped.document("../../etc")


# -- calendars ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def heard(monkeypatch):
    """What the listeners of calendars heard."""
    calls = []
    monkeypatch.setattr("fairway.sops.calendars._listeners", {})
    register_listener("test", lambda key, *, by, now: calls.append((key, by, now)))
    return calls


def test_without_a_table_of_the_firm_the_shipped_calendar_holds(db):
    assert calendar_of("china").announces(2026)
    assert table_of("china")[1] == 0
    with pytest.raises(KeyError):
        calendar_of("moon")


def test_a_year_is_put_in_once_it_is_announced_and_clocks_are_reckoned_anew(people, now, heard):
    start = datetime(2028, 1, 24, 2, 0, tzinfo=UTC)
    assert after(start, Duration(1, "wd"), calendar_of("china")).provisional
    set_year("china", 2028, SPRING_2028, by=people.admin, now=now)
    due = after(start, Duration(1, "wd"), calendar_of("china"))
    assert not due.provisional
    assert due.at.date() == date(2028, 2, 1)
    assert heard == [("china", people.admin, now)]
    entry = AuditEntry.objects.get(subject_kind="calendar")
    assert (entry.action, entry.subject_name) == ("calendar.changed", "china")
    assert "2028" in entry.after["years"]
    assert "2028" not in entry.before["years"]


def test_saving_the_same_calendar_twice_writes_once(people, now, heard):
    for _ in range(2):
        set_year("china", 2028, SPRING_2028, by=people.admin, now=now)
    assert WorkCalendar.objects.get().revision == 1
    assert len(heard) == 1


def test_a_year_is_taken_out_again(people, now, heard):
    set_year("china", 2028, SPRING_2028, by=people.admin, now=now)
    set_year("china", 2028, None, by=people.admin, now=now)
    assert not calendar_of("china").announces(2028)


def test_only_an_administrator_changes_calendars(people, now, heard):
    with pytest.raises(Forbidden):
        set_year("china", 2028, SPRING_2028, by=people.manager, now=now)
    assert not WorkCalendar.objects.exists()
    assert heard == []


def test_a_table_that_contradicts_itself_is_refused(people, now, heard):
    with pytest.raises(DocumentRefused):
        set_year("china", 2028, {"spring": {"off": "2028-13-45"}}, by=people.admin, now=now)
    with pytest.raises(DocumentRefused):
        set_year("china", 2028, {"moon_day": {"off": "2028-01-25"}}, by=people.admin, now=now)
    assert not WorkCalendar.objects.exists()


def test_a_firm_has_calendars_of_its_own(people, now, heard):
    table = table_of("china")[0] | {"week": {"mon": ["08:00-12:00"]}}
    save_calendar("short", table, revision=0, by=people.admin, now=now)
    assert calendar_of("short").hours(date(2026, 3, 2)) == ((480, 720),)
    with pytest.raises(Stale) as caught:
        save_calendar("short", table | {"zone": "UTC"}, revision=0, by=people.admin, now=now)
    assert (caught.value.revision, caught.value.who) == (1, "Admin")


def test_a_new_holiday_may_bring_its_name(people, now, heard):
    names = {"founding": {"zh-hans": "司庆", "en": "Founding Day"}}
    set_year("china", 2028, {"founding": {"off": "2028-05-08"}}, names=names, by=people.admin, now=now)
    assert calendar_of("china").holidays[date(2028, 5, 8)] == names["founding"]
