"""Forms of an SOP on pages: what is shown, what a browser sends, rows without script, mistakes beside their fields."""

import json
import re
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import SuspiciousOperation
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.datastructures import MultiValueDict
from hypothesis import given, settings
from hypothesis import strategies as st

from fairway.engine import forms
from fairway.engine.spec import Form, Sop
from fairway.web.forms import SopForm, nested, rows_changed, typed, uploaded, with_files
from tests.web.form_pages import LIBRARY, sop_of

SHANGHAI = ZoneInfo("Asia/Shanghai")
SOPS = sorted(path.parent.name for path in LIBRARY.glob("*/sop.yaml"))
CONTRACT = "/try/new-business/contract_draft"


def post(*pairs):
    data = QueryDict(mutable=True)
    for name, value in pairs:
        data.appendlist(name, value)
    return data


def text(zh, en=None):
    return {"zh-hans": zh, "en": en or zh}


def field(key, type_="text", **more):
    return {"key": key, "type": type_, "label": text(f"{key}标签", f"{key} label"), **more}


def form_of(*fields):
    return Form.model_validate({"title": text("表", "Form"), "fields": fields})


def shown(form, raw=None, *, sop="new-business", language="en", **more):
    """The HTML of a form, rendered as a page would."""
    document = sop_of(sop).model_copy(update={"forms": {"f": form}})
    with translation.override(language):
        sop_form = SopForm(document, "f", language=language, raw=raw or {}, zone=SHANGHAI, **more)
        return render_to_string(sop_form.template, {"form": sop_form})


# -- what a browser sends ----------------------------------------------------------------------------------------------


def test_flat_names_become_nested_input():
    sent = post(
        ("csrfmiddlewaretoken", "x"), ("values.name", " a\r\nb "), ("values.nodes.10.percent", "20"),
        ("values.nodes.2.percent", "50"), ("values.budget.from", "1"), ("values.budget.to", ""), ("values.people", "1"),
        ("values.people", "2"), ("values.texts.0", "x"), ("values.texts.1", ""),
    )  # fmt: skip
    assert nested(sent) == {
        "name": " a\nb ", "nodes": [{"percent": "50"}, {"percent": "20"}], "budget": {"from": "1", "to": ""},
        "people": ["1", "2"], "texts": ["x", ""],
    }  # fmt: skip


def test_names_that_are_no_paths_are_left_out():
    deep = "values." + ".".join("a" * 20)
    sent = post(
        ("values.", "x"), ("values.a..b", "x"), (deep, "x"), ("value.a", "x"), ("values.a", "1"), ("values.a.b", "2")
    )
    assert nested(sent) == {"a": "1"}
    assert nested(post(("values.a.b", "2"), ("values.a", "1"))) == {"a": {"b": "2"}}


def test_too_many_names_are_refused():
    sent = post(*((f"values.a{n}", "x") for n in range(5001)))
    with pytest.raises(SuspiciousOperation):
        nested(sent)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.tuples(st.text("values.0129ab__[]\x00é\ud800", max_size=30).map("values.{}".format), st.text(max_size=5))
    )
)
def test_any_names_can_be_read(pairs):
    sent = post(*pairs)
    shape = form_of(field("a", "list", fields=[field("b")]), field("b", "group", fields=[field("a", "bool")]))
    raw = typed(shape, sent)
    json.dumps(raw)
    rows_changed(shape, raw, post(("rows", "add:a")))
    rows_changed(shape, raw, post(("rows", "remove:b.a:3")))
    forms.parse(sop_of("new-business"), shape, raw, condition_holds=lambda condition, values: True)


def test_a_box_that_is_not_ticked_says_no():
    shape = form_of(field("agreed", "bool", default="false"))
    assert typed(shape, post(("values.agreed", "false"))) == {"agreed": "false"}
    assert typed(shape, post(("values.agreed", "false"), ("values.agreed", "true"))) == {"agreed": "true"}


def test_a_row_of_nothing_but_defaults_is_blank():
    shape = form_of(field("rows", "list", fields=[field("what"), field("days", "int", default="0")]))
    sent = post(
        ("values.rows.0.what", ""), ("values.rows.0.days", "0"), ("values.rows.1.what", "x"),
        ("values.rows.1.days", "0"),
        ("values.rows.2.what", ""), ("values.rows.2.days", "7"),
    )  # fmt: skip
    assert typed(shape, sent) == {"rows": [{}, {"what": "x", "days": "0"}, {"what": "", "days": "7"}]}


def test_rows_are_added_and_removed_by_buttons():
    inner = field("tags", "list", of="text")
    shape = form_of(field("rows", "list", fields=[field("what"), inner]), field("group", "group", fields=[inner]))
    raw = {"rows": [{"what": "a"}, {"what": "b", "tags": ["x", "y"]}]}
    assert rows_changed(shape, raw, post()) is None
    assert rows_changed(shape, raw, post(("rows", "nonsense"))) is None
    assert rows_changed(shape, raw, post(("rows", "add:rows"))) == {"rows": [*raw["rows"], ""]}
    assert rows_changed(shape, raw, post(("rows", "remove:rows:0"))) == {"rows": [raw["rows"][1]]}
    assert rows_changed(shape, raw, post(("rows", "remove:rows:9"))) == raw
    changed = rows_changed(shape, raw, post(("rows", "remove:rows.1.tags:0")))
    assert changed["rows"][1] == {"what": "b", "tags": ["y"]}
    assert rows_changed(shape, raw, post(("rows", "add:group.tags"))) == {**raw, "group": {"tags": [""]}}
    assert rows_changed(shape, raw, post(("rows", "add:unknown"))) == raw


# -- what is shown -----------------------------------------------------------------------------------------------------


def test_what_is_needed_stands_open_and_the_rest_is_folded():
    shape = form_of(field("first", required=True), field("second"), field("third", usual=True))
    html = shown(shape)
    open_part, folded = html.split("<details")
    assert "first label" in open_part
    assert "second label" in open_part
    assert "third label" in folded
    assert "third label" not in open_part
    assert " open" not in folded.split(">")[0]


def test_the_folded_part_opens_for_what_is_wrong_or_was_typed_in_it():
    shape = form_of(field("a"), field("b", "int", usual=True))
    error = forms.FieldError("b", "not_a_number", {"en": "No number.", "zh-hans": "不是数字。"}, shape.fields[1].label)
    assert re.search(r"<details[^>]* open", shown(shape, {"b": "x"}, errors=[error]))
    assert re.search(r"<details[^>]* open", shown(shape, {"b": "3"}))


def test_a_field_needed_under_a_condition_stands_open_once_it_holds():
    condition = {"fact": "f.a", "is": "x"}
    shape = form_of(field("a"), field("b", usual=True, required=condition))
    assert "required" not in shown(shape, holds=lambda condition: False)
    html = shown(shape, holds=lambda condition: condition.fact == "f.a")
    assert "<details" not in html
    assert html.count('aria-required="true"') == 1


@pytest.mark.parametrize(
    ("source", "raw", "expected"),
    [
        (field("x", "money"), "12000.50", r'inputmode="decimal"[^>]* value="12000.50"'),
        (field("x", "money"), "1.2万", r'value="1.2万"'),
        (field("x", "int"), "7", r'inputmode="numeric"[^>]* value="7"'),
        (field("x", "int", at_least=1, at_most=5), 3, r'type="radio"[^>]* value="3" checked'),
        (field("x", "percent"), "5", r'value="5"><span class="fy-affix__text">%'),
        (field("x", "date"), "2026-03-02", r'type="date"[^>]* value="2026-03-02"'),
        (field("x", "date"), "tomorrow", r'type="text"[^>]* value="tomorrow"'),
        (field("x", "datetime"), "2026-03-02T01:30:00+00:00", r'type="datetime-local"[^>]* value="2026-03-02T09:30"'),
        (field("x", "datetime"), "2026-03-02T01:30:09+00:00", r'step="any"[^>]* value="2026-03-02T09:30:09"'),
        (field("x", "phone"), "+8613800138000", r'type="tel"[^>]* value="\+8613800138000"'),
        (field("x", "email"), "a@b.cn", r'type="email"'),
        (field("x", "url"), "", r'type="url"'),
        (field("x", "longtext"), "a\nb", r"<textarea[^>]*data-grow[^>]*>\na\nb</textarea>"),
        (field("x", "bool", required="true"), True, r'value="true" checked'),
        (field("x", "bool"), None, r'value="" checked[^>]*><span>Not known'),
        (field("x", "bool", default="false"), "true", r'type="hidden" name="values.x" value="false">\s*.*?checked'),
        (field("x", "enum", list="priority", required="true"), "must", r'type="radio"[^>]* value="must" checked'),
        (field("x", "enum", list="industry"), "food", r'<option value="food" selected>'),
        (field("x", "enums", list="priority"), ["must", "bonus"], r'type="checkbox"[^>]* value="bonus" checked'),
        (field("x", "money_range"), {"from": "5", "to": None}, r'name="values.x.from" value="5"'),
        (field("x", "user"), 2, r'<option value="2" selected>Mary'),
        (field("x", "users"), [1], r'type="checkbox"[^>]* value="1" checked'),
        (field("x", "list", of="user"), [2], r'name="values.x.0".*<option value="2" selected>Mary'),
        (field("x", "bool", required="true"), "perhaps", r'type="radio"[^>]* value="false"'),
        (field("x", "list", fields=[field("y", "bool")]), [{"y": True}], r'<option value="true" selected>Yes'),
        (field("x", "int", at_least=0, at_most=100), 5, r'inputmode="numeric"[^>]* value="5"'),
        (field("x", "decimal"), "1.5", r'inputmode="decimal"[^>]* value="1.5"'),
        (field("x", "group", fields=[field("y")]), {"y": "z"}, r'name="values.x.y" value="z"'),
    ],
)
def test_every_type_has_its_control(source, raw, expected):
    html = shown(form_of(source), {"x": raw}, options={"user": lambda: [(1, "Wang"), (2, "Mary")]})
    assert re.search(expected, html, re.DOTALL), html


def test_a_page_says_whether_it_sends_files():
    def takes(form, **more):
        sop = sop_of("new-business").model_copy(update={"forms": {"f": form}})
        return SopForm(sop, "f", language="en", raw={}, **more).takes_files

    inner = form_of(field("rows", "list", fields=[field("x", "files")]))
    assert takes(inner, takes_files=True)
    assert takes(form_of(field("x", "list", of="file")), takes_files=True)
    assert not takes(inner)
    assert not takes(form_of(field("x")), takes_files=True)
    assert not takes(form_of(field("x", "file", confidential=True)), takes_files=True, may_see_confidential=False)


def test_many_people_are_chosen_one_by_one():
    people = [(n, f"Person {n}") for n in range(1, 40)]
    html = shown(form_of(field("x", "users")), {"x": [7, 9]}, options={"user": lambda: people})
    assert re.search(r'name="values.x.0".*<option value="7" selected', html, re.DOTALL)
    assert re.search(r'name="values.x.1".*<option value="9" selected', html, re.DOTALL)
    assert 'value="add:x"' in html


def test_points_stand_beside_their_rubric():
    with translation.override("zh-hans"):
        card = SopForm(sop_of("new-business"), "scorecard", language="zh-hans", raw={"fit_score": 4})
        points = card.needed[0].points
    assert [point.value for point in points] == ["1", "2", "3", "4", "5"]
    assert [point.checked for point in points] == [False, False, False, True, False]
    assert all(point.text for point in points)
    assert card.total.total is None
    full = {"fit_score": "4", "budget_score": "4", "urgency_score": "3"}
    total = SopForm(sop_of("new-business"), "scorecard", language="en", raw=full).total
    assert (total.total, total.most, total.grade) == (11, 15, "A")


def test_confidential_fields_carry_a_mark_and_are_kept_from_others():
    shape = form_of(field("a"), field("b", "money", confidential=True))
    html = shown(shape)
    assert html.count("confidential") == 1
    assert "b label" not in shown(shape, may_see_confidential=False)


def test_a_list_shows_its_rows_and_a_blank_one_for_the_script():
    shape = form_of(
        field("rows", "list", at_least=2, required="true", fields=[field("what"), field("n", "int", default="5")])
    )
    html = shown(shape, {"rows": [{"what": "x"}]})
    page, blank = html.split("<template")
    assert 'name="values.rows.0.what"' in page
    assert 'name="values.rows.1.what"' in page
    assert 'name="values.rows.2.what"' not in page
    assert 'name="values.rows.__0__.n"' in blank
    assert page.count('value="remove:rows:') == 2
    assert re.search(r'name="values.rows.1.n" value="5"', page)


def test_what_is_typed_is_escaped():
    hostile = "\"><script>alert(1)</script>'"
    shape = form_of(field("a"), field("b", "longtext"), field("c", "list", of="text"), field("d", "money_range"))
    html = shown(shape, {"a": hostile, "b": hostile, "c": [hostile], "d": {"from": hostile, "to": hostile}})
    assert "<script>" not in html


def test_mistakes_are_said_on_top_with_links_and_beside_the_fields():
    sop = sop_of("new-business")
    shape = sop.forms["contract_draft"]
    raw = {"amount": "x", "payment_nodes": [{"key": "a", "title": "b", "percent": "200"}], "colour": "red"}
    parsed = forms.parse(sop, shape, raw, condition_holds=lambda condition, values: condition.all_ == ())
    with translation.override("en"):
        page = SopForm(sop, "contract_draft", language="en", raw=raw, errors=parsed.errors)
        targets = {mistake.label: mistake.target for mistake in page.mistakes}
        missing = {mistake.label: mistake.target for mistake in page.missing}
    assert targets["Amount"] == "values-amount"
    assert targets["Payment nodes 1 · Percent"] == "values-payment_nodes-0-percent"
    assert targets[""] == ""
    assert missing["Payment nodes 1 · Falls due on"] == "values-payment_nodes-0-moment"


@pytest.mark.parametrize("key", SOPS)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_shipped_form_is_shown_and_can_be_sent_back_unchanged(key, language):
    """Each name is on the page once (radio and tick boxes aside), each id once, each label points to a control."""
    sop: Sop = sop_of(key)
    for form_key, shape in sop.forms.items():
        start = forms.initial(sop, shape, {}, language=language)
        raw = forms.as_input(shape, start, SHANGHAI)
        with translation.override(language):
            page = SopForm(sop, form_key, language=language, raw=raw, zone=SHANGHAI, takes_files=True)
            html = render_to_string(page.template, {"form": page})
        ids = re.findall(r' id="([^"]+)"', html)
        assert len(ids) == len(set(ids)), form_key
        for target in re.findall(r'<label[^>]* for="([^"]+)"', html):
            assert target in ids, (form_key, target)
        kept = forms.parse(
            sop, shape, typed(shape, sent_by(html)), condition_holds=lambda condition, values: False, zone=SHANGHAI
        )
        assert {error.code for error in kept.errors} <= {"required"}, (form_key, kept.errors)
        assert kept.values == {**start, **{k: v for k, v in kept.values.items() if k not in start and v is False}}


def sent_by(html):
    """What a browser without script sends for the page as it is."""
    data = QueryDict(mutable=True)
    html = re.sub(r"<template.*?</template>", "", html, flags=re.DOTALL)
    for tag in re.finditer(r"<input[^>]*>|<textarea[^>]*>\n?(.*?)</textarea>|<select.*?</select>", html, re.DOTALL):
        control = tag[0]
        name = re.search(r' name="([^"]*)"', control)[1]
        value = re.search(r' value="([^"]*)"', control)
        if control.startswith("<textarea"):
            data.appendlist(name, tag[1])
        elif control.startswith("<select"):
            chosen = re.search(r'<option value="([^"]*)" selected', control)
            data.appendlist(name, chosen[1] if chosen else "")
        elif not re.search(r'type="(radio|checkbox|file)"', control) or " checked" in control:
            data.appendlist(name, value[1] if value else "on")
    return data


# -- the whole way -----------------------------------------------------------------------------------------------------


@pytest.fixture
def browser(client, settings, db):
    settings.ROOT_URLCONF = "tests.web.form_pages"
    return client


def test_a_page_keeps_what_was_typed_when_a_row_is_added_without_script(browser):
    sent = {
        "values.name": "年度合同",
        "values.amount": "１２万",
        "values.payment_nodes.0.title": "签约款",
        "rows": "add:payment_nodes",
    }
    answer = browser.post(CONTRACT, sent)
    html = answer.content.decode()
    assert answer.status_code == 200
    assert 'value="年度合同"' in html
    assert 'value="１２万"' in html
    assert 'name="values.payment_nodes.1.title"' in html
    assert "fy-refusal" not in html


def test_a_refused_page_says_everything_and_keeps_what_was_typed(browser):
    answer = browser.post(CONTRACT, {"values.amount": "many", "values.warranty": "三年"})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="many"' in html
    assert "三年</textarea>" in html
    assert 'href="#values-amount"' in html
    assert html.count("fy-field__error") > 5


def test_a_full_page_is_taken(browser):
    sent = {
        "values.fit_score": "4", "values.budget_score": "3", "values.urgency_score": "5",
        "values.bant_budget": "unknown",
        "values.mismatch": ["false", "true"], "values.purchase_months": "３",
    }  # fmt: skip
    answer = browser.post("/try/new-business/scorecard", sent)
    assert answer.json() == {
        "fit_score": 4, "budget_score": 3, "urgency_score": 5, "bant_budget": "unknown", "mismatch": True,
        "purchase_months": 3,
    }  # fmt: skip


def test_files_that_are_there_are_kept_and_new_ones_come_beside_them():
    shape = form_of(
        field("scan", "file"), field("proofs", "files"), field("rows", "list", fields=[field("x", "files")])
    )
    raw = {"scan": "4", "proofs": ["7", "8"]}
    assert "values.scan" not in shown(shape, raw)
    html = shown(shape, raw, takes_files=True, options={"file": lambda: [(4, "合同.pdf"), (7, "<b>.png")]})
    assert re.search(r'type="checkbox"[^>]* name="values.scan" value="4" checked><span>合同.pdf', html)
    assert "&lt;b&gt;.png" in html
    assert re.search(r'type="file"[^>]* name="values.proofs"[^>]* multiple', html)
    sent = MultiValueDict({"values.proofs": ["a", "b"], "other": ["c"], "values.rows.0.x": ["d"]})
    assert uploaded(sent) == {"proofs": ["a", "b"], "rows.0.x": ["d"]}
    assert with_files(shape, raw, {"proofs": [11, 12], "scan": [9], "unknown": [1]}) == {
        "scan": "9", "proofs": ["7", "8", "11", "12"],
    }  # fmt: skip
    assert with_files(shape, {"rows": [{"x": "3"}, {}]}, {"rows.0.x": [5]}) == {"rows": [{"x": ["3", "5"]}, {}]}
    with pytest.raises(SuspiciousOperation):
        uploaded(MultiValueDict({"values.proofs": ["a"] * 51}))
