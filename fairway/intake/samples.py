"""A file to fill in: the columns that an import knows, and rows that are made up."""

from __future__ import annotations

from fairway.engine.spec import Text
from fairway.intake.fields import BESIDE, CREATED, LEAD, Target
from fairway.intake.preparing import current_targets

ROWS = (
    {"company": "示例机电有限公司", "contact_name": "王芳", "contact_title": "生产总监", "phone": "13800000001",
     "email": "wang.fang@example.com", "region": "杭州", "need": "插单以后排产要半天", "campaign": "春季展会"},
    {"company": "示例电子有限公司", "contact_name": "李建国", "contact_title": "厂长", "phone": "13800000002",
     "email": "li.jianguo@example.com", "region": "苏州", "need": "物料齐套看不清"},
    {"company": "示例食品有限公司", "contact_name": "张丽华", "contact_title": "计划部经理", "phone": "13800000003",
     "email": "zhang.lihua@example.com", "region": "青岛", "need": "交期答不准"},
)  # fmt: skip


def sample(language: str) -> tuple[list[str], list[list[str]]]:
    """Heading and rows in a language. Raises NoVersion. Two queries or so."""
    wanted = [one for one in current_targets().by_key.values() if one.group == LEAD or one.key == CREATED]
    wanted.sort(key=lambda one: one.group == BESIDE)
    rows = [[_cell(one, row, number, language) for one in wanted] for number, row in enumerate(ROWS)]
    return [_said(one.title, language) for one in wanted], rows


def _cell(target: Target, row: dict[str, str], number: int, language: str) -> str:
    if target.key in row:
        return row[target.key]
    if target.choices and target.key in ("source", "industry", "company_size"):
        return _said(target.choices[number % len(target.choices)].title, language)
    return ""


def _said(text: Text, language: str) -> str:
    return text.zh_hans if language.startswith("zh") else text.en
