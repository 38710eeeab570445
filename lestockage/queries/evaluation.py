"""Evaluation: what references mean in one unit's code: names by Python's scopes, then attributes and results step by step.

What a name means may depend on another file's names, on a class's members or a function's result, and these on names again. So this
module, `attributes`, `classes`, `exports`, `imported`, `results` and `scopes` call each other; they import each other as modules, never
names from them, and can be imported in any order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.languages.facts import AWAITED, ITEM, RESULT, Reference
from lestockage.languages.python.builtin_names import BUILTINS, TYPING_NAMES, has_attribute, has_result, is_type, result_type
from lestockage.queries import classes, exports, imported, results, scopes
from lestockage.queries.meaning import FUNCTIONS, UNKNOWN, Meaning, Meanings, external, instances, only, unite

if TYPE_CHECKING:
    from collections.abc import Callable

    from lestockage.database import Database
    from lestockage.queries.inputs import SourceFile
    from lestockage.queries.namespace import Namespace


DEEPEST = 40
"""Variables of one function that are followed from one to the next; no stack is asked for more."""


class Evaluation:
    """One unit's code being read; what it reads of other units goes through queries."""

    __slots__ = ("_active", "_found", "db", "file", "space")

    def __init__(self, db: Database, file: SourceFile, space: Namespace) -> None:
        self.db = db
        self.file = file
        self.space = space
        self._found: dict[str, Meanings] = {}
        self._active: set[str] = set()

    # -- names

    def lookup(self, name: str) -> Meanings:
        """Return what a name means in the unit's own code."""
        found = self._found.get(name)
        if found is None:
            found = self._look_up(name)
            if name not in self._active:
                self._found[name] = found
        return found

    def _look_up(self, name: str) -> Meanings:
        if self.space.unit.kind == "module":
            return self._global(name)
        kinds = self.space.kinds.get(name)
        if kinds is None:
            return self.outside(name)
        if "global" in kinds:
            return self._global(name)
        if "nonlocal" in kinds:
            return self.outside(name)
        return self.own(name) or UNKNOWN

    def outside(self, name: str, *, from_class: bool = False) -> Meanings:
        """Return what a name means around the unit; `from_class`: in the scope that holds it, even if that is a class body."""
        for place in self.space.unit.scopes:
            if place.kind == "module":
                break
            if place.kind != "class" or from_class:
                found = scopes.bound(self.db, self.file, place.name, place.ordinal, name)
                if found is not None:
                    return found
            from_class = False
        return self._global(name)

    def heading(self, name: str) -> Meanings:
        """Return what a name means where the unit is defined: in its annotations and bases."""
        return self.outside(name, from_class=True)

    def _global(self, name: str) -> Meanings:
        """Return what a name means in the module, or in Python itself."""
        if name in BUILTINS:
            hidden = exports.hidden_builtins(self.db, self.file)
            if name not in hidden:
                builtin = (external(f"builtins.{name}"),)
                return Meanings(builtin, builtin, exports.ANY not in hidden)
        return exports.exported(self.db, self.file, name) or UNKNOWN

    def own(self, name: str) -> Meanings | None:
        """Return what the unit's own scope binds a name to; None: nothing, or it says that another scope does."""
        kinds = self.space.kinds.get(name)
        if kinds is None or "global" in kinds or "nonlocal" in kinds:
            return None
        if name in self._active or len(self._active) > DEEPEST:
            return UNKNOWN
        self._active.add(name)
        found = self._meanings(name, kinds)
        self._active.discard(name)
        return found

    def _meanings(self, name: str, kinds: tuple[str, ...]) -> Meanings:
        space = self.space
        several: list[Meanings] = []
        for kind in kinds:
            if kind == "definition":
                several += [only(Meaning(child.kind, self.file, child.name, child.ordinal)) for child in space.definitions(name)]
            elif kind == "import":
                several += [imported.imported(self.db, self.file, each, self._own_name(name)) for each in space.imports.get(name, ())]
            elif kind == "parameter":
                several.append(self._parameter(name, is_only=len(kinds) == 1))
            elif kind == "assignment":
                several.append(self._assigned(name, is_only=len(kinds) == 1))
            elif kind == "rebinding":
                several.append(UNKNOWN)
        found = unite(several) if several else UNKNOWN
        if len(found.values) > 1 and found.is_exact:
            return found._replace(is_exact=False)
        return found

    def _own_name(self, name: str) -> str:
        return name if self.space.unit.kind == "module" else ""

    def _parameter(self, name: str, *, is_only: bool) -> Meanings:
        unit = self.space.unit
        if name == unit.receiver and is_only:
            return self._receiver(unit.receiver_root)
        annotation = self.space.annotations.get(name)
        if annotation is None:
            return UNKNOWN
        found = instances(self.evaluate(annotation, self.heading))
        return found if is_only else found._replace(is_exact=False)

    def _assigned(self, name: str, *, is_only: bool) -> Meanings:
        variable = self.space.variable(name)
        symbols = () if variable is None else (Meaning("variable", self.file, variable.name, variable.ordinal),)
        if not is_only:
            return Meanings((), symbols, is_exact=False)
        annotation = self.space.annotations.get(name)
        if annotation is not None:
            found = instances(self.evaluate(annotation, self.lookup))
        else:
            value = self.space.values.get(name)
            found = UNKNOWN if value is None else self.evaluate(value)
        return Meanings(found.values, symbols, found.is_exact)

    # -- references

    def evaluate(self, reference: Reference, lookup: Callable[[str], Meanings] | None = None) -> Meanings:
        """Return what a reference means here; `lookup` says how its first name is found, if not from the unit's own scope."""
        if reference.root == "super" and reference.path:
            return self._super(reference)
        found = self._root(reference, lookup or self.lookup)
        for step in reference.path:
            found = self._step(found, step)
        return found

    def _root(self, reference: Reference, lookup: Callable[[str], Meanings]) -> Meanings:
        root = reference.root
        if root == "name":
            return lookup(reference.name)
        if root in ("self", "cls"):
            return self._receiver(root)
        if root == "literal":
            return Meanings((Meaning("external instance", None, f"builtins.{reference.name}", 0),), (), is_exact=True)
        return UNKNOWN

    def _receiver(self, root: str) -> Meanings:
        """Return what the first parameter of a method is."""
        place = self.space.unit.scopes[0]
        return Meanings((Meaning("class" if root == "cls" else "instance", self.file, place.name, place.ordinal),), (), is_exact=True)

    def _super(self, reference: Reference) -> Meanings:
        """Return what `super().name…` means: looked up behind the class around, or behind the class that was named."""
        place = self.space.unit.enclosing_class
        if place is None or reference.path[0] in (RESULT, ITEM, AWAITED):
            return UNKNOWN
        start: Meaning | None = None
        if reference.name:
            first, *rest = reference.name.split(".")
            named = self.evaluate(Reference("name", first, tuple(rest)))
            if len(named.values) != 1 or named.values[0].kind != "class":
                return UNKNOWN
            start = named.values[0]
        if start is None or (start.file is self.file and start.name == place.name and start.ordinal == place.ordinal):
            found = classes.inherited(self.db, self.file, place.name, place.ordinal, reference.path[0])
        else:
            found = classes.inherited_behind(self.db, self.file, place.name, place.ordinal, start, reference.path[0])
        found = UNKNOWN if found is None else self._read(found)
        for step in reference.path[1:]:
            found = self._step(found, step)
        return found

    def _step(self, meanings: Meanings, step: str) -> Meanings:
        values = meanings.values
        if not values:
            return UNKNOWN
        if step is RESULT or step == RESULT:
            reached = [self._result(value) for value in values]
        elif step == AWAITED:
            reached = [_awaited(value) for value in values]
        elif step == ITEM:
            reached = [_item(value) for value in values]
        else:
            reached = [self._attribute(value, step) for value in values]
        found = reached[0] if len(reached) == 1 else unite(reached)
        return found if meanings.is_exact or not found.is_exact else found._replace(is_exact=False)

    def _attribute(self, value: Meaning, name: str) -> Meanings:
        kind = value.kind
        if kind == "module":
            return imported.module_attribute(self.db, self.file, value.name, name) or imported.absent_module(self, f"{value.name}.{name}")
        if kind == "external":
            if has_attribute(value.name, name):
                return only(external(f"{value.name}.{name}"))
        elif kind == "external instance":
            dotted = f"builtins.{TYPING_NAMES[value.name]}" if value.name in TYPING_NAMES else value.name
            if name == "__class__":
                return only(external(dotted))
            if has_attribute(dotted, name):
                return only(external(f"{dotted}.{name}"))
        elif value.file is not None and (kind in ("instance", "class")):
            if name == "__class__":
                return Meanings((value._replace(kind="class"),), (), is_exact=True) if kind == "instance" else UNKNOWN
            found = classes.member(self.db, value.file, value.name, value.ordinal, name)
            if found is not None:
                return found if kind == "class" else self._read(found)
        return UNKNOWN

    def _read(self, member: Meanings) -> Meanings:
        """Return what reading a member of an object gives: a property gives its result."""
        if all(value.kind != "property" for value in member.values):
            return member
        return unite(
            [self._result(value) if value.kind == "property" else Meanings((value,), (), member.is_exact) for value in member.values]
        )

    def _result(self, value: Meaning) -> Meanings:
        """Return what calling a value gives."""
        kind = value.kind
        if kind == "class":
            return Meanings((value._replace(kind="instance"),), (), is_exact=True)
        if value.file is not None and (kind in FUNCTIONS or kind == "property"):
            return results.result(self.db, value.file, value.name, value.ordinal)
        if kind == "external":
            dotted = result_type(value.name)
            if dotted is not None:
                return Meanings((Meaning("external instance", None, dotted, 0),), (), is_exact=True)
            if has_result(value.name):
                return Meanings((external(f"{value.name}{RESULT}"),), (), is_exact=True)
        elif kind == "instance":
            return self._step(self._attribute(value, "__call__"), RESULT)
        return UNKNOWN


def _awaited(value: Meaning) -> Meanings:
    if value.kind == "awaitable":
        return Meanings((value._replace(kind="instance"),), (), is_exact=True)
    if value.kind == "external awaitable":
        return Meanings((value._replace(kind="external instance"),), (), is_exact=True)
    return UNKNOWN


def _item(value: Meaning) -> Meanings:
    """Return what subscribing gives: a generic class is itself; the items of anything else are not known."""
    if value.kind == "class" or (value.kind == "external" and is_type(value.name)):
        return Meanings((value,), (), is_exact=True)
    return UNKNOWN
