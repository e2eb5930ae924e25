"""Documents larger than any team could work by: refused before the other checks, some of which cost by the square."""

from fairway.engine.checks.ground import Ground

MAX_STAGES = 100
MAX_STEPS = 1_000
MAX_TRIGGERS = 300


def look(ground: Ground) -> bool:
    """Report what there is too much of; whether the document is small enough for the other checks."""
    sop = ground.sop
    sizes = (
        ("stages", len(sop.stages), MAX_STAGES, "stages", "个阶段"),
        ("stages", sum(1 for _ in sop.steps()), MAX_STEPS, "steps", "个步骤"),
        ("triggers", len(sop.triggers), MAX_TRIGGERS, "triggers", "条触发规则"),
    )
    for part, size, most, en, zh in sizes:
        if size > most:
            ground.report(
                (part,), "too-many", f"{size:,} {en}: {most:,} at most.", f"共 {size:,} {zh}，最多 {most:,}。"
            )
    return not ground.findings
