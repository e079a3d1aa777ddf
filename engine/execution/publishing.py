"""Publishing what came of a settled case, where its process declares it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from engine import people
from engine.clock import local_day
from engine.database import Transaction
from engine.execution.loaded import Loaded
from engine.model.people import Level
from engine.model.result import PublishedResult
from engine.people import Unit
from engine.publication import Told
from engine.variables import ROOT


def publish_result(loaded: Loaded) -> None:
    """Let everybody read the result of a case that has just ended by itself; called and confidential cases stay so."""
    tx, instance = loaded.tx, loaded.instance
    told = None if instance.confidential or instance.parent_id is not None else _told(loaded)
    if told is None:
        return
    unit = _place(tx, instance.unit_id)
    row = PublishedResult(
        instance_id=instance.id,
        process_key=instance.process_key,
        unit_id=unit.id if unit else None,
        unit_path=unit.path if unit else "",
        days=(local_day(tx.now) - local_day(instance.started_at)).days,
        settled_at=tx.now,
        category=told.category,
        outcome=told.outcome,
        summary=told.summary,
    )
    tx.add(row)
    loaded.record("result_published", category=told.category, outcome=told.outcome, summary=told.summary)


def _told(loaded: Loaded) -> Told | None:
    publication = loaded.release.publication
    if publication is None:
        return None
    values = loaded.scopes.local(ROOT)
    secrets = {text for name in loaded.personal & values.keys() for text in _texts(values[name])}
    view = loaded.scopes.view(ROOT, loaded.env.globals)
    return publication.told(view, loaded.env.feel_env, loaded.personal, secrets)


def _texts(value: Any) -> Iterator[str]:
    """The texts in a value, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for each in value.values() for text in _texts(each))
    elif isinstance(value, list):
        yield from (text for each in value for text in _texts(each))


def _place(tx: Transaction, unit_id: UUID | None) -> Unit | None:
    """The unit that is named: a group is so small that everybody would know who it was, so its community."""
    if unit_id is None:
        return None
    tree = people.org_tree(tx)
    return tree.ancestor(unit_id, Level.COMMUNITY) or tree.unit(unit_id)
