"""Library: models of what the standard library calls later or elsewhere, of `operator`, `getattr` and what classes mix in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.languages.facts import RESULT
from lestockage.languages.python.linker.codes import NAMED
from lestockage.languages.python.linker.mixins import STEPS, mixed_in
from lestockage.languages.python.linker.models.registry import argument, arguments, call_back, elements_of, make, models
from lestockage.languages.python.linker.operators import AUGMENTED, MIRRORED
from lestockage.languages.python.linker.values import EXTERNAL, GETTER
from lestockage.languages.python.value_flow.opcodes import BINARY, CALL, ITEM, LOAD

if TYPE_CHECKING:
    from lestockage.languages.python.linker.models.registry import Model
    from lestockage.languages.python.linker.state import State
    from lestockage.languages.python.linker.values import Value


@models("builtins.getattr")
def _getattr(s: State, number: int, _receiver: int, dst: int) -> None:
    given = arguments(s, number)
    if len(given) in (2, 3) and given[0] >= 0 and given[1] >= 0:
        s.install((NAMED, given[1], given[0], dst if dst >= 0 else s.nowhere, number))
    if len(given) == 3 and given[2] >= 0 and dst >= 0:
        s.copy(given[2], dst)


# -- operator


def _getting(code: int) -> Model:
    def model(s: State, number: int, _receiver: int, dst: int) -> None:
        constant = s.constant(argument(s, number, 0))
        if dst >= 0 and constant is not None and (code == ITEM or isinstance(constant, str)):
            s.give(dst, s.number(GETTER, code, constant, number))

    return model


for _name, _code in (("attrgetter", LOAD), ("itemgetter", ITEM), ("methodcaller", CALL)):
    models(f"operator.{_name}")(_getting(_code))


def get(s: State, number: int, parts: Value, dst: int) -> None:
    """Take of the argument what a getter is made for."""
    _, code, constant, made = parts
    given = argument(s, number, 0)
    if given < 0:
        return
    target = dst if dst >= 0 else s.nowhere
    if code == ITEM:
        s.install((ITEM, given, target, constant, -1, number))
    elif code == LOAD:
        for place, name in enumerate(names := constant.split(".")):
            found = target if place == len(names) - 1 else s.temporary(number, ("got", parts, place))
            s.install((LOAD, given, found, name, number, False))
            given = found
    else:
        found = s.temporary(number, ("method", constant))
        s.install((LOAD, given, found, constant, number, False))
        s.install((CALL, found, s.again(number, dst, s.calls[made].args[1:], s.calls[made].keywords)))


def _operating(name: str) -> Model:
    def model(s: State, number: int, _receiver: int, dst: int) -> None:
        given = arguments(s, number)
        if len(given) == 2 and given[0] >= 0:
            s.install((BINARY, given[0], given[1], dst, name, number))

    return model


for _name in (*MIRRORED, *AUGMENTED, *[f"i{each}" for each in AUGMENTED]):
    models(f"operator.{_name}", f"operator.{_name}_", f"operator.__{_name}__")(_operating(_name))


# -- what is called later, or in another thread: by whoever asks for it


def _starting(dotted: str, place: int) -> Model:
    """Return the model of what calls its second argument with those that are in a tuple and a dict, from a place on."""

    def model(s: State, number: int, _receiver: int, dst: int) -> None:
        function = argument(s, number, 1, "target", "function")
        args, named = argument(s, number, place, "args"), argument(s, number, place + 1, "kwargs")
        if function >= 0:
            given = ((args,),) if args >= 0 else ()
            s.install((CALL, function, s.again(number, -1, given, ((None, named),) if named >= 0 else ())))
        if dst >= 0:
            s.give(dst, s.number(EXTERNAL, f"{dotted}{RESULT}"))

    return model


for _name, _place in (("threading.Thread", 3), ("multiprocessing.Process", 3), ("threading.Timer", 2)):
    models(_name)(_starting(_name, _place))


def _calling(place: int) -> Model:
    """Return the model of what calls the function at a place with the arguments behind it."""

    def model(s: State, number: int, _receiver: int, _dst: int) -> None:
        of = s.calls[number]
        function = argument(s, number, place)
        if function >= 0:
            s.install((CALL, function, s.again(number, -1, of.args[place + 1 :], of.keywords)))

    return model


_EXECUTORS = ("concurrent.futures.ThreadPoolExecutor", "concurrent.futures.ProcessPoolExecutor")
_LOOPS = tuple(f"asyncio.{name}{RESULT}" for name in ("get_event_loop", "get_running_loop", "new_event_loop"))

for _names, _place in (
    ([f"{each}{RESULT}.submit" for each in _EXECUTORS], 0),
    ([f"{each}.{name}" for each in _LOOPS for name in ("call_soon", "call_soon_threadsafe")], 0),
    ([f"{each}.{name}" for each in _LOOPS for name in ("call_later", "call_at", "run_in_executor")], 1),
    (["asyncio.to_thread"], 0),
    (["signal.signal", "weakref.finalize"], 1),
):
    models(*_names)(_calling(_place))


@models("atexit.register")
def _at_exit(s: State, number: int, receiver: int, dst: int) -> None:
    _calling(0)(s, number, receiver, dst)
    given = argument(s, number, 0)
    if given >= 0 and dst >= 0:
        s.copy(given, dst)


@models(
    *[f"{each}{RESULT}.map" for each in _EXECUTORS], *[f"multiprocessing.Pool{RESULT}.{name}" for name in ("map", "imap", "imap_unordered")]
)
def _mapping(s: State, number: int, _receiver: int, dst: int) -> None:
    made = make(s, number, "iterator", dst)
    args = tuple([elements_of(s, number, each, place) for place, each in enumerate(arguments(s, number, 1))])
    call_back(s, number, argument(s, number, 0), args, s.element(made, None), "map")


# -- what classes have from `collections.abc`


def _mixing(dotted: str) -> Model:
    def model(s: State, number: int, receiver: int, dst: int) -> None:
        if receiver >= 0:
            mixed_in(s, receiver, dotted, tuple(arguments(s, number)), number, dst)

    return model


for _name in STEPS:
    models(_name)(_mixing(_name))
