import sys
from pathlib import Path

import polib
import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import catalogues  # noqa: E402
import messages  # noqa: E402

pytestmark = pytest.mark.once


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A package with two apps, `a` and `b`, and no texts yet."""
    package = tmp_path / "fairway"
    for app in "ab":
        (package / app / "templates").mkdir(parents=True)
        (package / app / "apps.py").touch()
    for module in (catalogues, messages):
        monkeypatch.setattr(module, "ROOT", tmp_path)
        monkeypatch.setattr(module, "PACKAGE", package)
    return package


def write(path, text):
    path.write_text(text, encoding="utf-8")


def translate(package, app, **texts):
    path = catalogues.catalogue_path(package / app)
    catalogue = polib.pofile(str(path))
    for entry in catalogue:
        entry.msgstr = texts.get(entry.msgid, entry.msgstr)
    write(path, messages.as_text(catalogue))


def entries(package, app):
    catalogue = polib.pofile(str(catalogues.catalogue_path(package / app)))
    return [(entry.msgid, entry.msgctxt, entry.msgid_plural) for entry in catalogue]


def test_texts_are_found_in_python_and_in_templates(package):
    write(
        package / "a" / "x.py",
        '_("one")\ngettext_lazy("two " "words")\nngettext("%d lead", "%d leads", n)\npgettext("month", "May")\n',
    )
    write(
        package / "a" / "templates" / "x.html",
        '{% load i18n %}{% translate "it\'s due" %}{% blocktranslate count n=n trimmed %}\n {{ n }} deal\n'
        "{% plural %}{{ n }} deals{% endblocktranslate %}{% translate 'Lead' context 'metal' %}"
        '{% include "y.html" with title=_("Title") %}',
    )
    messages.refresh()
    assert entries(package, "a") == [
        ("%(n)s deal", None, "%(n)s deals"),
        ("%d lead", None, "%d leads"),
        ("Lead", "metal", ""),
        ("May", "month", ""),
        ("Title", None, ""),
        ("it's due", None, ""),
        ("one", None, ""),
        ("two words", None, ""),
    ]


def test_a_refresh_keeps_translations_and_drops_what_is_unused(package):
    write(package / "a" / "x.py", '_("stays")\n_("goes")\n')
    messages.refresh()
    translate(package, "a", stays="留下", goes="走了")
    write(package / "a" / "x.py", '_("stays")\n_("new")\n')
    messages.refresh()
    catalogue = polib.pofile(str(catalogues.catalogue_path(package / "a")))
    assert [(entry.msgid, entry.msgstr) for entry in catalogue] == [("new", ""), ("stays", "留下")]


def test_a_text_that_another_app_has_translated_is_taken_from_there(package):
    write(package / "a" / "x.py", '_("Owner")\n')
    messages.refresh()
    translate(package, "a", Owner="负责人")
    write(package / "b" / "x.py", '_("Owner")\n')
    messages.refresh()
    assert messages.problems() == []


def test_a_complete_catalogue_has_no_problems_and_compiles(package):
    write(package / "a" / "x.py", '_("Owner")\n')
    messages.refresh()
    translate(package, "a", Owner="负责人")
    assert messages.problems() == []
    (compiled,) = catalogues.compile_all()
    assert polib.mofile(str(compiled))[0].msgstr == "负责人"


@pytest.mark.parametrize(
    ("source", "chinese", "problem"),
    [
        ("Owner", "", "has no Chinese"),
        ("%(n)s leads", "线索", "differ in placeholders"),
        ("%(n)s leads", "%(m)s 条线索", "differ in placeholders"),
        ("Dear {name}", "您好", "differ in placeholders"),
        ("line\\n", "行", "line break"),
    ],
)
def test_a_bad_translation_is_named(package, source, chinese, problem):
    write(package / "a" / "x.py", f'_("{source}")\n')
    messages.refresh()
    translate(package, "a", **{source.replace("\\n", "\n"): chinese})
    (found,) = messages.problems()
    assert problem in found


def test_a_stale_catalogue_is_named(package):
    write(package / "a" / "x.py", '_("Owner")\n')
    messages.refresh()
    translate(package, "a", Owner="负责人")
    write(package / "a" / "x.py", "")
    assert ["run `make messages`" in found for found in messages.problems()] == [True]


def test_two_apps_that_translate_one_text_differently_are_named(package):
    for app in "ab":
        write(package / app / "x.py", '_("Run")\n')
    messages.refresh()
    translate(package, "a", Run="流程")
    translate(package, "b", Run="跑步")
    (found,) = messages.problems()
    assert "'跑步' here and '流程'" in found


def test_entries_left_twice_by_a_merge_become_one(package):
    write(package / "a" / "x.py", '_("Owner")\n')
    messages.refresh()
    path = catalogues.catalogue_path(package / "a")
    write(path, path.read_text(encoding="utf-8") + '\nmsgid "Owner"\nmsgstr "负责人"\n')
    messages.refresh()
    assert entries(package, "a") == [("Owner", None, "")]
    assert messages.problems() == []
