"""Money to come in."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReceivablesConfig(AppConfig):
    """Registers facts, the plan's effects, and how receipts are taken."""

    name = "fairway.receivables"
    label = "receivables"
    verbose_name = _("Receivables")

    def ready(self) -> None:
        """Register once the models are there."""
        from fairway.receivables import kind, plan
        from fairway.runs import kinds

        kinds.register_room(kind.ROOM)
        kinds.register_sum("account.overdue", kind.overdue_of)
        for effect in (plan.plan_payments, plan.deduct_penalty, plan.hold_orders, plan.release_orders):
            kinds.register_effect(effect.__name__, effect)
        kinds.register_opener("pay", plan.link_tasks)
        kinds.register_receiver("pay", plan.receive)
