"""Stored sample: a random share of the stored memos, brought into memory to be looked at."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from lestockage.engine import registry
from lestockage.engine.node import Memo

if TYPE_CHECKING:
    from lestockage.engine.durable import Durable


def load_sample(durable: Durable, share: float) -> int:
    """Load that share of the stored memos that hold, of queries that this process declares, with their values; how many that were."""
    with durable.lock:
        durable.flush()
        names = [
            number
            for declaration in registry.declarations
            if declaration.options.durable and not declaration.is_task and durable.names.is_stored(declaration.name)
            for number in [durable.names.of_query(declaration)]
            if number is not None
        ]
        ids = durable.store.clean(names)
        chosen = sorted(random.sample(ids, round(len(ids) * share)))
        loaded = 0
        for position, number in enumerate(chosen):
            node = durable.nodes.node_of(number, chosen[position:])
            if isinstance(node, Memo) and node.suspects is None and (node.value is node.last or durable.values.restore(node)):
                loaded += 1
        return loaded
