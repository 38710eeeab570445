"""Kept: a linker that is opened again for every edit finds what one finds that is made anew, and brings back no more than it touches."""

from __future__ import annotations

from random import Random
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from lestockage.queries.linking import Linking
from lestockage.store.linker_pages import LinkerPages
from tests.calls.programs import programs
from tests.languages.linker.edits import edited, rewrite
from tests.queries.trees import PROJECT, Tree, project_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from lestockage.store.connection import StoreFile

PROGRAMS = programs()
SEEDS = 20
STEPS = 10


class CountedPages(LinkerPages):
    """Pages that count how often they are read."""

    def __init__(self, file: StoreFile) -> None:
        super().__init__(file, PROJECT)
        self.reads = 0

    def read(self, family: int, page: int | str) -> bytes | None:
        """Return a page, counted."""
        self.reads += 1
        return super().read(family, page)


@pytest.fixture
def file(tmp_path: Path) -> Iterator[StoreFile]:
    """An empty file that knows the project."""
    with project_file(tmp_path / "linked.db") as store:
        yield store


def saved(tree: Tree, file: StoreFile) -> dict[str, object]:
    """What a tree says, whose linker is saved then."""
    found = tree.everything()
    with file.transaction():
        tree.linking.save()
    return found


def reopen(tree: Tree, file: StoreFile) -> CountedPages:
    """Have a tree go on with a linker of the saved pages."""
    pages = CountedPages(file)
    tree.linking = Linking(pages)
    return pages


@pytest.mark.no_cover  # others cover it; measured line by line it takes twice as long
@pytest.mark.parametrize("seed", range(SEEDS))
def test_a_reopened_linker_has_the_results_of_a_new_one(file: StoreFile, seed: int) -> None:
    """Random edits, with the linker closed and opened again before most of them."""
    random = Random(1000 + seed)  # noqa: S311  # no secret
    files = dict(random.choice(PROGRAMS).files)
    states = [files]
    tree = Tree(dict(files))
    reopen(tree, file)
    saved(tree, file)
    for _ in range(STEPS):
        before = files
        files = random.choice(states) if random.random() < 0.2 else edited(files, random.choice(PROGRAMS).files, random)
        states.append(files)
        rewrite(tree, before, files)
        if random.random() < 0.8:
            reopen(tree, file)
        assert saved(tree, file) == Tree(dict(files)).everything()


def island(number: int) -> str:
    """Return a module that has nothing to do with others."""
    return f"""
        class Box{number}:
            def __init__(self, held):
                self.held = held
            def open{number}(self):
                return self.held
        def make{number}(): return Box{number}(len)
        def use{number}(): return make{number}().open{number}()
        """


def reads_of_one_edit(file: StoreFile, count: int) -> int:
    """Pages that are read for an edit of one function, in so many modules."""
    tree = Tree({f"m{number}.py": island(number) for number in range(count)})
    reopen(tree, file)
    saved(tree, file)
    pages = reopen(tree, file)
    tree.replace("m3.py", "return make3().open3()", "box = make3()\n    return box.open3() and box.open3()")
    found = saved(tree, file)
    assert found == Tree({path: source for path, source in tree.sources.items()}).everything()  # noqa: C416  # a copy of another type
    return pages.reads


@pytest.mark.no_cover  # others cover it; measured line by line it takes twice as long
def test_an_edit_after_a_restart_costs_what_it_touches(tmp_path: Path) -> None:
    """Ten times the modules, and no more pages are read, but for those that happen to lie otherwise."""
    found = []
    for count in (40, 400):
        with project_file(tmp_path / f"{count}.db") as store:
            found.append(reads_of_one_edit(store, count))
    few, many = found
    assert few > 0
    assert many <= few + 10


@pytest.mark.no_cover  # others cover it; measured line by line it takes twice as long
def test_what_edits_leave_behind_goes(file: StoreFile) -> None:
    """However often a function is edited, the pages do not grow for ever."""
    tree = Tree({f"m{number}.py": island(number) for number in range(10)})
    sizes = []
    for number in range(150):
        reopen(tree, file)
        calls = "".join(f"    make1().other{number}_{each}()\n" for each in range(40))
        tree.write({"m1.py": dedent(island(1)) + f"\ndef more():\n{calls}"})
        saved(tree, file)
        sizes.append(file.row("SELECT sum(length(data)) FROM linker_pages")[0])
    assert max(sizes) < 4 * sizes[0]
    assert saved(tree, file) == Tree(dict(tree.sources)).everything()


def test_damaged_pages_are_found_out_again(file: StoreFile) -> None:
    """Pages whose bytes were changed are not believed: all is linked anew."""
    tree = Tree({"a.py": island(1), "b.py": "import a\ndef f(): a.use1()\n"})
    reopen(tree, file)
    saved(tree, file)
    file.execute("UPDATE linker_pages SET data = CAST(data || x'00' AS BLOB)")
    reopen(tree, file)
    tree.replace("b.py", "a.use1()", "a.make1().open1()")
    assert saved(tree, file) == Tree({"a.py": island(1), "b.py": tree.sources["b.py"]}).everything()
    pages = reopen(tree, file)
    tree.replace("b.py", "a.make1().open1()", "a.use1()")
    assert saved(tree, file) == Tree({"a.py": island(1), "b.py": tree.sources["b.py"]}).everything()
    assert pages.reads


def test_a_state_that_another_process_saved_is_taken_over(file: StoreFile) -> None:
    """Two trees over one file: the one whose pages were overtaken goes on with the newer ones."""
    one, other = (Tree({"a.py": island(1), "b.py": "import a\ndef f(): a.use1()\n"}) for _ in range(2))
    reopen(one, file)
    saved(one, file)
    reopen(other, file)
    other.replace("b.py", "a.use1()", "a.make1().open1()")
    saved(other, file)
    one.replace("b.py", "a.use1()", "a.Box1(print).open1()")
    assert one.everything() == Tree(dict(one.sources)).everything()
    with file.transaction():
        one.linking.save()
    reopen(other, file)
    other.replace("b.py", "a.make1().open1()", "a.use1()")
    assert saved(other, file) == Tree(dict(other.sources)).everything()
