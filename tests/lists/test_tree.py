import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairway.lists.errors import Misread
from fairway.lists.tree import HAS, IS, All, Any, Leaf, Range, leaf, read, together, without, write

WORDS = st.text(st.characters(blacklist_characters="\x00", blacklist_categories=("Cs",)), max_size=12)
BOUNDS = st.from_regex(r"\A[0-9a-z+-]{0,8}\Z")
VALUES = st.one_of(WORDS, st.builds(Range, BOUNDS, BOUNDS))
LEAVES = st.builds(
    Leaf,
    st.from_regex(r"\A[a-z][a-z_0-9]{0,8}\Z"),
    st.sampled_from([IS, HAS]),
    st.lists(VALUES, min_size=1, max_size=3).map(tuple),
    st.booleans(),
)


def nested(inner):
    parts = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return st.one_of(st.builds(All, parts), st.builds(Any, parts))


@settings(max_examples=60)
@given(st.recursive(LEAVES, nested, max_leaves=12))
def test_what_is_written_is_read_back_as_the_same_tree(node):
    assert read(write(node)) == node


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("", None),
        ("grade:A,B", leaf("grade", "A", "B")),
        ("owner:", leaf("owner", "")),
        ("amount:100000..", leaf("amount", Range("100000", ""))),
        ("company~启明", leaf("company", "启明", sign=HAS)),
        ("grade!:C", Leaf("grade", IS, ("C",), negated=True)),
        ("a:1;b:2|c:3", Any((All((leaf("a", "1"), leaf("b", "2"))), leaf("c", "3")))),
        ("a:1;(b:2|c:3)", All((leaf("a", "1"), Any((leaf("b", "2"), leaf("c", "3")))))),
        ("company:'A, B (中国)'", leaf("company", "A, B (中国)")),
        ("company:'it''s'", leaf("company", "it's")),
    ],
)
def test_the_language_reads_as_documented(text, node):
    assert read(text) == node
    assert read(write(node)) == node


@pytest.mark.parametrize(
    "text",
    [
        "grade",
        ":A",
        "grade:A;",
        "(grade:A",
        "grade:A)",
        "grade:'A",
        "GRADE:A",
        "a:1||b:2",
        "(" * 9 + "a:1" + ")" * 9,
        ";".join(["a:1"] * 41),
        "a:" + "x" * 3000,
    ],
)
def test_what_is_no_filter_is_refused_with_a_sentence(text):
    with pytest.raises(Misread) as refused:
        read(text)
    assert str(refused.value)


@settings(max_examples=60)
@given(st.text(max_size=60))
def test_no_text_whatever_makes_it_stumble(text):
    try:
        node = read(text)
    except Misread:
        return
    assert read(write(node)) == node


def test_conditions_on_a_field_are_taken_out_at_the_top():
    node = read("grade:A;owner:me;(owner:1|grade:B)")
    assert write(without(node, "owner")) == "grade:A;(owner:1|grade:B)"
    assert without(read("owner:me"), "owner") is None
    assert together(None, None) is None
