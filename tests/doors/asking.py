"""One request for every route and method: what stands in its address, and what it sends."""

import json
import re
from datetime import timedelta

from django.utils import timezone

# What the parameters of an address name: an object in a relation to the person, or something that is nobody's.
KINDS = {
    "duplicates": "pair", "merges": "merge",
    "leads": "lead", "deals": "deal", "complaints": "complaint", "accounts": "account", "companies": "account",
    "contacts": "contact", "tasks": "task", "approvals": "approval", "waivers": "waiver", "records": "record",
    "runs": "run", "files": "file", "comments": "comment",
}  # fmt: skip
NAMES = {
    "pair_id": "pair", "merge_id": "merge", "kept_id": "account", "gone_id": "twin",
    "lead_id": "lead", "deal_id": "deal", "complaint_id": "complaint", "account_id": "account",
    "contact_id": "contact", "task_id": "task", "waiver_id": "waiver", "record_id": "record", "run_id": "run",
    "file_id": "file", "comment_id": "comment", "item_id": "run",
}  # fmt: skip
ALONE = {
    "views": "view_id",
    "teams": "team_id", "sources": "source_id", "products": "product_id", "dead-letters": "job_id", "calendars": "year",
}  # fmt: skip
FACTS = {"accounts": "region", "contacts": "title", "runs": "name"}
STEPS = {"leads": "score", "deals": "prepare", "complaints": "answer"}
ADDED = {"leads": "log", "deals": "log", "complaints": "answer"}
CALL_SHEET = {"prep_sources": ["website"], "prep_questions": ["一", "二", "三"]}
CARD = {"fit_score": 4, "budget_score": 4, "urgency_score": 3}
LEAD = {
    "company_name": "新客户", "contact_name": "王芳", "contact_phone": "13911112222", "industry": "machinery",
    "company_size": "100-499", "source": "offline.fair",
}  # fmt: skip
COMPLAINT = {"category": "quality", "severity": "normal", "channel": "phone", "content": "丢单"}
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")


def parameters(pattern):
    """The names in an address."""
    return PARAMETER.findall(pattern)


def relates(pattern):
    """Whether the address names something that is somebody's."""
    return any(_kind(pattern, name) for name in parameters(pattern))


def _kind(pattern, name):
    if name in NAMES:
        return NAMES[name]
    if name in ("item", "id", "pk"):
        section = pattern.removeprefix("api/v1/").split("/")[0]
        return "lead" if section == "lists" else KINDS.get(section)
    return None


def address(pattern, world, relation):  # noqa: C901 - one case for each kind of parameter
    """The address with its parameters filled; None where this table does not know one of them."""
    section = pattern.removeprefix("api/v1/").split("/")[0]
    values = {}
    for name in parameters(pattern):
        kind = _kind(pattern, name)
        if kind:
            values[name] = world.ids[relation or "own"][kind]
        elif name == "item":
            place = pattern.split("/<")[0].rsplit("/", 1)[-1]
            values[name] = world.alone["version_id" if section == "sops" else ALONE.get(place, "user_id")]
        elif name == "step":
            values[name] = (ADDED if pattern.endswith("/add") else STEPS).get(section, "prepare")
        elif section == "lists" and name in ("key", "column"):
            values[name] = {"key": "leads", "column": "region"}[name]
        elif pattern.startswith("help/"):
            values[name] = {"key": "deals", "short": "zh", "name": "today.webp"}[name]
        elif name == "key" and "calendar" in pattern:
            values[name] = "china"
        elif name == "name" and section in FACTS:
            values[name] = FACTS[section]
        elif name == "kind" and section == "duplicates":
            values[name] = "account"
        elif name == "kind" and section == "teamwork":
            values[name] = "run"
        elif name == "token":
            values[name] = "an-address-that-nobody-was-given"
        elif name in world.alone:
            values[name] = world.alone[name]
        else:
            return None
    return "/" + PARAMETER.sub(lambda found: str(values[found.group(1)]), pattern)


def body(pattern, world, relation):
    """What a command sends, so that only who asks decides the answer."""
    last = pattern.rsplit("/", 1)[-1]
    section = pattern.removeprefix("api/v1/").split("/")[0]
    by_command = {
        "advance": {"to": {"leads": "needs", "deals": "proposal", "complaints": "contain"}.get(section)},
        "back": {"to": "qualify", "why": "x"}, "reopen": {"why": "x"},
        "close": {
            "leads": {"outcome": "recycled", "reason": "dormant"}, "deals": {"outcome": "lost", "reason": "price"},
            "complaints": {"outcome": "withdrawn", "reason": "misunderstanding"},
        }.get(section, {}),
        "reassign": {"owner": world.persons["rep"].pk, "why": "x"}, "tags": {"add": ["x"]},
        "log-contact": {"outcome": "no_answer"},
        "<step>": {"values": {"leads": CARD, "deals": CALL_SHEET}.get(section, {})},
        "waivers": {"codes": ["x"], "why": "x"},
        "complete": {"values": CALL_SHEET}, "hand-over": {"to": world.persons["rep"].pk, "why": "x"},
        "snooze": {"until": (timezone.now() + timedelta(hours=1)).isoformat(), "why": "x"},
        "merge": {"gone": world.ids[relation or "own"]["twin" if section == "companies" else section[:-1]]}
        if section in ("companies", "contacts", "leads")
        else {},
        "decide": {"grant": True}, "check": {"text": "x"},
    }  # fmt: skip
    if last in by_command:
        return by_command[last]
    if pattern == "api/v1/approvals/<item>":
        return {"verdict": "send_back", "note": "x"}
    facts = {"leads": {"region": "x"}, "deals": {"name": "x"}, "complaints": {"demand": "x"}}
    if last == "<item>" and section in facts:
        return facts[section]
    created = {
        "leads": {"values": LEAD}, "complaints": {"values": COMPLAINT}, "accounts": {"name": "新公司"},
        "contacts": {"name": "新人", "account": world.ids[relation or "own"]["account"]},
        "deals": {"sop": "repurchase", "account": world.ids[relation or "own"]["account"], "name": "x"},
    }  # fmt: skip
    return created.get(section, {})


def send(client, method, url, pattern, world, relation):
    """Send it, as JSON to the API and as a form to a page."""
    if method == "GET":
        return client.get(url)
    if pattern.startswith("api/"):
        data = json.dumps(body(pattern, world, relation))
        return client.generic(method, url, data, content_type="application/json")
    return client.post(url, {})
