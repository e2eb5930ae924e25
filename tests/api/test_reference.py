"""The description, for machines and for people."""

import pytest
from django.test import Client

from fairway.api.urls import api


def test_the_description_is_openapi_3_1_and_says_for_every_operation_how_it_is_refused(client, db):
    schema = client.get("/api/v1/openapi.json").json()
    assert schema["openapi"].startswith("3.1")
    assert schema["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    tags = {tag["name"] for tag in schema["tags"]}
    for path, methods in schema["paths"].items():
        for method, one in methods.items():
            assert set(one["tags"]) <= tags, path
            assert {"401", "403", "422", "429"} <= set(one["responses"]), (method, path)
            assert ("requestBody" in one) <= ({"400", "413", "415"} <= set(one["responses"])), (method, path)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_people_read_every_operation_on_one_page_without_script_of_its_own(db, language):
    text = Client(headers={"Accept-Language": language}).get("/api/docs").content.decode()
    for methods in api.get_openapi_schema()["paths"].values():
        for one in methods.values():
            assert f'id="{one["operationId"]}"' in text
