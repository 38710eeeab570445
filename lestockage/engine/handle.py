"""Handle: the object that stands for an input, an interned value or a tracked struct, and the fields its class declares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from lestockage.engine.annotations import caller_namespace, checker, refuse, resolve, split_key
from lestockage.engine.lazy import Unloaded, is_lazy
from lestockage.errors import DeclarationError

if TYPE_CHECKING:
    from collections.abc import Callable

    from lestockage.engine.runtime import Engine

NO_DEFAULT: Any = object()


class Field(NamedTuple):
    """One declared field; `check` says what is wrong with a value, None when nothing is."""

    name: str
    annotation: Any
    is_key: bool
    default: Any
    check: Callable[[Any], str | None]


class Shape(NamedTuple):
    """The fields of one handle class: those that identify, and the others, each in order of declaration."""

    name: str
    keys: tuple[Field, ...]
    others: tuple[Field, ...]

    def split(self, values: dict[str, Any], *, need_all: bool) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """Checked key values in order, and the checked other values by name; defaults fill in when all are needed.

        Raises:
            ArgumentError: for an unknown or missing field, or a value that does not fit.
        """
        known = {field.name for field in (*self.keys, *self.others)}
        for name in values:
            if name not in known:
                raise refuse(f"{self.name}.{name}", f"there is no such field; fields are {', '.join(sorted(known)) or 'none'}")
        key = tuple(self._value(field, values) for field in self.keys)
        rest = {field.name: self._value(field, values) for field in self.others if need_all or field.name in values}
        return key, rest

    def _value(self, field: Field, values: dict[str, Any]) -> Any:
        value = values.get(field.name, field.default)
        if value is NO_DEFAULT:
            raise refuse(f"{self.name}.{field.name}", "no value was given and the field has no default")
        self.check(field, value)
        return value

    def check(self, field: Field, value: Any) -> None:
        """Refuse a value that does not fit the field's annotation."""
        if type(value) is Unloaded and is_lazy(field.annotation):
            return
        problem = field.check(value)
        if problem is not None:
            raise refuse(f"{self.name}.{field.name}", problem)


class HandleType(type):
    """Makes classes whose instances have no attributes but the declared ones: a misspelt field is an error, and a handle is small."""

    def __new__(cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any], **options: Any) -> HandleType:
        """Make a class without an instance dictionary."""
        namespace.setdefault("__slots__", ())
        return super().__new__(cls, name, bases, namespace, **options)


class Handle(metaclass=HandleType):
    """Base of everything that stands for data kept in a database. Equal only to itself."""

    __slots__ = ("__weakref__", "_db", "_key", "_keyed")

    _shape: ClassVar[Shape]
    _cells: Any = ()
    _facets: Any = ()
    _db: Engine
    _key: tuple[Any, ...]
    _keyed: list[Any] | None

    def __repr__(self) -> str:
        shape = type(self)._shape
        shown = ", ".join(f"{field.name}={value!r}" for field, value in zip(shape.keys, self._key, strict=True))
        return f"{type(self).__name__}({shown})"


class KeyField:
    """Reads one identifying field; it cannot be set."""

    __slots__ = ("index", "name")

    def __init__(self, index: int, name: str) -> None:
        self.index = index
        self.name = name

    def __get__(self, handle: Handle | None, owner: type | None = None) -> Any:
        if handle is None:
            return self
        return handle._key[self.index]

    def __set__(self, handle: Handle, value: Any) -> None:
        raise refuse(f"{type(handle).__name__}.{self.name}", "it is a Key field, which identifies the handle and never changes")


def declare_shape(cls: type, *, all_keys: bool, depth: int) -> Shape:
    """The shape of a handle class from its annotations, its own and inherited.

    `depth` is how many Python frames lie between this call and the class statement.

    Raises:
        DeclarationError: for a field without a usable annotation.
    """
    hints = resolve(cls, f"class {cls.__qualname__}", caller_namespace(depth + 1))
    inherited = getattr(cls, "_shape", None)
    keys: list[Field] = [] if inherited is None else [field for field in inherited.keys if field.name not in hints]
    others: list[Field] = [] if inherited is None else [field for field in inherited.others if field.name not in hints]
    for name, hint in hints.items():
        if name.startswith("_") or name == "db" or "ClassVar" in str(hint):
            continue
        annotation, is_key = split_key(hint)
        default = _default(cls, name)
        field = Field(name, annotation, is_key or all_keys, default, checker(annotation))
        (keys if field.is_key else others).append(field)
    for name, value in vars(cls).items():
        if not name.startswith("_") and name not in hints and not callable(value) and not hasattr(value, "__get__"):
            raise DeclarationError(f"{cls.__qualname__}.{name} has a value but no annotation: write `{name}: {type(value).__name__} = …`.")
    return Shape(cls.__qualname__, tuple(keys), tuple(others))


def _default(cls: type, name: str) -> Any:
    value = getattr(cls, name, NO_DEFAULT)
    if hasattr(value, "default_of_field"):
        return value.default_of_field
    return NO_DEFAULT if hasattr(value, "__get__") else value
