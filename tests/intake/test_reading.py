import io
import zipfile
from datetime import date

import pytest

from fairway.intake import limits
from fairway.intake.errors import Unreadable
from fairway.intake.reading import EXTRA, ROW, read_table
from tests.intake.files import GOOD, HEADER, csv_bytes, workbook

TABLE = "公司,联系人,手机\n甲公司,张三,13800000001\n乙公司,李四,13800000002\n"


def cells(data, **more):
    table = read_table(data, **more)
    return table.frame.select(table.columns).rows()


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be"],
)
def test_every_encoding_of_a_chinese_table_is_found(encoding):
    text = TABLE + "".join(f"丙公司{index},王五,1390000{index:04d}\n" for index in range(40))
    marked = b"\xfe\xff" + text.encode(encoding) if encoding == "utf-16-be" else text.encode(encoding)
    assert cells(marked)[:2] == [("甲公司", "张三", "13800000001"), ("乙公司", "李四", "13800000002")]


def test_wide_ascii_without_a_mark_is_found():
    assert cells("name,phone\nAnn,123\nBob,456\n".encode("utf-16-le")) == [("Ann", "123"), ("Bob", "456")]


def test_a_western_file_is_not_taken_for_chinese():
    table = read_table("company,contact\nCafé Müller,José Núñez\n".encode("cp1252"))
    assert (table.dialect.encoding, table.frame.row(0)[2:]) == ("cp1252", ("Café Müller", "José Núñez"))


def test_a_few_damaged_characters_do_not_change_what_a_text_is():
    good = "".join(f"公司{index},联系人\n" for index in range(100)).encode()
    table = read_table("公司,联系人\n".encode() + good + b"\xe5\x85,x\n")
    assert (table.dialect.encoding, table.dialect.damaged > 0) == ("utf-8", True)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_found(separator):
    text = TABLE.replace(",", separator)
    assert cells(text.encode())[0] == ("甲公司", "张三", "13800000001")


def test_a_comma_inside_quotes_and_a_line_break_belong_to_the_cell():
    assert cells(b'a,b\n"x, y","line 1\nline ""2"""\n') == [("x, y", 'line 1\nline "2"')]


def test_quotes_in_the_middle_of_a_cell_are_taken_as_written():
    assert cells(b'place,note\n"ab"c,37 36\'37.8"N\n') == [("abc", "37 36'37.8\"N")]


def test_rows_are_numbered_as_a_spreadsheet_counts_them():
    table = read_table(b"name,phone\nAnn,1\n\nBob,2\n")
    assert table.frame.get_column(ROW).to_list() == [2, 4]


def test_a_title_above_the_table_is_not_its_header():
    table = read_table("线索清单,,\n,,\n公司,联系人,手机\n甲公司,张三,13800000001\n".encode())
    assert table.columns == ("公司", "联系人", "手机")
    assert table.frame.get_column(ROW).to_list() == [4]


def test_a_table_without_header_gets_column_numbers_and_keeps_its_first_row():
    table = read_table("甲公司,13800000001\n乙公司,13800000002\n".encode())
    assert (table.dialect.has_header, table.frame.height, len(table.columns)) == (False, 2, 2)


def test_same_headings_are_told_apart_and_blank_columns_left_out():
    table = read_table(b"name,name,,\nAnn,Bob,,\n")
    assert table.columns == ("name", "name (2)")


def test_too_many_cells_are_kept_apart_and_too_few_are_blank():
    table = read_table(b"a,b\n1,2\n3,4\n1,2,3\n1\n")
    assert table.frame.get_column(EXTRA).to_list() == [None, None, "3", None]
    assert table.frame.row(3)[2:] == ("1", None)


def test_a_workbook_is_read_with_long_numbers_and_dates_whole():
    data = workbook([["公司", "手机", "日期"], ["甲公司", 13800000001, date(2026, 3, 2)]], above=[["线索清单"]])
    assert cells(data) == [("甲公司", "13800000001", "2026-03-02")]


def test_a_named_sheet_is_read_and_an_unknown_one_is_refused_with_the_names():
    data = workbook([["公司", "手机"], ["甲公司", "1"]], title="线索")
    assert cells(data, sheet="线索") == [("甲公司", "1")]
    with pytest.raises(Unreadable, match="线索"):
        read_table(data, sheet="Leads")


def test_the_signature_is_that_of_the_headings_in_any_order():
    one, two = read_table(csv_bytes(GOOD)), read_table(b"Phone , NAME\n1,a\n")
    assert two.signature == read_table(b"name,phone\nb,2\n").signature != one.signature


def _zip(entries, *, encrypted=False):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    data = bytearray(stream.getvalue())
    if encrypted:
        for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            data[data.index(mark) + offset] |= 1
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf\r\n\r\n", "empty"),
        (b"a,b\n", "no_rows"),
        (b"%PDF-1.7 ...", "not_a_table"),
        (b"\x89PNG\r\n\x1a\n....", "not_a_table"),
        (b"<html><table><tr><td>x</td></tr></table></html>", "not_a_table"),
        (b'[{"name": "Ann"}]', "not_a_table"),
        (b"name\nabc\0\x01\x02\x03\0\x05def" * 20, "not_a_table"),
        (b"name,phone\n" + b"Ann,12345678\n" * 500 + b"Bob,\0\n", "nul"),
        (b"PK\x03\x04broken", "broken"),
        (_zip({"word/document.xml": "x"}), "not_a_table"),
        (_zip({"readme.txt": "x"}), "not_a_table"),
        (_zip({"xl/workbook.xml": "x"}), "broken"),
        (_zip({"xl/workbook.xml": "x"}, encrypted=True), "encrypted"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "not_a_table"),
        (_zip({"xl/workbook.xml": b"\0" * (limits.UNPACKED_FREE + 1)}), "expansion"),
        (_zip({f"{index}": "" for index in range(limits.ENTRIES + 1)}), "expansion"),
        (b"a,b\n" + b'1,"2\n' + b"3,4\n" * 20, "quotes"),
        (",".join(f"c{index}" for index in range(limits.COLUMNS + 1)).encode() + b"\n1\n", "columns"),
    ],
)
def test_what_is_no_table_is_refused_by_its_bytes(data, code):
    with pytest.raises(Unreadable) as refused:
        read_table(data)
    assert refused.value.code == code
    assert str(refused.value)


def test_too_large_a_file_is_refused_before_it_is_read(monkeypatch):
    monkeypatch.setattr(limits, "FILE_BYTES", 10)
    with pytest.raises(Unreadable) as refused:
        read_table(HEADER.encode())
    assert refused.value.code == "file_size"


def test_too_many_rows_are_refused_with_the_limit_in_the_message(monkeypatch):
    monkeypatch.setattr(limits, "ROWS", 3)
    with pytest.raises(Unreadable, match="3"):
        read_table(b"name\n" + b"Ann Lee\n" * 4)
