"""Models: nodes, edges and projects as they are given out and taken in at the store's border; frozen, and strict about types."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Annotated, Any, Final, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from lestockage.store.edge_rows import EdgeRow  # noqa: TC001  # pydantic reads annotations at run time
from lestockage.store.node_rows import NodeKey, NodeRow
from lestockage.store.type_names import EdgeType, NodeType, require_edge_type, require_node_type

if TYPE_CHECKING:
    from collections.abc import Iterable

_set = object.__setattr__


class _Row(BaseModel):
    """Base of the models that stand for a row."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    @classmethod
    def of_rows(cls, rows: Iterable[Iterable[Any]]) -> list[Self]:
        """Return rows of the file as models; their types are what the file's STRICT tables hold, so they are not looked at again."""
        names = tuple(cls.model_fields)
        given = set(names)
        new = cls.__new__
        made = []
        for row in rows:
            # What `model_construct` does, without its look at defaults and aliases, which costs ten times as much.
            model = new(cls)
            _set(model, "__dict__", dict(zip(names, row, strict=True)))
            _set(model, "__pydantic_fields_set__", given.copy())
            _set(model, "__pydantic_extra__", None)
            _set(model, "__pydantic_private__", None)
            made.append(model)
        return made


class Project(_Row):
    """One project; times in milliseconds since 1970 (UTC)."""

    id: int
    name: str
    root: str
    created_at: int
    updated_at: int
    embedding_dimension: int | None = None
    """How many components the embeddings of its nodes have; None before the first."""


class Node(_Row):
    """One symbol of a program; what is left out is not known.

    Its identity is (`project_id`, `file_path`, `qualified_name`, `ordinal`): `ordinal` counts from 0 through the symbols of one file that
    have the same qualified name. `id` and the times (milliseconds since 1970) are the store's: None until the node is stored. Lines count
    from 1, columns from 0. `stale` says that the file has failed since, so that this is its last good state.

    Raises:
        UnknownType: `node_type` is none of `NODE_TYPES`.
        pydantic.ValidationError: another value is not of its type.
    """

    id: int | None = None
    project_id: int
    file_path: str | None = None
    qualified_name: str = Field(min_length=1)
    ordinal: int = Field(default=0, ge=0)
    symbol_name: str = Field(default_factory=lambda given: str(given.get("qualified_name", "")).rpartition(".")[2], min_length=1)
    """The last part of the qualified name, unless it is given."""
    node_type: Annotated[NodeType, BeforeValidator(require_node_type)]
    language: str | None = None
    signature: str | None = None
    visibility: str | None = None
    complexity: int | None = None
    content_hash: bytes | None = None
    start_line: int | None = None
    start_column: int | None = None
    end_line: int | None = None
    end_column: int | None = None
    stale: bool = False
    created_at: int | None = None
    updated_at: int | None = None

    @property
    def key(self) -> NodeKey:
        """The symbol's identity."""
        return NodeKey(self.project_id, self.file_path, self.qualified_name, self.ordinal)


class Edge(_Row):
    """One reference from a node to another, at one site; nodes are named by their ids.

    Its identity is everything but `confidence` and `provenance`: two references at different sites are two edges. `site_line` counts from
    the caller's first line, `confidence` is within 0 and 1, `provenance` names the rule that found the edge.

    Raises:
        UnknownType: `edge_type` is none of `EDGE_TYPES`.
        pydantic.ValidationError: another value is not of its type.
    """

    caller_id: int
    callee_id: int
    edge_type: Annotated[EdgeType, BeforeValidator(require_edge_type)]
    site_line: int = 0
    site_column: int = 0
    confidence: float = Field(default=1.0, ge=0.0, le=1.0)
    provenance: str = ""


def stored_nodes(rows: Iterable[Iterable[Any]]) -> list[Node]:
    """Return rows of `NODE_COLUMNS` as models."""
    found = Node.of_rows(rows)
    for node in found:
        node.__dict__["stale"] = bool(node.__dict__["stale"])  # SQLite has no booleans
    return found


_NODE_VALUES: Final = itemgetter(*NodeRow._fields)
_EDGE_VALUES: Final = itemgetter(*Edge.model_fields)


def node_row(node: Node) -> tuple[Any, ...]:
    """Return a node as a row in the order of `NodeRow`."""
    values: tuple[Any, ...] = _NODE_VALUES(node.__dict__)
    return values


def edge_row(edge: Edge) -> EdgeRow:
    """Return an edge as a row."""
    values: EdgeRow = _EDGE_VALUES(edge.__dict__)
    return values
