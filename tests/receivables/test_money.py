"""Parts of money add up to the whole, whatever the shares."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairway.receivables.money import split

SHARES = st.lists(st.decimals("0", "100", places=2), min_size=1, max_size=12).filter(lambda shares: sum(shares) > 0)


@given(st.integers(0, 10**14), SHARES)
def test_parts_sum_to_the_whole_and_each_is_within_a_cent_of_its_share(amount, shares):
    parts = split(amount, shares)
    assert sum(parts) == amount
    total = sum(shares)
    assert all(abs(part - Decimal(amount) * share / total) < 1 for part, share in zip(parts, shares, strict=True))


def test_what_is_left_over_goes_to_the_largest_remainder_and_of_equals_to_the_earlier():
    assert split(100, [Decimal(1)] * 3) == [34, 33, 33]
    assert split(10, [Decimal("33.3"), Decimal("33.3"), Decimal("33.4")]) == [3, 3, 4]


@pytest.mark.parametrize("shares", [[Decimal(0)], [Decimal(-1), Decimal(2)]])
def test_shares_that_cannot_be_are_refused(shares):
    with pytest.raises(ValueError, match="positive"):
        split(100, shares)
