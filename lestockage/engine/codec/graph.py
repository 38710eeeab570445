"""Graph: what holds for a type as a whole: the flags of types that contain each other, and the signature of a layout."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blake3 import blake3

from lestockage.engine.codec.foreign import Foreign

if TYPE_CHECKING:
    from lestockage.engine.codec.node import Node

__all__ = ["has_foreign", "settle", "signature"]


def settle(nodes: list[Node]) -> None:
    """Decide the flags of new nodes: which contain themselves, then every flag that depends on others', until nothing changes."""
    for node in nodes:
        node.recursive = _contains(node, node)
    changed = True
    while changed:
        changed = False
        for node in nodes:
            before = _flags(node)
            node.settle()
            changed = changed or before != _flags(node)


def _flags(node: Node) -> object:
    """Return what settling may change."""
    return node.native, node.identity, node.immutable, node.kinds, node.classes


def _contains(node: Node, wanted: Node) -> bool:
    """Return whether `wanted` is among what `node` is made of, at any depth."""
    pending, met = list(node.children()), set()
    while pending:
        child = pending.pop()
        if child is wanted:
            return True
        if child.number not in met:
            met.add(child.number)
            pending.extend(child.children())
    return False


def has_foreign(root: Node) -> bool:
    """Return whether values of a type may hold something that the caller of `codec_for` reads and writes."""
    pending, met = [root], {root.number}
    while pending:
        node = pending.pop()
        if isinstance(node, Foreign):
            return True
        fresh = [child for child in node.children() if child.number not in met]
        met.update(child.number for child in fresh)
        pending += fresh
    return False


def signature(root: Node) -> bytes:
    """Return 32 bytes that differ when the same bytes could spell another value: names and order of fields, members, item types."""
    order = [root]
    place = {root.number: 0}
    rows = []
    for node in order:
        numbers = []
        for child in node.children():
            if child.number not in place:
                place[child.number] = len(order)
                order.append(child)
            numbers.append(place[child.number])
        rows.append((type(node).__name__, node.spelled, node.layout(), numbers))
    return blake3(repr(rows).encode("utf-8", "surrogatepass")).digest()
