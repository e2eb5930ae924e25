import json
import os
import subprocess
import sys
import sysconfig
import urllib.request
import venv
from pathlib import Path

import psutil
import pytest

from tests import ports
from tests.test_supervisor import wait_for

pytestmark = [pytest.mark.slow, pytest.mark.once]
ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The wheel, installed into an environment of its own that sees the locked dependencies, but not this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT]
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = folder.glob("fairway-*.whl")
    venv.create(folder / "venv", with_pip=False)
    python = folder / "venv" / "bin" / "python"
    uv = [Path(sys.executable).with_name("uv"), "pip", "install", "--offline", "--no-deps", "--python", python]
    subprocess.run([*uv, wheel], check=True, capture_output=True)
    (site_packages,) = folder.glob("venv/lib/python*/site-packages")
    # A folder named in a .pth file is searched, but .pth files in it are not read: the checkout stays unseen.
    (site_packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    return folder / "venv" / "bin"


def surroundings(home):
    kept = {name: value for name, value in os.environ.items() if name in {"TMPDIR", "TZ"}}
    return {**kept, "FAIRWAY_HOME": str(home), "PATH": "/nowhere", "LANG": "C.UTF-8"}


def test_the_wheel_carries_assets_translations_templates_and_documents(installed):
    program = (
        "import json, fairway; from pathlib import Path; package = Path(fairway.__file__).parent;"
        "files = [path for path in package.rglob('*') if path.is_file()];"
        "print(json.dumps([path.relative_to(package).as_posix() for path in files]))"
    )
    done = subprocess.run(
        [installed / "python", "-c", program], cwd=installed, capture_output=True, text=True, check=True
    )
    carried = set(json.loads(done.stdout))
    package = ROOT / "fairway"
    wanted = [path for path in package.rglob("*") if path.suffix in {".mo", ".html", ".yaml"}]
    wanted += [path for path in (package / "web" / "static").rglob("*") if path.is_file()]
    missing = {path.relative_to(package).as_posix() for path in wanted} - carried
    assert not missing
    assert {path.rpartition(".")[2] for path in carried} >= {"py", "mo", "typed"}
    assert not [path for path in carried if path.endswith(".po") or path.startswith("web/assets/")]


def test_an_installed_wheel_serves_an_empty_folder_without_node(installed, tmp_path):
    port = ports.free_port()
    command = [installed / "fairway", "serve", "--port", str(port)]
    with (tmp_path / "said").open("w") as said:
        process = psutil.Popen(
            command, cwd=tmp_path, env=surroundings(tmp_path / "home"), stdout=said, stderr=subprocess.STDOUT
        )

    def page():
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}/accounts/login/", headers={"Accept-Language": "zh-CN"}
        )
        try:
            with urllib.request.urlopen(request, timeout=5) as answer:
                return answer.read().decode()
        except OSError:
            return ""

    try:
        assert "<form" in wait_for(page)
    finally:
        process.terminate()
        process.wait()
        print((tmp_path / "said").read_text())
