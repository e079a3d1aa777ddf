"""What an element does that no jump takes back: people who were told, and effects that others rest on."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.model import EventType, Kind, Node

#: The property by which an analyst says that once this is done, the case goes back neither to it nor past it: ``true``.
FINAL = "final"
#: Service tasks that only tell people something: it was said, but nothing outside rests on it.
_TELLING = frozenset({"notify", "mail", "webhook"})
#: In whom a notice is for: somebody who is no official.
_OUTSIDER = "@applicant"
_JOBS = frozenset({Kind.SERVICE_TASK, Kind.SEND_TASK, Kind.BUSINESS_RULE_TASK})
_RECEIVED = frozenset({EventType.MESSAGE, EventType.SIGNAL})
#: What an escalation begins, and what compensation has undone, would be begun and undone twice.
_THROWN = _RECEIVED | {EventType.ESCALATION, EventType.COMPENSATION}


def tells(node: Node) -> bool:
    """Whether it tells people something and does nothing else."""
    type = node.job_type
    return type is not None and not type.is_feel and type.value in _TELLING and not is_final(node)


def tells_outsiders(node: Node) -> bool:
    """Whether it may tell the applicant or somebody else who is no official."""
    if not tells(node) or node.job_type is None:
        return False
    to = next((each.source.value for each in node.inputs if each.target == "to"), "")
    return node.job_type.value != "notify" or _OUTSIDER in to


def is_final(node: Node) -> bool:
    """Whether it can't be undone once it is passed: by what it does, or because the analyst says so."""
    if node.property(FINAL) == "true":
        return True
    if node.kind is Kind.CALL_ACTIVITY or node.kind is Kind.RECEIVE_TASK:
        return True
    if node.kind in _JOBS or node.job_type is not None:
        type = node.job_type
        only_tells = type is not None and not type.is_feel and type.value in _TELLING
        return (type is not None or node.kind is Kind.SEND_TASK) and not only_tells
    if node.kind is Kind.INTERMEDIATE_THROW:
        return not _THROWN.isdisjoint(node.event_types)
    return node.kind in (Kind.INTERMEDIATE_CATCH, Kind.BOUNDARY_EVENT) and not _RECEIVED.isdisjoint(node.event_types)


def parts(node: Node) -> Iterator[Node]:
    """The node and everything inside it."""
    yield node
    if node.scope is not None:
        for inner in node.scope.nodes.values():
            yield from parts(inner)
