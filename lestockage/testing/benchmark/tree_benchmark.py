"""Tree benchmark: everything that `lestockage bench` measures of one source tree, in folders that are gone afterwards."""

from __future__ import annotations

import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from lestockage.testing.benchmark.comparison import compare
from lestockage.testing.benchmark.file_outlines import file_outlines
from lestockage.testing.benchmark.git_history import GitHistory, revisions
from lestockage.testing.benchmark.machine import this_machine, this_version
from lestockage.testing.benchmark.results import Benchmark
from lestockage.testing.benchmark.source_tree import SourceTree

if TYPE_CHECKING:
    from collections.abc import Callable


class Options(NamedTuple):
    """What decides which edits are made: with the same tree, the same options are the same edits."""

    edits: int = 5
    seed: int = 0
    git: str | None = None
    """`REV1..REV2`: go through the commits of a history, instead of editing."""
    peers: bool = True
    """Also measure memoizers on what they can do."""


DEFAULTS = Options()
LARGE: Final = 50_000
"""Lines from which on a tree is measured sparingly (`compare`): building it anew takes seconds."""


def benchmark_tree(
    source: str | os.PathLike[str],
    options: Options = DEFAULTS,
    *,
    name: str | None = None,
    memory: bool = True,
    progress: Callable[[str, int, int], None] | None = None,
) -> Benchmark:
    """Copy a tree, and measure the ways of indexing it, under a name (else its folder's); the tree itself is only read.

    Raises:
        PathNotFound, UnreadableSource: there is no tree.
        NoRepository, UnknownRevision: `options.git` names no history of it.
        Disagreement: a way does not come to what a full rebuild comes to.
    """
    name = name or os.path.basename(os.path.abspath(source))
    with tempfile.TemporaryDirectory(prefix="lestockage-bench-") as made:
        folder = Path(made)
        git = None
        world: SourceTree | GitHistory
        if options.git is None:
            world = SourceTree(name, source, folder, seed=options.seed)
        else:
            older, newer = revisions(options.git, source)
            git = f"{older}..{newer}"
            world = GitHistory(name, source, folder, older, newer)
        sparing = world.facts()["lines"] >= LARGE
        tables = [compare(world, world.ways(), folder / "index", edits=options.edits, sparing=sparing, memory=memory, progress=progress)]
        if options.peers and isinstance(world, SourceTree):
            graph = file_outlines(world)
            ways, home = graph.ways(), folder / "outlines"
            tables.append(compare(graph, ways, home, edits=options.edits, sparing=sparing, memory=False, progress=progress))
    version, commit = this_version()
    return Benchmark(
        command=_command(name, options, git),
        date=datetime.now(UTC).date().isoformat(),
        version=version,
        commit=commit,
        machine=this_machine(),
        tree=name,
        edits=options.edits,
        seed=options.seed,
        git=git,
        peers=options.peers,
        tables=tuple(tables),
    )


def _command(name: str, options: Options, git: str | None) -> str:
    words = ["lestockage bench", name, f"--edits {options.edits}"]
    words += [f"--seed {options.seed}"] if options.seed else []
    words += [f"--git {git}"] if git else []
    words += [] if options.peers else ["--no-peers"]
    return " ".join(words)
