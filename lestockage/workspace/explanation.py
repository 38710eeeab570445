"""Explanation: why the analysis of a symbol last ran, or did not: from what was changed through each query, as the last runs kept it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lestockage.store.index_runs import load_runs
from lestockage.store.node_rows import nodes_of_file
from lestockage.store.projects import project_of_id
from lestockage.workspace.lookup import open_lookup
from lestockage.workspace.recorded_states import open_states

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable

    from lestockage.store.connection import StoreFile
    from lestockage.store.index_runs import IndexRun, RunStep
    from lestockage.store.node_rows import NodeRow


class Branch(NamedTuple):
    """A step of a run, and what it was the cause of; `is_about` says that it is about the symbol that was asked for."""

    step: RunStep
    is_about: bool
    branches: tuple[Branch, ...]


class Explanation(NamedTuple):
    """What a run did, as trees that begin at what was changed, or at what had no earlier result.

    `symbol` is the qualified name that was asked for, None for the whole run. `later_runs` counts the runs since, which did nothing about
    the symbol. `run` is None, and there are no trees, where no run that is kept did anything about it.
    """

    project: str
    symbol: str | None
    run: IndexRun | None
    later_runs: int
    trees: tuple[Branch, ...]


def explain_symbol(database: str | os.PathLike[str], symbol: str, project: str | None = None) -> Explanation:
    """Return what the last run that concerned a symbol did about it: the calls about that symbol, with what led to each.

    Raises:
        UnknownSymbol, AmbiguousSymbol, UnknownProject: the name does not stand for one symbol.
        MissingIndex, StoreError: the file cannot be read.
    """
    with open_lookup(database) as lookup:
        nodes = lookup.definitions(symbol, project=project)
        runs = load_runs(lookup.file, nodes[0].project_id)
        owner = project_of_id(lookup.file, nodes[0].project_id).name
        wanted = {(node.file_path, _local_name(lookup.file, node), node.ordinal) for node in nodes if node.file_path is not None}
    for later, run in enumerate(runs):
        about = {place for place, step in enumerate(run.steps) if _is_about(step, wanted)}
        if about:
            return Explanation(owner, nodes[0].qualified_name, run, later, _trees(run, _with_causes(run, about), about))
    return Explanation(owner, nodes[0].qualified_name, None, len(runs), ())


def explain_last(database: str | os.PathLike[str], project: str | None = None) -> Explanation:
    """Return all that the last run did which did anything.

    Raises:
        UnknownProject, AmbiguousProject: there is no project of that name; none is named, and there are several.
        MissingIndex, StoreError: the file cannot be read.
    """
    with open_states(database, project) as states:
        runs = load_runs(states.store, states.project.id)
    if not runs:
        return Explanation(states.project.name, None, None, 0, ())
    return Explanation(states.project.name, None, runs[0], 0, _trees(runs[0], set(range(len(runs[0].steps))), set()))


def _local_name(store: StoreFile, node: NodeRow) -> str:
    """Return a symbol's name within its module; a module's own is empty."""
    assert node.file_path is not None  # noqa: S101  # its caller looked
    (module,) = [each for each in nodes_of_file(store, node.project_id, node.file_path) if each.node_type == "module"][:1] or [node]
    return node.qualified_name[len(module.qualified_name) + 1 :]


def _is_about(step: RunStep, wanted: Iterable[tuple[str | None, str, int]]) -> bool:
    return any(step.path == path and step.name == name and step.ordinal in (None, ordinal) for path, name, ordinal in wanted)


def _with_causes(run: IndexRun, about: set[int]) -> set[int]:
    """Return steps with what led to each of them."""
    found: set[int] = set()
    for place in about:
        at = place
        while at >= 0 and at not in found:
            found.add(at)
            at = run.steps[at].cause
    return found


def _trees(run: IndexRun, places: set[int], about: set[int]) -> tuple[Branch, ...]:
    """Return steps as trees, each below its cause; steps that caused each other in a circle begin at the first of them.

    Built from the leaves up, so that the depth of a chain is no matter.
    """
    caused: dict[int, list[int]] = {}
    for place in sorted(places):
        caused.setdefault(run.steps[place].cause, []).append(place)
    roots: list[int] = []
    order: list[int] = []
    below: dict[int, list[int]] = {}
    for start in (*caused.get(-1, ()), *sorted(places)):
        if start in below:
            continue
        roots.append(start)
        below[start] = []
        reached = [start]
        for place in reached:  # grows while it is walked: causes before what they caused
            below[place] = [each for each in caused.get(place, ()) if each not in below]
            below.update({each: [] for each in below[place]})
            reached += below[place]
        order += reached
    made: dict[int, Branch] = {}
    for place in reversed(order):
        made[place] = Branch(run.steps[place], place in about, tuple(made[each] for each in below[place]))
    return tuple(made[place] for place in roots)
