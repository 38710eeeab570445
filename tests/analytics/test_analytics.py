"""Analytics: views, SQL over them, frames, and that every answer is of one moment."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest

from lestockage.analytics import Analytics, FileChurn, HotspotWeights
from lestockage.analytics.catalogue import VIEWS
from lestockage.analytics.graph_metrics.degrees import in_degrees
from lestockage.errors import BadWeights, MissingExtra, MissingIndex, RefusedQuery, UnknownProject, UnknownView
from lestockage.store import Edge, IntelStore, Node
from tests.analytics.shop import NAMES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

CHURN = {
    "shop.py": FileChurn(commits=7, added=70, deleted=7, authors=2, last_commit=1_700_000_000_000),
    "=bank.py": FileChurn(commits=1, added=9, deleted=0, authors=1, last_commit=1_600_000_000_000),
}


def shop_churn(root: str) -> Mapping[str, FileChurn]:
    """Return the churn of the project `shop` and of no other."""
    return CHURN if root == "/src/shop" else {}


@pytest.fixture
def analytics(shop: Path) -> Iterator[Analytics]:
    """Return the analytics of the project `shop`, with a history."""
    with Analytics.connect(shop, projects=["shop"], churn=shop_churn) as opened:
        yield opened


def column(analytics: Analytics, view: str, name: str) -> dict[str, Any]:
    """Return one column of a view by qualified name."""
    table = analytics.table(view)
    return dict(zip(table["qualified_name"].to_pylist(), table[name].to_pylist(), strict=True))


INDEXED = ("measures", "refs", "snapshots")
"""Views whose rows come from indexing code: test_indexed_code.py."""


@pytest.mark.parametrize("name", [view.name for view in VIEWS if view.name not in INDEXED])
def test_every_view_has_its_columns(analytics: Analytics, name: str) -> None:
    """A view's rows have the declared names and types in the declared order, as table, relation and by SQL."""
    (view,) = [each for each in analytics.views() if each.name == name]
    table = analytics.table(name)
    assert table.schema == view.schema
    assert table.num_rows
    assert analytics.relation(name).to_arrow_table() == table
    assert analytics.rows(f"FROM {name}")[1] == analytics.relation(name).fetchall()


def test_nodes(analytics: Analytics) -> None:
    """Nodes come with their project's name and hexadecimal hash, those outside the project too."""
    assert set(column(analytics, "nodes", "project").values()) == {"shop"}
    assert set(column(analytics, "nodes", "qualified_name")) == {*NAMES, "builtins.print"}
    assert column(analytics, "nodes", "content_hash")["bank"] == b"bank".hex()
    assert column(analytics, "nodes", "content_hash")["builtins.print"] is None
    assert set(column(analytics, "nodes", "stale").values()) == {False}


def test_metrics(analytics: Analytics) -> None:
    """Metrics are those of calls, imports, inheritance and data within the project: containment and `print` are no part of it."""
    assert set(column(analytics, "metrics", "id")) == set(NAMES)
    assert column(analytics, "metrics", "in_degree") == {**dict.fromkeys(NAMES, 0), "shop.pay": 2, "bank.check": 2, "bank": 1}
    assert column(analytics, "metrics", "references_in")["shop.pay"] == 3
    assert column(analytics, "metrics", "references_out")["shop.main"] == 2
    assert column(analytics, "metrics", "circle_size")["bank.check"] == 2
    assert column(analytics, "metrics", "layer") == {**dict.fromkeys(NAMES, 0), "shop": 1, "shop.main": 1, "bank.pay_in": 1}
    assert column(analytics, "metrics", "entry_distance")["shop.pay"] == 1
    assert sum(column(analytics, "metrics", "pagerank").values()) == pytest.approx(1)


def test_a_circle_that_nothing_leads_to_has_no_distance(shop: Path) -> None:
    """What no entry point reaches has null for its distance."""
    with IntelStore.open(shop) as store:
        project = store.insert_project("ring").id
        a, b = store.batch_insert_nodes(
            [Node(project_id=project, file_path="r.py", qualified_name=name, node_type="function") for name in ("a", "b")]
        )
        store.batch_insert_edges([Edge(caller_id=x, callee_id=y, edge_type="call") for x, y in ((a, b), (b, a))])
        with Analytics.connect(store, projects=["ring"]) as ring:
            assert column(ring, "metrics", "entry_distance") == {"a": None, "b": None}


def test_modules(analytics: Analytics) -> None:
    """Files are coupled as their symbols are, and circles between files are found."""
    assert column(analytics, "modules", "afferent") == {"shop": 1, "bank": 1}
    assert column(analytics, "modules", "instability") == {"shop": 0.5, "bank": 0.5}
    assert column(analytics, "modules", "internal") == {"shop": 1, "bank": 1}
    assert column(analytics, "modules", "relational_cohesion") == {"shop": 2 / 4, "bank": 2 / 3}
    assert column(analytics, "modules", "own_share") == {"shop": 1 / 3, "bank": 1 / 2}
    assert column(analytics, "modules", "circle_size") == {"shop": 2, "bank": 2}
    assert column(analytics, "modules", "worst_complexity") == {"shop": 9, "bank": 5}


def test_hotspots(analytics: Analytics) -> None:
    """Each percentile is the share of the other functions that lie below; the score is their geometric mean."""
    rows = {row["qualified_name"]: row for row in analytics.table("hotspots").to_pylist()}
    assert next(iter(rows)) == "shop.pay"
    assert rows["shop.pay"]["complexity_percentile"] == 1
    assert rows["bank.pay_in"]["complexity_percentile"] == 2 / 4
    assert (rows["shop.pay"]["commits"], rows["shop.pay"]["churn_percentile"]) == (7, 2 / 4)
    assert rows["bank.check"]["churn_percentile"] == 0
    for row in rows.values():
        sides = [row[f"{side}_percentile"] for side in ("centrality", "complexity", "churn")]
        assert row["score"] == pytest.approx((sides[0] * sides[1] * sides[2]) ** (1 / 3))


def test_weights_of_hotspots(shop: Path) -> None:
    """A side of weight 0 does not count, and without a history churn does not either."""
    with Analytics.connect(shop, projects=["shop"], churn=shop_churn, weights=HotspotWeights(0, 2, 0)) as weighted:
        assert column(weighted, "hotspots", "score") == column(weighted, "hotspots", "complexity_percentile")
    with Analytics.connect(shop, projects=["shop"]) as unknown:
        assert set(column(unknown, "hotspots", "churn_percentile").values()) == {None}
        expected = (column(unknown, "hotspots", "centrality_percentile")["bank.check"] * 3 / 4) ** 0.5
        assert column(unknown, "hotspots", "score")["bank.check"] == pytest.approx(expected)


@pytest.mark.parametrize(
    "text", ["", "size=1", "churn", "churn=1,churn=2", "churn=many", "churn=-1", "churn=nan", "centrality=0,complexity=0,churn=0"]
)
def test_weights_that_mean_nothing(text: str) -> None:
    """Unknown sides, no numbers, negative ones and all zeros are refused."""
    with pytest.raises(BadWeights):
        HotspotWeights.parse(text)


def test_weights_are_read_as_they_are_written() -> None:
    """What is not named is 1."""
    assert HotspotWeights.parse("churn=0.5, centrality=2") == HotspotWeights(2.0, 1.0, 0.5)
    assert HotspotWeights.parse(HotspotWeights(2.0, 1.0, 0.5).text) == HotspotWeights(2.0, 1.0, 0.5)


def test_all_projects(shop: Path) -> None:
    """Without a choice all projects are one graph."""
    with Analytics.connect(shop) as everything:
        assert everything.table("projects")["name"].to_pylist() == ["-ark", "shop"]
        assert column(everything, "metrics", "in_degree")["shop.main"] == 1
        assert len(everything.graph(external=True)) == 9
        assert in_degrees(everything.graph(["containment"])).sum() == 2


@pytest.mark.parametrize(
    "query",
    [
        "CREATE TABLE t AS SELECT 1",
        "INSERT INTO nodes SELECT * FROM nodes",
        "DROP VIEW nodes",
        "ATTACH '{path}' AS other",
        "COPY (SELECT 1) TO '{path}.csv'",
        "SET enable_external_access = true",
        "PRAGMA database_list",
        "SELECT 1; SELECT 2",
        "",
        "SELEKT 1",
        "SELECT * FROM nowhere",
        "SELECT nothing FROM nodes",
        "SELECT * FROM read_text('{path}')",
        "SELECT * FROM read_csv('{path}')",
        "SELECT * FROM '{path}'",
        "SELECT * FROM glob('/*')",
        "SELECT * FROM shop_churn",
        "SELECT * FROM local",
        "SELECT * FROM pandas_scan(1)",
    ],
)
def test_a_query_only_reads_views(analytics: Analytics, shop: Path, query: str) -> None:
    """Whatever changes something, or reaches for files, settings or variables of Python, is refused, and leaves nothing behind."""
    local = pa.table({"a": [1]})
    before = sorted(path.name for path in shop.parent.iterdir())
    with pytest.raises(RefusedQuery):
        analytics.rows(query.format(path=shop))
    assert local.num_rows == 1
    assert sorted(path.name for path in shop.parent.iterdir()) == before
    assert analytics.rows("SELECT count(*) FROM nodes")[1] == [(8,)]


@pytest.mark.parametrize(
    "query", ["DESCRIBE nodes", "SUMMARIZE nodes", "EXPLAIN SELECT * FROM nodes", "FROM Nodes", "WITH t AS (FROM nodes) FROM t"]
)
def test_what_reads_is_answered(analytics: Analytics, query: str) -> None:
    """The other ways to read a view are queries too."""
    assert analytics.rows(query)[1]


def test_an_error_while_rows_are_made_is_a_refusal(analytics: Analytics) -> None:
    """What fails only when rows are asked for is DuckDB's refusal too."""
    with pytest.raises(RefusedQuery, match="Could not convert"):
        analytics.rows("SELECT qualified_name::INTEGER FROM nodes")


def test_answers_follow_the_file(shop: Path) -> None:
    """After a commit, by another connection or by the file's own, views are made again; what was given out stays as it was."""
    with IntelStore.open(shop) as store, Analytics.connect(shop) as foreign, Analytics.connect(store) as own:
        both = (foreign, own)
        before = [each.relation("nodes") for each in both]
        assert [each.table("nodes") is each.table("nodes") for each in both] == [True, True]
        with store.transaction():
            store.delete_project("-ark")
        assert [each.table("nodes").num_rows for each in both] == [8, 8]
        assert [each.rows("SELECT count(*) FROM nodes")[1] for each in both] == [[(8,)], [(8,)]]
        assert [len(each.fetchall()) for each in before] == [9, 9]


def test_frames(analytics: Analytics) -> None:
    """Frames of pandas and polars have the rows and columns of the view."""
    expected = analytics.table("metrics")
    assert analytics.polars("metrics").to_arrow().to_pylist() == expected.to_pylist()
    assert analytics.pandas("metrics")["qualified_name"].tolist() == expected["qualified_name"].to_pylist()


def test_a_missing_package_is_named(analytics: Analytics, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra, SQL over nodes works and what needs it says what to install."""
    monkeypatch.setitem(sys.modules, "scipy", None)
    monkeypatch.setitem(sys.modules, "polars", None)
    assert analytics.rows("SELECT count(*) FROM nodes")[1] == [(8,)]
    with pytest.raises(MissingExtra, match=r"lestockage\[analytics\]"):
        analytics.table("metrics")
    with pytest.raises(MissingExtra, match=r"lestockage\[analytics\]"):
        analytics.graph()
    with pytest.raises(MissingExtra, match=r"lestockage\[frames\]"):
        analytics.polars("nodes")


def test_what_is_not_there(shop: Path, tmp_path: Path, analytics: Analytics) -> None:
    """A file, project or view that is not there is named."""
    with pytest.raises(MissingIndex):
        Analytics.connect(tmp_path / "none.db")
    with pytest.raises(UnknownProject):
        Analytics.connect(shop, projects=["mall"])
    with pytest.raises(UnknownView, match="hotspots"):
        analytics.table("hot")


def test_an_empty_file_has_empty_views(tmp_path: Path) -> None:
    """Every view of a file without projects has its columns and no rows."""
    with IntelStore.open(tmp_path / "new.db") as store, Analytics.connect(store) as empty:
        for view in empty.views():
            assert empty.table(view.name) == view.schema.empty_table()


def test_progress_is_reported(shop: Path) -> None:
    """What takes long says where it is."""
    seen: list[tuple[str, int, int]] = []
    with Analytics.connect(shop, projects=["shop"], progress=lambda *where: seen.append(where)) as watched:
        watched.table("hotspots")
        watched.table("edges")
    assert ("reading edges", 7, 0) in seen
    assert [stage for stage, _, _ in seen] == [
        *("reading snapshots", "reading edges", "components", "ranks", "reading history"),
        "reading edges",
    ]
