"""Telling people."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotifyConfig(AppConfig):
    """Registers how owed notices and mails are delivered."""

    name = "fairway.notify"
    label = "notify"
    verbose_name = _("Notices")

    def ready(self) -> None:
        """Register once the models are there."""
        from fairway.notify import handlers, sign_in
        from fairway.people import mailbox
        from fairway.runs import jobs

        jobs.register("tell", handlers.tell)
        jobs.register("ask_customer", handlers.ask_customer)
        jobs.register("mail", handlers.mail, outside=True)
        jobs.register("mail_customer", handlers.mail_customer, outside=True)
        jobs.register("sign_in_mail", sign_in.deliver, outside=True)
        jobs.register("invite", sign_in.deliver_invitation, outside=True)
        mailbox.register(sign_in.owe_mail, sign_in.owe_invitation)
