"""``python -m bench.chaos``: kill -9 under load, again and again, and check what was acknowledged."""

from __future__ import annotations

import argparse
import multiprocessing
import random
import signal
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from typing import Any
from uuid import UUID

from bench import crowd, duel, verdict
from bench.databases import KINDS, Databases, databases
from bench.ours import Ours
from bench.report import table
from bench.verdict import TASKS_PER_CASE, Check
from bench.victims import Victim, free_port

_CLIENTS = 4
#: A run that is not over by then is stuck, which is a finding.
_MOST_SECONDS = 1_800.0


@dataclass(frozen=True)
class Plan:
    """How much is done and how often it is interrupted. ``seed`` repeats the choice of moments and victims."""

    completions: int = 2_000
    kills: int = 20
    duels: int = 500
    seed: int = 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run on the databases that were asked for. Returns 1 on any violation."""
    asked = _parser().parse_args(arguments)
    plan = Plan(asked.completions, asked.kills, asked.duels, asked.seed)
    kinds = KINDS if asked.database == "all" else (asked.database,)
    violations = 0
    with databases(with_postgres="postgres" in kinds) as places:
        for kind in kinds:
            for part in (kills, duels):
                found = part(places, kind, plan)
                rows = [(check.what, check.found, _verdict(check)) for check in found]
                _say("\n".join(table([(kind, "found 发现", ""), *rows])))
                violations += sum(check.found for check in found)
    return 1 if violations else 0


def kills(places: Databases, kind: str, plan: Plan) -> list[Check]:
    """Complete tasks in several processes while server and worker are killed."""
    url = places.make(kind, f"chaos_{kind}")
    folder = _folder(places, f"kills-{kind}")
    cases = _start_cases(url, plan.completions // TASKS_PER_CASE)
    logs = [folder / f"client-{number}.log" for number in range(_CLIENTS)]
    began = time.monotonic()
    with ExitStack() as stack:
        server = stack.enter_context(Victim(folder, url, "serve", port=free_port()))
        worker = stack.enter_context(Victim(folder, url, "worker"))
        server.wait_until_ready()
        failed = _under_fire(plan, url, (server, worker), cases, logs)
        struck = (server.kills, worker.kills)
    acknowledged, lines = crowd.acknowledged(logs)
    left = verdict.drain(url)
    _say(f"{kind}: {len(acknowledged)} completions acknowledged 已确认 in {time.monotonic() - began:.0f} s")
    _say(f"  kill -9: server {struck[0]}, worker {struck[1]}; {lines}; {left} jobs left for the drain 遗留任务")
    return [Check("clients that gave up 客户端放弃", failed), *verdict.checks(url, cases, acknowledged)]


def _under_fire(plan: Plan, url: str, victims: tuple[Victim, Victim], cases: list[UUID], logs: list[Path]) -> int:
    """Let the clients work and the killer kill; the number of clients that failed."""
    context = multiprocessing.get_context("spawn")
    done: Synchronized[int] = context.Value("i", 0)
    clients = [
        context.Process(target=crowd.work, args=(url, victims[0].port, log, cases[number::_CLIENTS], done), daemon=True)
        for number, log in enumerate(logs)
    ]
    for client in clients:
        client.start()
    try:
        _kill_again_and_again(plan, victims, done, clients)
        deadline = time.monotonic() + _MOST_SECONDS
        for client in clients:
            client.join(max(0.0, deadline - time.monotonic()))
        return sum(client.exitcode != 0 for client in clients)
    finally:
        for client in clients:
            client.kill()


def _kill_again_and_again(
    plan: Plan, victims: tuple[Victim, Victim], done: Synchronized[int], clients: list[Any]
) -> None:
    """Kill at random moments, spread over the whole run; each time the server, the worker or both."""
    chance = random.Random(plan.seed)
    moments = sorted(chance.uniform(0.02, 0.95) * plan.completions for _ in range(plan.kills))
    server, worker = victims
    for number, moment in enumerate(moments):
        while done.value < moment and any(client.is_alive() for client in clients):
            time.sleep(0.005)
        time.sleep(chance.uniform(0, 0.05))
        for victim in ((server, worker), (server,), (worker,))[number % 3]:
            victim.kill()
            victim.start()
        server.wait_until_ready()


def duels(places: Databases, kind: str, plan: Plan) -> list[Check]:
    """Two people, two servers, one task, again and again."""
    url = places.make(kind, f"duel_{kind}")
    folder = _folder(places, f"duel-{kind}")
    ours = Ours(url)
    tasks = [ours.start("bench-step")[1] for _ in range(plan.duels)]
    ours.engine.close()
    with ExitStack() as stack:
        servers: list[Victim] = []
        for _ in range(2):
            servers.append(stack.enter_context(Victim(folder, url, "serve", port=free_port())))
            servers[-1].wait_until_ready()
        fought = duel.fight((servers[0].port, servers[1].port), tasks)
    with_one = fought.first_wins
    _say(
        f"{kind}: {len(fought.answers)} duels 对决, won by the first {with_one}, by the second {plan.duels - with_one}"
    )
    _say(f"  the loser reads 另一人看到：{fought.said}")
    return fought.checks()


def _start_cases(url: str, count: int) -> list[UUID]:
    ours = Ours(url)
    try:
        return [ours.start("bench-chaos")[0] for _ in range(count)]
    finally:
        ours.engine.close()


def _folder(places: Databases, name: str) -> Path:
    folder = places.folder / name
    folder.mkdir()
    return folder


def _verdict(check: Check) -> str:
    return "PASS" if check.found == 0 else "FAIL"


def _say(text: str) -> None:
    print(text, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bench.chaos", description="反复强行中断，核对结果 · kill -9 under load"
    )
    parser.add_argument("--completions", type=int, default=2_000, help="办结次数 · tasks to complete")
    parser.add_argument("--kills", type=int, default=20, help="中断次数 · how often to kill")
    parser.add_argument("--duels", type=int, default=500, help="对决次数 · two people, one task")
    parser.add_argument("--database", choices=[*KINDS, "all"], default="all", help="数据库 · which database")
    parser.add_argument("--seed", type=int, default=0, help="随机种子 · repeats the same choices")
    return parser


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that everything is cleaned up
    sys.exit(main())
