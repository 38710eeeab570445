"""Linking: keeps what every call may run in step with the shapes of a project's files.

The linker is no query: it keeps its own state, and updates it at the price of what has changed. Its answer is a function of the shapes and
summaries alone, so it may enter the engine as inputs, one for each file, that are set where it differs from what they hold.
"""

from __future__ import annotations

import functools
import os
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

import msgpack  # type: ignore[import-untyped]  # has no stubs
from blake3 import blake3

from lestockage.languages.python import linker as package
from lestockage.languages.python.linker.targets import encode
from lestockage.queries.inputs import LinkedFile, LinkedProject, Project, SourceFile
from lestockage.queries.modules import by_preference
from lestockage.queries.reading import facts_of
from lestockage.queries.shapes import file_shape, project_shapes, project_shapes_digest
from lestockage.queries.unit import unit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from concurrent.futures import Executor

    from lestockage.database import Database
    from lestockage.languages.python.linker.linker import Linker
    from lestockage.languages.python.linker.program import FileShape, Key
    from lestockage.queries.apart import Apart
    from lestockage.store.linker_pages import LinkerPages


class _Begun(NamedTuple):
    """Linking that another process is at work on."""

    digest: bytes
    shapes: dict[str, bytes]
    apart: Apart


class Linking:
    """The linker of one project, and the shapes that it has taken over; with `pages`, as they were saved last."""

    def __init__(self, pages: LinkerPages | None = None) -> None:
        self._pages = pages
        self._linker: Linker | None = None
        self._taken: dict[str, bytes] = {}
        self._digest = b""
        self._is_saved = True
        self._begun: _Begun | None = None
        self._apart: Apart | None = None  # what has linked the state that is to be saved

    def start(self, db: Database, project: Project, executor: Callable[[], Executor]) -> None:
        """Have a project of which no linker knows anything linked by the one process of an executor of its own.

        `update` asks for what it found, and `save` for its linker.
        """
        if self._pages is None or self._linker is not None or self._pages.head() is not None:
            return
        from lestockage.queries.apart import Apart, LostWorkerError  # noqa: PLC0415  # a first run needs it only

        shapes = dict(project_shapes(db, project))
        found = self._shapes(db, project, shapes)
        flows = {
            key: self._flow(db, project, key)
            for path, shape in found.items()
            for key in [(path, each.name, each.ordinal) for each in shape.units]
        }
        with suppress(LostWorkerError):  # else, `update` links here
            apart = Apart(executor(), found, list(by_preference(shapes)), flows)
            self._begun = _Begun(linker_code() + project_shapes_digest(db, project), shapes, apart)

    def update(self, db: Database, project: Project) -> None:
        """Set what calls of each file lead to, where that has changed; outside of queries."""
        begun, self._begun = self._begun, None
        digest = linker_code() + project_shapes_digest(db, project)
        linked = LinkedProject.get(db, name=project.name)
        said = b"" if linked is None else linked.digest
        if said == digest:
            return
        calls = None if begun is None else _calls_of(begun.apart, is_wanted=begun.digest == digest)
        if begun is not None and calls is not None:
            self._apart, shapes = begun.apart, begun.shapes
        else:
            shapes = dict(project_shapes(db, project))
            calls = self._calls(db, project, shapes, said)
        self._taken, self._digest, self._is_saved = shapes, digest, False
        with db.write():
            for path, found in calls.items():
                LinkedFile(db, project=project.name, path=path, calls=found)
            _unlink(db, project.name, () if linked is None else set(linked.files) - set(shapes))
            LinkedProject(db, name=project.name, digest=digest, files=tuple(shapes))

    def _calls(self, db: Database, project: Project, shapes: dict[str, bytes], said: bytes) -> dict[str, bytes]:
        """Have the linker take over the shapes; return the calls of files that may lead elsewhere than when the digest was `said`."""
        from lestockage.store.linker_pages import LostPagesError  # noqa: PLC0415  # an unchanged run needs none

        if self._linker is None or self._digest != said:
            self._open()
        try:
            try:
                return self._follow(db, project, shapes, is_said=self._digest == said)
            except LostPagesError:
                self._begin()
                return self._follow(db, project, shapes, is_said=False)
        except BaseException:
            self._linker = None  # it may be between two states
            raise

    def _follow(self, db: Database, project: Project, shapes: dict[str, bytes], *, is_said: bool) -> dict[str, bytes]:
        """Have the linker take over the shapes; return the calls of files that may lead elsewhere now, or of all of them."""
        from lestockage.languages.python.linker.results import file_calls  # noqa: PLC0415  # an unchanged run needs none

        linker = self._linker
        assert linker is not None  # noqa: S101  # its caller made one
        gone = [path for path in self._taken if path not in shapes]
        changed = {path: shape for path, shape in shapes.items() if self._taken.get(path) != shape}
        found = self._shapes(db, project, changed)
        affected = linker.update(found, gone, by_preference(shapes), lambda key: self._flow(db, project, key))
        calls = {path: encode(file_calls(linker, path)) for path in (affected if is_said else shapes)}
        linker.rest()
        return calls

    @staticmethod
    def _shapes(db: Database, project: Project, paths: Iterable[str]) -> dict[str, FileShape]:
        sources = {path: SourceFile.get(db, project=project.name, path=path) for path in paths}
        return {path: file_shape(db, source) for path, source in sources.items() if source is not None}

    @staticmethod
    def _flow(db: Database, project: Project, key: Key) -> bytes:
        path, name, ordinal = key
        source = SourceFile.get(db, project=project.name, path=path)
        found = None if source is None else unit(db, source, name, ordinal)
        assert source is not None and found is not None  # noqa: PT018, S101  # the shape has it
        return facts_of(db, source, found.content_hash).flow

    def _begin(self) -> None:
        from lestockage.languages.python.linker.linker import Linker  # noqa: PLC0415  # an unchanged run needs none

        self._linker, self._apart, self._taken, self._digest = Linker(), None, {}, b""

    def _open(self) -> None:
        """Go on from what was saved last, or from nothing."""
        self._begin()
        head = None if self._pages is None else self._pages.head()
        if head is not None:
            assert self._linker is not None  # noqa: S101  # just made
            assert self._pages is not None  # noqa: S101  # it gave the head
            code, digest, taken, inner = msgpack.unpackb(head, use_list=False, unicode_errors="surrogatepass")
            if code == linker_code():
                self._linker.open(inner, self._pages.read)
                self._taken, self._digest = dict(taken), digest

    def save(self) -> None:
        """Save what has changed since the last time, in the transaction in which the calls of files become durable."""
        if self._pages is None or self._is_saved:
            return
        from lestockage.store.linker_pages import LostPagesError  # noqa: PLC0415  # an unchanged run needs none

        linker, apart = self._linker, self._apart
        self._is_saved, self._apart = True, None
        if apart is not None:
            from lestockage.queries.apart import LostWorkerError  # noqa: PLC0415  # a first run needs it only

            try:
                self._pages.save(self._head(apart.head()), apart.pages(), is_whole=True)
            except LostWorkerError:
                self._pages.drop()
        elif linker is not None:
            try:
                is_whole = not linker.is_in_store
                is_saved = self._pages.save(self._head(linker.head()), list(linker.changed_pages()), is_whole=is_whole)
            except LostPagesError:  # those beside what has changed
                is_whole = is_saved = False
            if is_saved and not is_whole:
                linker.written()
            else:  # the next update has what it needs brought, or finds that what is saved is of another state than the calls of files
                self._linker = None

    def close(self) -> None:
        """End what is still at work; nothing is saved."""
        for apart in (self._apart, None if self._begun is None else self._begun.apart):
            if apart is not None:
                apart.close()
        self._apart = self._begun = None

    def _head(self, inner: bytes) -> bytes:
        head = (linker_code(), self._digest, list(self._taken.items()), inner)
        return bytes(msgpack.packb(head, unicode_errors="surrogatepass"))


def _calls_of(apart: Apart, *, is_wanted: bool) -> dict[str, bytes] | None:
    """Return what another process found; None where it died, or is not wanted any more: then, and on an interrupt, it ends."""
    from lestockage.queries.apart import LostWorkerError  # noqa: PLC0415  # a first run needs it only

    try:
        if is_wanted:
            return apart.calls()
    except LostWorkerError:
        pass
    except BaseException:
        apart.close()
        raise
    apart.close()
    return None


@functools.cache
def linker_code() -> bytes:
    """Return the 32 bytes of BLAKE3 over the source of the linker, which is no query's code: another linker may find other calls."""
    digest = blake3()
    for folder, folders, names in os.walk(os.path.dirname(package.__file__)):
        folders.sort()
        for name in sorted(names):
            if name.endswith(".py"):
                with open(os.path.join(folder, name), "rb") as file:
                    digest.update(file.read())
    return digest.digest()


def unlink(db: Database, name: str) -> None:
    """Forget what calls of a project lead to; inside `db.write()`."""
    linked = LinkedProject.get(db, name=name)
    if linked is not None:
        _unlink(db, name, linked.files)
        linked.delete()


def _unlink(db: Database, name: str, paths: Iterable[str]) -> None:
    for path in paths:
        file = LinkedFile.get(db, project=name, path=path)
        if file is not None:
            file.delete()
