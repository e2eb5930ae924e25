"""What must always hold of money to come in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import F, Sum
from django.db.models.functions import Coalesce

from fairway.receivables.kind import OWED
from fairway.receivables.models import Node
from fairway.runs.verify import Fault


def nodes_sum_to_their_plan(now: datetime) -> Iterator[Fault]:
    """The nodes of a run sum to the amount they were split from."""
    sums = Node.objects.order_by().values("run_id", "planned").annotate(total=Sum("amount"))
    for row in sums:
        if row["total"] != row["planned"]:
            yield Fault("milestones", f"run {row['run_id']}", f"nodes sum to {row['total']}, not to {row['planned']}")


def receipts_sum_to_their_node(now: datetime) -> Iterator[Fault]:
    """What a node says it received is what its receipts say; it is settled exactly when nothing is owed."""
    sums = Node.objects.annotate(total=Coalesce(Sum("receipts__amount"), 0)).exclude(total=F("received"))
    for pk, received, total in sums.values_list("pk", "received", "total"):
        yield Fault("receipts", f"node {pk}", f"says {received}, receipts say {total}")
    for node in Node.objects.annotate(owed=OWED).filter(owed=0, settled_at=None, amount__gt=0):
        yield Fault("receipts", f"node {node.pk}", "nothing is owed, yet it is not settled")
