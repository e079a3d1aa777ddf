"""A signal that one case throws reaches every case that waits for it, and nobody else."""

from __future__ import annotations

from uuid import UUID

from engine import definitions, instances
from engine.database import Engine
from engine.lifecycle import InstanceState
from engine.model.process import ProcessInstance
from engine.people import SYSTEM
from engine.worker import Worker
from tests.bpmn_xml import Drawing, element, event

BELL = element("bpmn:signal", id="bell", name="放假")
OTHER = element("bpmn:signal", id="other", name="复工")


def deploy(engine: Engine, drawing: Drawing) -> None:
    with engine.begin(SYSTEM) as tx:
        outcome, _ = definitions.deploy_file(tx, drawing.key, drawing.xml().decode(), "")
    assert outcome == "published"


def start(engine: Engine, key: str) -> UUID:
    with engine.begin(SYSTEM) as tx:
        return instances.start(tx, key, {}, None).instance.id


def state(engine: Engine, instance_id: UUID) -> InstanceState:
    with engine.read(SYSTEM) as tx:
        return tx.get(ProcessInstance, instance_id).state


def test_a_signal_reaches_all_who_wait_for_it(engine: Engine) -> None:
    deploy(engine, Drawing("waits").root(BELL).start().catch("wait", event("signal", signalRef="bell")).end())
    deploy(engine, Drawing("deaf").root(OTHER).start().catch("wait", event("signal", signalRef="other")).end())
    deploy(engine, Drawing("rings").root(BELL).start().throw("ring", event("signal", signalRef="bell")).end())
    first, second, deaf = start(engine, "waits"), start(engine, "waits"), start(engine, "deaf")

    engine.cache.clear()
    ringing = start(engine, "rings")
    while Worker(engine).drain():
        engine.cache.clear()

    assert state(engine, ringing) is InstanceState.COMPLETED
    assert state(engine, first) is InstanceState.COMPLETED
    assert state(engine, second) is InstanceState.COMPLETED
    assert state(engine, deaf) is InstanceState.ACTIVE
