import subprocess
import sys

import pytest

from fairway import __version__, cli, home


def test_the_version_is_printed(capsys):
    with pytest.raises(SystemExit) as left:
        cli.main(["--version"])
    assert left.value.code == 0
    assert capsys.readouterr().out.strip() == f"fairway {__version__}"


@pytest.mark.parametrize("name", cli.names())
def test_the_help_of_every_command_shows_examples(name, capsys):
    with pytest.raises(SystemExit) as left:
        cli.main([name, "--help"])
    assert left.value.code == 0
    assert f"fairway {name}" in capsys.readouterr().out.split("examples:")[1]


@pytest.mark.parametrize(
    ("surroundings", "expected"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh-hans"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_US.UTF-8"}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({}, "en"),
    ],
)
def test_refusals_come_in_the_language_of_the_terminal(surroundings, expected):
    assert home.language(surroundings) == expected


def test_serving_does_not_load_django_beside_its_children():
    program = "import sys, fairway.cli, fairway.commands.serve; print([m for m in sys.modules if m == 'django'])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
