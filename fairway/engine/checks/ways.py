"""Ways: every stage is reached and left, an end can be come to, and no step waits for itself."""

from collections import deque
from collections.abc import Iterator, Mapping

from fairway.engine.checks.ground import Ground
from fairway.engine.checks.parts import steps
from fairway.engine.findings import Path


def look(ground: Ground) -> None:
    """Report stages without a way in or out, and steps that can never open."""
    _reached(ground)
    _left(ground)
    _circles(ground)
    _order(ground)


def _reached(ground: Ground) -> None:
    reached, todo = {ground.sop.stages[0].key}, [ground.sop.stages[0].key]
    while todo:
        stage = ground.stages[todo.pop()]
        for key in (*stage.next, *stage.back):
            if key in ground.stages and key not in reached:
                reached.add(key)
                todo.append(key)
    for number, stage in enumerate(ground.sop.stages):
        if stage.key not in reached:
            ground.report(
                ("stages", number), "unreachable", f"No way leads to the stage “{stage.key}”.",
                f"没有任何阶段可以进入“{stage.key}”。",
            )  # fmt: skip


def _left(ground: Ground) -> None:
    last = {key for key, stage in ground.stages.items() if not stage.next}
    for number, stage in enumerate(ground.sop.stages):
        path: Path = ("stages", number)
        if stage.key in (*stage.next, *stage.back):
            ground.report(path, "to-itself", "A stage cannot lead to itself.", "阶段不能通向它自己。")
        if stage.next and stage.outcome is not None:
            ground.report(
                (*path, "outcome"), "not-last", "Only a last stage, without next, closes with an outcome.",
                "只有最后阶段（没有 next）才能写 outcome。",
            )  # fmt: skip
        if not stage.next and stage.outcome is None and not _ends_otherwise(ground):
            ground.report(
                path, "no-way-out", f"The stage “{stage.key}” cannot be left: give it next, or an outcome.",
                f"阶段“{stage.key}”没有出路：请写 next，最后阶段请写 outcome。",
            )  # fmt: skip
        if stage.next and not ground.onward[stage.key] & last:
            ground.report(
                path, "no-end", f"From the stage “{stage.key}” no end is ever come to.",
                f"从阶段“{stage.key}”出发永远走不到终点。",
            )  # fmt: skip


def _ends_otherwise(ground: Ground) -> bool:
    """One long stage may go on until people or a rule close the run."""
    return len(ground.sop.stages) == 1 and bool(ground.sop.outcomes)


def _circles(ground: Ground) -> None:
    needs = {key: {need for need in step.needs if need in ground.steps} for key, step in ground.steps.items()}
    needs = _knot(needs)
    said: set[str] = set()
    for path, step in steps(ground.sop):
        circle = _circle(needs, step.key) if step.key in needs and step.key not in said else []
        if circle:
            said |= set(circle)
            ground.report(
                (*path, "needs"), "circle", f"These steps wait for each other: {' → '.join(circle)}.",
                f"这些步骤互相等待：{' → '.join(circle)}。",
            )  # fmt: skip


def _knot(needs: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """The needs without the steps that only lead to a circle or only come from one; empty where all are in order."""
    left = {key: set(wanted) for key, wanted in needs.items()}
    for _ in range(2):  # from the one end, then, turned round, from the other: two turns leave them as they were
        left = _turned(_stripped(left))
    return left


def _stripped(edges: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """The edges without the nodes from which no way goes on for ever."""
    left = {node: set(ends) for node, ends in edges.items()}
    back = _turned(edges)
    done = [node for node, ends in left.items() if not ends]
    while done:
        node = done.pop()
        del left[node]
        for before in back[node]:
            if before in left:
                left[before].discard(node)
                if not left[before]:
                    done.append(before)
    return left


def _turned(edges: Mapping[str, set[str]]) -> dict[str, set[str]]:
    turned: dict[str, set[str]] = {node: set() for node in edges}
    for node, ends in edges.items():
        for end in ends:
            turned[end].add(node)
    return turned


def _circle(needs: Mapping[str, set[str]], start: str) -> list[str]:
    """The shortest way along the needs from `start` back to it; empty when there is none."""
    came: dict[str, str] = {}
    todo = deque([start])
    while todo:
        step = todo.popleft()
        for need in sorted(needs[step]):
            if need == start:
                way = [step]
                while way[-1] != start:
                    way.append(came[way[-1]])
                return [*reversed(way), start]
            if need not in came:
                came[need] = step
                todo.append(need)
    return []


def _order(ground: Ground) -> None:
    for path, step in steps(ground.sop):
        home = ground.stage_of[step.key]
        if home is None:
            continue
        for index, need in enumerate(step.needs):
            if need in ground.steps and not ground.may_precede(need, home):
                ground.report(
                    (*path, "needs", index), "later-step",
                    f"“{need}” belongs to a later stage: “{step.key}” never opens.",
                    f"“{need}”属于后面的阶段，“{step.key}”永远不会打开。",
                )  # fmt: skip


def cycles(edges: Mapping[int, set[int]]) -> Iterator[frozenset[int]]:
    """The groups of nodes that can be walked round without end (strongly connected, or with a way to themselves)."""
    reach = {node: _walk(edges, node) for node in edges}
    said: set[int] = set()
    for node in edges:
        if node in said or node not in reach[node]:
            continue
        group = frozenset(other for other in reach[node] if node in reach.get(other, frozenset()))
        said |= group
        yield group


def _walk(edges: Mapping[int, set[int]], start: int) -> frozenset[int]:
    found: set[int] = set()
    todo = list(edges[start])
    while todo:
        node = todo.pop()
        if node not in found:
            found.add(node)
            todo.extend(edges.get(node, ()))
    return frozenset(found)
