"""Durable names: which stored names this process declares, and whether the code behind them is still the same.

A query that is used for the first time is compared with its stored fingerprint, and with it every query below it, as far as the store
has seen one read another: changed code, and code that nobody declares any more, dirties what it computed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from blake3 import blake3

from lestockage.engine import registry
from lestockage.engine.fingerprint import fingerprint
from lestockage.engine.inputs import Input
from lestockage.engine.node import Cell, Facet, Memo, Node

if TYPE_CHECKING:
    from lestockage.engine.declaration import Declaration
    from lestockage.engine.durable import Durable


_MACHINERY = ("lestockage.engine.", "lestockage.database")


class Names:
    """The names of one store and what they stand for here."""

    def __init__(self, durable: Durable) -> None:
        self._durable = durable
        self._known = durable.store.names()
        self._by_id = {number: name for name, (number, _) in self._known.items()}
        self._queries: dict[Declaration, int] = {}
        self.ready: dict[Declaration, int] = {}
        """Names of queries whose code was checked, and whose rows are ours."""
        self._displaced: set[Declaration] = set()
        """Queries whose name stands for another declaration here: their results stay in memory."""
        self._checked: set[int] = set()
        self.fresh: set[int] = set()
        """Names that were not in the store when this process met them: no node of theirs can be there to look for."""
        self.detached: set[int] = set()
        """Queries whose rows belong to other code than this process has, and what is above them."""
        self.known_edges: set[tuple[int, int]] = set()
        self._fingerprints: dict[Declaration, bytes] = {}
        self._codes: dict[int, int] = {}
        """The ids of the present codes, by name."""

    def fingerprint(self, declaration: Declaration) -> bytes:
        """The fingerprint of a query's code; of other queries it counts the name only, of tasks the code."""
        found = self._fingerprints.get(declaration)
        if found is None:
            version = declaration.options.version
            self._fingerprints[declaration] = declaration.name.encode()  # what a task that refers to itself finds
            code = fingerprint(declaration.function, version=None if version is None else str(version), stop_at=self._stop_at)
            # The declared type too: the same bytes would mean another value after its fields were renamed or reordered.
            found = code if declaration.codec is None else blake3(code + declaration.codec.signature).digest()
            self._fingerprints[declaration] = found
        return found

    def _stop_at(self, referred: object) -> bytes | None:
        declaration = getattr(referred, "declaration", None) if callable(referred) else None
        if declaration is not None:
            name = declaration.name.encode()
            return name + self.fingerprint(declaration) if declaration.is_task else bytes(name)
        if isinstance(referred, type) and issubclass(referred, Input):
            return registry.input_name(referred).encode()
        module = getattr(referred, "__module__", None)
        if type(module) is str and module.startswith(_MACHINERY):
            # The engine is no part of what a query computes, and it imports as it goes: it would count differently from run to run.
            return f"{module}.{getattr(referred, '__qualname__', '')}".encode()
        return None

    def of_query(self, declaration: Declaration) -> int | None:
        """The id of a query's name; checks its code, and that of what it reads, on first use."""
        number = self._queries.get(declaration)
        if number is None or number not in self._checked:
            name = declaration.name
            if declaration.is_task:
                name = f"{name}@{self.fingerprint(declaration).hex()}"
            elif registry.named(name) is not declaration:
                self._displaced.add(declaration)  # another declaration took its name: two meanings cannot share it
                return None
            code = b"" if declaration.is_task else self.fingerprint(declaration)
            number = self.of(name, code)
            if number in self._checked and self._known[name][1] != code:
                self._displaced.add(declaration)  # declared again in this process: until a reopening, the rows are those of the code before
                return None
            self._check(number)
            self._queries[declaration] = number
        if number in self.detached:
            return None
        if number not in self.fresh:
            self.ready[declaration] = number
        return number

    def of(self, name: str, fingerprint: bytes = b"") -> int:
        """The id of a name, given when it is new. A changed fingerprint is recorded when it is checked."""
        found = self._known.get(name)
        if found is None:
            with self._durable.writing(is_change=False, is_checked=False):
                number, stored = self._durable.store.name(name) or (0, b"")
                if not number:
                    number, stored = self._durable.store.put_name(name, fingerprint), fingerprint
                    self._checked.add(number)
                    self.fresh.add(number)
                self._durable.on_failure(lambda: self._forget(name, number))
                self._known[name] = (number, stored)
                self._by_id[number] = name
            return number
        return found[0]

    def refresh(self) -> None:
        """Learn the names that other processes have added; any node may be there by now, of any name."""
        self.fresh.clear()
        for name, found in self._durable.store.names().items():
            if name not in self._known:
                self._known[name] = found
                self._by_id[found[0]] = name
        if self.detached:
            self._detach(self.detached)

    def detach_foreign(self) -> None:
        """Take the code of others over: rows of a query belong to the code that was checked last.

        Where that is not ours, this process goes on in memory for that query, and for what is above it.
        """
        lost = set()
        for name, found in self._durable.store.names().items():
            if self._known[name] != found:
                self._known[name] = found
                self._codes.pop(found[0], None)
                if found[0] in self._checked and not self._is_ours(name, found[1]):
                    lost.add(found[0])
        if lost:
            self._detach(lost)

    def _is_ours(self, name: str, stored: bytes) -> bool:
        declared = registry.lookup(name)
        return isinstance(declared, registry.Declared) and self.fingerprint(declared.declaration) == stored

    def _detach(self, numbers: set[int]) -> None:
        readers: dict[int, list[int]] = {}
        for dependent, dep in self._durable.store.all_name_deps():
            readers.setdefault(dep, []).append(dependent)
        pending = list(numbers)
        fresh = set(numbers)
        while pending:
            for reader in readers.get(pending.pop(), ()):
                if reader not in fresh:
                    fresh.add(reader)
                    pending.append(reader)
        fresh -= self.detached
        self.detached |= fresh
        self.ready.clear()
        self._durable.detach(fresh)

    @property
    def has_strangers(self) -> bool:
        """Whether some queries have rows that belong to other code than ours."""
        return bool(self.detached or self._displaced)

    def is_detached(self, declaration: Declaration) -> bool:
        """Whether the rows of a query belong to other code than ours, here or below it."""
        return declaration in self._displaced or (bool(self.detached) and self._queries.get(declaration) in self.detached)

    def declarations(self, numbers: set[int]) -> list[Declaration]:
        """The queries of this process that go by these names."""
        found = [registry.lookup(self._by_id[number]) for number in sorted(numbers)]
        return [declared.declaration for declared in found if isinstance(declared, registry.Declared)]

    def _forget(self, name: str, number: int) -> None:
        """A name that was given in a transaction that failed."""
        self._known.pop(name, None)
        self._by_id.pop(number, None)
        self._checked.discard(number)
        self.fresh.discard(number)
        self.ready.clear()
        self._queries = {declaration: known for declaration, known in self._queries.items() if known != number}

    def code(self, declaration: Declaration) -> int | None:
        """The id of a query's present code; None when no stored result was computed with it."""
        number = self.of_query(declaration)
        if number is None:
            return None
        found = self._codes.get(number)
        if found is None:
            found = self._durable.store.code(number, self.fingerprint(declaration))
            if found is not None:
                self._codes[number] = found
        return found

    def put_code_of(self, number: int) -> int:
        """The id of the present code behind a query's name, recorded when new; inside a transaction. 0 for a task, whose name tells."""
        found = self._codes.get(number)
        if found is None:
            fingerprint = self._known[self._by_id[number]][1]
            found = self._codes[number] = self._durable.store.put_code(number, fingerprint) if fingerprint else 0
            self._durable.on_failure(lambda: self._codes.pop(number, None))
        return found

    def stored(self) -> list[tuple[str, int]]:
        """Every stored name that this process knows of, with its id; input classes themselves have no rows under theirs."""
        return [(name, number) for name, (number, _) in self._known.items()]

    def is_stored(self, name: str) -> bool:
        """Whether the store knows the name."""
        return name in self._known

    def of_node(self, node: Node) -> int:
        """The id of the name that a stored node goes by; a facet, by that of its memo."""
        if isinstance(node, Facet):
            node = node.owner
        if isinstance(node, Memo):
            declaration = node.table.declaration
            found = self._queries.get(declaration)
            if found is None:
                found = self.of_query(declaration)
                assert found is not None  # noqa: S101  # its key was encoded
            return found
        assert isinstance(node, Cell)  # noqa: S101  # nothing else is stored
        return self._durable.inputs.name(node)

    def _check(self, number: int) -> None:
        """Compare the code of a name, and of every name below it, with what the store remembers."""
        pending = [number]
        while pending:
            current = pending.pop()
            if current in self._checked:
                continue
            pending.extend(self._durable.store.name_deps(current))
            if current not in self._by_id:
                self.refresh()  # another process has given it just now
            name = self._by_id[current]
            declared = registry.lookup(name)
            if declared is None:
                if "@" not in name:
                    self._sweep(current, name, None)
            elif isinstance(declared, registry.Declared):
                self._queries.setdefault(declared.declaration, current)
                fresh = self.fingerprint(declared.declaration)
                if fresh != self._known[name][1]:
                    self._sweep(current, name, fresh)
            self._checked.add(current)

    def _sweep(self, number: int, name: str, fresh: bytes | None) -> None:
        durable = self._durable
        if fresh is None and not durable.store.has_clean(number):
            return  # an earlier run has done it
        with durable.writing():
            durable.nodes.forget_ahead()
            known = self._known[name]
            durable.on_failure(lambda: self._due_again(name, known))
            # A revision of its own: what runs again because of its code changes later than everything that was known before.
            durable.db.revision += 1
            durable.store.set_revision(durable.db.revision)
            durable.following.base = durable.db.revision
            durable.sweeping.write_dirt()
            durable.sweeping.spread(durable.store.sweep_name(number))
            if fresh is not None:
                durable.store.put_name(name, fresh)
                self._known[name] = (number, fresh)
                self._codes.pop(number, None)

    def _due_again(self, name: str, known: tuple[int, bytes]) -> None:
        """A comparison whose outcome could not be recorded."""
        self._known[name] = known
        self._codes.pop(known[0], None)
        self._checked.clear()
        self._queries.clear()
        self.ready.clear()

    def declared(self, number: int) -> registry.Declared | registry.InputField | None:
        """What a stored name stands for in this process."""
        name = self._by_id.get(number)
        return None if name is None else registry.lookup(name)
