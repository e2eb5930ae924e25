"""Telling people."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_save
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class NotifyConfig(AppConfig):
    """Registers how owed notices and mails are delivered."""

    name = "fairway.notify"
    label = "notify"
    verbose_name = _("Notices")

    def ready(self) -> None:
        """Register once the models are there."""
        from fairway.notify import digest, handlers, sign_in
        from fairway.people import mailbox
        from fairway.people.models import User
        from fairway.runs import jobs

        jobs.register("tell", handlers.tell)
        jobs.register("ask_customer", handlers.ask_customer)
        jobs.register("mail", handlers.mail, outside=True)
        jobs.register("mail_customer", handlers.mail_customer, outside=True)
        jobs.register("digest", digest.deliver, outside=True)
        jobs.register("sign_in_mail", sign_in.deliver, outside=True)
        jobs.register("invite", sign_in.deliver_invitation, outside=True)
        mailbox.register(sign_in.owe_mail, sign_in.owe_invitation)
        post_save.connect(_follow_zone, User, dispatch_uid="notify.digest")


def _follow_zone(instance: Any, *, created: bool, raw: bool, update_fields: Any, **_others: Any) -> None:
    """Keep a person's digest at its hour when their time zone changes."""
    from fairway.notify import digest

    if not created and not raw and (update_fields is None or "timezone" in update_fields):
        digest.follow_zone(instance, timezone.now())
