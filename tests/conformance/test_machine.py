"""The engine against the model, over random programs and random steps; `make fuzz MINUTES=n` goes on with fresh seeds."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.conformance import scenarios
from tests.conformance.durable_machine import DictConformance, DurableConformance, UntrackedConformance
from tests.conformance.machine import Conformance, CycleConformance, StructConformance
from tests.conformance.shared_machine import SharedConformance

_SLICE = settings(max_examples=40, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("machine", [Conformance, StructConformance, CycleConformance])
def test_every_step_answers_as_from_scratch_and_runs_the_minimum(machine: type[Conformance]) -> None:
    """Values, exceptions, side outputs, executions and invariants, after every step of random programs in memory."""
    run_state_machine_as_test(machine, settings=_SLICE)


def test_every_step_answers_as_from_scratch_with_a_store_behind_it() -> None:
    """The same with a database file that is committed, closed and opened again between the steps."""
    run_state_machine_as_test(DurableConformance, settings=settings(_SLICE, max_examples=20))


def test_untracked_reads_answer_as_from_scratch_with_a_store_behind_them() -> None:
    """Programs that read what no database sees, over a file that is committed, closed and opened again: no answer of an earlier state."""
    run_state_machine_as_test(UntrackedConformance, settings=settings(_SLICE, max_examples=20))


def test_every_step_answers_as_from_scratch_over_the_dictionary_store() -> None:
    """The same over the obvious store: where the two stores differ, one of the two tests fails."""
    run_state_machine_as_test(DictConformance, settings=settings(_SLICE, max_examples=10))


def test_two_databases_on_one_file_answer_as_from_scratch() -> None:
    """Two databases on one file, each with changes of its own, answer for the inputs that they see, and agree once both have committed."""
    run_state_machine_as_test(SharedConformance, settings=settings(_SLICE, max_examples=25))


@pytest.mark.parametrize("scenario", scenarios.IN_MEMORY)
def test_a_scenario_answers_as_from_scratch(scenario: scenarios.Scenario) -> None:
    """Programs that random ones seldom reach, and those that failed once."""
    scenarios.play(scenario)


def test_a_reopened_database_runs_nothing_again() -> None:
    """A memo that a committed database held is not executed after a reopening, as long as what it read stays."""
    scenarios.play(scenarios.REOPENED, DurableConformance)


def test_a_circle_that_vanished_leaves_no_fallback_behind() -> None:
    """A former participant of a circle of fallbacks, asked first after the circle is gone, returns what its body returns."""
    scenarios.play(scenarios.VANISHED)
