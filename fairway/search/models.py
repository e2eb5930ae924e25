"""What is found: one row for each record, with the pieces of its texts."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from fairway.customers.models import Account
from fairway.runs.models import Run


class Entry(models.Model):
    """One record that may be found. `grams` are its pieces, each with the letter of its kind before it, so that one
    look into the index finds those of one kind; `text` is what stands in it, squeezed, to look whether a word is there.

    `unmatched`: it was made or changed since it was last looked at for being there twice.

    Who sees it is asked of its run, or of its company where it has none.
    """

    kind = models.CharField(max_length=10)
    subject_id = models.BigIntegerField()
    run = models.ForeignKey(Run, null=True, on_delete=models.CASCADE, related_name="+")
    account = models.ForeignKey(Account, null=True, on_delete=models.CASCADE, related_name="+")
    title = models.CharField(max_length=200)
    note = models.CharField(max_length=200, blank=True)
    text = models.TextField()
    grams = models.TextField()
    unmatched = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("search entry")
        verbose_name_plural = _("search entries")
        indexes = (models.Index("id", name="search_unmatched", condition=models.Q(unmatched=True)),)
        constraints = (models.UniqueConstraint("kind", "subject_id", name="search_subject"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id}: {self.title}"
