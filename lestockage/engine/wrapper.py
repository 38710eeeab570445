"""Wrapper: the function that stands in a query's place, generated for its exact parameters.

A call of a green memo is one dictionary look-up, one slot read and one recorded read; a call of a new one executes it in place (`first`).
Generated source, not `*args`, because binding arguments in C keeps the user's signature, costs nothing, and lets a chain of queries recurse
without the C stack.
"""

from __future__ import annotations

import functools
import inspect
import re
from string import Template
from textwrap import indent
from typing import TYPE_CHECKING, Any, Final, get_args, get_origin

from lestockage.engine import first
from lestockage.engine.frame import current
from lestockage.engine.handle import Handle
from lestockage.engine.node import STALE
from lestockage.errors import DeclarationError

if TYPE_CHECKING:
    from collections.abc import Callable

    from lestockage.engine.declaration import Declaration
    from lestockage.engine.runtime import Engine

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
    """The public function of a query: serves green memos, executes new ones, and hands the rest to `miss(db, index, key, args)`."""
    names = [parameter.name for parameter in declaration.parameters]
    _refuse_own_names(declaration)
    args = names[0] if len(names) == 1 else f"({''.join(f'{name}, ' for name in names)})"
    guards = [_guard(parameter.annotation, parameter.name) for parameter in declaration.parameters]
    scope: dict[str, Any] = {
        "_STALE": STALE,
        "_copy": declaration.copy,
        "_current": current,
        "_key": declaration.key,
        "_miss": miss,
    }
    scope["_first"] = _first(declaration, miss, scope)
    source = [f"def query({_parameters(declaration, scope)}):"]
    condition = " and ".join(guard for guard in guards if guard)
    if None in guards:
        source += [f"    _args = {args}", "    _found = _key(_args)", indent(_lines(declaration, "_found", "_args"), "    ")]
    elif condition:
        source += [f"    if {condition}:", indent(_lines(declaration, args, args), "        ")]
        source.append(f"    return _miss({_database(declaration)}, {declaration.index}, _key({args}), {args})")
    else:
        source.append(indent(_lines(declaration, args, args), "    "))
    exec(compile("\n".join(source), f"<query {declaration.name}>", "exec"), scope)  # noqa: S102  # our own text, from identifiers that Python has parsed
    return functools.update_wrapper(scope["query"], declaration.function)


def _first(declaration: Declaration, miss: Callable[..., Any], scope: dict[str, Any]) -> Callable[..., Any]:
    """What stands for the function of first executions until there is one: a process with a store behind its database needs none."""

    def build_first(db: Engine, args: Any, key: Any) -> Any:
        scope["_first"] = made = first.build(declaration, miss, _passed(declaration))
        return made(db, args, key)

    return build_first


_LINES: Final = Template("""\
_memo = $db._tables[$index].get($key)
if _memo is not None:
    _value = _memo.value
    if _value is not _STALE:
        $touch
        _frame = _current()
        if _frame is None:
            return $served
        if _frame.db is $db:
            _frame.reads[_memo] = None
            return $served
elif $db.is_calm:
    return _first($db, $given)
return _miss($db, $index, $key, $args)
""")


def _lines(declaration: Declaration, key: str, args: str) -> str:
    """What a call does whose key is known."""
    db = _database(declaration)
    used = f"{db}.ingredients[{declaration.index}].used"
    once = args if declaration.arity == 1 else f"_args := {args}"  # one tuple, which the memo keeps
    return _LINES.substitute(
        db=db,
        index=declaration.index,
        key=key,
        args=args,
        given=f"{args}, {key}" if key != args else f"{once}, {once.partition(' := ')[0]}",
        served="_value" if declaration.copy is None else "_copy(_value)",
        touch="" if declaration.lru is None else f"_used = {used}; _used[_memo] = _used.pop(_memo, None)",
    )


_OWN: Final = frozenset(re.findall(r"\b_[A-Za-z_]+\b", _LINES.template)) | {"_args", "_copy", "_found", "_key", "_used"}
"""The names that the generated function gives a meaning."""


def _refuse_own_names(declaration: Declaration) -> None:
    for name in declaration.signature.parameters:
        if name in _OWN or name.startswith("_default_"):
            raise DeclarationError(f"parameter {name!r} of query {declaration.name} has a name that the engine uses: call it otherwise.")


def _database(declaration: Declaration) -> str:
    """The name of the parameter that is the database."""
    return list(declaration.signature.parameters)[declaration.db_index]


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
    """A function `(db, args)` that calls the body with bare or tupled arguments."""
    scope: dict[str, Any] = {"body": declaration.function}
    exec(f"def invoke(db, args):\n    return body({_passed(declaration)})\n", scope)  # noqa: S102  # our own text
    return scope["invoke"]  # type: ignore[no-any-return]


def _passed(declaration: Declaration) -> str:
    """The body's arguments in terms of `db` and bare or tupled `args`, by fixed positions so that no C stack is used."""
    passed: list[str] = []
    count = 0
    for position, (name, parameter) in enumerate(declaration.signature.parameters.items()):
        if position == declaration.db_index:
            value = "db"
        else:
            value = "args" if declaration.arity == 1 else f"args[{count}]"
            count += 1
        passed.append(f"{name}={value}" if parameter.kind is inspect.Parameter.KEYWORD_ONLY else value)
    return ", ".join(passed)
