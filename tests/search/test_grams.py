"""What texts are found by."""

from fairway.search.grams import asked, said, squeezed, words


def grams(texts):
    return said("\n".join(texts), "")[1].split()


def test_chinese_goes_by_pairs_letters_by_triples_digits_by_fours():
    assert grams(["杭州启明"]) == ["杭州", "州启", "启明"]
    assert grams(["Qiming"]) == ["qim", "imi", "min", "ing", "_qi"]
    assert grams(["13800"]) == ["1380", "3800"]


def test_width_case_accents_and_traditional_characters_make_no_difference():
    assert grams(["ＡＢＣ１２３４ 啟明"]) == grams(["abc1234 启明"])
    assert squeezed("Müller（上海）有限公司") == squeezed("muller(上海) 有限公司")


def test_a_query_asks_for_what_it_can_be_found_by():
    assert asked("启明") == ["启明"]
    assert asked("启") == asked("a") == asked("12") == asked(" ") == asked("%_") == []
    assert asked("qi") == ["_qi"]
    assert asked("A3 机床") == ["机床"]


def test_a_phone_is_one_word_however_it_is_written():
    for text in ("138 0000 0001", "+86 138-0000-0001", "１３８００００００01", "(138) 0000.0001"):
        assert words(text) == ["13800000001"], text
    assert words("启明 0571") == ["启明", "0571"]
