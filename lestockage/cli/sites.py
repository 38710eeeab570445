"""Sites: callers or callees of a symbol, one row for each place in the code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.cli.json_text import json_text
from lestockage.cli.node_text import node_object, place
from lestockage.cli.table import table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lestockage.store.neighbours import Neighbour
    from lestockage.store.node_rows import NodeRow


def sites_object(definitions: Sequence[NodeRow], relation: str, sites: Sequence[Neighbour], projects: Mapping[int, str]) -> str:
    """Return JSON of a symbol and, under the name of the relation, the symbol at the other end of each site."""
    return json_text(
        {
            "symbol": node_object(definitions[0], projects),
            relation: [
                {
                    **node_object(site.node, projects),
                    "site": {"file_path": site.file_path, "line": site.line, "column": site.column},
                    "confidence": site.confidence,
                    "provenance": site.provenance,
                }
                for site in sites
            ],
        }
    )


def sites_text(sites: Sequence[Neighbour]) -> str:
    """Return one line for each site: kind and name of the symbol at the other end, and where the call is written."""
    return table([(site.node.node_type, site.node.qualified_name, place(site.file_path, site.line)) for site in sites])
