"""Names: what names lead to across units and files: cells of the scope that binds them, modules, or something outside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.languages.python.builtin_names import BUILTINS
from lestockage.languages.python.linker.saying import GIVE, JOIN
from lestockage.languages.python.linker.values import EXTERNAL, KEY, MODULE, UNBOUND
from lestockage.languages.python.value_flow import opcodes
from lestockage.languages.python.value_flow.opcodes import CALL, IMPORT, STAR

if TYPE_CHECKING:
    from lestockage.languages.python.linker.program import Imported, Place, Program, Unit
    from lestockage.languages.python.linker.state import State

Link = tuple[int, int]
"""A variable that a name's is a copy of (>= 0), or -1 and a value that it holds."""


def links_of(s: State, unit: Unit) -> list[tuple[int, int, int]]:
    """Return what the names come to that a unit reads, imports, and assigns outside: (JOIN, from, to) and (GIVE, variable, value)."""
    found: list[tuple[int, int, int]] = []
    for name, variable, heading in unit.free:
        if heading == opcodes.OTHERS:
            found.append((JOIN, s.others(unit.number, name), variable))
        else:
            found += [_into(variable, link) for link in look_up(s, unit, name, heading)]
    for name, variable, is_global in unit.outer:
        target = _cell_around(s, unit, name, is_global=bool(is_global))
        if target is not None:
            found.append((JOIN, variable, target))
    imports = s.program.imports[unit.key[0]]
    for op in unit.imports:
        if op[0] == IMPORT:
            _, variable, module, name, level = op
            resolved = imports.get((module, name, level))
            if resolved is not None:
                found += [_into(variable, link) for link in imported(s, unit.key[0], resolved, name)]
    return found


def mentioned(program: Program, unit: Unit) -> frozenset[str]:
    """Return the names that a unit looks up in other files, and the last names of the modules that it imports from.

    Names that it reads are looked up in its own file, and only through stars in others.
    """
    if not unit.is_alive:
        return frozenset()
    path = unit.key[0]
    imports = program.imports[path]
    module = program.module_of(path)
    names: set[str | None] = set()
    if module is not None and any(op[0] == STAR for op in module.imports):
        names |= free_names(unit)
    for op in unit.imports:
        key = (op[2], op[3], op[4]) if op[0] == IMPORT else (op[1], "*", op[2])
        names.add(key[1])
        resolved = imports.get(key)
        if resolved is not None and resolved.source is not None:
            names.add(resolved.source.dotted.rpartition(".")[2])
    return frozenset([name for name in names if name])


def free_names(unit: Unit) -> set[str]:
    """Return the names that a unit looks up outside itself."""
    return {name for name, _, _ in unit.free} | {name for name, _, _ in unit.outer}


def _into(variable: int, link: Link) -> tuple[int, int, int]:
    return (JOIN, link[0], variable) if link[0] >= 0 else (GIVE, variable, link[1])


def look_up(s: State, unit: Unit, name: str, heading: int) -> list[Link]:
    """Return what a name means around a unit."""
    around = unit.container if heading != opcodes.MODULE else None
    is_first = True
    while around is not None:
        if around.kind == "module":
            break
        if around.kind != "class" or (heading == opcodes.HEADING and is_first):
            variable = around.cells.get(name)
            if variable is not None:
                return [(variable, 0), (s.others(around.number, name), 0)]
        around, is_first = around.container, False
    found = global_name(s, unit.key[0], name)
    if found:
        return found
    if name in BUILTINS:
        return [(-1, s.number(EXTERNAL, f"builtins.{name}")), *_starred_outside(s, unit.key[0], name)]
    return _starred_outside(s, unit.key[0], name) or [(-1, s.number(UNBOUND))]


def _starred_outside(s: State, path: str, name: str) -> list[Link]:
    """Return what a name may be that only stars from outside the project can bring."""
    module = s.program.module_of(path)
    if module is None or name.startswith("_"):
        return []
    imports = s.program.imports[path]
    sources = [imports[op[1], "*", op[2]].source for op in module.imports if op[0] == STAR and (op[1], "*", op[2]) in imports]
    return [(-1, s.number(EXTERNAL, f"{source.dotted}.{name}")) for source in sources if source is not None and source.is_external]


def _cell_around(s: State, unit: Unit, name: str, *, is_global: bool) -> int | None:
    """Return where an assignment to a `global` or `nonlocal` name goes."""
    if is_global:
        module = s.program.module_of(unit.key[0])
        return None if module is None else s.others(module.number, name)
    around = unit.container
    while around is not None and around.kind != "module":
        if around.kind != "class" and name in around.cells:
            return s.others(around.number, name)
        around = around.container
    return None


def global_name(s: State, path: str, name: str) -> list[Link]:
    """Return what a name of a module's own is: its cell, what a function declares global, or what a star import brings."""
    found = s.program.global_names.get((path, name))
    if found is None:
        found = s.program.global_names[path, name] = _global_name(s, path, name, set())
    return found


def _global_name(s: State, path: str, name: str, met: set[str]) -> list[Link]:
    module = s.program.module_of(path)
    if module is None or path in met:
        return []
    met.add(path)
    variable = module.cells.get(name)
    is_global = name in s.program.globals_of.get(path, ())
    if variable is not None:
        is_assigned = is_global or name in s.program.assigned_elsewhere
        return [(variable, 0), (s.others(module.number, name), 0)] if is_assigned else [(variable, 0)]
    if is_global:
        return [(s.others(module.number, name), 0)]
    imports = s.program.imports[path]
    for op in reversed(module.imports):
        if op[0] == STAR:
            resolved = imports.get((op[1], "*", op[2]))
            if resolved is not None and resolved.source is not None and resolved.source.path is not None:
                exports = s.program.files[resolved.source.path].exports
                if name in exports if exports is not None else not name.startswith("_"):
                    found = _global_name(s, resolved.source.path, name, met)
                    inside = s.program.paths.get(f"{resolved.source.dotted}.{name}")
                    if not found and inside is not None:
                        found = [(-1, s.number(MODULE, f"{resolved.source.dotted}.{name}", inside))]
                    if found:
                        return found
    return []


def imported(s: State, path: str, resolved: Imported, name: str | None) -> list[Link]:
    """Return what an import in a file binds its name to.

    A package that imports a module of its own by `from . import name` does not mean the attribute that this very statement binds.
    """
    source, inside = resolved
    if source is None:
        return [] if inside is None else [_place(s, inside)]
    if name is None or name == "":
        return [_place(s, source)]
    if source.is_external:
        return [(-1, s.number(EXTERNAL, f"{source.dotted}.{name}"))]
    if source.path is not None and (source.path != path or inside is None):
        found = global_name(s, source.path, name)
        if found:
            return found
    if inside is not None:
        return [_place(s, inside)]
    # What a package does not have may be a module of it in another project.
    is_package = source.path is None or source.dotted in s.program.packages
    return [(-1, s.number(EXTERNAL, f"{source.dotted}.{name}"))] if is_package else []


def _place(s: State, place: Place) -> Link:
    if place.is_external:
        return -1, s.number(EXTERNAL, place.dotted)
    return -1, s.number(MODULE, place.dotted, place.path)


def module_member(s: State, dotted: str, path: str | None, name: str, dst: int, call: int) -> None:  # noqa: PLR0913, PLR0917  # a read in full
    """Copy an attribute of a module: what its code binds, or else a module inside it, or what its `__getattr__` gives."""
    found = global_name(s, path, name) if path is not None else []
    for variable, value in found:
        if variable >= 0:
            s.copy(variable, dst)
        else:
            s.give(dst, value)
    module = s.program.module_of(path)
    if module is not None and not found and name in s.program.assigned_elsewhere:
        s.copy(s.others(module.number, name), dst)
    if not found:
        inside = f"{dotted}.{name}"
        below = s.program.paths.get(inside)
        if below is not None or inside in s.program.packages:
            s.give(dst, s.number(MODULE, inside, below))
        elif inside in s.program.named_modules:
            s.give(dst, s.number(EXTERNAL, inside))
        elif module is not None and "__getattr__" in module.cells:
            asked = s.holding(s.number(KEY, name))
            s.install((CALL, module.cells["__getattr__"], s.sub_call(call, "__getattr__", dst, (asked,))))
