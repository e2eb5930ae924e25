from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from fairway.intake.checking import Surroundings, check
from fairway.intake.duplicates import repeated_rows
from fairway.intake.fieldmap import MATCH, FieldMap, guess
from fairway.intake.preparing import current_targets
from fairway.intake.reading import read_table
from tests.intake.files import chinese, csv_bytes

pytestmark = pytest.mark.django_db
AROUND = Surroundings(datetime(2026, 3, 2, tzinfo=UTC), ZoneInfo("Asia/Shanghai"), {"wang": 7}, {"east": 3})


@pytest.fixture
def targets(sops):
    return current_targets()


def checked(data, targets, fieldmap=None, around=AROUND):
    table = read_table(data)
    return check(table, fieldmap or guess(table, targets), targets, around)


def found(result):
    return [tuple(one) for one in result.problems.select("row", "field", "code").rows()]


def test_bad_rows_are_named_with_field_and_reason_and_notes_keep_theirs(targets):
    result = checked(chinese(), targets)
    assert found(result) == [
        (5, "source", "no_source"),
        (6, "phone", "unreachable"),
        (7, "budget", "points"),
        (8, "budget", "points_missing"),
        (9, "created_on", "no_such_day"),
        (10, "phone", "phone_unsure"),
    ]
    assert (result.total, result.rejected, result.frame.height) == (11, 4, 7)


def test_space_and_full_width_digits_are_mended_and_a_formula_stays_text(targets):
    rows = checked(chinese(), targets).frame.rows(named=True)
    assert (rows[1]["company"], rows[1]["phone"]) == ("宁波海川科技有限公司", "+8613800000022")
    assert rows[2]["need"] == '=HYPERLINK("http://127.0.0.1","点我")'
    assert rows[2]["phone"] == "+8613800000003"


def test_lists_are_matched_by_title_other_name_or_kept(targets):
    rows = checked(chinese(), targets).frame.rows(named=True)
    assert [row["source"] for row in rows[:3]] == ["offline.fair", "online.search", "online.website"]
    assert [row["industry"] for row in rows[:3]] == ["machinery", "专用机械", "software"]
    assert [row["company_size"] for row in rows[:3]] == ["100-499", "5000-", None]


def test_repeats_are_known_by_phone_and_mailbox(targets):
    result = checked(chinese(), targets)
    repeats = repeated_rows(result.frame, MATCH)
    assert repeats.select("row", "by", "other_row").rows() == [(11, "phone", 2), (12, "email", 2)]


def test_a_company_is_the_same_however_its_legal_form_is_written(targets):
    data = b"company,phone,source\nAcme Ltd.,13800000001,website\nACME Limited,13800000002,website\n"
    repeats = repeated_rows(checked(data, targets).frame, MATCH)
    assert repeats.select("row", "by").rows() == [(3, "company")]


def test_two_people_without_a_company_are_not_the_same_for_their_name(targets):
    data = "姓名,手机,来源\n王芳,13800000001,展会\n王芳,13800000002,展会\n".encode()
    result = checked(data, targets)
    assert result.frame.get_column("company").to_list() == ["王芳", "王芳"]
    assert repeated_rows(result.frame, MATCH).height == 0


def test_an_unknown_source_is_refused_unless_the_mapping_or_the_importer_says_what_it_is(targets):
    data = "公司,手机,来源\n甲公司,13800000001,老乡会\n".encode()
    assert found(checked(data, targets)) == [(2, "source", "unknown_source")]
    columns = {"company": "公司", "phone": "手机", "source": "来源"}
    meant = FieldMap(columns, values={"source": {"老乡会": "internal.staff"}})
    assert checked(data, targets, meant).frame.get_column("source").to_list() == ["internal.staff"]
    allowed = Surroundings(AROUND.now, AROUND.zone, new_sources=True)
    assert checked(data, targets, around=allowed).frame.get_column("source").to_list() == ["老乡会"]


def test_a_default_stands_for_blanks_and_placeholders(targets):
    data = "公司,手机,来源\n甲公司,13800000001,Select\n乙公司,13800000002,N/A\n".encode()
    columns = {"company": "公司", "phone": "手机", "source": "来源"}
    result = checked(data, targets, FieldMap(columns, {"source": "online.ads"}))
    assert result.frame.get_column("source").to_list() == ["online.ads", "online.ads"]


def test_a_field_may_be_composed_of_columns_and_is_blank_where_all_of_them_are(targets):
    data = b"first,last,tel,src\nAnn,Lee,13800000001,website\n,,13800000002,website\n"
    fieldmap = FieldMap({"company": "{first} {last}", "phone": "tel", "source": "src"})
    result = checked(data, targets, fieldmap)
    assert result.frame.get_column("company").to_list() == ["Ann Lee"]
    assert found(result) == [(3, "company", "no_company")]


def test_owners_and_teams_are_known_by_name_and_others_are_noted(targets):
    data = b"company,phone,source,owner,team\nA,13800000001,website,WANG,East\nB,13800000002,website,Nobody,Moon\n"
    result = checked(data, targets)
    assert result.frame.select("owner", "team").rows() == [("7", "3"), (None, None)]
    assert found(result) == [(3, "owner", "unknown_owner"), (3, "team", "unknown_team")]


def test_a_mailbox_that_is_none_does_not_count_as_a_way_to_reach(targets):
    columns = {"company": "company", "email": "email", "source": "source"}
    result = checked(b"company,email,source\nA,not a mailbox,website\n", targets, FieldMap(columns))
    assert [code for _, _, code in found(result)] == ["not_an_email", "unreachable"]
    assert result.rejected == 1


def test_a_date_to_come_is_left_out_and_one_that_was_is_in_the_importers_zone(targets):
    data = b"company,phone,source,date\nA,13800000001,website,2026-01-02\nB,13800000002,website,2027-01-02\n"
    result = checked(data, targets)
    assert result.frame.get_column("created_on").to_list() == ["2026-01-01T16:00:00+00:00", None]
    assert found(result) == [(3, "created_on", "in_future")]


def test_a_text_that_is_too_long_or_unreadable_keeps_its_row_out(targets):
    long = "长" * 201
    data = f"公司,手机,来源\n{long},13800000001,展会\n乱\ufffd码,13800000002,展会\n".encode()
    assert found(checked(data, targets)) == [(2, "company", "too_long"), (3, "company", "characters")]


def test_a_row_with_more_cells_than_the_header_is_refused(targets):
    data = b"company,phone,source\nA,13800000001,website\nB,13800000003,website\nB, Inc,13800000002,website\n"
    assert (4, "row", "too_many_cells") in found(checked(data, targets))


def test_points_are_not_taken_when_only_some_of_the_columns_are_mapped(targets):
    data = csv_bytes("A,B,13800000001,,,,展会,,,9,9,9")
    table = read_table(data)
    fieldmap = guess(table, targets)
    columns = {key: name for key, name in fieldmap.columns.items() if key != "urgency"}
    result = check(table, FieldMap(columns), targets, AROUND)
    assert "fit" not in result.frame.columns


def test_ten_thousand_rows_are_checked_without_a_query_each(targets, django_assert_num_queries):
    rows = [f"公司{index},人,139{index:08d},,,,展会,,,3,3,3" for index in range(10_000)]
    table = read_table(csv_bytes(*rows))
    fieldmap = guess(table, targets)
    with django_assert_num_queries(0):
        result = check(table, fieldmap, targets, AROUND)
    assert result.frame.height == 10_000
    assert result.frame.get_column("phone").dtype == pl.String
