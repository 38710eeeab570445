"""Small result: a result made by hand, of round numbers, that reports and checks are tried on."""

from __future__ import annotations

from lestockage.testing.benchmark.results import Benchmark, Disk, KindResult, Machine, Memory, Samples, Table

WAYS = {"full rebuild": 1.0, "in-process": 0.01, "reopened": 0.1, "unchanged": 0.001, "plain rebuild": 0.5}


def kind(name: str, share: float | None, slower: float = 1.0) -> KindResult:
    """A kind of edit; what is incremental is so many times slower."""
    return KindResult(
        kind=name,
        share=share,
        edits=("one", "two", "three"),
        ways=tuple(
            Samples(
                way=way,
                seconds=tuple(seconds * part * (slower if way in {"in-process", "reopened"} else 1) for part in (1.0, 0.9, 1.2)),
                wall=(seconds,) * 3,
                executed=(100, 100, 101) if way.endswith("rebuild") else (1, 2, 3),
                visited=(0, 0, 0),
                loaded=(4, 5, 6),
            )
            for way, seconds in WAYS.items()
        ),
    )


def result(**other: object) -> Benchmark:
    """A result of one table."""
    table = Table(
        name="<script>alert('x')</script>",
        digest="d",
        facts={"files": 1_234},
        kinds=(kind("one | symbol", 0.01), kind("10 %", 0.1, 5.0), kind("every", 1.0, 20.0)),
        memory=(Memory(way="full rebuild", peak=2_000_000, held=1_000_000, memos=1_000), Memory(way="none", peak=1, held=1, memos=0)),
        disk=(Disk(way="reopened", first=1_000_000, last=2_000_000), Disk(way="memory", first=0, last=0)),
        compared=12,
    )
    given: dict[str, object] = {
        "command": "lestockage bench x",
        "date": "2026-01-01",
        "version": "1",
        "commit": "abc",
        "machine": Machine(system="Linux", architecture="x", cores=2, python="3.11.7"),
        "tree": "<b>tree</b>",
        "edits": 3,
        "seed": 0,
        "git": None,
        "peers": True,
        "tables": (table,),
        **other,
    }
    return Benchmark.model_validate(given)
