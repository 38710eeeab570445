"""Show: the command that tells what is known of one symbol."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.cli.database_path import database_path
from lestockage.cli.json_text import json_text
from lestockage.cli.node_text import node_object, place
from lestockage.cli.table import quantity, table
from lestockage.languages.facts import is_anonymous
from lestockage.workspace.lookup import open_lookup

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lestockage.store.node_rows import NodeRow
    from lestockage.workspace.lookup import Lookup


def answer(*, symbol: str, project: str | None = None, db: str | None = None, as_json: bool = False) -> str:
    """Return a symbol's definitions, bases, members, and how many call sites lead to it and from it."""
    with open_lookup(database_path(db)) as lookup:
        definitions = lookup.definitions(symbol, project=project)
        projects = lookup.project_names()
        return (_object if as_json else _text)(lookup, definitions, projects)


def _object(lookup: Lookup, definitions: list[NodeRow], projects: Mapping[int, str]) -> str:
    first, *others = (node_object(node, projects) for node in definitions)
    return json_text(
        {
            **first,
            "other_definitions": others,
            "bases": [node.qualified_name for node in lookup.bases(definitions)],
            "derived": [node.qualified_name for node in lookup.derived(definitions)],
            "members": [node_object(node, projects) for node in lookup.members(definitions)],
            "call_sites_in": len(lookup.callers(definitions)),
            "call_sites_out": len(lookup.callees(definitions)),
        }
    )


def _text(lookup: Lookup, definitions: list[NodeRow], projects: Mapping[int, str]) -> str:
    first = definitions[0]
    parts = [f"{first.node_type} {first.qualified_name}\n"]
    for node in definitions:
        facts = [("project", projects[node.project_id]), ("where", _extent(node))]
        facts += [(name, value) for name, value in (("signature", node.signature), ("visibility", node.visibility)) if value]
        if node.complexity is not None:
            facts.append(("complexity", str(node.complexity)))
        if node.content_hash:
            facts.append(("content", node.content_hash.hex()))
        if node.stale:
            facts.append(("stale", "its file has failed since: this is its last good state"))
        parts.append(table(facts, indent="  "))
    for title, nodes in (("inherits from", lookup.bases(definitions)), ("inherited by", lookup.derived(definitions))):
        if nodes:
            parts.append(f"{title}\n" + table([(node.qualified_name, place(node.file_path, node.start_line)) for node in nodes], "  "))
    members = [node for node in lookup.members(definitions) if not is_anonymous(node.symbol_name)]
    if members:
        rows = [(node.node_type, node.signature or node.symbol_name, place(node.file_path, node.start_line)) for node in members]
        parts.append("contains\n" + table(rows, "  "))
    called, calls = len(lookup.callers(definitions)), len(lookup.callees(definitions))
    parts.append(f"called from {quantity(called, 'site')}, calls at {quantity(calls, 'site')}\n")
    return "".join(parts)


def _extent(node: NodeRow) -> str:
    """Return where a definition begins, and its last line when it has several."""
    extent = place(node.file_path, node.start_line)
    return extent if node.end_line in {None, node.start_line} else f"{extent}-{node.end_line}"
