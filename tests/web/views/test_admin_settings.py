import pytest
from aiosmtpd.controller import Controller
from django.core import mail

from fairway.leads.models import Source
from fairway.leads.queries import source_titles
from fairway.people.models import AuditEntry
from fairway.runs.models import ClockState, Job
from fairway.sops.calendars import table_of
from tests.fixtures_runs import NOW
from tests.ports import free_port

pytestmark = pytest.mark.django_db
MOST_QUERIES = 20
PAGES = ("/administration/calendar", "/administration/sources", "/administration/mail", "/administration/outbox")
NEW = {"title_zh": "路演", "title_en": "Road show", "family": "offline"}


@pytest.fixture
def admin(sops, people, client):
    client.force_login(people.admin)
    return client


@pytest.fixture
def source(db):
    return Source.objects.create(key="offline.road-show", **NEW)


def dead_job(number=1):
    return Job.objects.create(
        kind="mail", key=f"mail:{number}", status=Job.DEAD, created_at=NOW, due_at=NOW, tries=16, error="no such box"
    )


def text_of(answer):
    return answer.content.decode()


def test_each_page_opens_for_an_administrator_within_its_queries(admin, source, django_assert_max_num_queries):
    for number in range(30):
        dead_job(number)
    for address in PAGES:
        admin.get(address)
        with django_assert_max_num_queries(MOST_QUERIES):
            assert admin.get(address).status_code == 200, address


@pytest.mark.parametrize("who", ["rep", "manager"])
def test_nobody_else_enters_or_changes(sops, people, client, source, who):
    client.force_login(getattr(people, who))
    job = dead_job()
    ClockState.objects.create(pk=1, held_since=NOW, held_from=NOW)
    changes = (f"sources/{source.pk}", f"sources/{source.pk}/activate", f"outbox/{job.pk}/replay", "clocks/release")
    for address in PAGES:
        assert client.get(address).status_code == 403, address
        assert client.post(address, NEW | {"title_en": "Other"}).status_code in (403, 405), address
    for address in changes:
        assert client.post(f"/administration/{address}", NEW).status_code == 403, address
    assert Source.objects.get() == source
    assert source.active
    assert Job.objects.get(pk=job.pk).status == Job.DEAD
    assert ClockState.objects.get().held_since == NOW
    assert not mail.outbox
    assert not AuditEntry.objects.filter(subject_kind__in=("source", "job", "clock")).exists()


# -- sources -----------------------------------------------------------------------------------------------------------


def test_a_source_is_added_with_a_key_of_its_family_and_put_on_record(admin):
    assert admin.post("/administration/sources", NEW).status_code == 302
    added = Source.objects.get()
    assert added.key == "offline.road-show"
    assert added.key in source_titles()
    entry = AuditEntry.objects.get(action="source.added")
    assert entry.after["title_zh"] == "路演"


@pytest.mark.parametrize(
    "wrong",
    [{"title_zh": ""}, {"title_en": "  "}, {"title_zh": "展会"}, {"title_en": "trade FAIR"}, {"family": "other"}],
)
def test_what_is_missing_or_taken_is_said_at_its_field_and_kept(admin, wrong):
    answer = admin.post("/administration/sources", NEW | wrong)
    assert answer.status_code == 422
    assert "fy-field__error" in text_of(answer)
    assert not Source.objects.exists()


def test_a_source_is_renamed_and_saving_the_same_again_writes_nothing(admin, source):
    for _ in range(2):
        admin.post(f"/administration/sources/{source.pk}", NEW | {"title_zh": "巡展"})
    source.refresh_from_db()
    assert source.title_zh == "巡展"
    assert source.key == "offline.road-show"
    assert AuditEntry.objects.filter(action="source.changed").count() == 1


def test_a_source_out_of_use_is_no_longer_offered_and_comes_back(admin, source):
    address = f"/administration/sources/{source.pk}/activate"
    admin.post(address)
    source.refresh_from_db()
    assert not source.active
    admin.post(address, {"active": "1"})
    source.refresh_from_db()
    assert source.active
    actions = list(AuditEntry.objects.filter(subject_kind="source").order_by("id").values_list("action", flat=True))
    assert actions == ["source.deactivated", "source.reactivated"]


# -- mail --------------------------------------------------------------------------------------------------------------


def test_a_test_mail_goes_to_oneself_and_the_folder_is_named(admin, people, settings, tmp_path):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path / "written")
    page = text_of(admin.post("/administration/mail"))
    assert str(tmp_path / "written") in page
    written = [file.read_text("utf-8") for file in (tmp_path / "written").iterdir()]
    assert len(written) == 1
    assert people.admin.email in written[0]


def test_a_server_that_is_not_there_is_told_and_no_password_is_shown(admin, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "fairway", "very secret"
    answer = admin.post("/administration/mail")
    page = text_of(answer)
    assert answer.status_code == 200
    assert "ConnectionRefusedError" in page
    assert f"127.0.0.1:{settings.EMAIL_PORT}" in page
    assert "very secret" not in page


class Refusing:
    """A mail server that takes mail for nobody at `refused`."""

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 (the library's name)
        if "taken" not in address:
            return "550 no such box here"
        envelope.rcpt_tos.append(address)
        return "250 fine"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 (the library's name)
        return "250 queued as 4711"


@pytest.mark.parametrize(
    ("address", "said"), [("taken@example.com", "250 queued as 4711"), ("no@example.com", "550 no")]
)
def test_the_answer_of_the_server_is_shown_word_for_word(admin, people, settings, address, said):
    people.admin.email = address
    people.admin.save(update_fields=["email"])
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    server = Controller(Refusing(), hostname="127.0.0.1", port=settings.EMAIL_PORT)
    server.start()
    try:
        assert said in text_of(admin.post("/administration/mail"))
    finally:
        server.stop()


# -- outbox ------------------------------------------------------------------------------------------------------------


def test_a_dead_job_shows_its_error_and_is_tried_again_once(admin):
    job = dead_job()
    assert "no such box" in text_of(admin.get("/administration/outbox"))
    for _ in range(2):
        admin.post(f"/administration/outbox/{job.pk}/replay")
    job.refresh_from_db()
    assert (job.status, job.tries, job.error) == (Job.WAITING, 0, "")
    assert AuditEntry.objects.filter(action="job.replayed").count() == 1


def test_held_clocks_are_shown_and_released_on_record(admin, people):
    ClockState.objects.create(pk=1, held_since=NOW, held_from=NOW)
    assert "/administration/clocks/release" in text_of(admin.get("/administration/outbox"))
    for _ in range(2):
        admin.post("/administration/clocks/release")
    state = ClockState.objects.get()
    assert state.held_since is None
    assert state.released_by == people.admin
    assert AuditEntry.objects.filter(action="clocks.released").count() == 1
    assert "/administration/clocks/release" not in text_of(admin.get("/administration/outbox"))


# -- calendar ----------------------------------------------------------------------------------------------------------

YEAR = "/administration/calendar/china/2028"


def holiday(number=0, **changes):
    row = {"zh": "春节", "en": "Spring Festival", "first": "2028-01-25", "last": "2028-01-31", "work": "2028-01-22"}
    return {f"{name}-{number}": value for name, value in (row | changes).items()} | {"revision": 0}


def test_a_year_is_announced_under_the_name_that_the_holiday_has(admin):
    assert admin.post(YEAR, holiday()).status_code == 302
    table, revision = table_of("china")
    assert table["years"]["2028"] == {"spring": {"off": "2028-01-25..2028-01-31", "work": ["2028-01-22"]}}
    assert revision == 1
    assert Job.objects.filter(kind="reckon_clocks").count() == 1
    admin.post(YEAR, holiday() | {"revision": 1})
    assert AuditEntry.objects.filter(action="calendar.changed").count() == 1
    assert "2028-01-25" in text_of(admin.get("/administration/calendar"))


def test_a_holiday_of_the_firms_own_gets_a_key_and_both_names(admin):
    admin.post(YEAR, holiday(zh="司庆", en="Founders' Day", last="", work=""))
    table, _revision = table_of("china")
    assert table["years"]["2028"] == {"founders-day": {"off": "2028-01-25"}}
    assert table["names"]["founders-day"] == {"zh-hans": "司庆", "en": "Founders' Day"}


@pytest.mark.parametrize(
    "wrong", [{"en": ""}, {"first": ""}, {"first": "2028-02-31"}, {"last": "2028-01-20"}, {"work": "2028-01-26"}]
)
def test_what_is_wrong_with_a_year_is_said_and_kept(admin, wrong):
    answer = admin.post(YEAR, holiday(**wrong))
    assert answer.status_code == 422
    assert "春节" in text_of(answer)
    assert table_of("china")[1] == 0


def test_the_second_of_two_administrators_keeps_both(admin):
    admin.post(YEAR, holiday())
    answer = admin.post(YEAR, holiday(last="2028-02-02"))
    page = text_of(answer)
    assert answer.status_code == 409
    assert 'value="2028-02-02"' in page
    assert "2028-01-31" in page
    assert admin.post(YEAR, holiday(last="2028-02-02") | {"revision": 1}).status_code == 302
    assert table_of("china")[0]["years"]["2028"]["spring"]["off"] == "2028-01-25..2028-02-02"


def test_a_year_is_taken_out_again(admin):
    admin.post(YEAR, holiday())
    admin.post(f"{YEAR}/remove", {"revision": 0})
    assert "2028" in table_of("china")[0]["years"]
    admin.post(f"{YEAR}/remove", {"revision": 1})
    assert "2028" not in table_of("china")[0]["years"]


def test_only_administrators_change_when_the_firm_works(sops, people, client):
    client.force_login(people.manager)
    assert client.get("/administration/calendar").status_code == 403
    assert client.post(YEAR, holiday()).status_code == 403
    assert table_of("china")[1] == 0


def test_what_was_changed_reads_as_words(admin):
    admin.cookies["django_language"] = "en"
    admin.post(YEAR, holiday())
    page = text_of(admin.get("/administration/changes"))
    assert "Working days changed" in page
    assert "2028 spring off 2028-01-25..2028-01-31 work 2028-01-22" in page
