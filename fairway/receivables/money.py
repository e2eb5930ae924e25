"""Splitting money so that the parts add up to the whole."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal


def split(amount: int, shares: Sequence[Decimal]) -> list[int]:
    """Split minor units by shares with the largest remainders: the parts sum to `amount` exactly.

    Equal remainders go to the earlier part. Raises ValueError for shares that are negative or sum to nothing.
    (Naive rounding broke 2,460 of 5,000 sums: architecture.md.)
    """
    total = sum(shares, Decimal(0))
    if total <= 0 or any(share < 0 for share in shares):
        raise ValueError("shares are positive and sum to something")
    exact = [Decimal(amount) * share / total for share in shares]
    parts = [int(one // 1) for one in exact]
    order = sorted(range(len(shares)), key=lambda index: (parts[index] - exact[index], index))
    for index in order[: amount - sum(parts)]:
        parts[index] += 1
    return parts
