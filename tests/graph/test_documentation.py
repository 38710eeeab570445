"""Documentation: the examples of docs/graph.md run as they stand, one after another."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

PAGE = (Path(__file__).parents[2] / "docs" / "graph.md").read_text(encoding="utf-8")


def test_the_examples_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Over a small tree of that name they print what they say, and write their files."""
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "__init__.py").touch()
    (tmp_path / "shop" / "price.py").write_text("def tax(n):\n    return n * 0.2\n")
    (tmp_path / "shop" / "cart.py").write_text(
        "from shop.price import tax\n\n\ndef total(items):\n    return sum(items) + tax(sum(items))\n"
    )
    monkeypatch.chdir(tmp_path)
    examples = re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL)
    assert len(examples) == 2
    for example in examples:
        exec(compile(example, "docs/graph.md", "exec"), {})  # noqa: S102  # the project's own page
    printed = capsys.readouterr().out.splitlines()
    assert printed == ["0  shop.price.tax", "1 imports shop.cart", "1 calls shop.cart.total", "shop.cart.total", "shop.price.tax"]
    assert (tmp_path / "tax.dot").read_text().startswith("digraph")
    assert (tmp_path / "tables" / "edges.parquet").exists()
