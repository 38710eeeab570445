"""Memory: what each way allocates, measured by `tracemalloc` in a pass of its own, for tracing makes everything several times slower."""

from __future__ import annotations

import gc
import tracemalloc
from contextlib import closing
from typing import TYPE_CHECKING, Final

from lestockage.testing.benchmark.results import Memory
from lestockage.testing.benchmark.way import Life

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from lestockage.testing.benchmark.way import Session, Way
    from lestockage.testing.benchmark.world import Edit, World


_STAGE: Final = "memory"
_STEPS: Final = 4


def measure_memory(
    world: World, edit: Edit, ways: Sequence[Way], folder: Path, tell: Callable[[str, int, int], None]
) -> tuple[Memory, ...]:
    """Measure every way over one edit, in the order of `ways`; `tell` is told how far that is.

    A full rebuild is traced over the first state and its session is then the one that is kept, so that both are traced from their
    beginning on. A file that is opened again has seen the first state; for "unchanged", the edited one.
    """
    found: dict[str, Memory] = {}
    openers = _openers(ways)
    for number, opener in enumerate(openers):
        done, total = number * _STEPS, len(openers) * _STEPS
        tell(_STAGE, done, total)
        lives = {way.life: way.name for way in ways if way.open == opener}
        home = folder / str(number)
        is_reopened = Life.REOPENED in lives or Life.UNCHANGED in lives
        world.reset()
        if is_reopened:
            _leave_behind(opener, home / "left")
        tell(_STAGE, done + 1, total)
        tracemalloc.start()
        try:
            if Life.FRESH in lives or Life.KEPT in lives:
                found |= _built(opener, home / "built", lives, edit)
            else:
                edit.make()
            tell(_STAGE, done + 3, total)
            for life in (Life.REOPENED, Life.UNCHANGED) if is_reopened else ():
                gc.collect()
                tracemalloc.clear_traces()
                with closing(opener(home / "left")) as session:
                    found |= _measured(lives.get(life), session)
        finally:
            tracemalloc.stop()
        tell(_STAGE, done + _STEPS, total)
    return tuple(found[way.name] for way in ways)


def _built(opener: Callable[[Path], Session], folder: Path, lives: dict[Life, str], edit: Edit) -> dict[str, Memory]:
    """Measure the building of the first state, edit, and measure the session that was kept."""
    with closing(opener(_made(folder))) as session:
        found = _measured(lives.get(Life.FRESH), session)
        edit.make()
        return found | _measured(lives.get(Life.KEPT), session)


def _openers(ways: Sequence[Way]) -> list[Callable[[Path], Session]]:
    found: list[Callable[[Path], Session]] = []
    for way in ways:
        if way.open not in found:
            found.append(way.open)
    return found


def _measured(name: str | None, session: Session) -> dict[str, Memory]:
    """Update a session and say what that took, unless nobody asks for it."""
    gc.collect()
    tracemalloc.reset_peak()
    session.update()
    peak = tracemalloc.get_traced_memory()[1]
    gc.collect()
    if name is None:
        return {}
    return {name: Memory(way=name, peak=peak, held=tracemalloc.get_traced_memory()[0], memos=session.memos())}


def _leave_behind(opener: Callable[[Path], Session], folder: Path) -> None:
    """Have a session see the state of the world and close."""
    with closing(opener(_made(folder))) as session:
        session.update()


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder
