"""Resolver: what a dotted name means in another project, followed through modules, re-exports, stars and base classes.

Whatever is looked up on the way is a step of the answer: the answer holds for as long as none of its steps comes, goes or changes. A step
is a dotted name; `module.*` is what a module stars, and `@project` what that project prefers.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, NamedTuple

from lestockage.languages.facts import RESULT
from lestockage.languages.python.builtin_names import BARE_BASES, TYPES
from lestockage.queries.linearization import linearize

if TYPE_CHECKING:
    from lestockage.projects.catalogue import Catalogue
    from lestockage.store.global_symbols import GlobalSymbol

LINKED: Final = "linked"
PARTIAL: Final = "partial"
MISSING: Final = "missing"
UNKNOWN: Final = "unknown"
ABSENT: Final = "absent"

_ANY_OBJECT: Final = TYPES["object"]


class Meaning(NamedTuple):
    """What a name means.

    `state` is one of the tables' (`store.global_tables.STATES`), or "absent": no project provides it. `symbol` is the symbol that is meant,
    or the nearest on the way to it ("partial"), None for a namespace package. `rivals` are other projects between which and `project_id`
    nothing but their names decided.
    """

    state: str
    project_id: int | None
    name: str
    symbol: GlobalSymbol | None
    rivals: tuple[int, ...] = ()


_ABSENT: Final = Meaning(ABSENT, None, "", None)
Resolved = tuple[Meaning, frozenset[str]]


class Resolver:
    """Answers from one catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._active: set[tuple[int | None, str]] = set()
        self._circles = 0
        self._starring: list[tuple[int, str]] = []
        """What the search through stars at hand has looked through; `_depth` stars deep."""
        self._depth = 0

    def resolve(self, project_id: int | None, name: str) -> Resolved:
        """Return what a dotted name means in the code of a project (None: of nobody), and the steps that led there."""
        key = ("meaning", project_id, name)
        known: Resolved | None = self.catalogue.kept(key)
        if known is not None:
            return known
        if (project_id, name) in self._active:
            self._circles += 1
            return Meaning(UNKNOWN, project_id, name, None), frozenset()
        self._active.add((project_id, name))
        circles = self._circles
        try:
            found = self._resolve(project_id, name)
        finally:
            self._active.discard((project_id, name))
        if circles == self._circles or not self._active:
            self.catalogue.keep(key, found)
        return found

    def _resolve(self, project_id: int | None, name: str) -> Resolved:
        parts = name.split(".")
        steps = {parts[0]} if project_id is None else {parts[0], f"@{project_id}"}
        choices = self.catalogue.choices(project_id, parts[0])
        for place, choice in enumerate(choices):
            meaning = self._walk(choice.provider.project_id, parts, steps)
            if meaning.state != ABSENT:
                rivals = tuple([other.provider.project_id for other in choices[place + 1 :] if other.rank == choice.rank])
                return meaning._replace(rivals=rivals or meaning.rivals), frozenset(steps)
        return _ABSENT, frozenset(steps)

    def _walk(self, project_id: int, parts: list[str], steps: set[str]) -> Meaning:
        """Go from a project's module to what is meant, part by part; a part that ends in `()` is called."""
        here = self._module(project_id, parts[0], steps) or _ABSENT
        is_declared = False
        for place, part in enumerate(parts[1:], 2):
            if here.state != LINKED:
                break
            name = part.removesuffix(RESULT)
            found = self._attribute(here, name, steps)
            if found.state == MISSING and here.symbol is None:
                return _ABSENT  # a namespace package: another project may have the rest of it
            if found.state == MISSING and is_declared:
                return here._replace(state=PARTIAL)  # an object of a class below the one that is declared may have it
            here = found
            if here.state == LINKED and (place < len(parts) or name != part):
                here, is_given = self._object(here, steps, is_called=name != part)
                is_declared = is_declared or is_given
        if parts[-1].endswith(RESULT) and here.state == LINKED:
            called = self._attribute(here, "__call__", steps)
            return called if called.state == LINKED else here._replace(state=PARTIAL)
        return here

    def _object(self, here: Meaning, steps: set[str], *, is_called: bool) -> tuple[Meaning, bool]:
        """Return what reading or calling a symbol gives, an object as its class, and whether a declaration says so."""
        symbol = here.symbol
        if symbol is not None and symbol.node_type == "class":
            return here, is_called and self._attribute(here, "__new__", steps).state == LINKED  # which may give an object of a class below
        if symbol is None or symbol.node_type == "module":
            return here._replace(state=PARTIAL) if is_called else here, False
        name = symbol.call_gives if is_called else symbol.read_gives
        if name is None:
            return here._replace(state=PARTIAL) if is_called else here, False
        found, on_the_way = self.resolve(here.project_id, name)
        steps |= on_the_way
        if found.state != LINKED or found.symbol is None or found.symbol.node_type != "class":
            return here._replace(state=PARTIAL), False
        return found, True

    def _module(self, project_id: int, name: str, steps: set[str]) -> Meaning | None:
        steps.add(name)
        symbol = self.catalogue.symbol(project_id, name)
        if symbol is not None and symbol.node_type == "module":
            return Meaning(LINKED, project_id, name, symbol)
        return Meaning(LINKED, project_id, name, None) if self.catalogue.is_package(project_id, name) else None

    def _module_anywhere(self, project_id: int, name: str, steps: set[str]) -> Meaning:
        """Return the module of a dotted name in the first project that has it: a star names a module, never what one passes on."""
        steps |= {name.partition(".")[0], f"@{project_id}"}
        for choice in self.catalogue.choices(project_id, name.partition(".")[0]):
            found = self._module(choice.provider.project_id, name, steps)
            if found is not None:
                return found
        return _ABSENT

    def _attribute(self, here: Meaning, part: str, steps: set[str]) -> Meaning:
        symbol = here.symbol
        if symbol is None or symbol.node_type == "module":
            return self._of_module(here, part, steps, with_submodules=True)
        if symbol.node_type == "class":
            return self._of_class(here, symbol, part, steps)
        return here._replace(state=PARTIAL)  # what a function has, or what a variable holds, is not known here

    def _of_module(self, here: Meaning, part: str, steps: set[str], *, with_submodules: bool) -> Meaning:
        project_id = here.project_id
        assert project_id is not None  # noqa: S101  # modules have projects
        name = f"{here.name}.{part}"
        steps.add(name)
        symbol = self.catalogue.symbol(project_id, name)
        if symbol is not None and symbol.node_type != "module":
            return Meaning(LINKED, project_id, name, symbol)
        imports = self.catalogue.imports(project_id, here.name)
        if imports is not None and part in imports.names:
            return self._passed_on(project_id, imports.names[part], here, steps)
        submodule = self._module(project_id, name, steps) if with_submodules else None
        if submodule is not None:
            return submodule
        is_certain = True
        steps.add(f"{here.name}.*")  # without a star too: one may come
        if imports is not None:
            for star in reversed(imports.stars):
                found = self._starred(self._module_anywhere(project_id, star, steps), part, steps)
                if found is None:
                    is_certain = False
                elif found.state != MISSING:
                    return found
        getter = f"{here.name}.__getattr__"
        steps.add(getter)
        if imports is not None and (imports.is_dynamic or "__getattr__" in imports.names):
            is_certain = False
        if not is_certain or self.catalogue.symbol(project_id, getter) is not None or self.catalogue.is_compiled(project_id, name):
            return here._replace(state=UNKNOWN if here.symbol is None else PARTIAL)
        return Meaning(MISSING, project_id, name, None)

    def _passed_on(self, project_id: int, target: str, here: Meaning, steps: set[str]) -> Meaning:
        """Return what an import statement binds; where that is outside all projects, the module that passes it on is as near as it gets."""
        found, on_the_way = self.resolve(project_id, target)
        steps |= on_the_way
        return found if found.state in (LINKED, PARTIAL) else here._replace(state=PARTIAL if here.symbol is not None else UNKNOWN)

    def _starred(self, source: Meaning, part: str, steps: set[str]) -> Meaning | None:
        """Return what a star takes from a module under a name, None when that cannot be told."""
        if source.state != LINKED or (source.symbol is not None and source.symbol.node_type != "module") or source.project_id is None:
            return None
        steps.add(f"{source.name}.*")
        imports = self.catalogue.imports(source.project_id, source.name)
        exports = None if imports is None else imports.exports
        if part.startswith("_") if exports is None else part not in exports:
            return Meaning(MISSING, source.project_id, f"{source.name}.{part}", None)
        key = (source.project_id, f"{source.name}.{part}\0star")
        if key in self._active:
            self._circles += 1
            return Meaning(MISSING, source.project_id, f"{source.name}.{part}", None)
        # Looked through once for all the ways that lead to it: in circles of stars there are too many to go each.
        self._active.add(key)
        self._starring.append(key)
        self._depth += 1
        try:
            found = self._of_module(source, part, steps, with_submodules=exports is not None)
        finally:
            self._depth -= 1
            if not self._depth:
                self._active.difference_update(self._starring)
                self._starring.clear()
        return None if found.state in (UNKNOWN, PARTIAL) and found.name == source.name else found

    def _of_class(self, here: Meaning, symbol: GlobalSymbol, part: str, steps: set[str]) -> Meaning:
        order, is_certain = self._order(here, steps)
        for each in order:
            assert each.project_id is not None  # noqa: S101  # classes have projects
            name = f"{each.name}.{part}"
            steps.add(name)
            found = self.catalogue.symbol(each.project_id, name)
            if found is not None:
                return Meaning(LINKED, each.project_id, name, found)
        for each in order:
            getter = f"{each.name}.__getattr__"
            steps.add(getter)
            is_certain = is_certain and self.catalogue.symbol(each.project_id or 0, getter) is None
            is_certain = is_certain and "metaclass=" not in ((each.symbol.signature if each.symbol else None) or "")
        if not is_certain or part in _ANY_OBJECT or (part.startswith("__") and part.endswith("__")):
            return here._replace(state=PARTIAL)
        return Meaning(MISSING, symbol.project_id, f"{here.name}.{part}", None)

    def _order(self, here: Meaning, steps: set[str]) -> tuple[list[Meaning], bool]:
        """Return the classes in which an attribute is looked for, and whether all of them are known."""
        first = (here.project_id, here.name)
        orders: list[list[Meaning]] = []
        is_certain = True
        steps.add(here.name)
        for candidates in json.loads((here.symbol.bases if here.symbol else None) or "[]"):
            is_certain = is_certain and bool(candidates)
            for base in candidates:
                if base in BARE_BASES:
                    continue
                meant, on_the_way = self.resolve(here.project_id, base)
                steps |= on_the_way
                key = (meant.project_id, f"{meant.name}\0order")
                if meant.state != LINKED or meant.symbol is None or meant.symbol.node_type != "class" or key in self._active:
                    is_certain = False
                    continue
                self._active.add(key)
                try:
                    above, is_known = self._order(meant._replace(rivals=()), steps)
                finally:
                    self._active.discard(key)
                is_certain = is_certain and is_known
                orders.append(above)
        found, is_consistent = linearize(here._replace(rivals=()), orders)
        return [each for each in found if (each.project_id, each.name) != first or each.symbol == here.symbol], is_certain and is_consistent
