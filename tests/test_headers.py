import pytest


@pytest.mark.django_db
def test_a_page_allows_no_inline_script(client):
    answer = client.get("/health")
    assert answer.status_code == 200
    assert "script-src 'self';" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Frame-Options"] == "DENY"
