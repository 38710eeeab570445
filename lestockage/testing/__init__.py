"""Testing: for the tests of programs that are built on lestockage: what ran, in order, and assertions about it."""

from lestockage.testing.event_log import EventLog, assert_executed, assert_not_executed

__all__ = ["EventLog", "assert_executed", "assert_not_executed"]
