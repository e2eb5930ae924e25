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
        from fairway.receivables import kind, plan, verify
        from fairway.runs import kinds
        from fairway.runs.verify import register_check

        kinds.register_room(kind.ROOM)
        kinds.register_sum("account.overdue", kind.overdue_of)
        for effect in (plan.plan_payments, plan.deduct_penalty, plan.hold_orders, plan.release_orders):
            kinds.register_effect(effect.__name__, effect)
        register_check("milestones", verify.nodes_sum_to_their_plan)
        register_check("receipts", verify.receipts_sum_to_their_node)
        kinds.register_opener("pay", plan.link_tasks)
        kinds.register_receiver("pay", plan.receive)
