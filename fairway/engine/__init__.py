"""The engine: a pure function from a published SOP, a run's state, facts and a command to a decision or reasons.

No Django, no database and no clock is used here; `now` and facts always come in as arguments.
"""
