import pytest

from fairway.intake.errors import BadFieldMap
from fairway.intake.fieldmap import FieldMap, check_columns, from_pairs, guess, read_document
from fairway.intake.preparing import current_targets
from fairway.intake.reading import read_table
from tests.intake.files import chinese

pytestmark = pytest.mark.django_db


@pytest.fixture
def targets(sops):
    return current_targets()


def test_chinese_headings_are_known(targets):
    assert dict(guess(read_table(chinese()), targets).columns) == {
        "company": "公司名称", "contact_name": "联系人", "phone": "手机", "email": "邮箱", "industry": "所属行业",
        "company_size": "员工人数", "source": "线索来源", "need": "初步需求", "fit": "规模匹配度",
        "budget": "预算明确性", "urgency": "需求紧急度", "created_on": "获取日期",
    }  # fmt: skip


def test_english_headings_are_known(targets):
    table = read_table(b"Account Name;Lead Source;E-Mail;Mobile;Lead Owner\nAcme;Web;a@b.example;13800000001;Wang\n")
    assert dict(guess(table, targets).columns) == {
        "company": "Account Name", "phone": "Mobile", "email": "E-Mail", "source": "Lead Source", "owner": "Lead Owner",
    }  # fmt: skip


def test_a_phone_and_a_mailbox_are_known_by_what_stands_in_them(targets):
    table = read_table(b"who,x1,x2\nAnn,13800000001,a@b.example\nBob,+86 138 0000 0002,c@d.example\n")
    assert dict(guess(table, targets).columns) == {"phone": "x1", "email": "x2"}


def test_a_heading_that_lies_about_its_content_is_not_believed(targets):
    table = read_table(b"name,email,close date\nAnn,No,2026-01-02\nBob,Yes,2026-01-03\n")
    assert "email" not in guess(table, targets).columns
    assert "phone" not in guess(table, targets).columns


def test_a_mapping_is_read_with_short_names_or_those_of_the_form(targets):
    text = "columns: {company_name: Account, phone: Tel}\ndefaults: {source: online.ads}\nmatch: [phone]\n"
    assert read_document(text, targets) == FieldMap(
        {"company": "Account", "phone": "Tel"}, {"source": "online.ads"}, {}, ("phone",)
    )


def test_a_mapping_in_json_is_read_too(targets):
    assert dict(read_document('{"columns": {"phone": "Tel"}}', targets).columns) == {"phone": "Tel"}


def test_every_fault_of_a_mapping_is_said_at_once(targets):
    with pytest.raises(BadFieldMap) as refused:
        read_document("columns: {nonsense: A}\nmatch: [hair]\ncolours: {}\nvalues: {source: x}\n", targets)
    assert len(refused.value.problems) == 4


def test_a_broken_document_is_refused_with_its_line(targets):
    with pytest.raises(BadFieldMap, match=r"^3: "):
        read_document("columns:\n  a: [", targets)


def test_a_column_that_is_not_there_is_named_with_those_that_are(targets):
    with pytest.raises(BadFieldMap, match="Mobile"):
        check_columns(from_pairs(["phone=Handy"], targets), ("Mobile", "Company"))


def test_columns_are_found_whatever_their_case_and_width(targets):
    found = check_columns(from_pairs(["phone=ｍｏｂｉｌｅ", "company={ company } AG"], targets), ("Mobile", "Company"))
    assert dict(found.columns) == {"phone": "Mobile", "company": "{Company} AG"}


def test_what_a_person_says_goes_before_the_guess_and_takes_its_column():
    guessed = FieldMap({"phone": "A", "email": "B"})
    assert dict(FieldMap({"wechat": "A"}).over(guessed).columns) == {"email": "B", "wechat": "A"}


def test_a_mapping_survives_being_kept():
    one = FieldMap({"phone": "A"}, {"source": "x"}, {"source": {"a": "b"}}, ("phone",))
    assert FieldMap.from_json(one.as_json()) == one
