"""Depth: what deep source may touch of the process it is read in."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest

from lestockage.languages.python.depth import LEVELS, with_room
from lestockage.languages.python.survey import survey

DEEPEST = 50_000 if sys.version_info < (3, 12) else 8000  # later parsers have a limit of their own
DEEP = b"x = " + b"+".join([b"1"] * 5000)


def test_the_process_is_left_as_it_was() -> None:
    """The recursion limit and the size of new stacks are what they were."""
    before = sys.getrecursionlimit(), threading.stack_size()
    assert survey(DEEP).scan.failure is None
    assert (sys.getrecursionlimit(), threading.stack_size()) == before


def test_a_limit_set_meanwhile_is_kept() -> None:
    """Whoever sets the recursion limit while deep source is read keeps the limit that was set."""
    before = sys.getrecursionlimit()
    try:
        with_room(sys.setrecursionlimit, 1234)
        assert sys.getrecursionlimit() == 1234
    finally:
        sys.setrecursionlimit(before)


def test_there_is_room_inside() -> None:
    """Work with room runs under the high limit, and its result is the caller's."""
    assert with_room(lambda _: sys.getrecursionlimit(), None) == LEVELS


def test_failures_come_out() -> None:
    """Whatever the work raises is raised where it was asked for."""
    with pytest.raises(KeyError, match="'a'"):
        with_room({}.__getitem__, "a")


def test_a_caller_near_the_limit_is_served() -> None:
    """A file is not called too deep because its reader is."""

    def descend(levels: int) -> object:
        return descend(levels - 1) if levels else survey(b"x = " + b"-" * 200 + b"f()").scan.failure

    here = 0
    frame = sys._getframe()
    while frame is not None:
        here, frame = here + 1, frame.f_back  # type: ignore[assignment]
    assert descend(sys.getrecursionlimit() - here - 120) is None


@pytest.mark.parametrize("limit", [50, 1000, 1_000_000])
def test_no_recursion_limit_matters(limit: int) -> None:
    """Under a limit that is tiny, or so high that it protects nothing, source of any depth is read or reported, and nothing crashes."""
    code = (
        "import sys\n"
        "from lestockage.languages.python.survey import survey\n"
        f"sys.setrecursionlimit({limit})\n"
        f"print([survey(b'x = ' + b'+'.join([b'1'] * terms)).scan.failure for terms in (2, 5000, {DEEPEST}, 400_000)])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)  # our own code
    assert done.stdout.strip() == "[None, None, None, 'nested too deeply']", done.stderr


def test_several_threads_may_ask() -> None:
    """Deep files read at the same time do not disturb each other."""
    found: list[str | None] = []
    threads = [threading.Thread(target=lambda: found.append(survey(DEEP).scan.failure)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [None] * 4
    assert threading.stack_size() == 0
