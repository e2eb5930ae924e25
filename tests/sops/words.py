"""The words that the shipped SOPs rely on: facts, with a star those that a form may fill, and effects.

The domains declare them; `test_scenarios` holds what is declared against this list.
"""

from fairway.engine.facts import FactSpec, fact

_FACTS = """
lead.company* text
lead.contact_name* text
lead.contact_title* text
lead.phone* text
lead.email* text
lead.wechat* text
lead.industry* enum
lead.company_size* text
lead.region* text
lead.source* enum
lead.campaign* text
lead.keyword* text
lead.referrer* text
lead.need* text
lead.lawful_basis* enum
lead.score* int
lead.bant_grade enum
lead.budget_confirmed* bool
lead.decision_maker_engaged* bool
lead.need_clear* bool
lead.purchase_months* int
lead.mismatch* bool
deal.name* text
deal.amount* money
deal.list_amount* money
deal.discount percent
deal.cost* money
deal.budget* list
deal.expected_close* date
deal.decision_maker_known bool
deal.decision_chain* list
deal.complex* bool
deal.custom* bool
deal.floor_price* money
deal.max_payment_days* int
deal.min_scope* text
deal.under_floor bool
deal.signals int
deal.days_late int
deal.promised_golive* date
contract.number* text
contract.name* text
contract.amount* money
contract.nodes* list
contract.nodes_percent percent
contract.nonstandard* bool
contract.acceptance_days* int
contract.penalty_percent* percent
contract.starts_on* date
contract.ends_on* date
contract.dates_in_order bool
contract.signed_on* date
receivables.settled bool
receivables.overdue money
receivables.on_hold bool
account.name* text
account.tier* enum A/B/C
account.open_complaints int
account.serious_complaints int
account.overdue money
account.satisfaction* int
account.term_end* date
account.golive_on* date
account.health int
account.history text
complaint.level* enum normal/major/urgent
complaint.category* enum quality/delivery/function/attitude/price/terms
complaint.channel* enum
complaint.content* text
complaint.demand* text
complaint.complainant* text
complaint.compensation* money
complaint.satisfied* bool
complaint.root_cause* text
complaint.responsible* enum
complaint.solved* bool
"""

EFFECTS = frozenset({"make_deal", "plan_payments", "hold_orders", "release_orders", "deduct_penalty"})


def _spec(line: str) -> FactSpec:
    name, type_, *values = line.split()
    name = name.rstrip("*")
    return fact(name, type_, name, name, values[0].split("/") if values else ())


FACTS: tuple[FactSpec, ...] = tuple(map(_spec, _FACTS.split("\n")[1:-1]))
FILLABLE = frozenset(line.split("*")[0] for line in _FACTS.split("\n") if "*" in line)
