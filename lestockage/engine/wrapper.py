"""Wrapper: the function that stands in a query's place, generated for its exact parameters.

A call of a green memo is one dictionary look-up, one slot read and one recorded read. Generated source, not `*args`, because binding
arguments in C keeps the user's signature, costs nothing, and lets a chain of queries recurse without the C stack.
"""

from __future__ import annotations

import functools
import inspect
from typing import TYPE_CHECKING, Any, get_args, get_origin

from lestockage.engine.frame import current
from lestockage.engine.handle import Handle
from lestockage.engine.node import STALE

if TYPE_CHECKING:
    from collections.abc import Callable

    from lestockage.engine.declaration import Declaration

_CHECKED = {str: "str", int: "int", bytes: "bytes", bool: "bool"}
"""Types for which the exact type of an argument decides whether it is its own key."""


def _guard(annotation: Any, name: str) -> str | None:
    """The condition under which an argument is its own key: "" for always, None for never."""
    if annotation in _CHECKED:
        return f"type({name}) is {_CHECKED[annotation]}"
    if _is_handle(annotation):
        return ""
    return None


def _is_handle(annotation: Any) -> bool:
    if isinstance(annotation, type) and get_origin(annotation) is None:
        return issubclass(annotation, Handle)
    return bool(get_args(annotation)) and all(member is type(None) or _is_handle(member) for member in get_args(annotation))


def build(declaration: Declaration, miss: Callable[..., Any]) -> Callable[..., Any]:
    """The public function of a query: serves green memos itself and hands everything else to `miss(db, index, key, args)`."""
    names = [parameter.name for parameter in declaration.parameters]
    args = names[0] if len(names) == 1 else f"({''.join(f'{name}, ' for name in names)})"
    guards = [_guard(parameter.annotation, parameter.name) for parameter in declaration.parameters]
    db = list(declaration.signature.parameters)[declaration.db_index]
    scope: dict[str, Any] = {"_current": current, "_STALE": STALE, "_miss": miss, "_key": declaration.key, "_copy": declaration.copy}
    lines = [f"def query({_parameters(declaration, scope)}):"]
    key = args
    indent = "    "
    if None in guards:
        lines.append(f"    _args = {args}")
        lines.append("    _found = _key(_args)")
        key, args = "_found", "_args"
    else:
        condition = " and ".join(guard for guard in guards if guard)
        if condition:
            lines.append(f"    if {condition}:")
            indent = "        "
    served = "_value" if declaration.copy is None else "_copy(_value)"
    touch = []
    if declaration.lru is not None:
        touch = [
            f"{indent}        _used = {db}.ingredients[{declaration.index}].used",
            f"{indent}        _used[_memo] = _used.pop(_memo, None)",
        ]
    lines += [
        f"{indent}_memo = {db}._tables[{declaration.index}].get({key})",
        f"{indent}if _memo is not None:",
        f"{indent}    _value = _memo.value",
        f"{indent}    if _value is not _STALE:",
        *touch,
        f"{indent}        _frame = _current()",
        f"{indent}        if _frame is None:",
        f"{indent}            return {served}",
        f"{indent}        if _frame.db is {db}:",
        f"{indent}            _frame.reads[_memo] = None",
        f"{indent}            return {served}",
        f"{indent}return _miss({db}, {declaration.index}, {key}, {args})",
    ]
    if indent == "        ":
        lines.append(f"    return _miss({db}, {declaration.index}, _key({args}), {args})")
    source = "\n".join(lines)
    exec(compile(source, f"<query {declaration.name}>", "exec"), scope)  # noqa: S102  # our own text, from identifiers that Python has parsed
    return functools.update_wrapper(scope["query"], declaration.function)


def _parameters(declaration: Declaration, scope: dict[str, Any]) -> str:
    """The parameter list as source; defaults are passed through the scope."""
    parts: list[str] = []
    previous = None
    for name, parameter in declaration.signature.parameters.items():
        if previous is inspect.Parameter.POSITIONAL_ONLY and parameter.kind is not inspect.Parameter.POSITIONAL_ONLY:
            parts.append("/")
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY and previous is not inspect.Parameter.KEYWORD_ONLY:
            parts.append("*")
        previous = parameter.kind
        if parameter.default is inspect.Parameter.empty:
            parts.append(name)
        else:
            scope[f"_default_{name}"] = parameter.default
            parts.append(f"{name}=_default_{name}")
    if previous is inspect.Parameter.POSITIONAL_ONLY:
        parts.append("/")
    return ", ".join(parts)


def invoker(declaration: Declaration) -> Callable[[Any, Any], Any]:
    """A function `(db, args)` that calls the body with bare or tupled arguments, by fixed positions so that no C stack is used."""
    passed: list[str] = []
    count = 0
    for position, (name, parameter) in enumerate(declaration.signature.parameters.items()):
        if position == declaration.db_index:
            value = "db"
        else:
            value = "args" if declaration.arity == 1 else f"args[{count}]"
            count += 1
        passed.append(f"{name}={value}" if parameter.kind is inspect.Parameter.KEYWORD_ONLY else value)
    scope: dict[str, Any] = {"body": declaration.function}
    exec(f"def invoke(db, args):\n    return body({', '.join(passed)})\n", scope)  # noqa: S102  # our own text
    return scope["invoke"]  # type: ignore[no-any-return]
