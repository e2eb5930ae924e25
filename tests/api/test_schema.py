"""Every operation of the API against its own description: whatever is sent, no 5xx and nothing undocumented.

FAIRWAY_EXAMPLES sets the number of examples for each operation, 8 without.
"""

import os
from datetime import UTC, datetime, timedelta

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, assume, given, settings
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import FailureGroup
from schemathesis.generation import GenerationMode

from fairway.care.actions import register_complaint
from fairway.customers.actions import create_account, create_contact
from fairway.deals.actions import start_deal
from fairway.people.models import ApiToken
from fairway.people.scopes import SCOPES
from fairway.people.tokens import new_secret
from fairway.runs import actions
from fairway.runs.models import Event, Record, Task
from fairway.wsgi import application

EXAMPLES = int(os.environ.get("FAIRWAY_EXAMPLES", "0")) or 8
REFUSED = ["400", "401", "403", "404", "409", "412", "413", "415", "422"]
# A request of the right shape may still be refused: by the SOP, by a form, by who one is.
CHECKS = {
    "positive_data_acceptance": {"expected-statuses": ["2xx", *REFUSED]},
    "negative_data_rejection": {"expected-statuses": REFUSED},
}
schema = schemathesis.openapi.from_wsgi(
    "/api/v1/openapi.json", application, config=SchemathesisConfig.from_dict({"checks": CHECKS})
)
OPERATIONS = [found.ok() for found in schema.get_all_operations()]
SECRET = new_secret()
here = {}


@pytest.fixture(autouse=True)
def _the_connection_stays():
    """The end of a request must not close the connection whose transaction is the test's."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def company_under_way(sops, people, lead):
    """One of everything, under way, and a manager's token."""
    now, by = datetime.now(UTC), people.manager
    actions.submit(
        lead.run_id, step="score", raw={"fit_score": 4, "budget_score": 4, "urgency_score": 3}, by=people.rep, now=now
    )
    account = create_account({"name": "宁波远航"}, by=by, now=now)
    contact = create_contact(account.pk, {"name": "李"}, by=by, now=now)
    deal = start_deal("repurchase", account=account, contact=contact, name="二期", owner=by, by=by, now=now)
    complaint = register_complaint(
        {"account": str(account.pk), "category": "delivery", "severity": "normal", "channel": "phone",
         "content": "晚了三天", "complainant": "李"},
        by=by, now=now,
    )  # fmt: skip
    ApiToken.objects.create(
        user=by, name="t", prefix=SECRET.prefix, digest=SECRET.digest, scopes=list(SCOPES), created_at=now,
        expires_at=now + timedelta(days=1),
    )  # fmt: skip
    task = Task.objects.filter(status="open").order_by("-pk").first()
    ids = {
        "leads": lead.pk, "deals": deal.pk, "complaints": complaint.pk, "companies": account.pk,
        "contacts": contact.pk, "tasks": task.pk, "approvals": Task.objects.filter(kind="approve").latest("pk").pk,
        "records": Record.objects.latest("pk").pk, "events": Event.objects.latest("pk").pk, "users": by.pk,
    }  # fmt: skip
    here.update(ids)
    return ids


@schema.hook
def map_path_parameters(context, path_parameters):
    """Let three of four addresses be of things that are there; one that cannot be meant stays as it is."""
    item = (path_parameters or {}).get("item")
    if isinstance(item, int) and 0 < item < 2**63 and item % 4:
        resource = context.operation.path.split("/")[3]
        return {**path_parameters, "item": here.get(resource, item)}
    return path_parameters


@pytest.mark.django_db
@pytest.mark.usefixtures("company_under_way")
@pytest.mark.parametrize("resource", sorted({operation.tags[0] for operation in OPERATIONS}))
def test_operations_answer_as_described_whatever_is_sent(resource):
    failed = []
    for operation in OPERATIONS:
        if operation.tags[0] == resource:
            for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
                try:
                    play(operation, mode)
                except (Exception, FailureGroup) as failure:  # noqa: BLE001 - all are shown together
                    failed.append(f"{operation.label}, {mode.value}: {failure}")
    assert not failed, "\n\n".join(failed)


def is_sent(case):
    """Whether what is wrong with the request can arrive: an empty list in the address or a blank header is not sent."""
    return all(value not in (None, [], {}) for value in (case.query or {}).values()) and all(
        str(value).strip() for value in (case.headers or {}).values()
    )


def play(operation, mode):
    """Send examples that are meant so (positive) or not (negative), and hold each answer against the description."""

    @settings(
        max_examples=EXAMPLES, deadline=None, derandomize=EXAMPLES < 50, suppress_health_check=list(HealthCheck),
        database=None, phases=(Phase.generate, Phase.shrink) if EXAMPLES > 50 else (Phase.generate,),
    )  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode))
    def holds(case):
        assume(mode is GenerationMode.POSITIVE or is_sent(case))
        case.call_and_validate(headers={"Authorization": f"Bearer {SECRET.clear}"})

    holds()
