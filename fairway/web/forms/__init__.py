"""Forms of the screens: what is typed becomes values; the rules are those of the actions and of the engine.

Forms of an SOP: what a browser sends becomes nested input, and a form of the document becomes fields on the page.
"""

from fairway.web.forms.nested import PREFIX, nested, rows_changed, typed, uploaded, with_files
from fairway.web.forms.nodes import Options
from fairway.web.forms.sop_form import SopForm

__all__ = ["PREFIX", "Options", "SopForm", "nested", "rows_changed", "typed", "uploaded", "with_files"]
