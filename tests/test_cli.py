import socket
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


def test_a_port_that_is_taken_is_said_at_once(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("FAIRWAY_HOME", str(tmp_path))
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert cli.main(["serve", "--port", str(port)]) == 1
    assert f"127.0.0.1:{port}: Address already in use" in capsys.readouterr().err


@pytest.mark.parametrize("port", ["0", "99999", "http"])
def test_what_is_no_port_is_refused(port, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("FAIRWAY_HOME", str(tmp_path))
    with pytest.raises(SystemExit) as left:
        cli.main(["serve", "--port", port])
    assert (left.value.code, "a port is a number from 1 to 65535" in capsys.readouterr().err) == (2, True)
