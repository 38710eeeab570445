"""Analysis: from what the walk left on a unit to the unit's facts."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from lestockage.languages.facts import Access, Base, Bound, Facts, Import, Reference, Typed, Value
from lestockage.languages.python.annotations import instance_of
from lestockage.languages.python.control_flow import encoding
from lestockage.languages.python.control_flow.accesses import accesses
from lestockage.languages.python.control_flow.flow import build, own_statements
from lestockage.languages.python.exports import exports
from lestockage.languages.python.metrics import measures
from lestockage.languages.python.references import Scope, reference
from lestockage.languages.python.signature import parameter_names, type_parameter_names
from lestockage.languages.python.value_flow.builder import ScopeNames
from lestockage.languages.python.value_flow.summary import summarize

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Set as AbstractSet

    from lestockage.languages.python.unit import Definition, Unit


FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_DYNAMIC = frozenset({"exec", "globals"})
_NONE: frozenset[str] = frozenset()
_NO_NAMES: Mapping[str, bool] = {}
_NO_CHILDREN: Mapping[Definition | ast.Lambda, tuple[str, int]] = {}


def analyse(unit: Unit) -> Facts:
    """Return the facts of one unit: a function of what its content hash covers, without positions, and of nothing else."""
    scope = Scope(unit, unit.captured)
    node = unit.node
    bases, metaclass = _inheritance(node) if isinstance(node, ast.ClassDef) else ((), None)
    imports = tuple([imported for statement in unit.imports for imported in _imports(statement, unit.ordinals[statement])])
    bindings = _bindings(unit, imports)
    once = _bound_once(unit, bindings) if unit.values or unit.annotated else _NONE
    exporting = [kind for kind, names in bindings if "__all__" in names] if unit.kind == "module" else []
    variables = tuple(
        [Typed(name, found) for name, node in unit.annotated if name in once and (found := instance_of(node, scope)) is not None]
    )
    attributes = tuple(_attributes(unit, scope)) if unit.attributes else ()
    attribute_types = tuple(_attribute_types(unit, scope)) if unit.attributes else ()
    parameters, returns = _heading(node) if isinstance(node, FUNCTIONS) else ((), None)
    flow, metrics, accessed = _analysed(unit, scope)
    return Facts(
        bases=bases,
        metaclass=metaclass,
        imports=imports,
        bindings=bindings,
        parameters=parameters,
        returns=returns,
        variables=variables,
        values=_values(unit, scope, once, (accessed, attributes, variables, attribute_types)) if unit.values else (),
        attributes=attributes,
        attribute_types=attribute_types,
        exports=exports(unit) if exporting == ["assignment"] else None,
        has_exports=bool(exporting),
        is_dynamic=_is_dynamic(unit),
        complexity=unit.complexity,
        control_flow=flow,
        metrics=metrics,
        accesses=accessed,
        flow=_flow(unit, bindings),
    )


def _values(
    unit: Unit,
    scope: Scope,
    once: AbstractSet[str],
    others: tuple[tuple[Access, ...], tuple[Value, ...], tuple[Typed, ...], tuple[Typed, ...]],
) -> tuple[Value, ...]:
    """Return what is known of names that are assigned once; in a function that nobody else asks, of those that its other facts lead to."""
    given = {name: node for name, node in unit.values if name in once}
    if unit.declares or unit.opened:
        return tuple([Value(name, found) for name, node in given.items() if (found := reference(node, scope)) is not None])
    accesses, attributes, *typed = others
    waiting = [each.reference for each in accesses]
    waiting += [each.reference for each in attributes if each.reference is not None]
    waiting += [each.type for each in (*typed[0], *typed[1])]
    values = []
    for each in waiting:  # grows
        name = each.name.partition(".")[0]
        node = given.pop(name, None)
        meant = None if node is None else reference(node, scope)
        if meant is not None:
            values.append(Value(name, meant))
            waiting.append(meant)
    return tuple(values)


def _flow(unit: Unit, bindings: tuple[Bound, ...]) -> bytes:
    """Return the encoded summary of how values move through a unit; nothing for code that is nested too deeply."""
    outer = {**dict.fromkeys(unit.nonlocals, False), **dict.fromkeys(unit.globals, True)} if unit.nonlocals or unit.globals else _NO_NAMES
    names = ScopeNames([name for bound in bindings for name in bound.names], outer)
    try:
        return summarize(unit.node, unit.kind, names, unit.ordinals, _children(unit) if unit.opened else _NO_CHILDREN)
    except RecursionError:
        return b""


def _children(unit: Unit) -> dict[Definition | ast.Lambda, tuple[str, int]]:
    """Return the last name of each definition directly in a unit, and which of that name it is: what equal units elsewhere share."""
    counts: dict[str, int] = {}
    found = {}
    for node, (dotted, _) in unit.opened.items():
        name = dotted.rpartition(".")[2]
        found[node] = name, counts.get(name, 0)
        counts[name] = counts.get(name, 0) + 1
    return found


def _analysed(unit: Unit, scope: Scope) -> tuple[bytes, bytes, tuple[Access, ...]]:
    """Return the encoded flow graph and measures of a unit, and its accesses; nothing for code that is nested too deeply."""
    try:
        built = build(unit.node)
    except RecursionError:
        return b"", b"", ()
    measured = measures.measure(built, own_statements(unit.node), unit.opened, unit.tokens, unit.complexity)
    return encoding.encode(built), measures.encode(measured), accesses(built, scope, unit.kind)


def _is_dynamic(unit: Unit) -> bool:
    """Tell whether a unit gets hold of its module's names as a dictionary, or runs code that is no part of it."""
    calls = [sited.func for sited in unit.ordinals if type(sited) is ast.Call]
    return any(type(function) is ast.Name and function.id in _DYNAMIC for function in calls)


def _imports(node: ast.Import | ast.ImportFrom, ordinal: int) -> list[Import]:
    """Return what one statement imports, name by name."""
    found = []
    for position, alias in enumerate(node.names, ordinal):
        if isinstance(node, ast.ImportFrom):
            found.append(Import(node.module, alias.name, alias.asname, alias.asname or alias.name, node.level or 0, position))
        else:
            found.append(Import(alias.name, None, alias.asname, alias.asname or alias.name.partition(".")[0], 0, position))
    return found


def _inheritance(node: ast.ClassDef) -> tuple[tuple[Base, ...], Reference | None]:
    """Return the bases and metaclass of a class, as names of the scope that holds it; a generic base `B[T]` is its `B`."""
    bases = []
    scope = _outside(node)
    for ordinal, base in enumerate(node.bases):
        named = base.value if isinstance(base, ast.Subscript) else base
        bases.append(Base(reference(named, scope), ordinal))
    metaclass = next((keyword.value for keyword in node.keywords if keyword.arg == "metaclass"), None)
    return tuple(bases), None if metaclass is None else reference(metaclass, scope)


def _heading(node: ast.FunctionDef | ast.AsyncFunctionDef) -> tuple[tuple[Typed, ...], Reference | None]:
    """Return the annotated parameters and the return annotation of a function, as names of the scope that holds it."""
    arguments = node.args
    scope = _outside(node)
    typed = [
        Typed(argument.arg, found)
        for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
        if (found := instance_of(argument.annotation, scope)) is not None
    ]
    return tuple(typed), instance_of(node.returns, scope)


def _bindings(unit: Unit, imports: tuple[Import, ...]) -> tuple[Bound, ...]:
    """Return every name the unit's scope binds with every way it does, each once: by kind, in order of first appearance."""
    found = []
    for kind, names in (
        ("parameter", _parameters(unit)),
        ("import", [imported.bound for imported in imports]),
        ("definition", unit.definitions),
        ("assignment", unit.assigned),
        ("deletion", unit.deleted),
        ("global", unit.globals),
        ("nonlocal", unit.nonlocals),
    ):
        if names:
            found.append(Bound(kind, tuple(dict.fromkeys(names))))
    return tuple(found)


def _parameters(unit: Unit) -> list[str]:
    node = unit.node
    return [] if isinstance(node, (ast.Module, ast.ClassDef)) else parameter_names(node.args)


def _bound_once(unit: Unit, bindings: tuple[Bound, ...]) -> AbstractSet[str]:
    """Return the names that one assignment, and nothing else, binds in the unit's scope."""
    seen: set[str] = set()
    again: set[str] = set()
    for name in unit.assigned:
        (again if name in seen else seen).add(name)
    again.update(*[names for kind, names in bindings if kind != "assignment"])
    return seen - again


def _attributes(unit: Unit, scope: Scope) -> list[Value]:
    """Return what is assigned to attributes of self or cls; the class of a mere declaration is in `attribute_types`."""
    found = []
    for target, value, annotation in unit.attributes:
        if _is_receiver(target, scope) and (value is not None or annotation is None):
            found.append(Value(target.attr, None if value is None else reference(value, scope)))
    return found


def _attribute_types(unit: Unit, scope: Scope) -> list[Typed]:
    found = []
    for target, _, annotation in unit.attributes:
        if annotation is not None and _is_receiver(target, scope) and (kind := instance_of(annotation, scope)) is not None:
            found.append(Typed(target.attr, kind))
    return found


def _is_receiver(target: ast.Attribute, scope: Scope) -> bool:
    return isinstance(target.value, ast.Name) and target.value.id == scope.receiver


def _outside(node: Definition) -> Scope:
    """Return how names are read in a definition's head: plainly, since its own scope is not open yet, but for its type parameters."""
    type_parameters = type_parameter_names(node)
    return Scope(None, type_parameters) if type_parameters else HEAD


HEAD = Scope(None, ())
