"""The shipped SOPs, published, and leads under way."""

import functools
from datetime import UTC, datetime
from importlib.resources import files

import pytest

from fairway.engine.load import load
from fairway.leads.actions import register_lead
from fairway.runs import people as known_people
from fairway.sops.models import SopVersion

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)  # a Monday, 09:00 in Shanghai
LEAD = {
    "company_name": "杭州启明机电有限公司",
    "contact_name": "王芳",
    "contact_phone": "13800000001",
    "industry": "machinery",
    "company_size": "100-499",
    "source": "offline.fair",
}


@pytest.fixture(autouse=True)
def _nobody_is_remembered():
    """What one test knows of people is not there in the next."""
    known_people.forget()


@functools.cache
def shipped_rows():
    """The columns of every shipped SOP, read once: reading them for each test takes longer than the test."""
    rows = []
    for folder in sorted(files("fairway.sops.library").iterdir(), key=lambda one: one.name):
        document = folder / "sop.yaml"
        if document.is_file():
            text = document.read_text(encoding="utf-8")
            loaded = load(text)
            rows.append(
                {
                    "key": loaded.sop.sop, "subject": loaded.sop.subject, "title_zh": loaded.sop.title.zh_hans,
                    "title_en": loaded.sop.title.en, "text": text, "digest": loaded.digest,
                }
            )  # fmt: skip
    return rows


@pytest.fixture
def sops(db):
    """Every shipped SOP, as version 1."""
    return {row["key"]: SopVersion.objects.create(number=1, published_at=NOW, **row) for row in shipped_rows()}


@pytest.fixture
def lead(sops, people):
    """A lead registered by the rep, not scored yet."""
    return register_lead(LEAD, by=people.rep, now=NOW)
