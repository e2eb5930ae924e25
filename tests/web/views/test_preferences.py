import pytest

pytestmark = pytest.mark.django_db


def test_a_visitor_may_choose_theme_and_language(client):
    client.post("/preferences/theme", {"theme": "dark"})
    client.post("/preferences/language", {"language": "en"})
    assert client.cookies["theme"].value == "dark"
    assert client.cookies["django_language"].value == "en"


def test_following_the_system_forgets_the_theme(client):
    client.post("/preferences/theme", {"theme": "dark"})
    client.post("/preferences/theme", {"theme": "auto"})
    assert client.cookies["theme"].value == ""


def test_the_language_is_kept_with_the_person(client, people):
    client.force_login(people.rep)
    client.post("/preferences/language", {"language": "en"})
    people.rep.refresh_from_db()
    assert people.rep.language == "en"


@pytest.mark.parametrize("language", ["", "fr", "../en", "en\r\nX: y"])
def test_an_unknown_language_changes_nothing(client, people, language):
    client.force_login(people.rep)
    client.post("/preferences/language", {"language": language})
    people.rep.refresh_from_db()
    assert people.rep.language == "zh-hans"
    assert "django_language" not in client.cookies


def test_one_returns_to_where_one_was_but_never_to_another_site(client):
    assert (
        client.post("/preferences/theme", {"theme": "dark", "next": "/leads?x=1"}).headers["Location"] == "/leads?x=1"
    )
    for elsewhere in ("https://evil.example/", "//evil.example", "javascript:alert(1)"):
        answer = client.post("/preferences/theme", {"theme": "dark", "next": elsewhere})
        assert answer.headers["Location"] == "/"


def test_a_link_cannot_change_them(client):
    assert client.get("/preferences/theme?theme=dark").status_code == 405
    assert client.get("/preferences/language?language=en").status_code == 405
