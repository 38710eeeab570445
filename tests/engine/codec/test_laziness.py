"""Laziness: importing the codec and using it on plain types imports nothing heavy."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import sys
from typing import Any, NamedTuple
from lestockage.engine.codec import codec_for
class Row(NamedTuple):
    a: int
    b: str | None
for annotation, value in ((tuple[Row, ...], (Row(1, "a"),)), (dict[str, Any], {"a": [1]})):
    codec = codec_for(annotation)
    assert codec.decode(codec.encode(value)) == value
heavy = {"pydantic", "numpy", "pyarrow", "decimal", "fractions", "uuid", "zoneinfo", "pathlib", "dataclasses", "inspect"}
print(sorted(heavy & set(sys.modules)))
"""


def test_heavy_modules_stay_out() -> None:
    """Neither pydantic, numpy and pyarrow nor the slower parts of the standard library are imported for plain types."""
    paths = [path for path in sys.path if path]
    program = f"import sys; sys.path[:0] = {paths!r}\n{PROGRAM}"
    done = subprocess.run([sys.executable, "-S", "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
