"""Task: a pure function of its arguments, whose result is kept by the content of the arguments and the code.

Equal work is done once for every caller, project and revision, and may be done in another process. A task's result never changes, so
reading one is no dependency; its code counts as part of the code of the queries that call it.
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, ParamSpec, Protocol, TypeVar, get_origin, overload

from blake3 import blake3

from lestockage.engine.codec import Codec, codec_for
from lestockage.engine.declaration import Declaration, Options, options_of
from lestockage.engine.fetch import obtain, outermost
from lestockage.engine.frame import current
from lestockage.engine.inputs import foreign
from lestockage.engine.node import STALE, new_memo
from lestockage.engine.overtaken import outermost_call
from lestockage.engine.registry import named, register
from lestockage.errors import DeclarationError

if TYPE_CHECKING:
    from collections.abc import Callable

    from lestockage.engine.codec import Extension
    from lestockage.engine.node import Memo
    from lestockage.engine.runtime import Engine

T = TypeVar("T")
P = ParamSpec("P")
R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)


class Content(Generic[T]):
    """An argument named by the digest of its content, and loaded only if the task has to run.

    Equal digests must mean equal content, as far as the task can tell.
    """

    __slots__ = ("digest", "load")

    def __init__(self, digest: bytes, load: Callable[[], T]) -> None:
        self.digest = digest
        self.load = load


class Known(NamedTuple):
    """A task's result as bytes: made anywhere, kept by `db.learn`."""

    task: str
    key: bytes
    data: bytes


class Call:
    """The arguments of one call of a task: `values` until it has run, `key` for good."""

    __slots__ = ("key", "values")

    def __init__(self, key: bytes, values: tuple[Any, ...] | None) -> None:
        self.key = key
        self.values = values

    def __repr__(self) -> str:
        return self.key.hex()[:12]


class Task(Protocol[P, R_co]):
    """A declared task: called with a database before the function's own arguments."""

    __name__: str
    __wrapped__: Callable[..., Any]
    declaration: Declaration

    def __call__(self, db: Engine, *args: P.args, **kwargs: P.kwargs) -> R_co:
        """The result for these arguments, computed only if nobody has before."""
        ...

    def key(self, *args: P.args, **kwargs: P.kwargs) -> bytes:
        """The 32 bytes by which the result for these arguments is kept."""
        ...

    def known(self, value: Any, *args: P.args, **kwargs: P.kwargs) -> Known:
        """The given value as the result for these arguments, as bytes; needs no database."""
        ...


class Decorator(Protocol):
    """What `@task(...)` with options returns: it declares the function below it."""

    def __call__(self, function: Callable[P, R], /) -> Task[P, R]:
        """Declare the function."""
        ...


def _extension(cls: type) -> Extension | None:
    if cls is Content:
        return lambda content: content.digest, _undecodable, True
    return None


def _undecodable(_tree: Any) -> Any:
    raise ValueError("a task's arguments are kept by their digest only")


def _plain(annotation: Any) -> Any:
    """`Content[T]` as the codec knows it: any `Content`."""
    return Content if get_origin(annotation) is Content else annotation


class _Ask:
    """How the wrapper of one task finds its memo."""

    def __init__(self, declaration: Declaration) -> None:
        self.declaration = declaration
        annotations = tuple(_plain(parameter.annotation) for parameter in declaration.parameters)
        self.codec: Codec = codec_for(tuple[annotations], extra=_extension)  # type: ignore[valid-type]  # built at run time
        self.signature = declaration.signature

    def key(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[bytes, tuple[Any, ...]]:
        """The key of a call, and its arguments in order."""
        if kwargs or len(args) != self.declaration.arity:
            bound = self.signature.bind(*args, **kwargs)
            bound.apply_defaults()
            args = bound.args
        return blake3(self.codec.encode(args)).digest(), args

    def __call__(self, db: Engine, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        key, values = self.key(args, kwargs)
        caller = current()
        known = db._tables[self.declaration.index].get(key)
        if known is not None and known.value is not STALE and known.table.copy is None and (caller is None or caller.db is db):
            return known.value
        if caller is None:
            return outermost_call(db, lambda: outermost(db, self._memo(db, key, values)))
        if caller.db is not db:
            raise foreign(caller, self.declaration.name)
        db.check_running(caller)
        return obtain(db, self._memo(db, key, values), caller)

    def _memo(self, db: Engine, key: bytes, values: tuple[Any, ...]) -> Memo:
        table = db.ingredients[self.declaration.index]
        memo = table.entries.get(key)
        if memo is None:
            memo = new_memo(table, Call(key, values))
            memo = table.entries.setdefault(key, memo) if db.store is None else db.store.loading.load(memo, key)
        if memo.value is STALE:
            memo.args = Call(key, values)
        return memo


def _invoke(declaration: Declaration) -> Callable[[Engine, Call], Any]:
    function = declaration.function

    def invoke(_db: Engine, call: Call) -> Any:
        values = call.values
        assert values is not None  # noqa: S101  # given by the call that found the memo without a value
        result = function(*values)
        frame = current()
        if frame is not None:
            frame.reads.clear()  # what loading the content read is decided by the content's digest
        call.values = None
        return result

    return invoke


def _decorate(function: Callable[..., Any], options: Options, depth: int) -> Any:
    declaration = Declaration(function, options, depth=depth + 1, is_task=True)
    if declaration.is_async:
        raise DeclarationError(f"task {declaration.name} is async: a task is a pure function. Declare an async query that calls it.")
    declaration.invoke = _invoke(declaration)
    register(declaration)
    ask = _Ask(declaration)

    def call(db: Engine, /, *args: Any, **kwargs: Any) -> Any:
        return ask(db, args, kwargs)

    def known(value: Any, /, *args: Any, **kwargs: Any) -> Known:
        return Known(declaration.name, ask.key(args, kwargs)[0], declaration.codec.encode(value))

    wrapped: Any = call
    wrapped.__name__ = function.__name__
    wrapped.__qualname__ = function.__qualname__
    wrapped.__module__ = function.__module__
    wrapped.__doc__ = function.__doc__
    wrapped.__wrapped__ = function
    wrapped.__signature__ = inspect.signature(function)
    wrapped.declaration = declaration
    wrapped.known = known
    wrapped.key = lambda *args, **kwargs: ask.key(args, kwargs)[0]
    return wrapped


@overload
def task(function: Callable[P, R], /) -> Task[P, R]: ...
@overload
def task(*, version: str | int | None = None, eq: Callable[[Any, Any], bool] | None = None) -> Decorator: ...
def task(function: Callable[..., Any] | None = None, /, **options: Any) -> Any:
    """Declare a task: a pure function, called with a database in front, whose result is kept by the content of its arguments.

    Raises:
        DeclarationError: for a missing annotation, or a type that cannot be encoded.
    """
    if function is not None:
        return _decorate(function, Options(), 1)
    chosen = options_of("task", ("version", "eq"), options)
    return lambda declared: _decorate(declared, chosen, 1)


def learn(db: Engine, known: Known) -> None:
    """Keep a task's result that was computed elsewhere, unless it is known already."""
    declaration = named(known.task)
    if declaration is None or not declaration.is_task:
        raise DeclarationError(f"a result of task {known.task} arrived, which this process does not declare. Import its module first.")
    table = db.ingredients[declaration.index]
    if known.key in table.entries:
        return
    table.executed += 1  # elsewhere, but for this database
    memo = new_memo(table, Call(known.key, None))
    memo.verified_at = memo.changed_at = 1
    if db.store is not None:
        db.store.learned(memo, known.data)
    else:
        memo.last = memo.value = declaration.codec.decode(known.data)
    memo = table.entries.setdefault(known.key, memo)


__all__ = ["Content", "Known", "Task", "learn", "task"]
