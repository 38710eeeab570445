"""Extensions: classes that the caller knows how to store, such as the engine's handles."""

from __future__ import annotations

import functools
from typing import Any, NamedTuple

import pytest

from lestockage.engine.codec import Extension, codec_for
from lestockage.errors import DecodingError, DeletedHandle, EncodingError, UnencodableType


class Handle:
    """An object that only its database knows."""

    known: dict[int, Handle] = {}  # noqa: RUF012  # the database of these tests

    def __init__(self, number: int) -> None:
        self.number = number
        self.known[number] = self


class SpecialHandle(Handle):
    """A handle of a subclass."""


class Note:
    """A mutable object stored as its text."""

    def __init__(self, text: str) -> None:
        self.text = text


class Holder(NamedTuple):
    """A record of handles."""

    handle: Handle
    others: tuple[Handle | None, ...] = ()


def _number(handle: Handle) -> int:
    if handle.number < 0:
        raise DeletedHandle(f"Handle {handle.number} is gone")
    return handle.number


def _found(number: Any) -> Handle:
    if number == 404:
        raise DeletedHandle(f"Handle {number} is gone")
    return Handle.known[number]


@functools.cache
def resolver(cls: type) -> Extension | None:
    """Know handles and notes."""
    if issubclass(cls, Handle):
        return _number, _found, True
    if cls is Note:
        return lambda note: [note.text], lambda tree: Note(tree[0]), False
    return None


def test_handles_come_back_as_themselves() -> None:
    """An extension's class may sit anywhere in a type; its handles are shared, not copied."""
    one, two = Handle(1), SpecialHandle(2)
    for annotation, value in ((Handle, one), (list[Handle], [one, two]), (Holder, Holder(one, (two, None))), (dict[Handle, int], {one: 3})):
        codec = codec_for(annotation, extra=resolver)
        assert codec.decode(codec.encode(value)) == value
    assert codec_for(Holder, extra=resolver).is_immutable


def test_a_union_tells_handles_by_class() -> None:
    """Beside other types a handle travels with the name of its class, and the right one comes back."""
    one = Handle(1)
    codec = codec_for(Handle | Note | int | None, extra=resolver)
    assert codec.decode(codec.encode(one)) is one
    assert codec.decode(codec.encode(Note("a"))).text == "a"
    assert codec.decode(codec.encode(1)) == 1
    assert codec.decode(codec.encode(None)) is None
    related = codec_for(Handle | SpecialHandle, extra=resolver)
    assert related.decode(related.encode(one)) is one


def test_a_mutable_extension_is_copied() -> None:
    """An extension that says its values are mutable has them copied deeply."""
    codec = codec_for(tuple[Note, ...], extra=resolver)
    assert not codec.is_immutable
    note = Note("a")
    assert codec.copy((note,))[0] is not note
    assert codec.copy((note,))[0].text == "a"


def test_another_class_is_refused() -> None:
    """A value that is no instance of the declared class is refused before the extension sees it."""
    with pytest.raises(EncodingError, match=r"value\.handle: expected Handle, got str"):
        codec_for(Holder, extra=resolver).encode(Holder("x"))  # type: ignore[arg-type]
    with pytest.raises(EncodingError):
        codec_for(Handle | Note | None, extra=resolver).encode("x")


def test_errors_of_an_extension_pass() -> None:
    """What an extension raises of ours reaches the caller as it is, other exceptions as a codec error."""
    codec = codec_for(Holder, extra=resolver)
    with pytest.raises(DeletedHandle):
        codec.encode(Holder(Handle(-1)))
    with pytest.raises(DeletedHandle):
        codec.check(Holder(Handle(-1)))
    with pytest.raises(DeletedHandle):
        codec_for(Handle, extra=resolver).decode(codec_for(int).encode(404))
    with pytest.raises(DecodingError, match="KeyError"):
        codec_for(Handle, extra=resolver).decode(codec_for(int).encode(12345))


def test_without_the_resolver_the_class_is_refused() -> None:
    """Codecs are kept per resolver: what one knows, another does not."""
    codec_for(Holder, extra=resolver)
    with pytest.raises(UnencodableType):
        codec_for(Holder)


def test_what_an_extension_makes_must_be_plain() -> None:
    """A wire form that msgpack cannot hold is refused when it is packed."""

    def strange(cls: type) -> Extension | None:
        return (lambda _value: object(), lambda tree: tree, True) if cls is Note else None

    with pytest.raises(EncodingError):
        codec_for(Note, extra=strange).encode(Note("a"))
    with pytest.raises(EncodingError):
        codec_for(list[Note], extra=lambda cls: (lambda _value: 2**70 * 1.0j, repr, True) if cls is Note else None).encode([Note("a")])
