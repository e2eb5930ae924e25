"""Ladders of the shipped documents in short."""

from fairway.engine.spec import Step


def rungs(step: Step) -> list[tuple[str, str]]:
    """Each rung as (`-7d` before or `+1d` after the due time, the roles it tells)."""
    return [(f"-{rung.before}" if rung.before else f"+{rung.after}", " ".join(rung.to)) for rung in step.escalate]
