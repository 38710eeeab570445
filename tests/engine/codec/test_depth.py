"""Depth: nested values round-trip up to what msgpack and the thread allow, and are refused beyond, circles included."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING, Any

import pytest

from lestockage.engine.codec import codec_for
from lestockage.errors import DecodingError, EncodingError
from tests.engine.codec import shapes
from tests.engine.codec.shapes import Linked

if TYPE_CHECKING:
    from collections.abc import Callable

NAMES = vars(shapes)


def chain(length: int) -> Linked:
    """Return a linked list."""
    head = None
    for value in range(length):
        head = Linked(value, head)
    assert head is not None
    return head


def nested(depth: int) -> list[Any]:
    """Return a list inside a list inside a list."""
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    return value


def with_recursion_limit(limit: int, body: Callable[[], None]) -> None:
    """Run `body` under another recursion limit, on a thread with the stack for it."""
    failures: list[BaseException] = []

    def run() -> None:
        before = sys.getrecursionlimit()
        sys.setrecursionlimit(limit)
        try:
            body()
        except BaseException as error:  # noqa: BLE001  # handed to the test's own thread
            failures.append(error)
        finally:
            sys.setrecursionlimit(before)

    size = threading.stack_size(256 << 20)
    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    threading.stack_size(size)
    if failures:
        raise failures[0]


@pytest.mark.parametrize("annotation", ["Json", list, Any])
def test_a_few_hundred_levels_are_fine(annotation: Any) -> None:
    """Nesting that programs have by accident round-trips under Python's default recursion limit."""
    codec = codec_for(annotation, namespace=NAMES)
    value = nested(300)
    assert codec.decode(codec.encode(value)) == value


def test_a_linked_list_of_a_few_hundred_is_fine() -> None:
    """So does a recursive dataclass."""
    codec = codec_for(Linked)
    back, length = codec.decode(codec.encode(chain(300))), 0
    while back is not None:
        back, length = back.following, length + 1
    assert length == 300


@pytest.mark.parametrize("annotation", ["Json", list, Any])
@pytest.mark.parametrize("depth", [2000, 10_000])
def test_deeper_values_are_refused(annotation: Any, depth: int) -> None:
    """Beyond the limits the error says which they are."""
    with pytest.raises(EncodingError, match="msgpack"):
        codec_for(annotation, namespace=NAMES).encode(nested(depth))


def test_a_long_linked_list_is_refused() -> None:
    """A recursive dataclass of 10,000 levels is refused, not half stored."""
    with pytest.raises(EncodingError, match="msgpack"):
        codec_for(Linked).encode(chain(10_000))


def test_a_raised_recursion_limit_reaches_what_msgpack_allows() -> None:
    """Where the thread allows it, only msgpack's 1,024 levels count; deeper values are still refused, in bounded time."""

    def body() -> None:
        for annotation in ("Json", list, Any):
            codec = codec_for(annotation, namespace=NAMES)
            value = nested(500)
            assert codec.decode(codec.encode(value)) == value
            with pytest.raises(EncodingError, match="msgpack"):
                codec.encode(nested(5000))
        with pytest.raises(EncodingError, match="msgpack"):
            codec_for(Linked).encode(chain(50_000))

    with_recursion_limit(200_000, body)


def test_a_value_that_contains_itself_is_refused() -> None:
    """Circles end, even where the recursion limit would let them go on for long."""

    def body() -> None:
        circle: list[Any] = []
        circle.append(circle)
        linked = Linked(1)
        object.__setattr__(linked, "following", linked)
        for annotation, value in (("Json", circle), (list, circle), (Any, {"a": circle}), (Linked, linked)):
            with pytest.raises(EncodingError, match="msgpack"):
                codec_for(annotation, namespace=NAMES).encode(value)

    body()
    with_recursion_limit(1_000_000, body)


def test_bytes_deeper_than_the_thread_allows_are_refused() -> None:
    """Reading never overflows the stack: what the thread cannot follow is a DecodingError."""
    for annotation in ("Json", Any):
        with pytest.raises(DecodingError):
            codec_for(annotation, namespace=NAMES).decode(
                b"\x91" * 1023 + b"\x90" if annotation == "Json" else b"\x92\x00" * 1000 + b"\x91\x00"
            )
