"""Codec: the canonical encoding of one declared type."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from lestockage.engine.codec.annotation import Known, Reader
from lestockage.engine.codec.diagnosis import refusal
from lestockage.engine.codec.graph import has_foreign, signature
from lestockage.engine.codec.node import Malformed
from lestockage.engine.codec.source import Source, compiled
from lestockage.engine.codec.wire import UNSCANNED, unpack, unpack_few
from lestockage.errors import DecodingError, LestockageError

if TYPE_CHECKING:
    from lestockage.engine.codec.node import Node

__all__ = ["Codec", "Extension", "Resolver", "codec_for"]

Extension: TypeAlias = tuple[Callable[[Any], Any], Callable[[Any], Any], bool]
"""How a class from outside is stored: value → tree of plain values, tuples and dicts; that tree → value; whether values are immutable."""

Resolver: TypeAlias = Callable[[type], Extension | None]
"""Given a class, its extension, or None for a class that the codec should judge by itself. Pass the same one each time."""


class Codec:
    """The canonical encoding of one declared type: the same value gives the same bytes in every process.

    The functions behind it are generated when first used; what was taken from the codec before then works too, a call slower.
    """

    __slots__ = ("_node", "copy", "decode", "encode", "has_foreign")

    encode: Callable[[Any], bytes]
    """The bytes of a value. Raises EncodingError when it, or anything inside it, is not exactly of the declared type."""
    decode: Callable[[bytes], Any]
    """The value of some bytes. Raises DecodingError when they spell none; they may come from anywhere."""
    copy: Callable[[Any], Any]
    """A copy that shares nothing that could be changed; the value itself where the type is immutable."""

    has_foreign: bool
    """Whether values may hold something of a class that a resolver knows how to store."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self.has_foreign = has_foreign(node)
        self.encode = self._first_encode
        self.decode = self._first_decode
        self.copy = _same if node.immutable else self._first_copy

    def __repr__(self) -> str:
        return f"<codec for {self._node.spelled}>"

    @property
    def spelled(self) -> str:
        """The declared type, as messages call it."""
        return self._node.spelled

    @property
    def is_immutable(self) -> bool:
        """Whether a value may be shared without copying, as far as its declared type tells."""
        return self._node.immutable

    @property
    def signature(self) -> bytes:
        """32 bytes that change when the same stored bytes would mean another value: fields renamed or reordered, another item type.

        A memo that was encoded under one signature must not be decoded under another; computed on each call.
        """
        return signature(self._node)

    def check(self, value: Any) -> None:
        """Raise EncodingError when the value, or anything inside it, is not exactly of the declared type; cheaper than encoding it."""
        node = self._node
        try:
            if not node.native:
                compiled(node, "wire")(value)
                return
            fitting = compiled(node, "check")(value)
        except Exception as error:
            raise _refused(node, value, error) from error
        if not fitting:
            raise refusal(node, value)

    def _first_encode(self, value: Any) -> bytes:
        self.encode = _generated(self._node, "check" if self._node.native else "wire")
        return self.encode(value)

    def _first_decode(self, data: bytes) -> Any:
        self.decode = _generated(self._node, "value")
        return self.decode(data)

    def _first_copy(self, value: Any) -> Any:
        if self.copy == self._first_copy:
            self.copy = _copier(self._node)
        return self.copy(value)


def _same(value: Any) -> Any:
    """Return the value: nothing in it can change."""
    return value


def _copier(node: Node) -> Callable[[Any], Any]:
    """Return a function that copies by the declared type, and by `copy.deepcopy` a value that is not of it."""
    duplicate = compiled(node, "copy")

    def protected(value: Any) -> Any:
        try:
            return duplicate(value)
        except (TypeError, AttributeError, ValueError, KeyError):
            return copy.deepcopy(value)

    return protected


_TEMPLATES = {
    "wire": """
def outermost(v):
    try:
        return pack({expression})
    except Exception as error:
        raise refused(node, v, error) from error
""",
    "check": """
def outermost(v):
    try:
        if {expression}:
            return pack(v)
    except Exception as error:
        raise refused(node, v, error) from error
    raise refused(node, v)
""",
    "value": """
def outermost(v):
    try:
        v = unpack_few(v) if len(v) <= {unscanned} else unpack(v)
        return {expression}
    except Exception as error:
        raise undecodable(node, error) from error
""",
}


def _generated(node: Node, purpose: str) -> Any:
    """Return the outermost function of a codec, the node's own work written into it where that is an expression."""
    source = Source()
    expression = source.expression(node, purpose, "v")
    if source.pending:
        source = Source()
        expression = f"{source.bind(compiled(node, purpose))}(v)"
    space = source.globals | {"unpack": unpack, "unpack_few": unpack_few, "node": node, "refused": _refused, "undecodable": _undecodable}
    exec(_TEMPLATES[purpose].format(expression=expression, unscanned=UNSCANNED), space)  # noqa: S102  # text of ours, see source.py
    return space["outermost"]


def _refused(node: Node, value: Any, error: Exception | None = None) -> LestockageError:
    """Return the error for a value that could not be encoded; an extension's own typed error passes."""
    return error if isinstance(error, LestockageError) else refusal(node, value, error)


def _undecodable(node: Node, error: Exception) -> LestockageError:
    """Return the error for bytes that could not be decoded; an extension's own typed error passes."""
    if isinstance(error, LestockageError):
        return error
    try:
        reason = str(error)
    except RecursionError:  # the error holds a part of the value that is too deep to print
        reason = "a part that nests too deep"
    name = "" if isinstance(error, Malformed) else f"{type(error).__name__}: "
    return DecodingError(node.spelled, f"{name}{reason[:_SHOWN]}".removesuffix(": "))


_SHOWN = 200  # characters of a reason; it may repeat parts of the stored value

_known: dict[Resolver | None, Known] = {}
_codecs: dict[Any, Codec] = {}
_NO_NAMES: Mapping[str, Any] = {}


def codec_for(annotation: Any, *, extra: Resolver | None = None, namespace: Mapping[str, Any] | None = None) -> Codec:
    """Return the codec of a declared type, compiled once per type and resolver.

    `namespace` is where names in string annotations are looked up (a function's `__globals__`); the annotations inside a class are looked
    up in its own module. Raises UnencodableType for a type whose values cannot be stored, naming it, where it sits, and the ways out.
    """
    scope = _NO_NAMES if namespace is None else namespace
    key = (annotation, extra, id(scope))
    try:
        codec = _codecs.get(key)
    except TypeError:  # it cannot be hashed: metadata that is left out, or something that is refused
        return Codec(Reader(_known.setdefault(extra, Known(extra))).read(annotation, scope))
    if codec is None:
        known = _known.setdefault(extra, Known(extra))
        known.namespaces[id(scope)] = scope
        _codecs[key] = codec = Codec(Reader(known).read(annotation, scope))
    return codec
