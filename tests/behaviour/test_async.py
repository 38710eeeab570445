"""Async queries: the same memo, dependencies and cutoff; concurrent awaits run once; a cancelled task harms nobody else."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from lestockage import Database, Input, Key, query
from lestockage.errors import CycleError, WriteInsideQuery
from lestockage.testing import EventLog, assert_executed

if TYPE_CHECKING:
    from collections.abc import Coroutine


class Sensor(Input):
    name: Key[str]
    value: int


@query
async def coarse(db: Database, sensor: Sensor) -> int:
    await asyncio.sleep(0)
    return sensor.value // 10


@query
def label(db: Database, sensor: Sensor) -> str:
    return sensor.name.upper()


@query
async def both(db: Database, one: Sensor, other: Sensor) -> str:
    left, right = await asyncio.gather(coarse(db, one), coarse(db, other))
    return f"{label(db, one)} {left + right}"


@query
async def slow(db: Database, sensor: Sensor) -> int:
    await asyncio.sleep(0.02)
    return sensor.value


@query
async def first(db: Database, sensor: Sensor) -> int:
    return await second(db, sensor) + 1


@query
async def second(db: Database, sensor: Sensor) -> int:
    return await first(db, sensor) + 1


@query
async def crossed(db: Database, sensor: Sensor) -> int:
    return sum(await asyncio.gather(first(db, sensor), second(db, sensor)))


@query
async def failing(db: Database, sensor: Sensor) -> int:
    await asyncio.sleep(0)
    raise KeyError(sensor.value)


@query
async def forgiving(db: Database, sensor: Sensor) -> str:
    try:
        return str(await failing(db, sensor))
    except KeyError as error:
        return f"no {error}"


def run(main: Coroutine[Any, Any, None]) -> None:
    """Run a test's coroutine."""
    asyncio.run(asyncio.wait_for(main, 20))


def test_an_awaited_query_is_remembered(db: Database, log: EventLog) -> None:
    """Once green it is served without running."""

    async def main() -> None:
        one, other = Sensor(db, name="a", value=11), Sensor(db, name="b", value=25)
        assert await both(db, one, other) == "A 3"
        assert_executed(log, both, coarse, coarse, label)
        assert await both(db, one, other) == "A 3"
        assert_executed(log)

    run(main())


def test_an_equal_result_stops_the_change(db: Database, log: EventLog) -> None:
    """The awaiting query is validated; a different result runs it again."""

    async def main() -> None:
        one, other = Sensor(db, name="a", value=11), Sensor(db, name="b", value=25)
        await both(db, one, other)
        log.clear()
        one.value = 12
        assert await both(db, one, other) == "A 3"
        assert_executed(log, coarse)
        one.value = 20
        assert await both(db, one, other) == "A 4"
        assert_executed(log, coarse, both)

    run(main())


def test_concurrent_awaits_of_one_key_run_it_once(db: Database, log: EventLog) -> None:
    """Ten tasks, one execution."""

    async def main() -> None:
        sensor = Sensor(db, name="a", value=5)
        assert await asyncio.gather(*[slow(db, sensor) for _ in range(10)]) == [5] * 10
        assert_executed(log, slow)

    run(main())


def test_cancelling_one_awaiting_task_harms_nobody_else(db: Database, log: EventLog) -> None:
    """The task that computes is cancelled: one of those that wait computes instead."""

    async def main() -> None:
        sensor = Sensor(db, name="a", value=5)
        tasks = [asyncio.create_task(slow(db, sensor)) for _ in range(3)]
        await asyncio.sleep(0.005)
        tasks[0].cancel()
        assert await asyncio.gather(*tasks[1:]) == [5, 5]
        with pytest.raises(asyncio.CancelledError):
            await tasks[0]
        assert_executed(log, slow, slow)

    run(main())


def test_a_circle_raises_instead_of_waiting_forever(db: Database) -> None:
    """Entered from one side, and from both at once."""

    async def main() -> None:
        sensor = Sensor(db, name="a", value=5)
        with pytest.raises(CycleError, match="first"):
            await first(db, sensor)
        with pytest.raises(CycleError):
            await crossed(db, sensor)
        with pytest.raises(CycleError):
            await second(db, sensor)

    run(main())


def test_an_exception_reaches_the_awaiting_query(db: Database, log: EventLog) -> None:
    """One that catches it depends on what the failing one read."""

    async def main() -> None:
        sensor = Sensor(db, name="a", value=5)
        assert await forgiving(db, sensor) == "no 5"
        log.clear()
        sensor.value = 6
        assert await forgiving(db, sensor) == "no 6"
        with pytest.raises(KeyError) as caught:
            await failing(db, sensor)
        assert "failing(Sensor(name='a'))" in caught.value.__notes__[0]

    run(main())


def test_a_write_while_a_query_is_suspended_in_this_loop_is_refused(db: Database) -> None:
    """Waiting for it would block the loop that it needs; once it is done, writing is fine."""

    async def main() -> None:
        sensor = Sensor(db, name="a", value=5)
        task = asyncio.create_task(slow(db, sensor))
        await asyncio.sleep(0.005)
        with pytest.raises(WriteInsideQuery, match="event loop"):
            sensor.value = 6
        assert await task == 5
        sensor.value = 6
        assert await slow(db, sensor) == 6

    run(main())


def test_async_memos_survive_a_restart(tmp_path: Any) -> None:
    """With a path they are stored as plain ones are."""

    async def ask(expected: dict[str, int]) -> None:
        with Database(tmp_path / "memo.db") as db:
            sensor = Sensor(db, name="a", value=42)
            assert await coarse(db, sensor) == 4
            assert db.executions() == expected

    run(ask({f"{__name__}.coarse": 1}))
    run(ask({}))
