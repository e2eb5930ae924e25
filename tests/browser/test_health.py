def test_the_server_answers_a_real_browser(window):
    answer = window.goto("/health")
    assert answer.status == 200
    assert window.text_content("body") == "ok"
