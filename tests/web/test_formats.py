from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from django.utils.translation import override

from fairway.web import formats

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("left", "english", "chinese", "tone"),
    [
        (timedelta(seconds=-1), "Overdue 1 min", "逾期 1 分钟", "bad"),
        (timedelta(hours=-3), "Overdue 3 h", "逾期 3 小时", "bad"),
        (timedelta(0), "1 min left", "还剩 1 分钟", "warn"),
        (timedelta(hours=24), "24 h left", "还剩 24 小时", "warn"),
        (timedelta(hours=24, seconds=1), "24 h left", "还剩 24 小时", "neutral"),
        (timedelta(days=6), "6 d left", "还剩 6 天", "neutral"),
    ],
)
def test_a_clock_says_what_is_left_in_the_readers_language(left, english, chinese, tone):
    for language, words in (("en", english), ("zh-hans", chinese)):
        with override(language):
            assert formats.time_left(NOW + left, now=NOW) == formats.TimeLeft(words, tone)


@pytest.mark.parametrize(
    ("seconds", "written"),
    [(59, "1 min"), (3599, "59 min"), (3600, "1 h"), (172_799, "47 h"), (172_800, "2 d")],
)
def test_a_duration_is_written_in_its_largest_fitting_unit(seconds, written):
    with override("en"):
        assert formats.duration(seconds) == written


def test_a_moment_is_told_relative_to_now():
    with override("en"):
        assert formats.relative(NOW - timedelta(seconds=30), now=NOW) == "just now"
        assert formats.relative(NOW - timedelta(hours=5), now=NOW) == "5 h ago"
        assert formats.relative(NOW + timedelta(days=3), now=NOW) == "in 3 d"


def test_times_are_written_in_the_readers_zone_and_language():
    with timezone.override("Asia/Shanghai"), override("zh-hans"):
        assert formats.exact(NOW) == "2026年11月21日 18:00"
    with timezone.override("America/New_York"), override("en"):
        assert formats.exact(NOW) == "21 Nov 2026, 05:00"


def test_the_day_of_a_moment_is_the_readers_day():
    late = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
    with override("en"):
        with timezone.override("Asia/Shanghai"):
            assert formats.day(late) == "22 Nov 2026"
        with timezone.override("UTC"):
            assert formats.day(late) == "21 Nov 2026"


@pytest.mark.parametrize(
    ("minor", "currency", "written"),
    [
        (128_000_000, "CNY", "¥1,280,000"),
        (4_250_050, "USD", "$42,500.50"),
        (-5, "CNY", "−¥0.05"),
        (1234, "JPY", "JP¥1,234"),
        (1005, "KWD", "KWD 1.005"),
        (0, "CNY", "¥0"),
        (9_007_199_254_740_993, "CNY", "¥90,071,992,547,409.93"),
    ],
)
def test_money_is_exact_to_the_last_minor_unit(minor, currency, written):
    assert formats.money(minor, currency) == written


@pytest.mark.parametrize(
    ("minor", "english", "chinese"),
    [
        (99_900, "¥999", "¥999"),
        (1_280_000, "¥12.8K", "¥1.28万"),
        (128_000_000, "¥1.28M", "¥128万"),
        (128_650_000, "¥1.29M", "¥129万"),
        (12_345_600_000, "¥123M", "¥1.23亿"),
        (-250_000_000, "−¥2.5M", "−¥250万"),
    ],
)
def test_rough_money_counts_in_the_readers_steps(minor, english, chinese):
    with override("en"):
        assert formats.short_money(minor) == english
    with override("zh-hans"):
        assert formats.short_money(minor) == chinese
