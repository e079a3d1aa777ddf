"""Two people complete one task at the same moment, through two servers: exactly one wins, the other is told."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from bench.databases import LOGIN, PASSWORD, RIVAL
from bench.models import VALUES
from bench.verdict import Check
from bench.web import Browser, sentence

_PATIENCE_SECONDS = 60.0
Answer = tuple[int, str]


@dataclass
class Duels:
    """The answers of all rounds."""

    answers: list[tuple[Answer, Answer]] = field(default_factory=list)

    def checks(self) -> list[Check]:
        """Rounds that did not end as they must."""
        return [
            Check("duels without exactly one winner 不是一人办成", sum(_wins(pair) != 1 for pair in self.answers)),
            Check("losers without a sentence 另一人没有说明", sum(not _is_told(pair) for pair in self.answers)),
        ]

    @property
    def first_wins(self) -> int:
        """How often the first of the two was faster."""
        return sum(pair[0][0] == 302 for pair in self.answers)

    @property
    def said(self) -> str:
        """What one of the losers read."""
        return next((text for pair in self.answers for status, text in pair if status == 409), "")


def fight(ports: tuple[int, int], task_ids: Sequence[UUID]) -> Duels:
    """Let both people send the form of each task at once."""
    browsers = [Browser(port) for port in ports]
    for browser, login in zip(browsers, (LOGIN, RIVAL), strict=True):
        browser.sign_in(login, PASSWORD)
    try:
        return Duels([_round(browsers, task_id) for task_id in task_ids])
    finally:
        for browser in browsers:
            browser.close()


def _round(browsers: list[Browser], task_id: UUID) -> tuple[Answer, Answer]:
    answers: list[Answer] = [(0, ""), (0, "")]
    start = threading.Barrier(2)

    def send(number: int) -> None:
        start.wait(_PATIENCE_SECONDS)
        status, text = browsers[number].post(f"/tasks/{task_id}", VALUES)
        answers[number] = (status, sentence(text) if status != 302 else "")

    threads = [threading.Thread(target=send, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(_PATIENCE_SECONDS)
    return answers[0], answers[1]


def _wins(pair: tuple[Answer, Answer]) -> int:
    return sum(status == 302 for status, _text in pair)


def _is_told(pair: tuple[Answer, Answer]) -> bool:
    return sorted(status for status, _text in pair) == [302, 409] and all(
        text for status, text in pair if status != 302
    )
