"""Special methods: builtin functions that ask an object for one, and what makes classes and objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.languages.python.linker.codes import CLASSES_OF, INSTANTIATE, NEW_OF, TYPE_OF
from lestockage.languages.python.linker.models.registry import MODELS, argument, arguments, models
from lestockage.languages.python.linker.values import CACHED, CLASS, CLASS_METHOD, EXTERNAL_INSTANCE, PROPERTY, STATIC
from lestockage.languages.python.value_flow.opcodes import METHOD

if TYPE_CHECKING:
    from lestockage.languages.python.linker.models.registry import Model
    from lestockage.languages.python.linker.state import State


def _asking(*names: str, gives: str | None = None) -> Model:
    def model(s: State, number: int, _receiver: int, dst: int) -> None:
        for each in arguments(s, number)[:1]:
            if each >= 0:
                for name in names:
                    s.install((METHOD, each, -1 if gives else dst, name, (), number))
        if gives and dst >= 0:
            s.give(dst, s.number(EXTERNAL_INSTANCE, gives))

    return model


for _name, _asked, _gives in (
    ("builtins.len", "__len__", None),
    ("builtins.str", "__str__", "builtins.str"),
    ("builtins.repr", "__repr__", "builtins.str"),
    ("builtins.bool", "__bool__", None),
    ("builtins.hash", "__hash__", None),
    ("builtins.abs", "__abs__", None),
    ("builtins.int", "__int__", None),
    ("builtins.float", "__float__", None),
    ("builtins.complex", "__complex__", None),
    ("builtins.bytes", "__bytes__", "builtins.bytes"),
    ("builtins.format", "__format__", "builtins.str"),
    ("builtins.round", "__round__", None),
    ("builtins.dir", "__dir__", None),
    ("math.floor", "__floor__", None),
    ("math.ceil", "__ceil__", None),
    ("math.trunc", "__trunc__", None),
    ("operator.index", "__index__", None),
    ("os.fspath", "__fspath__", None),
):
    MODELS[_name] = _asking(_asked, gives=_gives)


@models("builtins.print")
def _print(s: State, number: int, _receiver: int, _dst: int) -> None:
    for each in arguments(s, number):
        if each >= 0:
            s.install((METHOD, each, -1, "__str__", (), number))


@models("builtins.divmod")
def _divmod(s: State, number: int, _receiver: int, dst: int) -> None:
    given = arguments(s, number)
    if len(given) == 2 and given[0] >= 0:
        s.install((METHOD, given[0], dst, "__divmod__", (given[1],), number))


@models("builtins.pow")
def _pow(s: State, number: int, _receiver: int, dst: int) -> None:
    given = arguments(s, number)
    if len(given) >= 2 and given[0] >= 0:
        s.install((METHOD, given[0], dst, "__pow__", (given[1],), number))


@models("builtins.isinstance", "builtins.issubclass")
def _isinstance(s: State, number: int, _receiver: int, _dst: int) -> None:
    given = arguments(s, number)
    if len(given) == 2 and given[1] >= 0:
        name = "__instancecheck__"
        s.install((METHOD, given[1], -1, name, (given[0],), number))


# -- classes


@models("builtins.property", "abc.abstractproperty")
def _property(s: State, number: int, _receiver: int, dst: int) -> None:
    if dst >= 0:
        parts = (argument(s, number, 0, "fget"), argument(s, number, 1, "fset"), argument(s, number, 2, "fdel"))
        s.give(dst, s.number(PROPERTY, *parts))


@models("functools.cached_property")
def _cached_property(s: State, number: int, _receiver: int, dst: int) -> None:
    given = argument(s, number, 0)
    if dst >= 0 and given >= 0:
        s.give(dst, s.number(CACHED, given))


def _accessor(place: int) -> Model:
    def model(s: State, number: int, receiver: int, dst: int) -> None:
        if dst >= 0 and receiver >= 0:
            parts = list(s.parts[receiver][1:])
            parts[place] = argument(s, number, 0)
            s.give(dst, s.number(PROPERTY, *parts))

    return model


for _place, _name in enumerate(("getter", "setter", "deleter")):
    MODELS[f"builtins.property.{_name}"] = _accessor(_place)


@models("builtins.staticmethod", "abc.abstractstaticmethod")
def _static(s: State, number: int, _receiver: int, dst: int) -> None:
    given = argument(s, number, 0)
    if dst >= 0 and given >= 0:
        s.give(dst, s.number(STATIC, given))


@models("builtins.classmethod", "abc.abstractclassmethod")
def _class_method(s: State, number: int, _receiver: int, dst: int) -> None:
    given = argument(s, number, 0)
    if dst >= 0 and given >= 0:
        s.give(dst, s.number(CLASS_METHOD, given))


@models("builtins.object.__new__")
def _new(s: State, number: int, _receiver: int, dst: int) -> None:
    given = argument(s, number, 0)
    if dst >= 0 and given >= 0:
        s.install((NEW_OF, given, dst))


@models("builtins.type.__new__")
def _new_type(s: State, number: int, _receiver: int, dst: int) -> None:
    given = argument(s, number, 0)
    if dst >= 0 and given >= 0:
        s.install((CLASSES_OF, given, dst))


@models("builtins.type.__call__")
def _type_call(s: State, number: int, receiver: int, dst: int) -> None:
    if receiver >= 0 and s.kinds[receiver] == CLASS:
        s.install((INSTANTIATE, s.holding(receiver), number, dst))
    else:
        given = argument(s, number, 0)
        if given >= 0:
            rest = s.again(number, dst, s.calls[number].args[1:], s.calls[number].keywords)
            s.install((INSTANTIATE, given, rest, dst))


@models("builtins.type")
def _type(s: State, number: int, _receiver: int, dst: int) -> None:
    given = arguments(s, number)
    if len(given) == 1 and given[0] >= 0 and dst >= 0:
        s.install((TYPE_OF, given[0], dst))
