"""JSON text: an answer for programs: one object or list, indented for the people who read it too."""

from __future__ import annotations


def json_text(value: object) -> str:
    """Return `value` as JSON in ASCII, with a line end; named tuples must be given as dictionaries, or their names are lost."""
    import json  # noqa: PLC0415  # 3 ms, only where it is asked for

    return json.dumps(value, indent=2) + "\n"
