"""Calls: what calling a value runs, and where its arguments and results go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lestockage.languages.facts import RESULT
from lestockage.languages.python.builtin_names import has_result, result_type
from lestockage.languages.python.linker.attributes import from_open_bases
from lestockage.languages.python.linker.codes import (
    CALL_WITH,
    FILL,
    IDENTITY_OF,
    REGISTER,
    SPREAD,
    SPREAD_KEYWORDS,
    SPREAD_REST,
    WRAPPER_OF,
)
from lestockage.languages.python.linker.containers import RECEIVERS, copy_mapping
from lestockage.languages.python.linker.models import MODELS, decorators, library
from lestockage.languages.python.linker.values import (
    ASSUMED,
    BOUND,
    CARRIED,
    CLASS,
    CLASS_METHOD,
    CONTAINER,
    CONTEXT,
    CONTEXT_MAKER,
    COROUTINE,
    EXTERNAL,
    EXTERNAL_INSTANCE,
    FIELD,
    FUNCTION,
    GETTER,
    IDENTITY,
    INSTANCE,
    LAST,
    PARTIAL,
    REGISTRAR,
    REGISTRY,
    STATIC,
    UNBOUND,
    WRAPS,
)
from lestockage.languages.python.linker.values import GENERATOR as GENERATOR_VALUE
from lestockage.languages.python.value_flow.opcodes import ASYNC, CALL, GENERATOR, STORE

if TYPE_CHECKING:
    from lestockage.languages.python.linker.program import Unit
    from lestockage.languages.python.linker.solver import Constraint
    from lestockage.languages.python.linker.state import Call, State


MOST_NESTED = 3
"""Partial applications of each other that are followed: in a loop, `f = partial(f, x)` would collect arguments for ever."""


def call(s: State, c: Constraint, value: int) -> None:
    """Fire (CALL, callee, call)."""
    call_value(s, c[2], value, s.calls[c[2]].dst)


def call_with(s: State, c: Constraint, value: int) -> None:
    """Fire (CALL_WITH, variable, call, first value, dst): call a function with a first argument, anything else without."""
    _, _, number, first, dst = c
    if s.kinds[value] == FUNCTION:
        apply(s, number, value, first, dst)
    elif s.kinds[value] == CLASS_METHOD:
        s.install((CALL_WITH, s.parts[value][1], number, s.number(CLASS, s.parts[first][1]), dst))
    elif s.kinds[value] == STATIC:
        s.install((CALL_WITH, s.parts[value][1], number, first, dst) if s.kinds[first] == CLASS else (CALL, s.parts[value][1], number))
    else:
        call_value(s, number, value, dst)


def call_value(s: State, number: int, value: int, dst: int) -> None:  # noqa: PLR0912, PLR0915  # a case for each kind
    """Call one value."""
    kind = s.kinds[value]
    parts = s.parts[value]
    if kind == FUNCTION:
        apply(s, number, value, -1, dst)
    elif kind == BOUND:
        function = parts[1]
        if s.kinds[function] == FUNCTION:
            apply(s, number, function, parts[2], dst)
        else:
            outside(s, number, s.parts[function][1], parts[2], dst, is_last=s.kinds[parts[2]] in RECEIVERS)
    elif kind == CARRIED:
        of = s.calls[number]
        apply(s, s.again(number, dst, (s.receivers(parts[1]), *of.args), of.keywords), parts[1], -1, dst)
    elif kind == CLASS:
        instantiate(s, number, value, dst)
    elif kind == EXTERNAL:
        outside(s, number, parts[1], -1, dst, is_last=len(parts) > 2 and parts[2] == LAST)
    elif kind in (INSTANCE, ASSUMED):
        method, _ = s.program.attribute(parts[1], "__call__")
        if method >= 0:
            s.install((CALL_WITH, method, number, value, dst))
        else:
            from_open_bases(s, parts[1], CALL_WITH, "__call__", (number, value, dst))
    elif kind == PARTIAL:
        made = s.calls[parts[1]]
        given = s.calls[number]
        if given.nesting == MOST_NESTED:
            return
        whole = s.sub_call(number, ("partial", value, given.keywords), dst, (*made.args[1:], *given.args))
        s.calls[whole] = s.calls[whole]._replace(keywords=(*made.keywords, *given.keywords), nesting=given.nesting + 1)
        if type(made.args[0]) is int and made.args[0] >= 0:
            s.install((CALL, made.args[0], whole))
    elif kind == CONTEXT_MAKER:
        apply(s, number, s.number(FUNCTION, parts[1]), -1, -1)
        if dst >= 0:
            s.give(dst, s.number(CONTEXT, parts[1]))
    elif kind == IDENTITY:
        given = s.calls[number]
        if dst >= 0 and given.args and type(given.args[0]) is int and given.args[0] >= 0:
            s.copy(given.args[0], dst)
    elif kind == REGISTRY:
        s.install((CALL, parts[1], s.with_dst(number, dst)))
    elif kind == UNBOUND:
        if dst >= 0:
            s.give(dst, value)
    elif kind == REGISTRAR:
        given = s.calls[number]
        if given.args and type(given.args[0]) is int and given.args[0] >= 0:
            s.install((REGISTER, given.args[0], parts[1], dst))
    elif kind in (STATIC, CLASS_METHOD):
        s.install((CALL, parts[1], s.with_dst(number, dst)))
    elif kind == GETTER:
        library.get(s, number, parts, dst)
    elif kind == WRAPS:
        decorators.wrap(s, number, parts[1], dst)


def outside(  # noqa: PLR0913  # a call in full
    s: State, number: int, dotted: str, receiver: int, dst: int, *, is_last: bool = False
) -> None:
    """Call something outside the project, with the object it is a method of, if there is one; what the last of a name gives has none."""
    if receiver < 0 or s.kinds[receiver] != CONTAINER or dotted.startswith("builtins."):
        s.edge(s.calls[number].root, s.number(EXTERNAL, dotted))
    model = MODELS.get(dotted)
    if model is not None:
        model(s, number, receiver, dst)
    elif dst >= 0:
        result = result_type(dotted)
        if result is not None:
            s.give(dst, s.number(EXTERNAL_INSTANCE, result))
        elif has_result(dotted) and not is_last:
            s.give(dst, s.number(EXTERNAL, f"{dotted}{RESULT}"))


def decorate(s: State, c: Constraint, value: int) -> None:
    """Fire (DECORATE, callee, call, name of a common decorator or None): a call; what is outside and unknown gives back what it gets."""
    _, _, number, common = c
    of = s.calls[number]
    kind = s.kinds[value]
    if common is not None:
        _decorate_much(s, number, value, common)
        return
    call_value(s, number, value, of.dst)
    if kind == UNBOUND:
        if of.args[0] >= 0 and of.dst >= 0:
            s.install((IDENTITY_OF, of.args[0], of.dst))
        return
    if kind in (EXTERNAL, EXTERNAL_INSTANCE) or (kind == BOUND and s.kinds[s.parts[value][1]] == EXTERNAL):
        dotted = s.parts[value][1] if kind != BOUND else s.parts[s.parts[value][1]][1]
        if dotted not in MODELS and of.args[0] >= 0:
            s.install((IDENTITY_OF, of.args[0], of.dst))


def _decorate_much(s: State, number: int, value: int, name: str) -> None:
    """Apply a decorator of very many functions: beside the decorated function, only what may be a wrapper goes on."""
    if s.kinds[value] == INSTANCE and s.program.units[s.parts[value][1]].name == name:
        return  # `@name(options)` gave one for another use, `@name`
    made = s.temporary(number, "wrapper")
    call_value(s, s.with_dst(number, made), value, made)
    s.install((WRAPPER_OF, made, s.calls[number].dst))


def wrapper_of(s: State, c: Constraint, value: int) -> None:
    """Fire (WRAPPER_OF, src, dst): a function or an object that can be called in place of a decorated function."""
    if s.kinds[value] in (FUNCTION, INSTANCE) and c[2] >= 0:
        s.give(c[2], value)


def identity_of(s: State, c: Constraint, value: int) -> None:
    """Fire (IDENTITY_OF, src, dst): what a decorator outside the project gives back."""
    if s.kinds[value] in (FUNCTION, CLASS, STATIC, CLASS_METHOD, CONTEXT_MAKER):
        s.give(c[2], value)


def instantiate(s: State, number: int, value: int, dst: int) -> None:
    """Make an object of a class: through its metaclass's `__call__`, `__new__` and `__init__`, as far as the project has them."""
    unit = s.parts[value][1]
    s.edge(s.calls[number].root, value)
    metaclass = s.program.metaclass(unit)
    if metaclass is not None:
        caller, _ = s.program.attribute(metaclass.number, "__call__")
        if caller >= 0:
            s.install((CALL_WITH, caller, number, value, dst))
            return
    construct(s, number, value, dst)


def construct(s: State, number: int, value: int, dst: int) -> None:
    """Run the constructors of a class."""
    unit = s.parts[value][1]
    made = s.number(INSTANCE, unit)
    new, _ = s.program.attribute(unit, "__new__")
    if new >= 0:
        s.install((CALL_WITH, new, number, value, dst))
    elif dst >= 0:
        s.give(dst, made)
    init, outer = s.program.attribute(unit, "__init__")
    if init >= 0:
        s.install((CALL_WITH, init, number, made, -1))
        return
    if outer is None:
        from_open_bases(s, unit, CALL_WITH, "__init__", (number, made, -1))
    if new < 0:
        fill_fields(s, number, unit)
        after, _ = s.program.attribute(unit, "__post_init__")
        if after >= 0 and outer is None:
            s.install((CALL_WITH, after, s.sub_call(number, "__post_init__", -1), made, -1))


def fill_fields(s: State, number: int, unit: int) -> None:
    """Take arguments as the fields of a data class or named tuple: by place and by name."""
    of = s.calls[number]
    fields = s.fields(unit)
    for name, argument in zip(fields, of.args, strict=False):
        if type(argument) is int and argument >= 0:
            s.copy(argument, s.own(unit, name))
    for keyword, argument in of.keywords:
        if keyword is not None and argument >= 0:
            s.copy(argument, s.own(unit, keyword))
    for name in fields:
        variable, _ = s.program.attribute(unit, name)
        if variable >= 0:
            s.install((FILL, variable, number, s.own(unit, name)))


def fill(s: State, c: Constraint, value: int) -> None:
    """Fire (FILL, cell, call, attribute): the default factory of a field."""
    if s.kinds[value] == FIELD:
        s.install((CALL, s.parts[value][1], s.sub_call(c[2], "factory", c[3])))


def apply(s: State, number: int, value: int, first: int, dst: int) -> None:
    """Call a function: arguments to parameters, its result to `dst`. `first` is a value that goes before the arguments, -1 for none."""
    unit = s.program.units[s.parts[value][1]]
    s.edge(s.calls[number].root, value if first < 0 or s.kinds[first] != ASSUMED else ~value)
    if not unit.is_alive:
        return
    of = s.calls[number]
    receiver = unit.positional[0] if first >= 0 and unit.positional else -1
    if receiver >= 0:
        s.give(receiver, first)
    if s.program.common and (s.program.is_common_wrapper(unit) or _passes_on(s, of)):
        _leave_defaults(s, unit, 0, ())
        _keep_any(s, unit, unit.receiver if first < 0 else s.holding(first))
        return
    if first >= 0 and not unit.positional and unit.rest >= 0:
        s.give(s.element(s.rest_of(unit), 0), first)
    filled, place = _fill_by_place(s, unit, of.args, int(first >= 0))
    filled |= _fill_by_name(s, unit, of.keywords, place)
    _leave_defaults(s, unit, place, of.keywords)
    if unit.keeps:
        _keep(s, number, unit, first)
    if dst >= 0:
        if receiver in unit.passing and not unit.flags:
            s.give(dst, first)
        _give_result(s, unit, {**filled, receiver: -1}, dst)


def _give_result(s: State, unit: Unit, filled: dict[int, int], dst: int) -> None:
    """Give what a call of a function gives; parameters that it returns are what they are `filled` with, or any argument."""
    if unit.flags & GENERATOR:
        s.give(dst, s.number(GENERATOR_VALUE, unit.number))
    elif unit.flags & ASYNC:
        s.give(dst, s.number(COROUTINE, unit.number))
    else:
        if unit.result >= 0:
            s.copy(unit.result, dst)
        for variable in unit.passing:
            argument = filled.get(variable, variable)
            if argument >= 0:
                s.copy(argument, dst)


def _fill_by_place(s: State, unit: Unit, args: tuple[Any, ...], place: int) -> tuple[dict[int, int], int]:
    """Pass arguments to parameters from a place on; return which are filled, with what, and the place where that is no longer known."""
    positional = unit.positional
    filled: dict[int, int] = {}
    is_spread = False
    for argument in args:
        if type(argument) is tuple:
            is_spread = True
            if argument[0] >= 0:
                _spread_from(s, unit, argument[0], place)
        elif argument >= 0:
            if is_spread:
                for variable in positional[place:]:
                    if variable >= 0:
                        s.pass_on(argument, variable, unit)
                if unit.rest >= 0:
                    s.hold(argument, s.rest_of(unit), None)
            elif place < len(positional):
                variable = positional[place]
                if variable >= 0:
                    s.pass_on(argument, variable, unit)
                    filled[variable] = argument
            elif unit.rest >= 0:
                s.hold(argument, s.rest_of(unit), place - len(positional))
        if not is_spread:
            place += 1
    return filled, place


def _spread_from(s: State, unit: Unit, argument: int, place: int) -> None:
    """Pass the elements of a starred argument to parameters from a place on."""
    positional = unit.positional
    for at in range(place, len(positional)):
        if positional[at] >= 0:
            s.install((SPREAD, argument, positional[at], at - place, unit.number))
    if unit.rest >= 0:
        # What is left over: exactly, where the function takes no other arguments by position.
        skipped, offset = max(0, len(positional) - place), max(0, place - len(positional))
        s.install((SPREAD_REST, argument, s.rest_of(unit), skipped, offset))


def _fill_by_name(s: State, unit: Unit, keywords: tuple[tuple[str | None, int], ...], place: int) -> dict[int, int]:
    """Pass arguments to parameters by name; return which are filled, with what. A mapping fills none of those before `place`."""
    filled: dict[int, int] = {}
    for name, argument in keywords:
        if argument < 0:
            continue
        if name is None:
            s.install((SPREAD_KEYWORDS, argument, unit.number, place))
            continue
        variable = unit.by_name.get(name, -2)
        if variable >= 0:
            s.pass_on(argument, variable, unit)
            filled[variable] = argument
        elif variable == -2 and unit.rest_by_name >= 0:
            s.hold(argument, s.rest_by_name_of(unit), name)
    return filled


def _leave_defaults(s: State, unit: Unit, place: int, keywords: tuple[tuple[str | None, int], ...]) -> None:
    """Let parameters that a call fills neither by position before `place` nor by name have their defaults."""
    if unit.by_default:
        given = {name for name, _ in keywords}
        for name, at in unit.by_default:
            if name not in given and not 0 <= at < place:
                s.copy(s.cell("default", unit.number, name), s.cell("parameter", unit.number, name))


def _keep(s: State, number: int, unit: Unit, first: int) -> None:
    """Store what a call passes to an initializer in the object that this call is for: what other calls pass is in others, perhaps."""
    of = s.calls[number]
    spread = next((place for place, each in enumerate(of.args) if type(each) is tuple), len(of.args))
    given = of.args[:spread]
    receiver = s.holding(first) if first >= 0 else given[0] if given and given[0] >= 0 else unit.receiver
    named = dict(of.keywords)
    for name, place, attribute, call in unit.keeps:
        at = place - (first >= 0)
        if name in named or (place >= 0 and 0 <= at < spread):
            argument = named[name] if name in named else given[at]
            source = -1
            if argument >= 0:
                source = s.temporary(number, ("kept", unit.number, name))
                s.pass_on(argument, source, unit)
        else:
            is_known = spread == len(of.args) and None not in named
            source = s.cell("default" if is_known else "parameter", unit.number, name)
        s.install((STORE, receiver, source, attribute, call))


def _keep_any(s: State, unit: Unit, receiver: int) -> None:
    """Store whatever anybody passes to an initializer."""
    for name, _, attribute, call in unit.keeps:
        s.install((STORE, receiver, s.cell("parameter", unit.number, name), attribute, call))


def _passes_on(s: State, of: Call) -> bool:
    """Tell whether a call is that by which a decorator of very many functions calls any of them: nothing is told apart there."""
    if not s.program.is_of_common(s.program.units[of.owner]):
        return False
    return any(type(each) is tuple for each in of.args) or any(name is None for name, _ in of.keywords)


def spread(s: State, c: Constraint, value: int) -> None:
    """Fire (SPREAD, src, dst, place, unit): an element of *src fills a parameter."""
    _, _, dst, place, number = c
    unit = s.program.units[number]
    if s.kinds[value] == CONTAINER:
        if s.parts[value][1] in ("list", "tuple"):
            s.pass_on(s.element(value, place), dst, unit)
            s.pass_on(s.element(value, None), dst, unit)
        elif s.parts[value][1] != "dict":
            s.pass_on(s.elements(value), dst, unit)
    elif s.kinds[value] == GENERATOR_VALUE and s.program.units[s.parts[value][1]].yields >= 0:
        s.copy(s.program.units[s.parts[value][1]].yields, dst)


def spread_keywords(s: State, c: Constraint, value: int) -> None:
    """Fire (SPREAD_KEYWORDS, src, unit, place): a mapping fills the parameters that are not filled by position before `place`."""
    _, _, number, place = c
    if s.kinds[value] != CONTAINER or s.parts[value][1] not in ("dict", "defaultdict"):
        return
    unit = s.program.units[number]
    before = set(unit.positional[:place])
    for name, variable in unit.by_name.items():
        if variable >= 0 and variable not in before:
            s.pass_on(s.element(value, name), variable, unit)
            s.pass_on(s.element(value, None), variable, unit)
    if unit.rest_by_name >= 0:
        copy_mapping(s, value, s.rest_by_name_of(unit))
