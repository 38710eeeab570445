"""Fuzz: the state machines with fresh seeds for as long as asked; prints how many programs were tried.

`python -m tests.conformance.fuzz --minutes 10`. A failing program is shrunk and printed as steps that can be pasted into a test of
`scenarios.py`; exit status 1.
"""

# ruff: noqa: T201  # a command that prints

from __future__ import annotations

import argparse
import sys
import time
import traceback

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.conformance.durable_machine import DurableConformance
from tests.conformance.machine import Conformance, CycleConformance, StructConformance

_MACHINES: tuple[tuple[type[Conformance], int], ...] = (
    (Conformance, 100),
    (StructConformance, 50),
    (CycleConformance, 50),
    (DurableConformance, 30),
)


def main() -> int:
    """Run until the time is over or a program fails."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    end = time.monotonic() + parser.parse_args().minutes * 60
    while time.monotonic() < end:
        for machine, examples in _MACHINES:
            budget = settings(
                max_examples=examples, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck), database=None
            )
            try:
                run_state_machine_as_test(machine, settings=budget)
            except Exception:  # noqa: BLE001  # whatever failed is what was looked for
                traceback.print_exc()
                print(f"a program failed on {machine.__name__}: keep the steps above as a test in tests/conformance/scenarios.py")
                return 1
            tried = ", ".join(f"{kind.programs_tried} on {kind.__name__}" for kind, _ in _MACHINES)
            print(f"programs tried: {tried}", flush=True)
            if time.monotonic() >= end:
                break
    return 0


if __name__ == "__main__":
    sys.exit(main())
