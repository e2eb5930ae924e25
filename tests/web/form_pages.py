"""One page for every form of the shipped SOPs, for the tests of forms: it shows, keeps rows, checks and shows again."""

from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.template import engines
from django.urls import include, path
from django.utils.translation import get_language

from fairway.engine import forms
from fairway.engine.facts import Vocabulary
from fairway.engine.load import load
from fairway.engine.spec import Text
from fairway.people.doors import door
from fairway.web.forms import SopForm, rows_changed, typed

LIBRARY = Path(__file__).parents[2] / "fairway" / "sops" / "library"
SHANGHAI = ZoneInfo("Asia/Shanghai")
PEOPLE = [(1, "王小明"), (2, "Mary Ann Lee"), (3, "陈志远")]

PAGE = """{% extends "base.html" %}{% load i18n fairway %}{% block content %}{% card form.title icon="forms" %}
<form method="post" novalidate data-guard="try">{% csrf_token %}{% include form.template %}
<div class="fy-form__foot fy-try">{% button "Save" kind="primary" icon="check" %}</div></form>{% endcard %}
{% endblock %}"""


@cache
def sop_of(key):
    return load((LIBRARY / key / "sop.yaml").read_text(), key).sop


class Nothing:
    """A run about which nothing is known but what is on the form."""

    def __init__(self, sop):
        self.types = {name: spec.type for name, spec in Vocabulary.of(sop).specs.items()}

    def value(self, name):
        return None

    def type_of(self, name):
        return self.types.get(name, "text")

    def step_holds(self, key, state):
        return False

    def step_title(self, key):
        return Text(zh_hans=key, en=key)


@door(public=True, why="a test")
def fill(request, sop, form):
    sop = sop_of(sop)
    shape = sop.forms[form]
    condition_holds = forms.holds_over(form, shape, Nothing(sop))
    errors, status = [], 200
    if request.method == "POST":
        raw = typed(shape, request.POST)
        changed = rows_changed(shape, raw, request.POST)
        if changed is None:
            parsed = forms.parse(sop, shape, raw, condition_holds=condition_holds, zone=SHANGHAI)
            if not parsed.errors:
                return JsonResponse(parsed.values)
            errors, status = parsed.errors, 422
        raw = raw if changed is None else changed
    else:
        raw = forms.as_input(shape, forms.initial(sop, shape, {}, language=get_language()), SHANGHAI)
    values = forms.parse(sop, shape, raw, condition_holds=lambda condition, values: False, zone=SHANGHAI).values
    sop_form = SopForm(
        sop, form, language=get_language(), raw=raw, errors=errors, zone=SHANGHAI,
        options={"user": lambda: PEOPLE, "contact": lambda: PEOPLE[:1]},
        holds=lambda condition: condition_holds(condition, values),
        may_see_confidential=request.GET.get("open") != "1",
    )  # fmt: skip
    get_token(request)
    page = engines["django"].from_string(PAGE).render({"form": sop_form, "title": sop_form.title}, request)
    return HttpResponse(page, status=status)


urlpatterns = [path("try/<slug:sop>/<slug:form>", fill), path("", include("fairway.urls"))]
