"""Targets: what calls may run, as plain tuples that outlive the linker."""

from __future__ import annotations

from typing import NamedTuple

import msgpack  # type: ignore[import-untyped]  # has no stubs


class Target(NamedTuple):
    """Something that a call may run: a unit by path, name and ordinal, or what a dotted name means outside (path None)."""

    path: str | None
    name: str
    ordinal: int
    site: int
    confidence: float
    rule: str


class UnitCalls(NamedTuple):
    """What one unit calls, and how many of its calls have no known target."""

    name: str
    ordinal: int
    targets: tuple[Target, ...]
    unresolved: int


def encode(calls: tuple[UnitCalls, ...]) -> bytes:
    """Return the calls of a file as bytes."""
    return bytes(msgpack.packb(calls, unicode_errors="surrogatepass"))


def decode(calls: bytes) -> list[UnitCalls]:
    """Return the calls of a file from the bytes of `encode`."""
    found = msgpack.unpackb(calls, use_list=False, unicode_errors="surrogatepass")
    return [
        UnitCalls(name, ordinal, tuple([Target(*target) for target in targets]), unresolved) for name, ordinal, targets, unresolved in found
    ]
