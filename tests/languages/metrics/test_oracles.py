"""Oracles: complexity is what radon and ruff say it is, on real code (`make metrics` for all of it)."""

from __future__ import annotations

import pytest

from tests.languages.metrics.oracles import disagreements


@pytest.mark.no_cover  # others cover it; measured line by line it takes twice as long
@pytest.mark.parametrize("package", ["typer", "msgpack", "annotated_types", "rich"])
def test_complexity_is_that_of_radon_and_ruff(package: str) -> None:
    """On every function of a package, cyclomatic equals radon's and McCabe equals ruff's."""
    counted, wrong = disagreements(package)
    assert counted > 10
    assert wrong == []
