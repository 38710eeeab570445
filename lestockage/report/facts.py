"""Facts: everything that a report tells of one project, asked once, all of one moment of the file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from lestockage.analytics import Analytics
from lestockage.analytics.churn import no_churn
from lestockage.analytics.evolution import Timeline, compare, coupling_steps, trend
from lestockage.graph.complexity import complexity
from lestockage.graph.cycles import cycles, import_cycles
from lestockage.graph.dependency_matrix import dependency_matrix
from lestockage.languages.facts import is_anonymous
from lestockage.report.packages import require
from lestockage.store.source_files import failed_source_files
from lestockage.store.totals import count_edges, count_nodes, count_source_files
from lestockage.workspace.present_state import is_recorded
from lestockage.workspace.unused import find_unused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lestockage.analytics.churn import ChurnOf
    from lestockage.analytics.evolution import Comparison, CouplingStep, TrendPoint
    from lestockage.graph.complexity import MeasuredSymbol
    from lestockage.graph.cycles import Cycle
    from lestockage.graph.dependency_matrix import DependencyMatrix
    from lestockage.graph.unused import Unused
    from lestockage.store.connection import StoreFile
    from lestockage.store.projects import ProjectRow
    from lestockage.store.snapshot_rows import SnapshotRow
    from lestockage.workspace.progress import Progress

_STAGES = 6


class Facts(NamedTuple):
    """What is known of a project.

    `nodes` and `edges` count by type. `hotspots`, `metrics` and `modules` are rows of the views of those names (`lestockage.analytics`).
    `trend` has the snapshots, oldest first, and `changes` what changed up to the present state (`changes_of`), if a snapshot has it.
    """

    project: ProjectRow
    files: int
    nodes: dict[str, int]
    edges: dict[str, int]
    failed: list[tuple[str, str]]
    symbols: list[MeasuredSymbol]
    hotspots: list[dict[str, Any]]
    metrics: dict[int, dict[str, Any]]
    modules: list[dict[str, Any]]
    matrix: DependencyMatrix
    import_cycles: list[Cycle]
    call_cycles: list[Cycle]
    unused: list[Unused]
    trend: list[TrendPoint]
    steps: list[CouplingStep]
    changes: tuple[Comparison, ...]

    @property
    def functions(self) -> list[MeasuredSymbol]:
        """The functions and methods, in the order of files and lines; a lambda's decisions are those of what holds it."""
        return [
            each for each in self.symbols if each.node.node_type in {"function", "method"} and not is_anonymous(each.node.qualified_name)
        ]


def gather(store: StoreFile, project: ProjectRow, *, churn: ChurnOf = no_churn, progress: Progress | None = None) -> Facts:
    """Return the facts of a project; `churn` says how often files changed.

    Raises:
        MissingExtra: the packages of reports are not installed.
    """
    require("jinja2", "vl_convert", "numpy", "scipy")
    report = progress or _silent
    name = project.name
    report("reading symbols", 0, _STAGES)
    symbols = complexity(store, name)
    report("ranking", 1, _STAGES)
    analytics = Analytics.connect(store, projects=[name], churn=churn)
    try:
        hotspots = analytics.table("hotspots").to_pylist()
        metrics = {
            row["id"]: row for row in analytics.table("metrics").select(["id", "in_degree", "out_degree", "references_in"]).to_pylist()
        }
        modules = analytics.table("modules").to_pylist()
    finally:
        analytics.close()
    report("grouping modules", 2, _STAGES)
    matrix = dependency_matrix(store, name)
    report("looking for cycles", 3, _STAGES)
    importing, calling = import_cycles(store, name), cycles(store, name)
    report("looking for what is not used", 4, _STAGES)
    unused = find_unused(store, project)
    report("reading snapshots", 5, _STAGES)
    timeline = Timeline(store, project.id)
    points = trend(timeline)
    return Facts(
        project,
        count_source_files(store, project.id),
        count_nodes(store, project.id),
        count_edges(store, project.id),
        failed_source_files(store, project.id),
        symbols,
        hotspots,
        metrics,
        modules,
        matrix,
        importing,
        calling,
        unused,
        points,
        coupling_steps(timeline),
        changes_of(store, timeline.snapshots, points) if is_recorded(store, project.id) else (),
    )


def changes_of(store: StoreFile, states: Sequence[SnapshotRow], points: Sequence[TrendPoint]) -> tuple[Comparison, ...]:
    """Return how the last of some states, oldest first, differs from the one before, and if there are more, how from the first."""
    return tuple(compare(store, old, states[-1], points) for old in (*states[-2:-1], *(states[:1] if len(states) > 2 else ())))


def _silent(stage: str, done: int, total: int) -> None:
    """Report to nobody."""
