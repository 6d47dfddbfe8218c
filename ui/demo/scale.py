"""More of the same: further synthetic datasets and nodes, made from the written ones, the same on every machine."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from ui.demo.plan import DatasetPlan, Plan

_SITES: Final = ("north", "south", "east", "west", "central", "coastal", "inland", "island")


def scaled(plans: Sequence[Plan], nodes: int | None, datasets: int | None) -> tuple[Plan, ...]:
    """Return `nodes` nodes with `datasets` datasets in all; None leaves the written number.

    Nodes beyond the written ones repeat them under other names. Added datasets vary a written one of their node.
    """
    chosen = tuple(_node(plans, number) for number in range(len(plans) if nodes is None else nodes))
    have = sum(len(plan.datasets) for plan in chosen)
    serving = [plan for plan in chosen if plan.datasets]
    if datasets is None or not serving:
        return chosen
    if datasets < have:
        return _cut(chosen, datasets)
    extra, rest = divmod(datasets - have, len(serving))
    more = {plan.node.name: extra + (number < rest) for number, plan in enumerate(serving)}
    return tuple(_grown(plan, more.get(plan.node.name, 0)) for plan in chosen)


def _node(plans: Sequence[Plan], number: int) -> Plan:
    """Return the plan of the node of that number; repeated ones get their own name and address."""
    plan = plans[number % len(plans)]
    turn = number // len(plans) + 1
    if turn == 1:
        return plan
    name = f"{plan.node.name}{turn}"
    node = replace(
        plan.node,
        name=name,
        title=f"{plan.node.title} {turn}",
        base=plan.node.base.replace(f"//{plan.node.name}.", f"//{name}."),
    )
    return replace(plan, node=node)


def _cut(plans: Sequence[Plan], most: int) -> tuple[Plan, ...]:
    """Take datasets from the nodes in turn until there are `most`."""
    kept: dict[str, list[DatasetPlan]] = {plan.node.name: [] for plan in plans}
    waiting = {plan.node.name: list(plan.datasets) for plan in plans}
    while most and any(waiting.values()):
        for name, left in waiting.items():
            if left and most:
                kept[name].append(left.pop(0))
                most -= 1
    return tuple(replace(plan, datasets=tuple(kept[plan.node.name])) for plan in plans)


def _grown(plan: Plan, count: int) -> Plan:
    chance = random.Random(plan.node.name)  # noqa: S311 - repeatable variety, not a secret
    added = tuple(_variant(chance.choice(plan.datasets), number, chance) for number in range(1, count + 1))
    return replace(plan, datasets=(*plan.datasets, *added))


def _variant(model: DatasetPlan, number: int, chance: random.Random) -> DatasetPlan:
    site, wave = chance.choice(_SITES), chance.randint(1, 9)
    factor = chance.uniform(0.1, 3.0)
    year = chance.randint(2019, 2026)
    individuals = max(1, int(model.individuals * factor))
    return replace(
        model,
        id=f"{model.id}{number:05d}",
        ega="",
        title={tag: f"{text} ({site} {wave}, {number})" for tag, text in model.title.items()},
        individuals=individuals,
        records=max(individuals, int(model.records * factor)),
        issued=f"{year}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}",
        modified=f"{min(2026, year + 1)}-{chance.randint(1, 10):02d}-{chance.randint(1, 28):02d}",
        source="",
    )
