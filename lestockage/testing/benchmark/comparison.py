"""Comparison: edits a world again and again, gets at the answers in every way after each edit, and holds all answers equal.

Ways take turns within each edit, and who begins changes from edit to edit, so that what else the machine does falls on all of them.
"""

from __future__ import annotations

import gc
import shutil
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from lestockage.testing.benchmark.agreement import check_agreement
from lestockage.testing.benchmark.memory import measure_memory
from lestockage.testing.benchmark.results import Disk, KindResult, Memory, Samples, Table
from lestockage.testing.benchmark.way import Life, Session, Way, Work

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from lestockage.testing.benchmark.world import Edit, World


_LARGE = 0.1
"""Share of what the first state took to build, from which on an edit is large."""
_ALIKE = 0.1
"""Counts that differ by no more than this share of the earlier one are alike."""


class _Sample(NamedTuple):
    seconds: float
    wall: float
    work: Work


def compare(  # noqa: PLR0913  # how much, of what, where
    world: World,
    ways: Sequence[Way],
    folder: Path,
    *,
    edits: int = 5,
    kinds: Sequence[str] | None = None,
    sparing: bool = False,
    memory: bool = True,
    progress: Callable[[str, int, int], None] | None = None,
) -> Table:
    """Measure every way over `edits` edits of each kind (all kinds of the world, or those named), and compare all answers.

    `folder` is where databases are made; what is in it afterwards can be deleted. The first way is the one whose answers the others
    must equal: it has to build everything (`Life.FRESH`). `sparing` is for worlds that take long to build: nothing is built anew but after
    the last edit of a kind, answers in between are compared with one another, and a kind ends with an edit that tells no more: one that
    every way did as much for as for the edit before it, or one that made some way run a tenth of what the first state took. Both are
    judged by counts, which are the same in every run. `memory=False` leaves out
    the pass that measures memory, which takes several times as long as a full rebuild. `progress` is told what is done (a kind of edit,
    or what comes before and after them), how many of its steps are done, and how many there are.

    Raises:
        Disagreement: a way came to another answer than the full rebuild.
        ValueError: the first way is not a fresh one.
    """
    if not ways or ways[0].life is not Life.FRESH:
        raise ValueError("the first way must be a full rebuild (Life.FRESH): the others are compared with it")
    chosen = [edit for edit in world.edits if kinds is None or edit.name in kinds]
    world.reset()
    digest, facts = world.digest(), world.facts()
    tell = progress or _silent
    run = _Run(world, ways, folder, tell, is_sparing=sparing)
    try:
        run.settle("first state")
        run.note_disk()
        found = []
        for edit in chosen:
            result = run.kind(edit, edits)
            if result is not None:
                found.append(result)
        disk = run.disk()
    finally:
        run.close()
    memories: tuple[Memory, ...] = ()
    if memory and chosen:
        memories = measure_memory(world, chosen[0], ways, folder / "memory", tell)
    world.reset()
    return Table(name=world.name, digest=digest, facts=facts, kinds=tuple(found), memory=memories, disk=disk, compared=run.compared)


class _Run:
    """The sessions and folders of all ways while a world is edited."""

    def __init__(self, world: World, ways: Sequence[Way], folder: Path, tell: Callable[[str, int, int], None], *, is_sparing: bool) -> None:
        self._world = world
        self._ways = ways
        self._folder = folder
        self._tell = tell
        self._is_sparing = is_sparing
        self._kept: dict[str, Session] = {}
        self._first: dict[str, int] = {}
        self._built: dict[str, int] = {}
        self.compared = 0

    def settle(self, stage: str) -> None:
        """Let every way that has something at hand take over the state of the world; nothing is measured."""
        ways = self._durable()
        for done, way in enumerate(ways):
            self._tell(stage, done, len(ways))
            sample, _ = self._sample(way, is_asked=False)
            self._built.setdefault(way.name, sample.work.executed)
        self._tell(stage, len(ways), len(ways))

    def note_disk(self) -> None:
        """Remember what is on disk after the first state."""
        self._first = {way.name: _bytes(self._home(way)) for way in self._durable()}

    def disk(self) -> tuple[Disk, ...]:
        """What is on disk, at first and now; a kept session has not closed its file yet."""
        return tuple(Disk(way=way.name, first=self._first[way.name], last=_bytes(self._home(way))) for way in self._durable())

    def kind(self, edit: Edit, count: int) -> KindResult | None:
        """Measure one kind of edit; None when the world has nothing to edit in this way."""
        self._world.reset()
        self.settle(f"{edit.name}: first state")
        if edit.prepare is not None:
            edit.prepare()
            self.settle(f"{edit.name}: other state")
            self._world.reset()
            self.settle(f"{edit.name}: first state")
        samples: dict[str, list[_Sample]] = {way.name: [] for way in self._ways}
        done: list[str] = []
        answers: dict[str, object] = {}
        for step in range(count):
            self._tell(edit.name, step, count)
            gc.collect()
            what = edit.make()
            if what is None:
                break
            done.append(what)
            found, answers = self._step(step, is_rebuilt=not self._is_sparing)
            for name, sample in found.items():
                samples[name].append(sample)
            self._compare(answers, f"{edit.name}, edit {step + 1} ({what})")
            if self._is_sparing and (self._is_large(found) or all(_is_as_before(each) for each in samples.values())):
                break
        if done and self._is_sparing:
            self._tell(edit.name, len(done) - 1, count)  # building anew takes longer than all else
            rebuilt, last = self._rebuilt()
            for name, sample in rebuilt.items():
                samples[name].append(sample)
            self._compare({**last, **answers}, f"{edit.name}, edit {len(done)} ({done[-1]})")
        self._tell(edit.name, count, count)
        if not done:
            return None
        return KindResult(
            kind=edit.name, share=edit.share, edits=tuple(done), ways=tuple(_samples(way.name, samples[way.name]) for way in self._ways)
        )

    def _step(self, step: int, *, is_rebuilt: bool) -> tuple[dict[str, _Sample], dict[str, object]]:
        """Get at the answers after an edit in every way, or in all but those that build everything."""
        found: dict[str, _Sample] = {}
        answers: dict[str, object] = {}
        turn = step % len(self._ways)
        for way in (*self._ways[turn:], *self._ways[:turn]):
            if way.life is Life.UNCHANGED or (way.life is Life.FRESH and not is_rebuilt):
                continue
            found[way.name], answers[way.name] = self._sample(way)
            if way.life is Life.REOPENED:
                for after in self._ways:
                    if after.life is Life.UNCHANGED and after.open == way.open:
                        found[after.name], answers[after.name] = self._sample(after)
        return found, answers

    def _is_large(self, found: Mapping[str, _Sample]) -> bool:
        """Whether an edit reached so much that it is a mean of many already."""
        return any(sample.work.executed >= _LARGE * self._built[name] > 0 for name, sample in found.items() if name in self._built)

    def _rebuilt(self) -> tuple[dict[str, _Sample], dict[str, object]]:
        """Get at the answers in the ways that build everything."""
        found: dict[str, _Sample] = {}
        answers: dict[str, object] = {}
        for way in self._ways:
            if way.life is Life.FRESH:
                found[way.name], answers[way.name] = self._sample(way)
        return found, answers

    def _compare(self, answers: dict[str, object], when: str) -> None:
        """Hold answers equal to those of the first way that there is one of: the full rebuild, where there was one."""
        first = next((way.name for way in self._ways if way.name in answers), None)
        if first is None:
            return
        for name, answer in answers.items():
            check_agreement(answer, answers[first], way=name, other=first, when=when)
            self.compared += 1

    def _sample(self, way: Way, *, is_asked: bool = True) -> tuple[_Sample, object]:
        """Get at the answers in one way; None in their place where nobody asks for them, nor for how long it took."""
        home = self._home(way)
        if way.life is Life.FRESH:
            shutil.rmtree(home, ignore_errors=True)
        home.mkdir(parents=True, exist_ok=True)
        session = self._kept.get(way.name)
        before = Work(0) if session is None else session.work()
        with _others_set_aside():
            wall, seconds = time.perf_counter(), time.process_time()
            if session is None:
                session = way.open(home)
            try:
                session.update()
                seconds, wall = time.process_time() - seconds, time.perf_counter() - wall
                work = session.work().since(before)
                answer = session.answer() if is_asked else None
            except BaseException:
                session.close()
                self._kept.pop(way.name, None)
                raise
            if way.life is Life.KEPT:
                self._kept[way.name] = session
            else:
                wall, seconds = wall - time.perf_counter(), seconds - time.process_time()
                session.close()
                seconds, wall = time.process_time() + seconds, time.perf_counter() + wall
        return _Sample(seconds, wall, work), answer

    def _home(self, way: Way) -> Path:
        """The folder of a way; that of "unchanged" is that of the reopened way with the same `open`."""
        if way.life is Life.UNCHANGED:
            way = next(other for other in self._ways if other.life is Life.REOPENED and other.open == way.open)
        return self._folder / "ways" / f"{self._ways.index(way)}"

    def _durable(self) -> list[Way]:
        return [way for way in self._ways if way.life in {Life.KEPT, Life.REOPENED}]

    def close(self) -> None:
        """Close what is open."""
        for session in self._kept.values():
            session.close()
        self._kept.clear()


@contextmanager
def _others_set_aside() -> Iterator[None]:
    """Keep the cyclic collector from walking what other ways have made, and left behind: that is collected between edits."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _is_as_before(found: Sequence[_Sample]) -> bool:
    """Whether the last edit was as much work as the one before, or nothing is known of either."""
    if not found:
        return True
    if len(found) == 1:
        return False
    return all(abs(now - then) <= _ALIKE * then for now, then in zip(found[-1].work, found[-2].work, strict=True))


def _samples(way: str, found: list[_Sample]) -> Samples:
    return Samples(
        way=way,
        seconds=tuple(round(sample.seconds, 7) for sample in found),
        wall=tuple(round(sample.wall, 7) for sample in found),
        executed=tuple(sample.work.executed for sample in found),
        visited=tuple(sample.work.visited for sample in found),
        loaded=tuple(sample.work.loaded for sample in found),
    )


def _bytes(folder: Path) -> int:
    """The bytes of every file below a folder; the map of a WAL, which is memory, left out."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.name.endswith("-shm"))


def _silent(kind: str, done: int, total: int) -> None:
    """Tell nobody."""
