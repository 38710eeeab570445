"""Packing: kept packers write what new ones would."""

from __future__ import annotations

import msgpack  # type: ignore[import-untyped]  # has no stubs
import pytest

from lestockage.languages.python.packing import pack
from lestockage.languages.sites import decode_sites, encode_sites


@pytest.mark.parametrize("tree", [(), (1, "é", b"\xff", None, (True, -5)), ["x" * 100_000], [[number] for number in range(1000)]])
def test_bytes_are_those_of_a_new_packer(tree: object) -> None:
    """Whatever was packed before, and however much, leaves nothing behind."""
    expected = msgpack.packb(tree)
    assert [pack(tree), pack("between"), pack(tree)] == [expected, msgpack.packb("between"), expected]


def test_lone_surrogates_are_written() -> None:
    """What UTF-8 has no bytes for is packed all the same, and a packer that met it is used no further."""
    tree = ("a", "\ud800")
    assert msgpack.unpackb(pack(tree), unicode_errors="surrogatepass") == ["a", "\ud800"]
    assert pack("b") == msgpack.packb("b")


def test_what_cannot_be_packed_raises() -> None:
    """A value that is no plain tree is an error, and no packer holds a part of it afterwards."""
    with pytest.raises(TypeError):
        pack(("a", object()))
    assert pack("b") == msgpack.packb("b")


def test_sites_are_read_back_in_order() -> None:
    """Any line and column comes back as it was, for any number of sites."""
    assert decode_sites(encode_sites([])) == []
    assert decode_sites(encode_sites([0, 4, 70_000, 1 << 20])) == [(0, 4), (70_000, 1 << 20)]
