"""The main job, in a real browser: a file of leads comes in, one is carried through every stage to the last payment.

Each on their own desk: rep, manager, product, support, legal, finance, and the customer without an account. A picture
of each stage is kept under artefacts/.
"""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from fairway.demo import papers
from fairway.demo.customers import customer
from fairway.leads.models import Lead
from fairway.people.models import User
from fairway.receivables.models import Node
from fairway.runs import jobs
from fairway.runs.models import Run, Task
from fairway.runs.verify import verify
from tests.browser.desk import Desk, fresh, zh
from tests.fixtures_people import PASSWORD
from tests.intake.files import as_sent

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
BUYER = customer(7)


@pytest.fixture
def office(open_window, sops, people):
    """A desk for everybody, signed in when first needed."""
    User.objects.update(password=make_password(PASSWORD))
    desks = {}

    def desk(name):
        if name not in desks:
            desks[name] = Desk(open_window(), name, PASSWORD)
        return desks[name]

    return desk


@pytest.fixture
def as_customer(open_window, shoot):
    """Answer as the customer, on the link that stands on the rep's page."""

    def answer(desk, run, step, *, agrees=True, note=""):
        desk.open_task(run, step)
        link = desk.window.locator("#work code.fy-secret").inner_text()
        window = open_window()
        window.goto(link)
        shoot(window, f"customer-{step}")
        if note:
            window.fill("[name=note]", note)
        window.locator(f"button[name=agrees][value={'true' if agrees else 'false'}]").click()
        window.get_by_text(zh("Your answer has been kept. You may close this page.")).wait_for()
        window.context.close()

    return answer


def test_from_the_first_lead_to_the_last_payment(office, as_customer, people, shoot):
    rep, manager, finance = office("rep"), office("manager"), office("finance")

    def at(desk, name):
        desk.open_run(run)
        shoot(desk.window, name)

    # Import: the bad rows are said before anything is written; the good ones lie before the manager.
    _import(rep, shoot)
    lead = Lead.objects.get(company=BUYER.company)
    run = lead.run
    assert (run.owner, lead.phone) == (None, "+8613800001007")

    # Qualify: reviewed, assigned with its 24 hours, reached.
    assert rep.advance(run) == 409
    assert "审核" in rep.reasons()
    shoot(rep.window, "03-refused")
    assert _approve(manager, BUYER.company, shoot) == 200
    first = Task.objects.get(run=run, step="first_contact", status="open")
    assert fresh(run).owner == people.rep
    assert first.due_at - first.opened_at == timedelta(hours=24)
    at(rep, "05-assigned")
    rep.open_task(run, "first_contact")
    assert rep.press("#work", zh("Reached")) == 204
    assert rep.advance(run) == 204

    # Needs: the customer first corrects, then confirms.
    assert fresh(run).stage == "needs"
    at(rep, "06-needs")
    assert rep.submit(run, "prepare", papers.call_sheet(BUYER)) == 204
    needs = papers.talk(BUYER, datetime.now(UTC), owner=people.rep.pk)
    assert rep.submit(run, "talk", {**needs, "our_attendees": [people.rep.pk]}) == 204
    assert rep.submit(run, "decision_chain", papers.decision_chain(BUYER)) == 204
    assert rep.submit(run, "summary", papers.summary(BUYER)) == 204
    assert rep.advance(run) == 409
    assert "客户尚未确认需求" in rep.reasons()
    as_customer(rep, run, "confirm")
    assert rep.advance(run) == 204

    # Proposal: reviewed by three, presented, objections answered.
    assert fresh(run).stage == "proposal"
    at(rep, "07-proposal")
    assert rep.submit(run, "proposal_draft", papers.proposal(BUYER)) == 204
    assert office("product").decide(run, "proposal_review") == 204
    shoot(office("product").window, "08-product")
    assert office("support").decide(run, "proposal_review") == 204
    assert rep.advance(run) == 409
    assert "评审" in rep.reasons()
    assert manager.decide(run, "proposal_review") == 204
    assert rep.submit(run, "material", {"kinds": ["slides"]}) == 204
    assert rep.submit(run, "presentation", papers.presentation(BUYER, datetime.now(UTC))) == 204
    assert rep.submit(run, "feedback", papers.feedback(BUYER)) == 204
    assert rep.submit(run, "answers", {"answer": "按同行数据，十个月收回投资"}) == 204
    assert rep.advance(run) == 204

    # Negotiation.
    assert fresh(run).stage == "negotiation"
    at(rep, "09-negotiation")
    assert rep.submit(run, "strategy", papers.strategy(BUYER)) == 204
    assert rep.submit(run, "rehearsal", papers.rehearsal(datetime.now(UTC), [people.rep.pk])) == 204
    assert rep.add(run, "rounds", papers.round_of_talks(BUYER, papers.TERMS[:2])) == 204
    assert rep.advance(run) == 409
    assert "交付时间尚未谈定" in rep.reasons()
    assert rep.add(run, "rounds", papers.round_of_talks(BUYER, papers.TERMS)) == 204
    assert rep.advance(run) == 204

    # Contract: checked, reviewed by legal and finance, released, signed by both, archived.
    assert fresh(run).stage == "contract"
    at(rep, "10-contract")
    assert rep.submit(run, "contract_draft", papers.contract(BUYER, datetime.now(UTC))) == 204
    assert office("legal").decide(run, "legal_review") == 204
    shoot(office("legal").window, "11-legal")
    assert finance.decide(run, "finance_review") == 204
    assert manager.decide(run, "release") == 204
    assert rep.advance(run) == 409
    assert "客户尚未签署" in rep.reasons()
    as_customer(rep, run, "sign")
    assert manager.decide(run, "countersign") == 204
    today = papers.day(datetime.now(UTC))
    archive = {"archive_no": "HT-001", "archived_on": today, "same_text": True}
    assert office("legal").submit(run, "archive", archive) == 204
    assert rep.advance(run) == 204

    # Delivery, with the payments beside it.
    assert fresh(run).stage == "delivery"
    at(rep, "12-delivery")
    assert rep.submit(run, "handover", papers.handover(datetime.now(UTC))) == 204
    support = office("support")
    assert _pay(finance, run, 1) == 204
    assert support.submit(run, "milestones", {"done_on": today}) == 204
    assert support.submit(run, "training", {"held_on": today, "modes": ["online"], "attendees": 5}) == 204
    assert support.submit(run, "go_live", {"golive_on": today}) == 204
    assert _pay(finance, run, 2) == 204
    as_customer(rep, run, "acceptance")
    assert rep.advance(run) == 204

    # Collection to the last payment, close.
    assert fresh(run).stage == "collection"
    at(finance, "13-collection")
    assert rep.advance(run) == 409
    assert "未结清" in rep.reasons()
    assert _pay(finance, run, 3) == 204
    assert rep.advance(run) == 204
    won = {"result": "won", "primary_reason": "product", "what_worked": ["用客户自己的数据算回报"]}
    assert rep.submit(run, "win_review", won) == 204
    assert rep.tick(run, "ask_referral") == 204
    assert rep.advance(run) == 204
    at(rep, "14-won")

    run = fresh(run)
    assert (run.outcome, run.stage) == ("won", "close")
    assert all(node.outstanding == 0 for node in Node.objects.filter(run=run))
    assert Run.objects.filter(sop="customer-care", account=run.account).count() == 1
    assert list(verify(datetime.now(UTC))) == []


def _import(desk, shoot):
    """Bring the file in as a person does: choose it, look at what becomes of each row, import, see the result."""
    page = desk.window
    page.goto("/imports")
    page.locator("main a[href='/imports/new']").first.click()
    sent = {"name": "线索.csv", "mimeType": "text/csv", "buffer": as_sent(BUYER.lead)}
    page.set_input_files("input[type=file]", sent)
    page.click(f"main form button:has-text('{zh('Read the file')}')")
    page.wait_for_url("**/imports/*")
    assert "GB18030" in page.inner_text("main")
    page.click("a[href='?only=bad']")
    for reason in ("没有线索来源", "至少", "分值应为 1 到 5"):
        assert reason in page.inner_text("main table")
    shoot(page, "01-import")
    page.click("button[name=then][value=run]")
    page.wait_for_url("**/imports/*")
    assert jobs.deliver(timezone.now())  # what the worker does
    page.locator("#import .fy-stat", has_text=zh("Imported")).get_by_text("26", exact=True).wait_for()
    assert "=HYPERLINK" in Lead.objects.get(company="公式公司").need
    shoot(page, "02-imported")


def _approve(desk, company, shoot):
    """Approve one lead in the queue of those to review. Returns the status of the answer."""
    desk.window.goto("/leads/review")
    row = desk.window.locator("main tbody tr", has_text=company)
    shoot(desk.window, "04-review")
    with desk.window.expect_response(lambda response: response.request.method == "POST") as answer:
        row.locator("button[value$=':approve']").click()
    row.wait_for(state="detached")
    return answer.value.status


def _pay(desk, run, place):
    """Take in what one node still owes."""
    node = Node.objects.get(run=run, place=place)
    values = {"amount": f"{node.outstanding / 100:.2f}", "received_on": papers.day(datetime.now(UTC))}
    return desk.submit(run, "node", values, item_key=node.key)
