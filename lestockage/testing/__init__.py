"""Testing: for the tests of what is built on lestockage: what ran, whether answers are those of a fresh database, and memo stores."""

from lestockage.testing.dict_store import DictData, DictStore, database_over
from lestockage.testing.event_log import EventLog, assert_executed, assert_not_executed
from lestockage.testing.from_scratch import assert_from_scratch, from_scratch
from lestockage.testing.store_conformance import STORE_CHECKS

__all__ = [
    "STORE_CHECKS",
    "DictData",
    "DictStore",
    "EventLog",
    "assert_executed",
    "assert_from_scratch",
    "assert_not_executed",
    "database_over",
    "from_scratch",
]
