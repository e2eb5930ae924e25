"""What the API keeps of its own: answers to requests that may be sent again."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from fairway.people.models import User


class IdempotencyKey(models.Model):
    """The answer to one POST, by the key its sender gave. Written in the transaction of the change itself."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=100)
    route = models.CharField(max_length=300)
    body = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    answer = models.TextField(blank=True)
    etag = models.CharField(max_length=50, blank=True)
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("idempotency key")
        verbose_name_plural = _("idempotency keys")
        constraints = (models.UniqueConstraint("user", "key", name="idempotency_key_once"),)

    def __str__(self) -> str:
        return self.key
