import pytest
from django import forms
from django.template import Context, Template


class Sample(forms.Form):
    name = forms.CharField(help_text="As in the register.")
    kind = forms.ChoiceField(choices=[("a", "A"), ("b", "B")])
    rank = forms.ChoiceField(choices=[("1", "One"), ("2", "Two")], widget=forms.RadioSelect)
    note = forms.CharField(widget=forms.Textarea, required=False)
    agreed = forms.BooleanField(required=False)


def show(source, **context):
    return Template("{% load fairway %}" + source).render(Context(context))


def test_a_field_joins_label_control_help_and_error():
    form = Sample({"name": ""})
    text = show("{% field form.name %}", form=form)
    assert '<label class="fy-field__label" for="id_name">' in text
    assert 'id="id_name_help"' in text
    assert 'id="id_name_error"' in text
    assert 'aria-invalid="true"' in text
    assert 'aria-describedby="id_name_help id_name_error"' in text


def test_each_kind_of_control_has_its_look():
    form = Sample()
    assert 'class="form-control"' in show("{% field form.name %}", form=form)
    assert 'class="form-select"' in show("{% field form.kind %}", form=form)
    assert "<textarea" in show("{% field form.note %}", form=form)
    assert 'class="form-check-input"' in show("{% field form.agreed %}", form=form)


def test_choices_side_by_side_are_a_group_with_a_legend():
    text = show("{% field form.rank %}", form=Sample({"rank": "2"}))
    assert "<fieldset" in text
    assert "<legend" in text
    assert text.count('type="radio"') == 2
    assert text.count(" checked") == 1


DESCRIBED = {"name": "x", "label": "X"}


@pytest.mark.parametrize(
    ("described", "expected"),
    [
        ({"type": "text", "value": 0}, 'value="0"'),
        ({"type": "text", "value": None}, 'value=""'),
        ({"type": "textarea", "value": "a\nb"}, ">\na\nb</textarea>"),
        ({"type": "select", "options": [("a", "A")], "value": "a"}, '<option value="a" selected>A</option>'),
        ({"type": "select", "options": [("a", "A")]}, '<option value="">—</option>'),
        ({"type": "multiselect", "options": [("a", "A"), ("b", "B")], "value": ["b"]}, '<option value="b" selected>'),
        ({"type": "checkbox", "value": True}, " checked"),
        ({"type": "radio", "options": [(1, "One")], "value": 1}, 'type="radio"'),
        ({"type": "checkboxes", "options": [("a", "A")], "value": ["a"]}, 'type="checkbox"'),
        ({"type": "date", "value": "2026-11-21"}, 'type="date"'),
        ({"type": "number", "attrs": {"min": 0, "step": "0.01"}}, 'min="0" step="0.01"'),
        ({"required": True}, " required"),
        ({"prefix": "¥"}, '<span class="fy-affix__text">¥</span>'),
        ({"errors": ["one", "two"]}, "<span>one two</span>"),
    ],
)
def test_a_description_becomes_the_same_field(described, expected):
    assert expected in show("{% field x %}", x={**DESCRIBED, **described})


def test_a_required_choice_offers_no_empty_one():
    text = show("{% field x %}", x={**DESCRIBED, "type": "select", "required": True, "options": [("a", "A")]})
    assert '<option value="">' not in text


def test_a_file_never_carries_a_value():
    assert "value=" not in show("{% field x %}", x={**DESCRIBED, "type": "file", "value": "/etc/passwd"})


def test_what_the_template_says_wins_over_the_description():
    text = show("{% field x label='Other' suffix='万' %}", x={**DESCRIBED, "suffix": "元"})
    assert ">Other<" in text
    assert "万" in text
    assert "元" not in text
