"""Arrays: numpy arrays and scalars, and Arrow tables; neither library is imported unless a type of it was declared, and so already is."""

from __future__ import annotations

import math
import re
import sys
import typing
from typing import Any

from lestockage.engine.codec.node import Malformed, Node, malformed, refuse
from lestockage.engine.codec.scalars import Converted

__all__ = ["array_node"]

_DTYPE = re.compile(r"[<>|](?:b1|[iu][1248]|f(?:2|4|8|16)|c(?:8|16|32)|[SU]\d{1,9}|[mM]8(?:\[\d{0,9}[A-Za-z]{1,2}\])?)")
"""Spellings of element types that hold plain numbers, text, bytes or times: no objects, no records."""


def _dtype_text(dtype: Any) -> str:
    """Return the spelling of an element type, byte order and unit included."""
    text = str(dtype.str)
    return text if dtype.names is None and dtype.metadata is None and _DTYPE.fullmatch(text) else str(refuse(f"elements of type {dtype}"))


def _dtype_from(tree: Any) -> Any:
    """Return the element type of its spelling."""
    numpy = sys.modules["numpy"]
    return numpy.dtype(tree) if type(tree) is str and _DTYPE.fullmatch(tree) else malformed("no element type")


def _array(value: Any) -> Any:
    """Return (element type, shape, bytes in C order)."""
    return (_dtype_text(value.dtype), value.shape, value.tobytes())


def _array_from(tree: Any) -> Any:
    """Return a writable array of its parts; the bytes must be exactly what the shape takes."""
    text, shape, data = tree
    dtype = _dtype_from(text)
    if type(shape) is not tuple or not all(type(size) is int and size >= 0 for size in shape) or type(data) is not bytes:
        malformed("no shape, or no bytes")
    if math.prod(shape) * dtype.itemsize != len(data):
        malformed("bytes that do not fill the shape")
    return sys.modules["numpy"].ndarray(shape, dtype, bytearray(data))


def _scalar(value: Any) -> Any:
    """Return (element type, bytes)."""
    return (_dtype_text(value.dtype), value.tobytes())


def _ndarray_node(spelled: str, cls: type, arguments: tuple[Any, ...]) -> Node:
    """Return a node for arrays, of one element type when the annotation names one."""
    wanted = typing.get_args(arguments[1])[:1] if len(arguments) > 1 else ()
    element = wanted[0] if wanted and isinstance(wanted[0], type) and wanted[0] is not Any else object

    def encode(value: Any) -> Any:
        return _array(value) if issubclass(value.dtype.type, element) else refuse(f"an array of {value.dtype}")

    def decode(tree: Any) -> Any:
        value = _array_from(tree)
        return value if issubclass(value.dtype.type, element) else malformed(f"an array of {value.dtype}")

    return Converted(spelled, cls, (tuple,), encode, decode).copied_by(lambda value: value.copy())


def _generic_node(spelled: str, cls: type) -> Node:
    """Return a node for one class of numpy scalars."""

    def decode(tree: Any) -> Any:
        text, data = tree
        dtype = _dtype_from(text)
        if dtype.type is not cls or type(data) is not bytes or len(data) != dtype.itemsize:
            malformed("another element type, or bytes that do not fill it")
        return sys.modules["numpy"].ndarray((), dtype, bytearray(data))[()]

    return Converted(spelled, cls, (tuple,), _scalar, decode)


def _table_node(spelled: str, cls: type) -> Node:
    """Return a node for Arrow tables: one IPC stream, chunks joined, so that the way a table was put together does not show."""

    def encode(value: Any) -> bytes:
        arrow = sys.modules["pyarrow"]
        sink = arrow.BufferOutputStream()
        with arrow.ipc.new_stream(sink, value.schema) as writer:
            writer.write_table(value.combine_chunks())
        return bytes(sink.getvalue())

    def decode(tree: bytes) -> Any:
        arrow = sys.modules["pyarrow"]
        try:
            with arrow.ipc.open_stream(tree) as reader:
                table = reader.read_all()
            table.validate(full=True)
        except (arrow.ArrowException, OSError) as error:
            raise Malformed(str(error)) from error
        return table

    return Converted(spelled, cls, (bytes,), encode, decode)


def array_node(spelled: str, cls: type, arguments: tuple[Any, ...]) -> Node | None:
    """Return a node for a class of numpy or pyarrow, or None when `cls` is none that can be stored."""
    numpy, arrow = sys.modules.get("numpy"), sys.modules.get("pyarrow")
    if numpy is not None and cls is numpy.ndarray:
        return _ndarray_node(spelled, cls, arguments)
    if numpy is not None and issubclass(cls, numpy.generic) and cls.__module__ == "numpy" and issubclass(cls, _storable(numpy)):
        return _generic_node(spelled, cls)
    if arrow is not None and cls is arrow.Table:
        return _table_node(spelled, cls)
    return None


def _storable(numpy: Any) -> tuple[type, ...]:
    """Return the bases of the scalar classes whose elements are plain."""
    return (numpy.number, numpy.bool_, numpy.str_, numpy.bytes_, numpy.datetime64)
