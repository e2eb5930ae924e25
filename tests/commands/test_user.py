import io
import sys

import pytest

from fairway import cli
from fairway.people.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _prepared(monkeypatch):
    """The test database stands already; preparing the one of the settings is tested elsewhere."""
    monkeypatch.setattr("fairway.home.prepare", lambda: None)


def fairway(capsys, *arguments, stdin=""):
    sys.stdin = io.StringIO(stdin)
    try:
        status = cli.main(["user", *arguments])
    finally:
        sys.stdin = sys.__stdin__
    said = capsys.readouterr()
    return status, said.out, said.err


def test_a_user_is_made_with_roles_and_a_made_up_password(capsys):
    status, out, _ = fairway(capsys, "create", "wang", "--email", "w@example.com", "--name", "王敏", "--role", "rep")
    assert status == 0
    user = User.objects.get(username="wang")
    assert (user.display_name, user.role_keys) == ("王敏", {"rep"})
    assert user.check_password(out.strip().rpartition(" ")[2])


def test_a_given_password_is_not_printed(capsys):
    _, out, _ = fairway(capsys, "create", "wang", "--stdin", stdin="a good long secret\n")
    assert User.objects.get(username="wang").check_password("a good long secret")
    assert "secret" not in out


def test_a_weak_password_is_refused_with_every_reason_and_nothing_is_made(capsys):
    status, _, err = fairway(capsys, "create", "wang", "--stdin", stdin="123\n")
    assert status == 1
    assert err.count("password: ") >= 2
    assert not User.objects.exists()


def test_a_name_that_is_taken_is_refused(capsys):
    fairway(capsys, "create", "wang")
    status, _, err = fairway(capsys, "create", "WANG")
    assert status == 1
    assert err
    assert User.objects.count() == 1


def test_the_list_shows_everyone_with_their_roles(capsys, people):
    status, out, _ = fairway(capsys, "list")
    assert status == 0
    lines = out.splitlines()
    assert len(lines) == 1 + User.objects.count()
    assert any(line.startswith("rep ") and " rep " in line and line.endswith("active") for line in lines)


def test_a_password_is_set_anew(capsys, people):
    status, _, _ = fairway(capsys, "password", "rep", "--stdin", stdin="a good long secret\n")
    assert status == 0
    assert User.objects.get(username="rep").check_password("a good long secret")


def test_deactivating_shuts_out_and_activating_lets_in(capsys, people):
    assert fairway(capsys, "deactivate", "rep")[0] == 0
    assert not User.objects.get(username="rep").is_active
    assert fairway(capsys, "activate", "rep")[0] == 0
    assert User.objects.get(username="rep").is_active


def test_roles_are_replaced(capsys, people):
    assert fairway(capsys, "role", "rep", "manager", "product")[:2] == (0, "rep has manager, product\n")
    status, _, err = fairway(capsys, "role", "rep", "king")
    assert (status, "king" in err) == (1, True)
    assert User.objects.get(username="rep").role_keys == {"manager", "product"}


def test_an_unknown_user_is_said_plainly(capsys):
    status, _, err = fairway(capsys, "password", "nobody")
    assert status == 1
    assert "no user 'nobody'" in err
