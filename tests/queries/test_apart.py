"""Apart: a project linked by another process leaves what one linked here does, and one whose process dies is linked here."""

from __future__ import annotations

import os
import signal
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from typing import TYPE_CHECKING

import pytest

from lestockage.queries import apart
from lestockage.queries.linking import Linking
from lestockage.store.linker_pages import LinkerPages
from tests.calls.programs import programs
from tests.languages.linker.edits import rewrite
from tests.queries.trees import PROJECT, Tree, project_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from lestockage.store.connection import StoreFile

PROGRAM = max(programs(), key=lambda program: sum(map(len, program.files.values())))


@pytest.fixture
def file(tmp_path: Path) -> Iterator[StoreFile]:
    """An empty file that knows the project."""
    with project_file(tmp_path / "linked.db") as store:
        yield store


@pytest.fixture
def executor(monkeypatch: pytest.MonkeyPatch) -> Iterator[ProcessPoolExecutor]:
    """One process, which sends page by page."""
    monkeypatch.setattr(apart, "_BATCH", 1)
    with ProcessPoolExecutor(1, mp_context=get_context("fork")) as found:
        yield found


def rows(file: StoreFile) -> list[tuple[object, ...]]:
    """All pages that are saved."""
    return file.query("SELECT family, page, length(data) FROM linker_pages ORDER BY family, page")


def linked(file: StoreFile, executor: ProcessPoolExecutor | None) -> Tree:
    """A tree, linked for the first time: by the executor, or here."""
    tree = Tree(dict(PROGRAM.files))
    tree.linking = Linking(LinkerPages(file, PROJECT))
    if executor is not None:
        tree.linking.start(tree.db, tree.project, lambda: executor)
    tree.everything()
    return tree


def save(tree: Tree, file: StoreFile) -> None:
    """Save what a tree's linker knows."""
    with file.transaction():
        tree.linking.save()


def edit(tree: Tree) -> None:
    """Change a file of a tree."""
    path = min(PROGRAM.files)
    rewrite(tree, PROGRAM.files, {**PROGRAM.files, path: f"{PROGRAM.files[path]}\ndef added():\n    return added()\n"})


def test_what_another_process_has_linked_is_saved_here(file: StoreFile, executor: ProcessPoolExecutor) -> None:
    """The pages are those of a linker in this process, and a later run goes on with them."""
    tree = linked(file, executor)
    save(tree, file)
    found = rows(file)
    assert len(found) > 10
    here = linked(file, None)
    save(here, file)
    assert [each[:2] for each in found] == [each[:2] for each in rows(file)]
    tree.linking = Linking(LinkerPages(file, PROJECT))
    edit(tree)
    assert tree.everything() == Tree(dict(tree.sources)).everything()


def test_a_process_that_dies_before_it_has_linked(file: StoreFile, executor: ProcessPoolExecutor) -> None:
    """The project is linked here."""
    executor.submit(os._exit, 1)
    tree = linked(file, executor)
    save(tree, file)
    assert tree.everything() == Tree(dict(PROGRAM.files)).everything()
    assert rows(file)


def asleep(*_: object) -> None:
    """Stand in for linking that takes long."""
    time.sleep(60)


def test_a_process_that_nobody_asks_ends(executor: ProcessPoolExecutor, monkeypatch: pytest.MonkeyPatch) -> None:
    """At once, whatever it is at work on."""
    monkeypatch.setattr(apart, "_link", asleep)
    started = time.monotonic()
    process = executor.submit(os.getpid)
    at_work = apart.Apart(executor, {}, [], {})
    process.result()
    while not at_work._process.done():  # it is busy from here on
        time.sleep(0.01)
    at_work.close()
    executor.shutdown()
    assert time.monotonic() - started < 30


def test_a_process_that_is_done_ends_too(file: StoreFile, executor: ProcessPoolExecutor) -> None:
    """What is known is not saved where nobody asks for that."""
    tree = linked(file, executor)
    tree.linking.close()
    executor.shutdown()
    save(tree, file)
    assert rows(file) == []


def test_a_process_that_dies_before_it_has_sent_its_pages(file: StoreFile, executor: ProcessPoolExecutor) -> None:
    """Nothing is saved, nor believed, and the next edit links anew."""
    kill = partial(os.kill, executor.submit(os.getpid).result(), signal.SIGKILL)
    tree = linked(file, executor)
    kill()
    save(tree, file)
    assert (rows(file), LinkerPages(file, PROJECT).head()) == ([], None)
    edit(tree)
    assert tree.everything() == Tree(dict(tree.sources)).everything()
    save(tree, file)
    assert rows(file)
