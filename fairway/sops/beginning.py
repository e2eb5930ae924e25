"""The text that a new SOP begins with: a published or shipped one under another key, or a small one to build on."""

from __future__ import annotations

import re

import yaml

from fairway.sops import shipped
from fairway.sops.queries import current

SUBJECTS = ("deal", "complaint", "account")
_TITLE = re.compile(r"^title:.*\n(?:[ \t]+.*\n)*", re.MULTILINE)
_KEY = re.compile(r"^sop:.*$", re.MULTILINE)

SKELETON = """\
# A first version to build on: two stages, one form, one step each. The page beside it says what is missing.
sop: {key}
{title}about:
  zh-hans: 说明这个流程为谁、从哪里开始、到哪里结束
  en: Say whom this is for, where it begins and where it ends
subject: {subject}
prefix: {prefix}
roles: [rep, manager]
calendar: china

forms:
  talk:
    title: {{zh-hans: 沟通记录, en: Talk}}
    fields:
      - {{key: need, type: longtext, required: true, label: {{zh-hans: 需求, en: Need}}}}
      - {{key: next_step, type: text, label: {{zh-hans: 下一步, en: Next step}}}}

stages:
  - key: begin
    title: {{zh-hans: 沟通, en: Talk}}
    goal: {{zh-hans: 弄清客户要什么, en: Know what the customer needs}}
    owner: rep
    clock: {{stay: 10wd}}
    steps:
      - key: talk
        kind: form
        form: talk
        role: owner
        title: {{zh-hans: 和客户谈一次, en: Talk to the customer}}
        due: {{within: 3wd, of: start}}
    gate: {{step: talk, else: {{zh-hans: 还没有和客户谈过, en: Nobody has talked to the customer yet}}}}
    next: [finish]
    waiver: manager
  - key: finish
    title: {{zh-hans: 收尾, en: Finish}}
    goal: {{zh-hans: 有了结果, en: There is a result}}
    owner: rep
    outcome: won
    steps:
      - key: result
        kind: task
        role: owner
        title: {{zh-hans: 确认结果, en: Confirm the result}}
        due: {{within: 5wd, of: start}}
    gate: {{step: result, else: {{zh-hans: 结果还没有确认, en: The result is not confirmed yet}}}}

outcomes:
  won: {{title: {{zh-hans: 成功, en: Won}}, kind: won}}
  lost:
    title: {{zh-hans: 未成, en: Lost}}
    kind: lost
    reasons:
      - {{key: price, title: {{zh-hans: 价格, en: Price}}}}
      - {{key: other, title: {{zh-hans: 其他, en: Other}}}}
"""


def beginnings() -> list[str]:
    """The keys of the SOPs that a new one may begin as: those that ship and are whole."""
    return list(shipped.keys())


def text_of_new(key: str, *, title_zh: str, title_en: str, template: str = "", subject: str = "deal") -> str:
    """The first text of SOP `key`: that of `template` (its current version, else as shipped), or the small one.

    Raises KeyError for a template that there is not.
    """
    titles = {"title": {"zh-hans": title_zh, "en": title_en}}
    title = yaml.safe_dump(titles, allow_unicode=True, default_flow_style=False, width=1000)
    if not template:
        prefix = (re.sub(r"[^a-z]", "", key)[:2] or "x").upper()
        return SKELETON.format(key=key, title=title, subject=subject, prefix=prefix)
    version = current(template)
    text = version.text if version is not None else shipped.document(template)
    renamed = _KEY.sub(lambda _found: f"sop: {key}", text, count=1)
    return _TITLE.sub(lambda _found: title, renamed, count=1)
