"""Decorators: those of the standard library, and context managers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.languages.facts import RESULT
from lestockage.languages.python.linker.codes import CONTEXT_OF, REGISTER
from lestockage.languages.python.linker.models.registry import argument, arguments, models
from lestockage.languages.python.linker.values import (
    CLOSING,
    CONTEXT_MAKER,
    EXTERNAL,
    FIELD,
    FUNCTION,
    IDENTITY,
    MODULE,
    REGISTRAR,
    REGISTRY,
    WRAPS,
)
from lestockage.languages.python.value_flow.opcodes import CALL, METHOD, STORE

if TYPE_CHECKING:
    from lestockage.languages.python.linker.solver import Constraint
    from lestockage.languages.python.linker.state import State


@models(
    *("abc.abstractmethod", "typing.overload", "typing.final", "typing.override", "typing.no_type_check", "typing.runtime_checkable"),
    *("functools.lru_cache", "functools.cache", "functools.total_ordering", "types.coroutine", "warnings.deprecated"),
    *("dataclasses.dataclass", "enum.unique", "contextlib.ContextDecorator", "typing_extensions.override", "typing_extensions.overload"),
    *(
        "typing_extensions.final",
        "typing_extensions.deprecated",
        "typing_extensions.runtime_checkable",
    ),
)
def _unchanged(s: State, number: int, _receiver: int, dst: int) -> None:
    if dst < 0:
        return
    given = argument(s, number, 0)
    if given >= 0:
        s.copy(given, dst)
    if s.calls[number].keywords or not s.calls[number].args or given < 0:
        s.give(dst, s.number(IDENTITY))


@models("functools.wraps")
def _wraps(s: State, number: int, _receiver: int, dst: int) -> None:
    given = argument(s, number, 0, "wrapped")
    if dst >= 0:
        s.give(dst, s.number(WRAPS, given) if given >= 0 else s.number(IDENTITY))


@models("functools.update_wrapper")
def _update_wrapper(s: State, number: int, _receiver: int, dst: int) -> None:
    wrap(s, number, argument(s, number, 1, "wrapped"), dst)


def wrap(s: State, number: int, wrapped: int, dst: int) -> None:
    """Let a wrapper know what it stands before."""
    given = argument(s, number, 0, "wrapper")
    if given >= 0:
        if wrapped >= 0:
            s.install((STORE, given, wrapped, "__wrapped__", number))
        if dst >= 0:
            s.copy(given, dst)


@models("dataclasses.dataclass_transform", "typing.dataclass_transform")
def _decorator(s: State, _number: int, _receiver: int, dst: int) -> None:
    if dst >= 0:
        s.give(dst, s.number(IDENTITY))


@models("contextlib.contextmanager", "contextlib.asynccontextmanager")
def _context_manager(s: State, number: int, _receiver: int, dst: int) -> None:
    given = argument(s, number, 0)
    if dst >= 0 and given >= 0:
        s.install((CONTEXT_OF, given, dst))


@models("contextlib.closing", "contextlib.aclosing")
def _closing(s: State, number: int, _receiver: int, dst: int) -> None:
    given = argument(s, number, 0)
    if given >= 0:
        s.install((METHOD, given, -1, "close", (), number))
        if dst >= 0:
            s.give(dst, s.number(CLOSING, given))


@models(*(f"contextlib.{name}{RESULT}.{method}" for name, method in (("ExitStack", "enter_context"), ("AsyncExitStack", "enter_context"))))
def _enter_context(s: State, number: int, _receiver: int, dst: int) -> None:
    given = argument(s, number, 0)
    if given >= 0:
        s.install((METHOD, given, dst, "__enter__", (), number))
        s.install((METHOD, given, -1, "__exit__", (-1, -1, -1), number))


@models(*(f"contextlib.{name}{RESULT}.callback" for name in ("ExitStack", "AsyncExitStack")))
def _callback(s: State, number: int, _receiver: int, _dst: int) -> None:
    of = s.calls[number]
    given = argument(s, number, 0)
    if given >= 0:
        s.install((CALL, given, s.again(number, -1, of.args[1:], of.keywords)))


@models("dataclasses.field")
def _field(s: State, number: int, _receiver: int, dst: int) -> None:
    factory = argument(s, number, 99, "default_factory")
    if factory >= 0 and dst >= 0:
        s.give(dst, s.number(FIELD, factory))


@models("importlib.import_module", "builtins.__import__")
def _import_module(s: State, number: int, _receiver: int, dst: int) -> None:
    dotted = s.constant(argument(s, number, 0))
    if dst >= 0 and isinstance(dotted, str) and not dotted.startswith("."):
        path = s.program.paths.get(dotted)
        is_own = path is not None or dotted in s.program.packages
        s.give(dst, s.number(MODULE, dotted, path) if is_own else s.number(EXTERNAL, dotted))


@models("functools.singledispatch", "functools.singledispatchmethod")
def _single_dispatch(s: State, number: int, _receiver: int, dst: int) -> None:
    given = argument(s, number, 0)
    if dst >= 0 and given >= 0:
        registry = s.temporary(number, "registry")
        s.copy(given, registry)
        s.give(dst, s.number(REGISTRY, registry))


@models("functools.singledispatch.register")
def _register(s: State, number: int, receiver: int, dst: int) -> None:
    registry = s.parts[receiver][1] if receiver >= 0 else -1
    for given in arguments(s, number):
        if given >= 0 and registry >= 0:
            s.install((REGISTER, given, registry, dst))


# -- what they install


def context_of(s: State, c: Constraint, value: int) -> None:
    """Fire (CONTEXT_OF, src, dst): a generator function that makes context managers."""
    if s.kinds[value] == FUNCTION:
        s.give(c[2], s.number(CONTEXT_MAKER, s.parts[value][1]))


def register(s: State, c: Constraint, value: int) -> None:
    """Fire (REGISTER, src, registry variable, dst): a function is called in place of the first one; a class asks for a decorator."""
    if s.kinds[value] in (FUNCTION, IDENTITY):
        s.give(c[2], value)
        if c[3] >= 0:
            s.give(c[3], value)
    elif c[3] >= 0:
        s.give(c[3], s.number(REGISTRAR, c[2]))
