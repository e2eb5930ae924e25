"""Tokens for people, and a client that sends them."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from fairway.people.models import ApiToken
from fairway.people.scopes import SCOPES
from fairway.people.tokens import new_secret


class Caller:
    """Calls the API for one person, as JSON."""

    def __init__(self, client, user, scopes=SCOPES):
        secret = new_secret()
        now = datetime.now(UTC)
        ApiToken.objects.create(
            user=user, name="t", prefix=secret.prefix, digest=secret.digest, scopes=list(scopes), created_at=now,
            expires_at=now + timedelta(days=1),
        )  # fmt: skip
        self.client, self.headers = client, {"Authorization": f"Bearer {secret.clear}", "Accept-Language": "en"}

    def get(self, path, **headers):
        return self.client.get(f"/api/v1{path}", headers={**self.headers, **headers})

    def post(self, path, body=None, **headers):
        return self.client.post(
            f"/api/v1{path}", json.dumps(body or {}), content_type="application/json",
            headers={**self.headers, **headers},
        )  # fmt: skip

    def patch(self, path, body):
        return self.client.patch(
            f"/api/v1{path}", json.dumps(body), content_type="application/json", headers=self.headers
        )


@pytest.fixture
def call(client, sops, people):
    """`call(people.rep)` is a caller for the rep."""
    return lambda user, scopes=SCOPES: Caller(client, user, scopes)
