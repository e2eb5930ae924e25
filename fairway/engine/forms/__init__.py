"""Forms of an SOP: what is typed becomes the values of a record, and back to what people read.

`parse` reads a filling, `initial` starts one, `with_auto` adds what nobody types, `form_facts` and `fills` say what a
record means to conditions and columns, `visible_values` and `shown` what is read of it.
"""

from fairway.engine.forms.auto import AutoContext, auto_values, with_auto
from fairway.engine.forms.choices import MoreChoices, choices_of
from fairway.engine.forms.filled import INWARD, customer_values, fills, form_facts, holds_over, visible_values
from fairway.engine.forms.grading import Aspect, BantResult, Scored, bant_is_known, bant_of, disagrees, score_of
from fairway.engine.forms.parse import ConditionHolds, Exists, Parsed, Values, parse
from fairway.engine.forms.refusals import FieldError
from fairway.engine.forms.shown import Resolve, Shown, shown
from fairway.engine.forms.stored import as_input, initial

__all__ = [
    "INWARD", "Aspect", "AutoContext", "BantResult", "ConditionHolds", "Exists", "FieldError", "MoreChoices", "Parsed",
    "Resolve", "Scored", "Shown", "Values", "as_input", "auto_values", "bant_is_known", "bant_of", "choices_of",
    "customer_values", "disagrees", "fills", "form_facts", "holds_over", "initial", "parse", "score_of", "shown",
    "visible_values", "with_auto",
]  # fmt: skip
