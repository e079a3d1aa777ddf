"""A running case as a file: written by one release, loaded and finished by every later one."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from engine import definitions
from engine.execution import Loaded, advance
from engine.model.base import new_id
from engine.model.process import FormDefinition, ProcessDefinition, ProcessInstance
from engine.people import org_tree
from engine.release import Bundle, load_release
from tests.engine.commands.house import House

FOLDER = Path(__file__).parent


def dump(house: House, case: UUID, finish: list[Mapping[str, Any]], unit: str) -> str:
    """The case as the text of a golden file. ``finish`` are the steps that bring it to its end."""
    with house.reading() as tx:
        row = tx.get(ProcessInstance, case)
        bundle = load_release(tx, row.definition_id).bundle
        forms = {digest: tx.get(FormDefinition, digest).content for digest in bundle.forms.values()}
    content = {
        "bundle": base64.b64encode(bundle.pack()).decode(),
        "forms": list(forms.values()),
        "unit": unit,
        "token_state": base64.b64encode(row.token_state).decode(),
        "variables": base64.b64encode(row.variables).decode(),
        "open": house.open(case),
        "finish": finish,
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def restore(house: House, content: Mapping[str, Any]) -> UUID:
    """Put the case of a golden file into the database, with the rows that its tokens wait for."""
    bundle = Bundle.unpack(base64.b64decode(content["bundle"]))
    with house.at() as tx:
        for form in content["forms"]:
            definitions.add_form(tx, form)
        unit = org_tree(tx).by_code(content["unit"])
        assert unit is not None
        definition = tx.add(
            ProcessDefinition(
                id=new_id(), key=bundle.key, version=1000, name=bundle.name, digest=bundle.digest, bundle=bundle.pack(),
                source="file", published_at=tx.now, published_by="系统",
            )
        )  # fmt: skip
        tx.session.flush()
        instance = tx.add(
            ProcessInstance(
                id=new_id(), definition_id=definition.id, process_key=bundle.key, business_key="SX-2026-99999",
                title="黄金状态", unit_id=unit.id, unit_path=unit.path, started_at=tx.now, started_by_name="系统",
                token_state=base64.b64decode(content["token_state"]),
                variables=base64.b64decode(content["variables"]), incidents=0, history_seq=0, history_head=b"",
            )
        )  # fmt: skip
        tx.session.flush()
        loaded = Loaded.load(tx, instance)
        loaded.before = {}  # no wait has rows in this database yet
        advance(loaded)
        return instance.id


def finish(house: House, case: UUID, steps: list[Mapping[str, Any]]) -> None:
    """Do the steps of a golden file."""
    for step in steps:
        if "hours" in step:
            house.clock.advance(hours=step["hours"])
        elif "message" in step:
            key = dict(house.subscriptions(case))[step["message"]]
            house.correlate(step["message"], key, step.get("values"))
        else:
            complete(house, case, step)
        house.drain()


def complete(house: House, case: UUID, step: Mapping[str, Any]) -> None:
    """Complete the first open task of an element, of the called case if it is not one of this."""
    cases = [case, *(child.id for child in house.children(case))]
    target = next(each for each in cases if step["complete"] in house.open(each))
    house.complete(target, step["complete"], step.get("values", {}), step["by"])
