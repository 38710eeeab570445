"""Undeclared: stored names whose code is gone from a module that this process has imported, so that nobody will ask for their rows."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from lestockage.engine import registry

if TYPE_CHECKING:
    from lestockage.engine.durable import Durable


def undeclared(durable: Durable) -> list[int]:
    """The ids of names of queries that their module does not declare any more, and of tasks whose code was edited.

    A name of a module that is not imported here may be another program's: it is left alone, and so is what a script calls its own.
    """
    return [number for name, number in durable.names.stored() if _is_gone(durable, name)]


def _is_gone(durable: Durable, name: str) -> bool:
    plain, is_task, code = name.partition("@")
    if "/" in plain or ":" in plain or plain.startswith("__main__."):
        return False
    declared = registry.named(plain)
    if declared is not None:
        return bool(is_task) and declared.is_task and durable.names.fingerprint(declared).hex() != code
    return registry.lookup(plain) is None and _is_imported(plain)


def _is_imported(name: str) -> bool:
    """Whether the module that would declare a name is imported: not so when the rest of the name may be that of a module below."""
    parts = name.split(".")
    for count in range(len(parts) - 1, 0, -1):
        module = sys.modules.get(".".join(parts[:count]))
        if module is not None:
            return count == len(parts) - 1 or not hasattr(module, "__path__")
    return False
