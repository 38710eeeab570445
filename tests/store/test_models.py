"""Models: what they take, what they fill in, and that a stored row makes an equal one."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from lestockage.errors import UnknownType
from lestockage.store.models import Edge, Node, Project, edge_row, node_row, stored_nodes
from lestockage.store.node_rows import NodeRow

NODE: dict[str, Any] = {"project_id": 1, "qualified_name": "m.C.f", "node_type": "method"}
EDGE: dict[str, Any] = {"caller_id": 1, "callee_id": 2, "edge_type": "call"}


def test_columns_are_those_of_the_rows() -> None:
    """A model has the columns of its row, in their order."""
    assert tuple(Node.model_fields) == NodeRow._fields


def test_symbol_name_is_the_last_part() -> None:
    """A name that is not given is the end of the qualified name; a given one stands."""
    assert Node(**NODE).symbol_name == "f"
    assert Node(**NODE, symbol_name="g").symbol_name == "g"


def test_stored_row_makes_an_equal_model() -> None:
    """What is made of a row without validation equals, prints, hashes and dumps as what is validated."""
    node = Node(**NODE, content_hash=b"x", stale=True, start_line=3)
    (twin,) = stored_nodes([node_row(node)])
    assert (twin, hash(twin), repr(twin), twin.model_dump()) == (node, hash(node), repr(node), node.model_dump())
    assert twin.model_copy(update={"ordinal": 1}).key == (1, None, "m.C.f", 1)
    edge = Edge(**EDGE, confidence=0.5)
    assert Edge.of_rows([edge_row(edge)]) == [edge]


@pytest.mark.parametrize(
    ("model", "values"),
    [
        (Node, NODE | {"project_id": "1"}),
        (Node, NODE | {"qualified_name": ""}),
        (Node, {"project_id": 1, "node_type": "class"}),
        (Node, NODE | {"ordinal": -1}),
        (Node, NODE | {"complexity": True}),
        (Node, NODE | {"colour": "red"}),
        (Edge, EDGE | {"confidence": 1.5}),
        (Edge, EDGE | {"confidence": float("nan")}),
        (Edge, EDGE | {"site_line": 1.0}),
        (Project, {"id": 1, "name": b"zoo", "root": "/", "created_at": 1, "updated_at": 1}),
    ],
    ids=str,
)
def test_value_of_another_type_is_refused(model: type[Node | Edge | Project], values: dict[str, Any]) -> None:
    """Nothing is converted, nothing is missing, nothing is too much."""
    with pytest.raises(ValidationError):
        model(**values)


@pytest.mark.parametrize("value", ["calls", "", None, 3, ["call"]], ids=str)
def test_unknown_type_is_told(value: object) -> None:
    """A type that does not exist is an error of ours, which lists those that do."""
    with pytest.raises(UnknownType, match="There is no edge type"):
        Edge(**EDGE | {"edge_type": value})
    with pytest.raises(UnknownType, match="There is no node type"):
        Node(**NODE | {"node_type": value})


def test_models_are_frozen() -> None:
    """A model cannot be changed."""
    with pytest.raises(ValidationError):
        Node(**NODE).ordinal = 3  # type: ignore[misc]
