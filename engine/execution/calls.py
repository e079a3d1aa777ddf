"""Between the instance of a call activity and the instance that it calls: jobs, so that each locks only its own."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from engine.bpmn.model import Text
from engine.database import Transaction
from engine.errors import N_, EngineError
from engine.execution.advance import advance
from engine.execution.ending import cancel_loaded
from engine.execution.incidents import open_incident
from engine.execution.loaded import Loaded, is_over, lock_instance
from engine.execution.starting import Origin, create_instance, latest_release
from engine.execution.waits import evaluate, unit_of
from engine.feel import FeelError
from engine.lifecycle import InstanceState, JobState
from engine.model.process import ProcessInstance
from engine.model.work import Job
from engine.variables import ROOT, Scopes


def start_child(tx: Transaction, instance: ProcessInstance, job: Job) -> None:
    """Start the called process; a failure (no such process) becomes an incident of the caller."""
    loaded = Loaded.load(tx, instance)
    wait = loaded.before[job.token]
    node = wait.element
    try:
        release = latest_release(tx, str(evaluate(loaded, node.called_process or Text("", False), wait.scope)))
    except (EngineError, FeelError) as error:
        template = error.message if isinstance(error, FeelError) else error.template
        job.state = JobState.FAILED
        open_incident(loaded, wait.token_id, node.id, template, error.params, job.id)
        return
    seen = loaded.scopes.view(wait.scope) if node.propagate_all_parent else loaded.scopes.local(wait.scope)
    origin = Origin(unit_of(loaded, wait.scope), parent=instance, parent_token=wait.token_id)
    child = create_instance(tx, release, dict(seen), origin)
    loaded.record("child_started", node.id, child=str(child.instance.id), number=child.instance.business_key)


def child_ended(tx: Transaction, instance: ProcessInstance, job: Job) -> None:
    loaded = Loaded.load(tx, instance)
    token = job.token
    if token not in loaded.before:
        return
    child = tx.session.get_one(ProcessInstance, UUID(job.payload["child"]))
    loaded.record("child_ended", loaded.before[token].element.id, child=str(child.id), error=job.payload["error"])
    if job.payload["error"] is not None:
        _error_of_child(loaded, token, job.payload["error"])
    elif child.state is InstanceState.CANCELED:
        template = N_("被调用的事项 {number} 已被终止。")
        open_incident(loaded, token, loaded.before[token].element.id, template, {"number": child.business_key})
    else:
        node = loaded.before[token].element
        wanted = node.propagate_all_children or node.outputs
        loaded.run.complete(token, Scopes.load(child.variables).local(ROOT) if wanted else {})
        advance(loaded, done=[token])


def _error_of_child(loaded: Loaded, token: UUID, code: str) -> None:
    if loaded.run.throw(token, code, {}):
        advance(loaded, done=[token])
        return
    template = N_("被调用的流程以错误“{code}”结束，流程图里没有接收它的边界事件。")
    open_incident(loaded, token, loaded.before[token].element.id, template, {"code": code})


def cancel_child(tx: Transaction, instance: ProcessInstance, job: Job) -> None:
    """A call that was retried has several children; those that ended by themselves stay as they are."""
    running = select(ProcessInstance.id).where(
        ProcessInstance.parent_token == job.token_id, ProcessInstance.state == InstanceState.ACTIVE
    )
    for child_id in tx.session.scalars(running):
        child = lock_instance(tx, child_id)
        if not is_over(child):
            reason = N_("上级事项 {number} 不再需要").format(number=instance.business_key)
            cancel_loaded(Loaded.load(tx, child), reason)
