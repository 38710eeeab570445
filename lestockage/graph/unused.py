"""Unused symbols: definitions that nothing in a project refers to, each with how sure that is and why; and what is used from outside.

Asked twice: by the edges of the index (a call, base, read or import that leads to the symbol), and by name (`languages.python.mentions`): a
name that any other code says in any way, as a callback, an attribute, a decorator's argument, keeps every symbol of that name. Code that is
unused itself keeps nothing. What is run from outside the project's own code is a root (`why_used_from_outside`) and never reported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from lestockage.graph.handle import store_of
from lestockage.graph.outside_use import OutsideUse
from lestockage.graph.spread import ONLY_WRITES
from lestockage.languages.facts import is_anonymous
from lestockage.store.bulk_rows import stream_edge_rows, stream_node_rows
from lestockage.store.distributions import find_distribution
from lestockage.store.external_uses import used_elsewhere
from lestockage.store.json_lists import read_list
from lestockage.store.node_rows import NodeRow

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from lestockage.graph.handle import Handle
    from lestockage.languages.python.mentions import Mentions
    from lestockage.store.connection import StoreFile

_REPORTED: Final = frozenset({"class", "function", "method", "variable"})
_REFERENCES: Final = ("call", "inheritance", "data_dependency", "import")

SURENESS: Final = ("sure", "likely", "possible")
"""sure: a private name, which only its own project should use; likely: a public one, which others may; possible: a string has its name, or
the project has modules that are compiled, of which nothing is known."""

Unit = tuple[str, str]
"""A file and a definition's dotted name within its module."""


class Unused(NamedTuple):
    """A finding: the symbol, one of `SURENESS`, and the reason in a few words."""

    node: NodeRow
    sureness: str
    reason: str


class EntryPoint(NamedTuple):
    """A symbol that is used from outside the project's own code, and how."""

    node: NodeRow
    reason: str


def unused_symbols(handle: Handle, project_id: int, said: Mapping[str, Mentions], scripts: Collection[str] = ()) -> list[Unused]:
    """Return a project's unused definitions, the surest first, then by place; a class that is unused stands for all in it.

    What other projects of the file are known to use is used; an attribute of an object that they got from somewhere is not known to be.

    `said` has what the units of each file mention, and stands for the files as they are now; `scripts` are the qualified names of what the
    project's metadata offers to run.
    """
    return _Search(store_of(handle), project_id, said, scripts).unused()


def entry_points(handle: Handle, project_id: int, said: Mapping[str, Mentions], scripts: Collection[str] = ()) -> list[EntryPoint]:
    """Return the definitions of a project that are run or used from outside its own code, by place; arguments as in `unused_symbols`."""
    search = _Search(store_of(handle), project_id, said, scripts)
    return [EntryPoint(node, why) for node in search.nodes if (why := search.outside.why(node)) is not None]


class _Search:
    """One look at a project."""

    def __init__(self, store: StoreFile, project_id: int, said: Mapping[str, Mentions], scripts: Collection[str]) -> None:
        with store.snapshot():
            rows = [NodeRow._make(row) for rows in stream_node_rows(store, project_id) for row in rows]
            edges = [row for rows in stream_edge_rows(store, project_id) for row in rows]
            elsewhere = used_elsewhere(store, project_id)
            distribution = find_distribution(store, project_id)
        self.has_compiled = distribution is not None and bool(read_list(distribution.compiled))
        by_id = {node.id: node for node in rows}
        self.holder = {row[1]: row[0] for row in edges if row[2] == "containment"}
        modules = {node.file_path: node.qualified_name for node in rows if node.node_type == "module"}
        self.own = {
            node.id: node.qualified_name.removeprefix(modules.get(node.file_path, "")).removeprefix(".") for node in rows if node.file_path
        }
        self.nodes = sorted(
            (node for node in rows if _is_reported(node)),
            key=lambda node: (node.file_path or "", node.start_line or 0, node.id),
        )
        self.by_id = by_id
        self.referrers: dict[int, set[int]] = {}
        for row in edges:
            # A write to a variable is no use of it.
            if row[2] in _REFERENCES and not (row[2] == "data_dependency" and row[6] == ONLY_WRITES):
                self.referrers.setdefault(row[1], set()).add(row[0])
        self.names, self.strings = _speakers(said)
        for each in elsewhere:
            if each.state == "partial":  # what the name goes on with may be anything of that name
                self.names.setdefault(each.name, set()).add((f"{each.project}:", ""))
        users = {each.symbol_id: each.project for each in reversed(elsewhere)}
        inheritance = [row for row in edges if row[2] == "inheritance"]
        self.outside = OutsideUse(by_id, self.holder, self.own, inheritance, said, frozenset(scripts), users)
        self.units = {node.id: (node.file_path or "", self.own[node.id]) for node in rows if node.file_path}

    def unused(self) -> list[Unused]:
        """Return the findings: first what nothing refers to, then again and again what only that refers to."""
        candidates = [node for node in self.nodes if self._is_candidate(node)]
        dead: set[int] = set()
        dead_units: set[Unit] = set()
        reasons: dict[int, str] = {}
        while True:
            fresh = [node for node in candidates if node.id not in dead and self._is_dead(node, dead, dead_units)]
            if not fresh:
                break
            for node in fresh:
                speakers = self.names.get(node.symbol_name, set())
                is_first = not self.referrers.get(node.id, set()) - {node.id} and speakers <= {self.units[node.id]}
                reasons[node.id] = "nothing refers to it" if is_first else "only unused code, or its own, refers to it"
            dead.update(node.id for node in fresh)
            dead_units.update(self.units[node.id] for node in fresh)
        found = {node.id: self._finding(node, reasons[node.id]) for node in candidates if node.id in dead}
        self._weaken(found)
        shown = [each for node_id, each in found.items() if not self._is_inside(node_id, dead)]
        return sorted(shown, key=lambda each: SURENESS.index(each.sureness))

    def _weaken(self, found: dict[int, Unused]) -> None:
        """Let no finding be surer than that of something unused that uses it."""
        ids = {self.units[node_id]: node_id for node_id in found}
        users = {node_id: self._users(each.node, ids) for node_id, each in found.items()}
        pending = sorted(found, key=lambda node_id: -SURENESS.index(found[node_id].sureness))
        used: dict[int, list[int]] = {}
        for node_id, several in users.items():
            for user in several:
                used.setdefault(user, []).append(node_id)
        for user in pending:
            for node_id in used.get(user, ()):
                if SURENESS.index(found[node_id].sureness) < SURENESS.index(found[user].sureness):
                    reason = f"only unused code, or its own, refers to it, of which {found[user].node.qualified_name} may be used after all"
                    found[node_id] = Unused(found[node_id].node, found[user].sureness, reason)
                    pending.append(node_id)

    def _users(self, node: NodeRow, ids: Mapping[Unit, int]) -> set[int]:
        """Return what of some units uses a symbol, but for what is in it; the innermost unit stands for what it holds."""
        path, own = self.units[node.id]
        units = {self.units[each] for each in self.referrers.get(node.id, ()) if each in self.units}
        units |= self.names.get(node.symbol_name, set())
        outside = {unit for unit in units if unit[0] != path or not (unit[1] == own or unit[1].startswith(own + "."))}
        found = (
            next((ids[unit[0], holder] for holder in reversed(_holders(unit[1])) if (unit[0], holder) in ids), None) for unit in outside
        )
        return {each for each in found if each is not None}

    def _is_candidate(self, node: NodeRow) -> bool:
        holder = self.by_id.get(self.holder.get(node.id, -1))
        if node.node_type == "variable" and (holder is None or holder.node_type != "module"):
            return False  # fields of classes are filled and read in ways that leave no name
        return self.outside.why(node) is None

    def _is_dead(self, node: NodeRow, dead: set[int], dead_units: set[Unit]) -> bool:
        """Tell whether whoever refers to a symbol, by edge or by name, is itself, in it, or dead."""
        path, own = self.units[node.id]

        def is_void(unit: Unit) -> bool:
            inside = unit[0] == path and (unit[1] == own or unit[1].startswith(own + "."))
            return inside or any((unit[0], holder) in dead_units for holder in _holders(unit[1]))

        referrers = self.referrers.get(node.id, set()) | set(self.outside.overridden(node))
        if not all(referrer in dead or is_void(self.units.get(referrer, ("", ""))) for referrer in referrers):
            return False
        return all(is_void(unit) for unit in self.names.get(node.symbol_name, ()))

    def _is_inside(self, node_id: int, dead: set[int]) -> bool:
        """Tell whether something around a symbol is dead too, which is reported in its place."""
        holder = self.holder.get(node_id)
        while holder is not None:
            if holder in dead:
                return True
            holder = self.holder.get(holder)
        return False

    def _finding(self, node: NodeRow, reason: str) -> Unused:
        if self.has_compiled:
            return Unused(node, "possible", f"{reason}, but a compiled module of the project may")
        spoken = sorted(path for path, _ in self.strings.get(node.symbol_name, ()))
        if spoken:
            return Unused(node, "possible", f"{reason}, but a string in {spoken[0]} has its name")
        holder = self.by_id.get(self.holder.get(node.id, -1))
        is_private = node.visibility != "public" or (holder is not None and holder.node_type in {"function", "method"})
        if is_private:
            return Unused(node, "sure", reason)
        return Unused(node, "likely", f"{reason}; it is public, so code outside the project may")


def _is_reported(node: NodeRow) -> bool:
    """Tell whether a node is a definition of Python; a lambda is part of what holds it."""
    return (
        node.node_type in _REPORTED and node.file_path is not None and node.file_path.endswith(".py") and not is_anonymous(node.symbol_name)
    )


def _speakers(said: Mapping[str, Mentions]) -> tuple[dict[str, set[Unit]], dict[str, set[Unit]]]:
    """Return which units say a name in code, and which in a string, by name."""
    names: dict[str, set[Unit]] = {}
    strings: dict[str, set[Unit]] = {}
    for path, mentions in said.items():
        for unit in mentions.units:
            for name in unit.names:
                names.setdefault(name, set()).add((path, unit.name))
            for name in unit.strings:
                strings.setdefault(name, set()).add((path, unit.name))
    return names, strings


def _holders(own: str) -> list[str]:
    """Return a dotted name and those of the definitions around it; a module's own code is in none."""
    parts = own.split(".")
    return [".".join(parts[:length]) for length in range(1, len(parts) + 1)] if own else []
