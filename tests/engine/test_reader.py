"""The strict reader: what it reads, where it says things stand, and that it names every fault at once."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from fairway.engine import reader
from fairway.engine.findings import DocumentRefused, Finding, say
from fairway.engine.reader import read

DOCUMENT = """\
sop: new-business
title: {zh-hans: 新客户开发, en: New business}
stages:
  - key: needs
    steps:
      - {key: talk, kind: form, form: need_record}
      - key: confirm
        due:
          within: 24h
"""


def codes(text: bytes | str) -> list[tuple[int, str, str]]:
    """(line, path, code) of every finding; nothing when the text is read."""
    try:
        read(text)
    except DocumentRefused as refused:
        return [(found.line, found.path, found.code) for found in refused.findings]
    return []


def test_a_document_becomes_plain_data() -> None:
    data = read(DOCUMENT.encode()).data
    assert data["title"] == {"zh-hans": "新客户开发", "en": "New business"}
    assert data["stages"][0]["steps"][1] == {"key": "confirm", "due": {"within": "24h"}}


def test_bytes_text_and_windows_line_ends_read_alike() -> None:
    document = read(DOCUMENT)
    for same in (read(DOCUMENT.encode()), read(DOCUMENT.replace("\n", "\r\n")), read("---\n" + DOCUMENT + "...\n")):
        assert same.data == document.data
    assert read(DOCUMENT.replace("\n", "\r\n")).positions == document.positions


@pytest.mark.parametrize(
    "written",
    [
        "no",
        "on",
        "12:30:00",
        "1e3",
        "0o7",
        "0x1F",
        "1_000",
        "017",
        "2026-01-01",
        ".inf",
        "1.10",
        "true",
        "NULL",
        "=",
        "y",
        "+1",
        "-x",
    ],
)
def test_a_plain_scalar_stays_as_written(written: str) -> None:
    assert read(f"a: {written}").data == {"a": written}


@pytest.mark.parametrize("written", ["", "~", "null"])
def test_only_plain_empty_tilde_and_null_are_none(written: str) -> None:
    assert read(f"a: {written}\nb: '{written}'").data == {"a": None, "b": written}


def test_block_texts_keep_their_lines() -> None:
    assert read("a: |\n  one\n  two\nb: >\n  one\n  two\n").data == {"a": "one\ntwo\n", "b": "one two\n"}


def test_a_path_finds_its_line() -> None:
    document = read(DOCUMENT)
    assert document.line(("title", "en")) == (2, 25)
    assert document.line(("stages", 0, "steps", 1, "due", "within")) == (9, 11)
    assert document.line(("stages", 0)) == (4, 5)
    assert document.positions["stages", 0, "key"] == ((4, 5), (4, 10))


def test_a_path_that_is_not_written_finds_its_nearest_parent() -> None:
    document = read(DOCUMENT)
    assert document.line(("stages", 0, "steps", 1, "escalate")) == (7, 9)
    assert document.line(("stages", 7)) == (3, 1)
    assert document.line(("roles",)) == document.line(()) == (1, 1)


def test_a_union_tag_in_a_path_is_passed_over_also_when_a_key_is_spelled_alike() -> None:
    document = read(DOCUMENT)
    assert document.line(("stages", 0, "steps", 1, "customer", "due")) == (8, 9)
    assert document.line(("stages", 0, "steps", 0, "form", "kind")) == (6, 21)
    assert document.line(("stages", 0, "steps", 0, "form", "form")) == (6, 33)


def test_errors_of_a_model_find_their_lines() -> None:
    class Strict(BaseModel, extra="forbid"):
        key: str
        size: int

    class Whole(BaseModel):
        items: list[Strict]

    document = read("items:\n- key: a\n  size: big\n- key: b\n  size: 1\n  extra: x\n- size: 2\n")
    with pytest.raises(ValidationError) as caught:
        Whole.model_validate(document.data)
    assert [document.line(error["loc"])[0] for error in caught.value.errors()] == [3, 6, 7]


def test_a_label_names_items_by_their_key() -> None:
    document = read(DOCUMENT)
    assert document.label(("stages", 0, "steps", 1, "due", "within")) == "stages.needs.steps.confirm.due.within"
    assert document.label(("stages", 3, "clock")) == "stages.3.clock"


def test_a_finding_points_into_the_document() -> None:
    found = read(DOCUMENT).finding(("stages", 0, "steps", 1, "due"), "no-clock", say("No clock.", "没有时限。"))
    assert found == Finding(8, 9, "stages.needs.steps.confirm.due", "no-clock", say("No clock.", "没有时限。"), "error")
    assert found.located("a.yaml", "zh-hans") == "a.yaml:8:9: stages.needs.steps.confirm.due: 没有时限。"
    assert found.text("fr") == "No clock."


def test_all_faults_are_named_at_once_in_the_order_of_their_lines() -> None:
    text = "a: &x 1\nb: *x\nc: {d: 1, d: 2}\na: !t 3\n<<: {e: 1}\n? [k]\n: v\n"
    assert codes(text) == [
        (1, "a", "anchor"),
        (2, "b", "alias"),
        (3, "c.d", "duplicate-key"),
        (4, "a", "duplicate-key"),
        (4, "a", "tag"),
        (5, "", "merge-key"),
        (6, "", "key-not-text"),
    ]


def test_a_duplicate_key_says_where_the_first_one_is() -> None:
    with pytest.raises(DocumentRefused) as caught:
        read("a: 1\nb: 2\n'a': 3\n", name="x.yaml")
    (found,) = caught.value.findings
    assert found.message == say("The key “a” is already on line 1.", "键“a”在第 1 行已经出现过。")
    assert str(caught.value) == "x.yaml:3:1: a: The key “a” is already on line 1."


def test_every_key_of_every_mapping_may_be_used_once_more_elsewhere() -> None:
    assert read("a: {a: {a: b}}\nb: [{a: 1}, {a: 2}]").data["b"] == [{"a": "1"}, {"a": "2"}]


def test_what_is_open_at_the_end_is_shown_where_it_began() -> None:
    assert codes("a: 1\nb: 'x\nc: 2\n")[0][0] == 2
    assert codes("a: 1\nb: [x,\nc, d\n")[0][0] == 2


def test_findings_have_an_end() -> None:
    assert len(codes("\n".join("a: 1" for _ in range(5_000)))) == 100
    assert len(codes("\x07" * 5_000)) == 100


def test_limits_are_just_reached_by_what_is_read() -> None:
    assert read("a: " + "x" * reader.MAX_SCALAR).data
    assert read("k" * reader.MAX_KEY + ": x").data
    assert read("a: " + "[" * (reader.MAX_DEPTH - 1) + "]" * (reader.MAX_DEPTH - 1)).data
    assert len(read("a: [" + "x," * (reader.MAX_NODES - 3) + "]").data["a"]) == reader.MAX_NODES - 3
    full = "a: b\n#" + "x" * (reader.MAX_BYTES - 6)
    assert read(full).data == {"a": "b"}
    assert codes(full + "x") == [(1, "", "too-large")]
    assert codes("#" + "字" * (reader.MAX_BYTES // 3 + 1)) == [(1, "", "too-large")]


def test_both_languages_explain_every_refusal() -> None:
    for text in ("a: b: c", "a: [", "a: &b c", "", "a\x00: b", b"\xff\xfe"):
        with pytest.raises(DocumentRefused) as caught:
            read(text)
        for found in caught.value.findings:
            assert any("\u4e00" <= character <= "\u9fff" for character in found.text("zh-hans"))
            assert found.text("en").isascii() or "“" in found.text("en")


texts = st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), max_size=20)
trees = st.recursive(
    texts | st.none(), lambda part: st.lists(part, max_size=4) | st.dictionaries(texts, part, max_size=4)
)


@given(data=st.dictionaries(texts, trees, max_size=5), flow=st.booleans())
def test_what_a_yaml_writer_wrote_is_read_back(data: dict[str, object], flow: bool) -> None:
    class Plain(yaml.SafeDumper):
        """Writes every text in quotes, so that only None is plain, and shares nothing."""

        def ignore_aliases(self, data: object) -> bool:
            return True

    Plain.add_representer(str, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"'))
    written = yaml.dump(data, Dumper=Plain, allow_unicode=True, default_flow_style=flow, width=100_000)
    document = read(written)
    assert document.data == data
    lines = written.split("\n")
    for path, position in document.positions.items():
        if path and isinstance(path[-1], str) and position.key and len(path[-1]) < 100:
            assert lines[position.key[0] - 1][position.key[1] - 1] in '"?'


@given(st.binary(max_size=200) | st.text(alphabet="ab:-?[]{}&*!|>'\"%@`,#\n\t \\\0~<", max_size=60))
def test_anything_is_read_or_refused_and_nothing_else_happens(text: bytes | str) -> None:
    try:
        assert isinstance(read(text).data, dict)
    except DocumentRefused as refused:
        assert all(found.line >= 1 and found.column >= 1 for found in refused.findings)
