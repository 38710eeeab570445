"""Builtin names: what Python itself provides, as far as names can tell it."""

from __future__ import annotations

import builtins
import collections.abc
import enum

from lestockage.languages.facts import RESULT

BUILTINS = frozenset(name for name in dir(builtins) if name != "_") | {"copyright", "credits", "exit", "help", "license", "quit"}
"""Names that every module sees; those that `site` adds among them, whether it ran here or not."""

_VALUES = {name: value for name, value in vars(builtins).items() if isinstance(value, type) and name not in ("super", "type")}

TYPES = {name: frozenset(dir(value)) for name, value in _VALUES.items()}
"""The attributes of each builtin type whose call makes an instance of it."""

ABSTRACT = {name: frozenset(dir(getattr(collections.abc, name))) for name in collections.abc.__all__}
"""The attributes of each class of `collections.abc`."""

_ENUMERATIONS = ("Enum", "EnumMeta", "EnumType", "Flag", "IntEnum", "IntFlag", "ReprEnum", "StrEnum")

KNOWN_BASES = {
    **{f"enum.{name}": frozenset(dir(getattr(enum, name))) | {"name", "value"} for name in _ENUMERATIONS},
    **{
        f"{module}.NamedTuple": frozenset(dir(tuple)) | {"_asdict", "_field_defaults", "_fields", "_make", "_replace"}
        for module in ("typing", "typing_extensions")
    },
    **{f"{module}.TypedDict": frozenset(dir(dict)) for module in ("typing", "typing_extensions")},
}
"""The attributes of other classes of the standard library that many classes inherit from."""

RESULTS = {
    **dict.fromkeys(("ascii", "bin", "chr", "format", "hex", "input", "oct", "repr"), "str"),
    **dict.fromkeys(("hash", "id", "len", "ord"), "int"),
    **dict.fromkeys(("all", "any", "callable", "hasattr", "isinstance", "issubclass"), "bool"),
    **dict.fromkeys(("dir", "sorted"), "list"),
    **dict.fromkeys(("globals", "locals", "vars"), "dict"),
}
"""The type that builtin functions return."""

_STRINGS = (
    *("capitalize", "casefold", "center", "expandtabs", "format", "format_map", "join", "ljust"),
    *("lower", "lstrip", "replace", "removeprefix", "removesuffix", "rjust", "rstrip", "strip"),
    *("swapcase", "title", "translate", "upper", "zfill"),
)

METHOD_RESULTS = {
    **{f"builtins.str.{name}": "str" for name in _STRINGS},
    **{f"builtins.str.{name}": "list" for name in ("rsplit", "split", "splitlines")},
    **{f"builtins.str.{name}": "tuple" for name in ("partition", "rpartition")},
    "builtins.str.encode": "bytes",
    "builtins.bytes.decode": "str",
    "builtins.dict.copy": "dict",
    "builtins.list.copy": "list",
    "builtins.set.copy": "set",
}
"""The type that methods of builtin types return."""

TYPING_NAMES = {
    **{f"typing.{name.capitalize()}": name for name in ("dict", "list", "set", "tuple")},
    "typing.FrozenSet": "frozenset",
    "typing.Text": "str",
}
"""Names of `typing` that stand for builtin types."""

BARE_BASES = frozenset(
    {"abc.ABC", "builtins.object", "typing.Generic", "typing.Protocol", "typing_extensions.Generic", "typing_extensions.Protocol"}
)
"""Bases outside the project that give a class no attribute of its own but `object`'s."""


LONGEST_NAME = 12
"""Dots of a name outside the project; names with more come from code that goes round in circles."""


def has_attribute(dotted: str, attribute: str) -> bool:
    """Tell whether what a dotted name means may have an attribute: a builtin type has those it has, anything else any."""
    if dotted.count(".") >= LONGEST_NAME:
        return False
    module, _, name = dotted.rpartition(".")
    known = TYPES.get(name) if module == "builtins" else ABSTRACT.get(name) if module == "collections.abc" else KNOWN_BASES.get(dotted)
    return known is None or attribute in known


def result_type(dotted: str) -> str | None:
    """Return the dotted name of the class of which calling `dotted` gives an instance; None when that is not known."""
    dotted = f"builtins.{TYPING_NAMES[dotted]}" if dotted in TYPING_NAMES else dotted
    module, _, name = dotted.rpartition(".")
    if module == "builtins" and name in TYPES:
        return dotted
    found = RESULTS.get(name) if module == "builtins" else METHOD_RESULTS.get(dotted)
    return None if found is None else f"builtins.{found}"


def has_result(dotted: str) -> bool:
    """Tell whether what calling `dotted` gives has a name: no call of a call has one, nor of a builtin, of which all is known here.

    Nor has what `typing` and `enum` make: it stands for types and for members, whose attributes are of other classes.
    """
    return not dotted.startswith(("builtins.", "enum.", "typing.", "typing_extensions.")) and RESULT not in dotted


def is_type(dotted: str) -> bool:
    """Tell whether a dotted name is that of a builtin type, or of the name in `typing` for one."""
    module, _, name = dotted.rpartition(".")
    return dotted in TYPING_NAMES or (module == "builtins" and name in TYPES)
