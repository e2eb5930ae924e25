from datetime import UTC, datetime, timedelta

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils.translation import override

from fairway.web.templatetags.fairway import initials

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
EVIL = '<img src=x onerror="alert(1)">'


def show(source, path="/", **context):
    request = RequestFactory().get(path)
    with override("en"):
        return Template("{% load fairway %}" + source).render(Context({"request": request, "now": NOW, **context}))


@pytest.mark.parametrize(
    "source",
    [
        "{% button evil title=evil %}",
        "{% button evil href=evil %}",
        "{% badge evil evil %}",
        "{% person evil %}",
        "{% grade evil %}",
        "{% stat evil evil note=evil href=evil %}",
        "{% card evil id=evil link=evil href=evil %}{{ evil }}{% endcard %}",
        "{% emptystate evil %}{{ evil }}{% endemptystate %}",
        "{% note %}{{ evil }}{% endnote %}",
        "{% fold evil %}{{ evil }}{% endfold %}",
        "{% menu evil %}{% menu_item evil href=evil %}{% endmenu %}",
        "{% dialog 'd' evil %}{{ evil }}{% enddialog %}",
        "{% refusal reasons title=evil %}",
        "{% event evil when=now who=evil %}{{ evil }}{% endevent %}",
        "{% table evil %}{{ evil }}{% endtable %}",
        "{% sort_head evil 'x' %}",
        "{% field described %}",
        "{% chart 'c' kind='bar' label=evil labels=labels series=series %}",
        "{% stages items %}",
        "{% money 5 evil %}",
        "{% toast evil %}",
        "{% confirm evil question=evil action=evil %}",
        "{% nextaction evil label=evil href=evil why=evil owner=evil %}",
    ],
)
def test_nothing_that_people_typed_becomes_markup(source):
    described = {"name": "x", "label": EVIL, "value": EVIL, "help": EVIL, "error": EVIL, "prefix": EVIL}
    text = show(
        source,
        evil=EVIL,
        described=described,
        reasons=[{"text": EVIL, "owner": EVIL, "url": EVIL, "mend": EVIL}, EVIL],
        labels=[EVIL],
        series=[{"name": EVIL, "values": [1]}],
        items=[{"title": EVIL, "state": "current", "note": EVIL}],
    )
    assert "<img" not in text
    assert 'onerror="' not in text


def test_a_button_is_a_submit_button_unless_it_leads_somewhere():
    assert 'type="submit"' in show("{% button 'Save' %}")
    assert show("{% button 'List' href='/leads' %}").startswith('<a class="btn" href="/leads"')


def test_a_button_without_words_says_them_aloud():
    text = show("{% button 'Edit' icon='pencil' only_icon=True %}")
    assert '<span class="fy-hidden">Edit</span>' in text
    assert 'title="Edit"' in text


def test_attributes_are_written_as_html_has_them():
    text = show("{% button 'Go' hx_get='/x' disabled=True hidden=False data_n=None %}")
    assert ' hx-get="/x"' in text
    assert " disabled " in text
    assert "hidden" not in text
    assert "data-n" not in text


@pytest.mark.parametrize(
    ("due", "tone", "words"),
    [(-3, "bad", "Overdue 3 h"), (5, "warn", "5 h left"), (150, "neutral", "6 d left")],
)
def test_a_clock_has_colour_words_and_the_exact_time(due, tone, words):
    moment = NOW + timedelta(hours=due)
    text = show("{% clock due now=now %}", due=moment)
    assert f"fy-tone--{tone}" in text
    assert words in text
    assert f'datetime="{moment.isoformat()}"' in text
    assert "data-clock" in text


def test_a_clock_that_was_met_stands_still():
    late = show("{% clock due done=done %}", due=NOW, done=NOW + timedelta(minutes=1))
    met = show("{% clock due done=done %}", due=NOW, done=NOW)
    assert "Done late" in late
    assert "Done in time" in met
    assert "data-clock" not in late + met


def test_what_is_not_there_shows_nothing_or_says_so():
    assert show("{% clock None %}{% ago None %}") == ""
    assert "–" in show("{% money None %}")
    assert "Nobody" in show("{% person None %}")
    assert "Not graded" in show("{% grade None %}")
    assert show("{% refusal reasons %}", reasons=[]).strip() == ""


@pytest.mark.parametrize(
    ("name", "letters"),
    [("王小明", "小明"), ("李娜", "李娜"), ("Mary Ann Lee", "ML"), ("bob", "B"), ("j.doe", "JD"), ("  ", "?")],
)
def test_the_mark_of_a_person(name, letters):
    assert initials(name) == letters


def test_a_refusal_gives_every_reason_with_who_owes_it_and_its_link():
    reasons = [{"text": "No need record.", "owner": "Ann", "url": "/x", "mend": "Fill it"}, "No budget."]
    text = show("{% refusal reasons %}", reasons=reasons)
    assert text.count("<li") == 2
    assert "owed by Ann" in text
    assert '<a class="btn" href="/x"><span>Fill it</span>' in text


def test_a_stage_map_says_where_the_deal_stands_and_not_by_colour_alone():
    items = [
        {"title": "Needs", "state": "done"},
        {"title": "Proposal", "state": "late"},
        {"title": "Won", "state": "next"},
    ]
    text = show("{% stages items %}", items=items)
    assert text.count('aria-current="step"') == 1
    assert "Current, late" in text
    assert "Still to come" in text


def test_a_closed_deal_leaves_the_map_and_becomes_a_mark():
    text = show("{% stages items outcome=out %}", items=[], out={"word": "Won", "tone": "good"})
    assert "<ol" not in text
    assert "Won" in text


def test_sorting_turns_around_and_starts_at_the_first_page():
    first = show("{% sort_head 'Name' 'name' %}", "/leads?q=x&after=9")
    again = show("{% sort_head 'Name' 'name' %}", "/leads?q=x&sort=name")
    assert 'href="?q=x&amp;sort=name"' in first
    assert 'href="?q=x&amp;sort=-name"' in again
    assert 'aria-sort="ascending"' in again


def test_pages_keep_the_filters():
    text = show("{% pagination shown=50 total=1234 after='c9' before='c1' %}", "/leads?q=x&after=old")
    assert 'href="?q=x&amp;after=c9"' in text
    assert 'href="?q=x&amp;before=c1"' in text
    assert "50 of 1234" in text


def test_the_only_page_has_no_links():
    assert "<a" not in show("{% pagination shown=3 %}")


def test_filters_keep_the_sort_and_can_be_cleared():
    text = show("{% filters %}x{% endfilters %}", "/leads?q=x&sort=-name")
    assert '<input type="hidden" name="sort" value="-name">' in text
    assert '<a class="btn btn-quiet" href="/leads">' in text
    assert "btn-quiet" not in show("{% filters %}x{% endfilters %}", "/leads?sort=name")


def test_asking_first_works_without_script():
    text = show("{% confirm 'Delete' question='Sure?' action='/x' name='id' value='7' %}", csrf_token="tok")
    assert '<form class="fy-menu__ask" method="post" action="/x">' in text
    assert 'name="csrfmiddlewaretoken" value="tok"' in text
    assert '<input type="hidden" name="id" value="7">' in text


def test_a_chart_also_stands_as_a_table():
    text = show(
        "{% chart 'c' kind='bar' label='Deals' labels=labels series=series links=links %}",
        labels=["June"],
        series=[{"name": "Won", "values": [7]}],
        links=["/deals?month=6"],
    )
    assert '<a href="/deals?month=6">June</a>' in text
    assert ">7</td>" in text


def test_progress_of_nothing_is_no_division_by_zero():
    assert "0 %" in show("{% progress 0 0 %}")
