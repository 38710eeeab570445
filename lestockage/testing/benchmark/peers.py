"""Peers: memoizers that people have already, doing the same work where they can: a program of pure functions over the world's values.

They know no dependencies: a function is called again for every value after every edit, and its arguments say whether it runs. The
functions must be those of a module (a cache is found again by the function's name) and pure: one that reads the world past its
arguments is stale after the next edit, and the comparison of answers finds that.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from lestockage.testing.benchmark.way import Life, Way, Work

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from lestockage.testing.benchmark.way import Session

R = TypeVar("R")
PLAIN = "plain rebuild"
FUNCTOOLS = "functools.cache"
DISKCACHE = "diskcache"
JOBLIB = "joblib.Memory"


class Memoize(Protocol):
    """What makes a function remember: given a function, it returns one that is called alike."""

    def __call__(self, function: Callable[..., R], /) -> Callable[..., R]:
        """Return the function with a memory."""


class HasValues(Protocol):
    """A world of values by key."""

    @property
    def values(self) -> Mapping[Any, Any]:
        """The state of the world."""


class PeerSession:
    """A program with a memoizer: `wrap` gives a function a memory, `end` closes what it is kept in."""

    def __init__(
        self,
        world: HasValues,
        program: Callable[[Mapping[Any, Any], Memoize], object],
        wrap: Callable[[Callable[..., Any]], Callable[..., Any]],
        end: Callable[[], object] = lambda: None,
    ) -> None:
        self._world = world
        self._program = program
        self._wrap = wrap
        self._end = end
        self._wrapped: dict[Callable[..., Any], Callable[..., Any]] = {}
        self._executed = 0
        self._answer: object = None

    def update(self) -> None:
        """Run the whole program; functions that have a memory look there first."""
        self._answer = self._program(self._world.values, self._memoize)

    def _memoize(self, function: Callable[..., R]) -> Callable[..., R]:
        found = self._wrapped.get(function)
        if found is None:

            @functools.wraps(function)
            def counted(*args: object) -> R:
                self._executed += 1
                return function(*args)

            found = self._wrapped[function] = self._wrap(counted)
        return found

    def answer(self) -> object:
        """What the program returned last."""
        return self._answer

    def work(self) -> Work:
        """How often functions ran; what a memoizer looks at is not known."""
        return Work(self._executed)

    def memos(self) -> int:
        """What a memoizer holds in memory cannot be told."""
        return 0

    def close(self) -> None:
        """Close what the memory is kept in."""
        self._end()


def peer_ways(world: HasValues, program: Callable[[Mapping[Any, Any], Memoize], object]) -> tuple[Way, ...]:
    """The program as it is, in memory with `functools.cache`, and in files with `diskcache` and `joblib`, where those are installed."""

    def plain(_folder: Path) -> Session:
        return PeerSession(world, program, lambda function: function)

    def in_memory(_folder: Path) -> Session:
        return PeerSession(world, program, functools.cache)

    found = [Way(PLAIN, Life.FRESH, plain), Way(FUNCTOOLS, Life.KEPT, in_memory)]
    for name, make in ((DISKCACHE, _diskcache), (JOBLIB, _joblib)):
        opener = make(world, program)
        if opener is not None:
            found.append(Way(name, Life.REOPENED, opener))
    return tuple(found)


def _diskcache(world: HasValues, program: Callable[[Mapping[Any, Any], Memoize], object]) -> Callable[[Path], Session] | None:
    try:
        from diskcache import Cache  # noqa: PLC0415  # an extra: `bench`
    except ImportError:
        return None

    def opened(folder: Path) -> Session:
        cache = Cache(str(folder))
        return PeerSession(world, program, cache.memoize(), cache.close)

    return opened


def _joblib(world: HasValues, program: Callable[[Mapping[Any, Any], Memoize], object]) -> Callable[[Path], Session] | None:
    try:
        from joblib import Memory  # noqa: PLC0415  # an extra: `bench`
    except ImportError:
        return None

    def opened(folder: Path) -> Session:
        return PeerSession(world, program, Memory(str(folder), verbose=0).cache)

    return opened
