from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from fairway import backups
from fairway.catalog.models import Product
from fairway.leads.actions import register_lead
from fairway.leads.campaigns import campaign_rows
from fairway.leads.models import Lead, Source
from fairway.leads.queries import source_titles
from fairway.people.actions.tokens import create_token
from fairway.people.models import ApiToken, AuditEntry, User
from fairway.runs.actions import close
from fairway.runs.models import ClockState, Job
from fairway.runs.queries.reasons import reasons_used
from fairway.sops.calendars import table_of
from fairway.sops.queries import retired
from fairway.transfer.reading import preview, read
from tests.fixtures_runs import LEAD, NOW
from tests.ports import free_port

pytestmark = pytest.mark.django_db
MOST_QUERIES = 20
PAGES = tuple(
    f"/administration/{name}"
    for name in ("calendar", "calendar/china/hours", "sources", "mail", "outbox", "products", "reasons", "tokens",
                 "backups", "settings", "changes", "roles")
)  # fmt: skip
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


# -- working hours -----------------------------------------------------------------------------------------------------

HOURS = "/administration/calendar/china/hours"
WEEK = dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat"), "8:30–12:00，13:00-17:30")


def test_working_hours_are_changed_as_people_write_them(admin):
    assert admin.post(HOURS, WEEK | {"zone": "Asia/Shanghai", "revision": 0}).status_code == 302
    table, revision = table_of("china")
    assert table["week"]["mon"] == ["08:30-12:00", "13:00-17:30"]
    assert "sun" not in table["week"]
    assert revision == 1
    assert admin.post(HOURS, WEEK | {"zone": "Asia/Shanghai", "revision": 0, "sat": ""}).status_code == 409
    assert admin.post(HOURS, {"mon": "9 to 5", "zone": "Asia/Shanghai", "revision": 1}).status_code == 422
    assert table_of("china")[1] == 1


# -- products and campaigns --------------------------------------------------------------------------------------------

PRODUCT = {"name": "高级排产", "code": "APS-1", "unit": "套", "list_price": "128000.50", "currency": "CNY"}


def test_a_product_is_added_changed_and_taken_out_of_use_on_record(admin):
    admin.post("/administration/products", PRODUCT)
    product = Product.objects.get()
    assert product.list_price == 12_800_050
    assert "128,000.50" in text_of(admin.get("/administration/products?q=aps"))
    assert admin.post("/administration/products", PRODUCT | {"code": "aps-1"}).status_code == 422
    for _ in range(2):
        admin.post(f"/administration/products/{product.pk}", PRODUCT | {"name": "排产"})
    admin.post(f"/administration/products/{product.pk}/activate")
    product.refresh_from_db()
    assert (product.name, product.active) == ("排产", False)
    assert AuditEntry.objects.filter(action="product.changed").count() == 2


@pytest.mark.parametrize("wrong", [{"name": ""}, {"code": "空 格"}, {"list_price": "-1"}, {"list_price": "1.234"}])
def test_what_is_wrong_with_a_product_is_said_at_its_field(admin, wrong):
    answer = admin.post("/administration/products", PRODUCT | wrong)
    assert answer.status_code == 422
    assert "fy-field__error" in text_of(answer)
    assert not Product.objects.exists()


def test_a_campaign_shows_what_its_leads_cost(admin, people):
    campaign = {"do": "campaign", "name": "春季展会", "source": "offline.fair", "cost": "900", "currency": "CNY"}
    assert admin.post("/administration/sources", campaign).status_code == 302
    for number in range(3):
        values = {**LEAD, "contact_phone": f"1380000{number:04d}", "company_name": f"客户{number}"}
        lead = register_lead(values, by=people.rep, owner=people.rep, now=NOW)
        Lead.objects.filter(pk=lead.pk).update(campaign="春季展会")
    [row] = campaign_rows()
    assert (row.leads, row.deals, row.each) == (3, 0, 30_000)
    assert "春季展会" in text_of(admin.get("/administration/sources"))
    late = campaign | {"starts_on": "2026-03-05", "ends_on": "2026-03-01"}
    assert admin.post(f"/administration/campaigns/{row.campaign.pk}", late).status_code == 422


# -- reasons, tokens, backups ------------------------------------------------------------------------------------------


def test_reasons_are_shown_with_their_use(admin, people):
    lead = register_lead(LEAD, by=people.rep, owner=people.rep, now=NOW)
    close(lead.run_id, outcome="recycled", reason="dormant", by=people.rep, now=NOW)
    used = {(row.sop, row.reason): row.count for row in reasons_used() if row.count}
    assert used == {("new-business", "dormant"): 1}
    assert admin.get("/administration/reasons").status_code == 200


def test_every_token_is_seen_and_any_can_be_revoked(admin, people):
    token, _clear = create_token(
        people.rep, name="Nightly", scopes=["leads:read"], expires_at=NOW + timedelta(days=90), by=people.rep, now=NOW
    )
    ApiToken.objects.filter(pk=token.pk).update(expires_at=timezone.now() + timedelta(days=9))
    assert "Nightly" in text_of(admin.get("/administration/tokens"))
    admin.post(f"/administration/tokens/{token.pk}/revoke")
    token.refresh_from_db()
    assert token.revoked_at is not None
    assert "Nightly" not in text_of(admin.get("/administration/tokens"))
    assert "Nightly" in text_of(admin.get("/administration/tokens?state=all"))


def test_a_backup_is_made_listed_downloaded_and_deleted_on_record(admin, monkeypatch, tmp_path):
    monkeypatch.setenv("FAIRWAY_HOME", str(tmp_path))
    monkeypatch.setattr(backups, "make", lambda target, now: target.write_bytes(b"archive") and [target])
    assert "fy-note" in text_of(admin.get("/administration/backups"))
    admin.post("/administration/backups/make")
    [kept] = backups.kept()
    assert kept.path.name in text_of(admin.get("/administration/backups"))
    assert b"".join(admin.get(f"/administration/backups/{kept.path.name}").streaming_content) == b"archive"
    assert admin.get("/administration/backups/secret_key").status_code == 404
    admin.post(f"/administration/backups/{kept.path.name}/delete")
    assert backups.kept() == []
    made = list(AuditEntry.objects.filter(subject_kind="backup").order_by("id").values_list("action", flat=True))
    assert made == ["backup.made", "backup.downloaded", "backup.deleted"]


# -- audit trail -------------------------------------------------------------------------------------------------------


def test_the_audit_trail_is_searched_and_its_export_is_audited_itself(admin, people):
    admin.post("/administration/products", PRODUCT)
    admin.post("/administration/sources", NEW)
    found = text_of(admin.get("/administration/changes?q=高级排产"))
    assert "高级排产" in found
    assert "路演" not in found
    assert "路演" in text_of(admin.get(f"/administration/changes?by={people.admin.pk}&kind=source"))
    said = b"".join(admin.get("/administration/changes/export?kind=product").streaming_content).decode("utf-8-sig")
    assert "高级排产" in said
    assert len(said.splitlines()) == 2
    assert AuditEntry.objects.get(action="audit.exported").after == {"kind": "product", "rows": 1}
    assert "高级排产" not in text_of(admin.get("/administration/changes?first_day=2099-01-01"))


# -- settings file -----------------------------------------------------------------------------------------------------


def test_the_settings_file_read_in_again_changes_nothing_and_holds_no_secret(admin, people, settings):
    admin.post("/administration/products", PRODUCT)
    settings.EMAIL_HOST_PASSWORD = "very secret"
    text = text_of(admin.get("/administration/settings/download"))
    assert "very secret" not in text
    assert settings.SECRET_KEY not in text
    outcome = preview(read(text), by=people.admin, now=NOW)
    assert (outcome.changes, outcome.problems) == ([], [])


def test_what_a_settings_file_would_change_is_shown_first_and_then_done_once(admin, people):
    text = (
        "fairway: 1\nteams: [Company / Neu]\nproducts:\n- {code: X-1, name: 新品, list_price: 100}\n"
        "people:\n- {login: neu, name: 新人, team: Company / Neu, roles: [rep]}\n"
        "sops_out_of_use: [key-account]\n"
    )
    page = text_of(admin.post("/administration/settings", {"file": SimpleUploadedFile("s.yaml", text.encode())}))
    assert "新品" in page
    assert not Product.objects.exists()
    assert not User.objects.filter(username="neu").exists()
    answer = admin.post("/administration/settings", {"do": "apply", "text": text})
    assert answer.status_code == 302
    assert User.objects.get(username="neu").team.name == "Neu"
    assert retired() == {"key-account"}
    assert AuditEntry.objects.filter(action="settings.applied").count() == 1
    admin.post("/administration/settings", {"do": "apply", "text": text})
    assert AuditEntry.objects.filter(action="settings.applied").count() == 1


@pytest.mark.parametrize(
    "text",
    ["", "a: &x [1]\nb: *x", "fairway: 2", "fairway: 1\nwhat: 1", "fairway: 1\nproducts: [{code: X}]", "[" * 60, "{"],
)
def test_a_file_that_is_none_is_refused_in_words(admin, text):
    assert admin.post("/administration/settings", {"text": text}).status_code == 422


def test_one_fault_in_a_settings_file_keeps_all_of_it_out(admin):
    text = (
        "fairway: 1\nproducts:\n- {code: X-1, name: 新品}\npeople:\n- {login: x, name: X, roles: [king]}\n"
        "sops: {new-business: 'sop: x'}\n"
    )
    answer = admin.post("/administration/settings", {"do": "apply", "text": text})
    assert answer.status_code == 409
    assert "king" in text_of(answer)
    assert not Product.objects.exists()
