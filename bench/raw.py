"""The floor: SpiffWorkflow itself, with its own parser, script engine and serializer as shipped; no database."""

from __future__ import annotations

import io

from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from bench.models import VALUES


class Raw:
    """One process, in the library alone."""

    def __init__(self, diagram: str, key: str) -> None:
        parser = BpmnParser()
        parser.add_bpmn_io(io.BytesIO(diagram.encode()))
        self.spec = parser.get_spec(key)
        self.serializer = BpmnWorkflowSerializer()

    def start(self) -> BpmnWorkflow:
        """An instance that waits at its first user task."""
        workflow = BpmnWorkflow(self.spec)
        workflow.do_engine_steps()
        return workflow

    def start_saved(self, loops: int = 0) -> str:
        """The same as JSON, after this many completions."""
        workflow = self.start()
        for _ in range(loops):
            self.complete(workflow)
        return str(self.serializer.serialize_json(workflow))

    def complete(self, workflow: BpmnWorkflow) -> None:
        """Complete the waiting user task in memory and run on to the next."""
        task = next(iter(workflow.get_tasks(state=TaskState.READY, manual=True)))
        task.data.update(VALUES)
        task.run()
        workflow.do_engine_steps()

    def complete_saved(self, saved: str) -> str:
        """Load the JSON, complete, run on, and give the JSON again."""
        workflow = self.serializer.deserialize_json(saved)
        self.complete(workflow)
        return str(self.serializer.serialize_json(workflow))
