"""Linker pages: what was written is what is read, of one state at a time, by project."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lestockage.store.connection import StoreFile
from lestockage.store.linker_pages import LinkerPages, LostPagesError
from lestockage.store.projects import ensure_project

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def file(tmp_path: Path) -> Iterator[StoreFile]:
    """A file with two projects."""
    with StoreFile.open(tmp_path / "index.db") as store:
        with store.transaction():
            for name in ("zoo", "farm"):
                ensure_project(store, name, f"/src/{name}")
        yield store


def save(pages: LinkerPages, *found: tuple[int, int | str, bytes], head: bytes = b"head", is_whole: bool = False) -> bool:
    """Save pages in a transaction."""
    with pages._file.transaction():
        return pages.save(head, found, is_whole=is_whole)


def test_pages_are_read_as_they_were_written(file: StoreFile) -> None:
    """By family and number, integers and paths; what was not written is not there."""
    pages = LinkerPages(file, "zoo")
    assert pages.head() is None
    assert save(pages, (0, 1, b"one"), (5, "a/b.py", b"file"), is_whole=True)
    again = LinkerPages(file, "zoo")
    assert again.head() == b"head"
    assert [again.read(0, 1), again.read(5, "a/b.py"), again.read(0, 2), again.read(1, 1)] == [b"one", b"file", None, None]
    assert LinkerPages(file, "farm").head() is None


def test_a_part_leaves_the_rest_and_a_whole_does_not(file: StoreFile) -> None:
    """Pages that are not written again stay, unless all are."""
    pages = LinkerPages(file, "zoo")
    save(pages, (0, 1, b"one"), (0, 2, b"two"), is_whole=True)
    save(pages, (0, 2, b"other"), head=b"second")
    assert [pages.read(0, 1), pages.read(0, 2)] == [b"one", b"other"]
    save(pages, (0, 3, b"three"), is_whole=True)
    assert [pages.read(0, 1), pages.read(0, 3)] == [None, b"three"]


def test_pages_of_another_state_are_not_given(file: StoreFile) -> None:
    """Once somebody else has saved, who has the head from before gets no page, and cannot save a part."""
    one, other = LinkerPages(file, "zoo"), LinkerPages(file, "zoo")
    save(one, (0, 1, b"one"), is_whole=True)
    other.head()
    save(other, (0, 1, b"other"))
    with pytest.raises(LostPagesError):
        one.read(0, 1)
    assert not save(one, (0, 1, b"late"))
    assert other.read(0, 1) == b"other"


@pytest.mark.parametrize("change", ["CAST(data || x'00' AS BLOB)", "x''", "zeroblob(length(data))"])
def test_damaged_pages_are_not_given(file: StoreFile, change: str) -> None:
    """A page whose bytes are others is lost, and so is a head."""
    pages = LinkerPages(file, "zoo")
    save(pages, (0, 1, b"one"), is_whole=True)
    file.execute(f"UPDATE linker_pages SET data = {change}")  # noqa: S608  # of this test
    with pytest.raises(LostPagesError):
        pages.read(0, 1)
    file.execute(f"UPDATE linker_states SET head = {change.replace('data', 'head')}")  # noqa: S608  # as above
    assert LinkerPages(file, "zoo").head() is None


def test_they_go_with_their_project(file: StoreFile) -> None:
    """A project that is forgotten leaves no page."""
    save(LinkerPages(file, "zoo"), (0, 1, b"one"), is_whole=True)
    file.execute("DELETE FROM projects WHERE name = 'zoo'")
    assert file.query("SELECT * FROM linker_pages") == []
