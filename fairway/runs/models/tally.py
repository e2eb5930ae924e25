"""How many open runs stand where: a summary that triggers of the database keep."""

from __future__ import annotations

from django.db import models


class Tally(models.Model):
    """So many open runs of a face stand on a stage with a team and an owner (0: none). Rows of one place add up.

    Triggers write it with every change of a run, single or in bulk (`fairway/runs/tally.py`); nothing else does. On
    PostgreSQL each change is a row of its own, so that writers do not wait for each other; the worker folds them.
    """

    face = models.CharField(max_length=20)
    team_id = models.BigIntegerField(default=0)
    owner_id = models.BigIntegerField(default=0)
    stage = models.CharField(max_length=50)
    count = models.BigIntegerField()

    class Meta:
        indexes = (models.Index("face", "team_id", "owner_id", "stage", "count", name="tally_place"),)

    def __str__(self) -> str:
        return f"{self.face}/{self.team_id}/{self.owner_id}/{self.stage}: {self.count}"
