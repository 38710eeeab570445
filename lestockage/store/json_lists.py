"""JSON lists: one parameter of a statement for any number of ids, texts or rows, as `json_each` reads it.

The encoder costs a few milliseconds to import, which commands that look up a symbol need not pay: it is imported with the first list.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable


def id_list(ids: Iterable[int]) -> str:
    """Return ids as the JSON list that `json_each` reads: one parameter for any number of them."""
    return "[" + ",".join(map(str, ids)) + "]"


def sorted_list(values: Iterable[str | tuple[int | str, ...]]) -> str:
    """Return distinct texts or rows as a JSON list, sorted."""
    import json  # noqa: PLC0415  # see above

    return json.dumps(sorted(set(values)))


def read_list(text: str) -> Any:  # noqa: ANN401  # what was written
    """Return what a JSON text spells."""
    import json  # noqa: PLC0415  # see above

    return json.loads(text)
