"""Affixes: a name that is put together says how the attributes begin and end that it may mean."""

from __future__ import annotations

import pytest

from tests.languages.value_flow.reading import called

NAMES = {
    "a formatted string": ("f'visit_{x}'", "visit_*"),
    "a beginning and an end": ("f'on_{x}_done'", "on_*_done"),
    "a sum": ("'visit_' + x + y", "visit_*"),
    "an old format": ("'do_%s' % x", "do_*"),
    "a format method": ("'do_{}_now'.format(x)", "do_*_now"),
}
OTHERS = {
    "too short": "f'_{x}'",
    "no name": "f'visit {x}'",
    "unknown at both ends": "f'{x}visit_{y}'",
}


@pytest.mark.parametrize("case", NAMES)
def test_what_is_read_by_a_name_that_is_put_together(case: str) -> None:
    """Directly or through a variable, whatever begins and ends so."""
    expression, wanted = NAMES[case]
    assert f"<o>.{wanted}" in called(f"def run(o, x, y): getattr(o, {expression})()")
    assert f"<o>.{wanted}" in called(f"def run(o, x, y):\n name = {expression}\n getattr(o, name)()")


@pytest.mark.parametrize("case", OTHERS)
def test_what_says_too_little_is_a_call_of_getattr(case: str) -> None:
    """Nothing is known of what it gives."""
    assert not [each for each in called(f"def run(o, x, y): getattr(o, {OTHERS[case]})()") if "*" in each]
