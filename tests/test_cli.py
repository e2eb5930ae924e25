import pytest

from fairway import __version__, cli


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
