"""A procedure that needs nothing of any domain."""

from datetime import UTC, datetime

import pytest
from django.utils import translation

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
PLAIN = """\
sop: plain
title: {zh-hans: 简单流程, en: Plain}
about: {zh-hans: 用于测试, en: For tests}
subject: deal
roles: [rep, manager]
forms:
  note:
    title: {zh-hans: 记录, en: Note}
    fields:
      - {key: words, type: text, required: true, label: {zh-hans: 内容, en: Words}}
stages:
  - key: work
    title: {zh-hans: 工作, en: Work}
    clock: {stay: 14d}
    steps:
      - key: write
        kind: form
        form: note
        role: rep
        title: {zh-hans: 填写, en: Write}
        due: {within: 2wd, of: stage}
    outcome: won
outcomes:
  won: {title: {zh-hans: 赢单, en: Won}, kind: won}
"""


@pytest.fixture
def now():
    return NOW


@pytest.fixture
def plain():
    """The text of a small, correct document."""
    return PLAIN


@pytest.fixture(autouse=True)
def _messages_in_english():
    with translation.override("en"):
        yield
