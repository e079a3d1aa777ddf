"""A new version of a process in which only a form has changed, as an analyst releases it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from engine import definitions
from engine.database import Transaction
from engine.forms import Form
from engine.model.base import new_id
from engine.model.process import FormDefinition, ProcessDefinition
from engine.release import Release

Component = dict[str, Any]
#: Gives the component as it is in the new version, None for one that has gone.
Change = Callable[[Component], Component | None]


def release_with(tx: Transaction, release: Release, form: Form | None, change: Change) -> ProcessDefinition:
    """Release the process once more with this form changed. What the checker would say is not asked."""
    assert form is not None
    source = json.loads(tx.get(FormDefinition, release.bundle.forms[form.id]).content)
    source["components"] = list(_changed(source["components"], change))
    digest = definitions.add_form(tx, json.dumps(source, ensure_ascii=False))
    bundle = replace(release.bundle, forms={**release.bundle.forms, form.id: digest})
    old = tx.get(ProcessDefinition, release.id)
    newer = ProcessDefinition(
        id=new_id(), key=old.key, version=old.version + 1, name=old.name, digest=bundle.digest, bundle=bundle.pack(),
        source=old.source, note="", published_at=tx.now, published_by=old.published_by,
    )  # fmt: skip
    tx.add(newer)
    tx.session.flush()
    return newer


def _changed(components: list[Component], change: Change) -> Iterator[Component]:
    for each in components:
        found = change(each)
        if found is not None:
            inner = {"components": list(_changed(found["components"], change))} if "components" in found else {}
            yield {**found, **inner}
