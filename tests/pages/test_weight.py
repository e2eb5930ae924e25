"""Each page of the registry: at most 20 queries however many rows it shows, and light on the wire."""

import logging
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

import fairway.web
from fairway.care.actions import register_complaint
from fairway.customers.actions import create_account, create_contact
from fairway.deals.actions import start_deal
from fairway.leads.actions import register_lead
from fairway.notify.models import Notice
from fairway.runs import actions
from tests.doors.world import CARD, build
from tests.fixtures_runs import LEAD
from tests.pages import walk

pytestmark = pytest.mark.django_db
MOST_QUERIES = 20
# Two records side by side, and for each table what would move with them: as many whatever is stored.
ALLOWED = {"duplicates/<slug:kind>/<int:kept_id>/<int:gone_id>": 29}
FIRST_VISIT, LATER = 300 * 1024, 50 * 1024
# Two pages carry a whole document, which alone takes 36 KB when it is compressed, and number its lines.
DOCUMENTS = {"sops/<slug:key>/text", "sops/<slug:key>/draft"}
DOCUMENT = 60 * 1024
STATIC = Path(fairway.web.__file__).parent / "static"
ASSET = re.compile(rb'(?:href|src)="/static/\w+/([^"#]+)')
logging.getLogger("django.request").setLevel(logging.CRITICAL)


def fill(world, first, last):
    """So many more of everything that is listed."""
    rep, manager, now = world.persons["rep"], world.persons["manager"], timezone.now()
    for number in range(first, last):
        values = {**LEAD, "company_name": f"公司{number}", "contact_phone": f"1370000{number:04d}"}
        lead = register_lead(values, by=rep, owner=rep, now=now - timedelta(days=3))
        actions.submit(lead.run_id, step="score", raw=CARD, by=rep, now=now)
        account = create_account({"name": f"客户{number}"}, by=rep, now=now)
        contact = create_contact(account.pk, {"name": f"联系人{number}"}, by=rep, now=now)
        start_deal("repurchase", account=account, contact=contact, name=f"二期{number}", owner=rep, by=rep, now=now)
        complaint = {"account": str(account.pk), "category": "quality", "severity": "normal", "channel": "phone"}
        register_complaint({**complaint, "content": "x", "complainant": "李"}, by=rep, now=now)
        for user in (rep, manager):
            Notice.objects.create(user=user, key=f"n{number}", code="told", at=now)


@pytest.fixture
def world(sops):
    return build()


def test_every_page_takes_at_most_20_queries_and_50_kb_with_10_rows_and_with_60(world):
    pages, heavy = walk.pages(world), []
    for first, last in ((0, 10), (10, 60)):
        fill(world, first, last)
        clients = walk.clients(world)
        for page in pages:
            with CaptureQueriesContext(connection) as queries:
                response = clients[page.opener].get(page.url)
            asked = [one["sql"] for one in queries if not one["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN"))]
            if len(asked) > ALLOWED.get(page.pattern, MOST_QUERIES):
                heavy.append(f"{page.url} ({page.opener}, {last} rows): {len(asked)} queries")
            if len(response.content) > (DOCUMENT if page.pattern in DOCUMENTS else LATER):
                heavy.append(f"{page.url} ({page.opener}, {last} rows): {len(response.content)} bytes")
            if (weight := len(response.content) + assets_of(clients[page.opener], page)) > FIRST_VISIT:
                heavy.append(f"{page.url}: {weight} bytes at first visit")
    assert len(pages) > 60
    assert not heavy, "\n".join(heavy)


def assets_of(client, page):
    """The bytes of what the page links to, as they are sent."""
    html = client.get(page.url, headers={"Accept-Encoding": "identity"}).content
    files = {STATIC / one.decode() for one in ASSET.findall(html)}
    return sum(min((f.stat().st_size for f in (file, file.with_name(f"{file.name}.br")) if f.is_file()), default=0)
               for file in files)  # fmt: skip
