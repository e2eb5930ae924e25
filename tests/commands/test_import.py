import csv

import pytest

from fairway import cli
from fairway.intake import running
from fairway.intake.models import Import
from fairway.leads.models import Lead
from tests.intake.files import HEADER, chinese, csv_bytes, many, workbook

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sops", "people")]


@pytest.fixture(autouse=True)
def _prepared(monkeypatch):
    """The test database stands already; preparing the one of the settings is tested elsewhere."""
    monkeypatch.setattr("fairway.home.prepare", lambda: None)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "线索.csv"
    path.write_bytes(chinese())
    return path


def fairway(capsys, *arguments):
    status = cli.main(["import", "leads", *map(str, arguments)])
    said = capsys.readouterr()
    return status, said.out, said.err


def test_the_last_line_counts(capsys, file):
    status, out, _ = fairway(capsys, file, "--as", "rep")
    assert (status, out) == (0, "imported 5, duplicates 2, rejected 4\n")
    assert Lead.objects.count() == 5


def test_a_dry_run_says_the_same_and_writes_nothing(capsys, file):
    status, out, err = fairway(capsys, file, "--dry-run")
    assert (status, out) == (0, "imported 5, duplicates 2, rejected 4\n")
    assert "company <- 公司名称" in err
    assert not Lead.objects.exists()
    assert not Import.objects.exists()


def test_the_report_has_row_field_and_reason_of_each_bad_row(capsys, file, tmp_path):
    report, duplicates = tmp_path / "bad.csv", tmp_path / "same.csv"
    fairway(capsys, file, "--report", report, "--duplicates", duplicates)
    rows = list(csv.reader(report.read_text("utf-8-sig").splitlines()))
    assert rows[0][:4] == ["Row", "Field", "Value", "Reason"]
    assert rows[0][4:] == HEADER.split(",")
    assert [(row[0], row[1]) for row in rows[1:]] == [
        ("5", "Source"), ("6", "Phone"), ("7", "Clarity of budget (1–5)"), ("8", "Clarity of budget (1–5)"),
    ]  # fmt: skip
    assert all(row[3] for row in rows[1:])
    assert [row[0] for row in csv.reader(duplicates.read_text("utf-8-sig").splitlines())] == ["Row", "11", "12"]


def test_a_mapping_comes_as_a_file_or_in_pairs(capsys, tmp_path):
    data, mapping = tmp_path / "a.csv", tmp_path / "map.yaml"
    data.write_bytes(b"Firm,Handy\nAcme,13800000001\nBeta,13800000002\n")
    mapping.write_text("columns: {company: Firm, phone: Handy}\ndefaults: {source: online.ads}\n")
    assert fairway(capsys, data, "--map", mapping, "--dry-run")[1] == "imported 2, duplicates 0, rejected 0\n"
    pairs = ("--map", "company=Firm", "--map", "phone=Handy", "--map", "source=Firm")
    assert fairway(capsys, data, *pairs, "--dry-run")[1] == "imported 0, duplicates 0, rejected 2\n"


def test_excel_is_taken_too(capsys, tmp_path):
    path = tmp_path / "leads.xlsx"
    path.write_bytes(workbook([["公司", "手机", "来源"], ["甲公司", 13800000001, "展会"]]))
    assert fairway(capsys, path)[1] == "imported 1, duplicates 0, rejected 0\n"


def test_new_sources_are_taken_in_on_request(capsys, tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(csv_bytes("甲公司,张三,13800000001,,,,老乡会,,,,,"))
    assert fairway(capsys, path)[1] == "imported 0, duplicates 0, rejected 1\n"
    assert fairway(capsys, path, "--new-sources")[1] == "imported 1, duplicates 0, rejected 0\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--map", "nonsense=A"], "nonsense"),
        (["--map", "phone=Handy"], "Handy"),
        (["--as", "nobody"], "nobody"),
        (["--as", "finance"], "roles"),
        (["--team", "Moon"], "Moon"),
        (["--map", "missing.yaml"], "missing.yaml"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_written(capsys, file, arguments, said):
    status, out, err = fairway(capsys, file, *arguments)
    assert (status, out) == (1, "")
    assert said in err
    assert "Traceback" not in err
    assert not Lead.objects.exists()


def test_a_file_that_is_none_is_refused(capsys, tmp_path):
    path = tmp_path / "leads.xlsx"
    path.write_bytes(b"%PDF-1.7")
    status, _, err = fairway(capsys, path)
    assert status == 1
    assert "PDF" in err
    assert fairway(capsys, tmp_path / "none.csv")[0] == 1


def test_an_import_that_was_broken_off_is_gone_on_with(capsys, tmp_path, monkeypatch):
    monkeypatch.setattr(running, "CHUNK", 20)
    path = tmp_path / "many.csv"
    path.write_bytes(many(50))
    real, left = running.Writer.write_chunk, [1, 0]
    with monkeypatch.context() as broken:
        broken.setattr(running.Writer, "write_chunk", lambda self: real(self) if left.pop(0) else 1 / 0)
        with pytest.raises(ZeroDivisionError):
            fairway(capsys, path)
    assert Lead.objects.count() == 20
    status, out, err = fairway(capsys, path)
    assert (status, out) == (0, "imported 50, duplicates 0, rejected 0\n")
    assert "going on" in err
    assert (Lead.objects.count(), Import.objects.count()) == (50, 1)
