import re

import pytest

pytestmark = pytest.mark.django_db


def test_an_administrator_sees_every_component_in_both_languages(client, people):
    client.force_login(people.admin)
    for language, heading in (("zh-hans", "组件"), ("en", "Components")):
        people.admin.language = language
        people.admin.save()
        assert f"<h1>{heading}</h1>" in client.get("/components").content.decode()


def test_the_english_page_has_no_chinese_but_names_and_the_chinese_page_no_english(client, people):
    client.force_login(people.admin)
    people.admin.language = "en"
    people.admin.save()
    text = re.sub(r"<script.*?</script>|<[^>]+>", " ", client.get("/components").content.decode(), flags=re.DOTALL)
    for name in (
        "苏州恒力精密机械有限公司",
        "杭州云栖数据技术股份有限公司",
        "陈志远",
        "李娜",
        "王小明",
        "小明",
        "中文",
        "万",
    ):
        text = text.replace(name, "")
    assert not re.findall(r"[\u4e00-\u9fff]+", text)


def test_others_may_not(client, people):
    client.force_login(people.rep)
    assert client.get("/components").status_code == 403


def test_a_form_with_errors_keeps_what_was_typed(client, people):
    client.force_login(people.admin)
    answer = client.post("/components", {"company": "苏州恒力", "budget": "-1"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="苏州恒力"' in text
    assert 'aria-invalid="true"' in text
    assert 'id="id_budget_error"' in text
