import importlib.util
from pathlib import Path

import pytest

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[2]
SPEC = importlib.util.spec_from_file_location("assets_tool", ROOT / "tools/assets.py")
assets = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(assets)


@pytest.fixture
def tree(tmp_path):
    """A small checkout with one template and an icon list."""
    (tmp_path / "fairway/web/assets").mkdir(parents=True)
    (tmp_path / "fairway/web/templates").mkdir()
    (tmp_path / "tools").mkdir()
    (tmp_path / "fairway/web/assets/icons.txt").write_text("# remark\ncheck  # done\nphone\n")
    (tmp_path / "fairway/web/templates/page.html").write_text("{% icon 'check' %}{% button label icon=\"phone\" %}")
    for name in ("package.json", "package-lock.json", "tools/assets.py"):
        (tmp_path / name).write_text("{}")
    return tmp_path


def test_icons_in_use_are_found_in_templates_and_code(tree):
    (tree / "fairway/nav.py").write_text('Entry("x", icon="star")\n')
    assert set(assets.icons_used(tree)) == {"check", "phone", "star"}


def test_an_icon_that_the_list_lacks_stops_the_build_and_is_named(tree):
    (tree / "fairway/web/templates/page.html").write_text('{% icon "rocket" %}')
    with pytest.raises(assets.AssetError, match=r"rocket  \(fairway/web/templates/page.html\)"):
        assets.check_icons_used(tree)


def test_every_icon_of_the_product_is_listed():
    assets.check_icons_used(ROOT)


def test_the_stamp_changes_with_every_input(tree):
    seen = {assets.stamp_of(tree)}
    for name in ("package-lock.json", "fairway/web/assets/icons.txt", "tools/assets.py"):
        (tree / name).write_text((tree / name).read_text() + "\n")
        seen.add(assets.stamp_of(tree))
    assert len(seen) == 4


def test_nothing_is_built_again_when_nothing_changed(tree, monkeypatch):
    output = tree / assets.OUTPUT
    output.mkdir(parents=True)
    (output / ".stamp").write_text(assets.stamp_of(tree))
    monkeypatch.setattr(assets, "fetch_packages", lambda root: pytest.fail("fetched"))
    assert assets.build(tree) == output


def test_a_build_that_fails_leaves_the_old_one_in_place(tree, monkeypatch):
    old = tree / assets.OUTPUT / "app.css"
    old.parent.mkdir(parents=True)
    old.write_text("old")
    monkeypatch.setattr(assets, "fetch_packages", lambda root: None)
    with pytest.raises(FileNotFoundError):
        assets.build(tree)
    assert old.read_text() == "old"
    monkeypatch.setattr(assets, "fill", lambda root, output: (output / "app.css").write_text("new"))
    assets.build(tree)
    assert old.read_text() == "new"


def test_pointers_to_source_maps_are_taken_out(tmp_path):
    (tmp_path / "a.css").write_text("a{}\n/*# sourceMappingURL=a.css.map */")
    (tmp_path / "a.js").write_text("let a;\n//# sourceMappingURL=a.js.map\n")
    assets.strip_source_maps(tmp_path)
    assert "sourceMappingURL" not in (tmp_path / "a.css").read_text() + (tmp_path / "a.js").read_text()


def test_a_symbol_has_the_shapes_of_its_icon():
    nodes = {"x": [["path", {"d": "M1 2"}]]}
    assert assets.symbol("x", nodes, {}).endswith('<path d="M1 2"/></symbol>')
    assert 'fill="currentColor"' in assets.symbol("x-filled", {}, nodes)
    with pytest.raises(assets.AssetError, match="no icon called y"):
        assets.symbol("y", nodes, {})


def test_a_first_visit_that_is_too_heavy_stops_the_build(tmp_path, monkeypatch):
    for name in assets.FIRST_VISIT:
        (tmp_path / name).write_text("x")
    assets.check_weight(tmp_path)
    monkeypatch.setattr(assets, "FIRST_VISIT_LIMIT", 1)
    with pytest.raises(assets.AssetError, match="too heavy"):
        assets.check_weight(tmp_path)


def test_the_lock_file_names_no_host():
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text()
