"""The measurements: the step in five variants, by length of history, by number of instances, at rest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from itertools import cycle, repeat
from typing import Any
from uuid import UUID

from bench import language, models, rows, web
from bench.databases import LOGIN, PASSWORD, Databases
from bench.measure import Step, interleave
from bench.ours import Ours
from bench.raw import Raw

Figures = dict[str, Any]


@dataclass(frozen=True)
class Sizes:
    """How much is measured."""

    n: int = 200
    warm_up: int = 10
    loops: tuple[int, ...] = (10, 100, 300)
    loop_instances: int = 5
    instances: tuple[int, ...] = (100, 10_000)


def steps(places: Databases, sizes: Sizes) -> Figures:
    """Completing A, by database: raw in memory, raw with JSON, the same rows by ORM, our command; then our page.

    The page is measured in turns with the command alone: it would leave the processor's caches cold for the others.
    """
    found: Figures = {}
    for kind in places.kinds:
        with ExitStack() as stack:
            ours = _opened(stack, places.make(kind, f"steps_{kind}"))
            counts = _counts(ours)
            times = _summaries(_command_variants(ours, sizes), sizes.n, sizes)
            pages = _summaries(_page_variants(ours, _signed_in(stack, ours)), sizes.n, sizes)
            found[kind] = {"times": times, "page": pages, "counts": counts}
    return found


def _command_variants(ours: Ours, sizes: Sizes) -> dict[str, Iterable[Step]]:
    rounds = range(sizes.n + sizes.warm_up)
    raw = Raw(models.step(False), "bench-step")
    written = rows.written_by_a_completion(ours)
    return {
        "raw memory": [partial(raw.complete, raw.start()) for _ in rounds],
        "raw JSON": [partial(raw.complete_saved, raw.start_saved()) for _ in rounds],
        "ORM rows": [rows.committing(ours, written) for _ in rounds],
        "command": [partial(ours.complete, ours.start()[1]) for _ in rounds],
    }


def _page_variants(ours: Ours, browser: web.Browser) -> dict[str, Iterable[Step]]:
    return {
        "command": (partial(ours.complete, ours.start()[1]) for _ in repeat(None)),
        "HTTP": (partial(_post, browser, ours.start()[1]) for _ in repeat(None)),
    }


def _signed_in(stack: ExitStack, ours: Ours) -> web.Browser:
    browser = web.Browser(stack.enter_context(web.served(ours.engine)))
    stack.callback(browser.close)
    browser.sign_in(LOGIN, PASSWORD)
    return browser


def _post(browser: web.Browser, task_id: object) -> None:
    status, text = browser.post(f"/tasks/{task_id}", models.VALUES)
    if status != 302:
        raise RuntimeError(f"the form was refused: {status} {web.sentence(text)}")


def _counts(ours: Ours) -> Figures:
    ours.complete(ours.start()[1])  # compiles the release
    instance_id, task_id = ours.start()
    with ours.counted() as count:
        ours.complete(task_id)
    written = rows.written_by_a_completion(ours)
    return {
        "statements": len(count.statements),
        "commits": count.commits,
        "sql": [" ".join(text.split())[:100] for text in count.statements],
        "rows_written": written.rows,
        "history_events": len(written.events),
        "token_state_bytes": ours.token_bytes(instance_id),
    }


def history(places: Databases, sizes: Sizes) -> Figures:
    """The same step after 10, 100, 300 loops of one instance; SpiffWorkflow's JSON round trip for comparison."""
    found: Figures = {}
    for kind in places.kinds:
        with ExitStack() as stack:
            ours = _opened(stack, places.make(kind, f"history_{kind}"))
            waiting = {loops: [_looped(ours, loops) for _ in range(sizes.loop_instances)] for loops in sizes.loops}
            variants = {_loops(loops): _further_loops(ours, some) for loops, some in waiting.items()}
            found[kind] = _summaries(variants, sizes.n, sizes)
            longest = waiting[max(sizes.loops)][0]
            found[kind]["token_state_bytes"] = ours.token_bytes(longest)
    found["raw JSON"] = _summaries(_raw_loops(sizes), max(5, sizes.n // 20), sizes)
    return found


def _looped(ours: Ours, loops: int) -> UUID:
    """An instance that has gone through this many loops and waits again."""
    instance_id, _task = ours.start("bench-loop")
    ours.complete_next(instance_id, loops)
    return instance_id


def _further_loops(ours: Ours, waiting: list[UUID]) -> Iterator[Step]:
    for instance_id in cycle(waiting):
        yield partial(ours.complete, ours.open_task(instance_id))


def _raw_loops(sizes: Sizes) -> dict[str, Iterable[Step]]:
    raw = Raw(models.loop(False), "bench-loop")
    return {_loops(loops): repeat(partial(raw.complete_saved, raw.start_saved(loops))) for loops in sizes.loops}


def _loops(count: int) -> str:
    return f"{count} loops"


def instances(places: Databases, sizes: Sizes) -> Figures:
    """The same step among few and among many waiting instances, and what a worker with nothing to do asks."""
    found: Figures = {}
    for kind in places.kinds:
        with ExitStack() as stack:
            variants: dict[str, Iterable[Step]] = {}
            idle: Figures = {}
            for count in sizes.instances:
                ours = _opened(stack, places.make(kind, f"instances_{kind}_{count}"))
                ours.add_ballast(count)
                idle[str(count)] = _idle(ours)
                variants[f"{count} instances"] = _completions(ours, sizes.n + sizes.warm_up)
            found[kind] = {**_summaries(variants, sizes.n, sizes), "idle": idle}
    return found


def _completions(ours: Ours, rounds: int) -> list[Step]:
    return [partial(ours.complete, ours.start()[1]) for _ in range(rounds)]


def _idle(ours: Ours) -> Figures:
    count = ours.drain_idle()
    asked = [text for text in count.statements if not text.startswith("BEGIN")]
    return {"statements": len(asked), "commits": count.commits}


def _opened(stack: ExitStack, url: str) -> Ours:
    ours = Ours(url)
    stack.callback(ours.engine.close)
    return ours


def _summaries(variants: Mapping[str, Iterable[Step]], rounds: int, sizes: Sizes) -> Figures:
    return {name: one.summary() for name, one in interleave(variants, rounds, sizes.warm_up).items()}


def expressions(places: Databases, sizes: Sizes) -> Figures:
    """A condition and a decision table, beside the same in Python; no database."""
    return language.measure(sizes.n, sizes.warm_up)


SECTIONS: dict[str, Callable[[Databases, Sizes], Figures]] = {
    "steps": steps,
    "history": history,
    "instances": instances,
    "expressions": expressions,
}
