"""What a kind of step is: what it does, and which entries it may have."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from engine.errors import N_, EngineError, InvalidVariables
from engine.scenarios.failure import ScenarioFailed
from engine.scenarios.script import Step
from engine.scenarios.stage import Stage


@dataclass(frozen=True)
class Kind:
    """One kind of step; ``entries`` are the names that may stand in it, its own among them."""

    run: Callable[[Stage, Step], None]
    entries: frozenset[str]


def ensure_entries(step: Mapping[str, Any], known: Collection[str]) -> None:
    """Raise ScenarioFailed for an entry that nobody would look at: mostly a slip of the pen."""
    for name in step:
        if name not in known:
            raise ScenarioFailed(
                N_("这里没有“{name}”这一项，可以写的有：{known}。"), name=name, known="、".join(sorted(known))
            )


@contextmanager
def command(step: Step) -> Iterator[None]:
    """Around a command: with ``refused`` it has to be refused ``because`` of what the sentence contains."""
    because = step.get("because")
    if not step.get("refused"):
        if because is not None:
            raise ScenarioFailed(N_("写了 because，就要写 refused: true。"))
        with _with_all_sentences():
            yield
        return
    if not because:
        raise ScenarioFailed(N_("写了 refused: true，就要用 because 写明被拒绝的原因。"))
    try:
        yield
    except ScenarioFailed:
        raise
    except EngineError as error:
        sentences = sentences_of(error)
        if not any(str(because) in sentence for sentence in sentences):
            found = "; ".join(sentences)
            raise ScenarioFailed(
                N_("应当因为“{because}”被拒绝，实际的原因是：{found}"), because=because, found=found
            ) from error
        return
    raise ScenarioFailed(N_("应当因为“{because}”被拒绝，实际办成了。"), because=because)


def sentences_of(error: EngineError) -> list[str]:
    """All that an error says, for a form one sentence for each field."""
    fields = error.errors.items() if isinstance(error, InvalidVariables) else ()
    return [str(error), *(f"{name}: {sentence}" for name, found in fields for sentence in found)]


@contextmanager
def _with_all_sentences() -> Iterator[None]:
    try:
        yield
    except InvalidVariables as error:
        raise ScenarioFailed(N_("表单没有通过：{sentences}"), sentences="; ".join(sentences_of(error)[1:])) from error
