"""Incidents as a consequence of running: opened when a step fails, closed when its token goes."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import select

from engine.execution.loaded import Loaded
from engine.lifecycle import IncidentState
from engine.model.work import Incident


def open_incident(
    loaded: Loaded, token_id: UUID, element_id: str, template: str, params: dict[str, Any], job_id: UUID | None = None
) -> Incident:
    """Note that a step failed. What the person before it entered is kept; the token stays where it is."""
    shown = {key: str(value) for key, value in params.items()}
    loaded.instance.incidents += 1
    loaded.record("incident_opened", element_id, token=str(token_id), message=template.format(**shown))
    return loaded.tx.add(
        Incident(
            instance_id=loaded.instance.id,
            token_id=token_id,
            job_id=job_id,
            element_id=element_id,
            template=template,
            params=shown,
            opened_at=loaded.tx.now,
        )
    )


def resolve_vanished(loaded: Loaded, before: Collection[UUID], after: Collection[UUID]) -> None:
    """Close the open incidents of tokens that waited or had failed ``before`` and are gone ``after``."""
    gone = [token for token in before if token not in after]
    query = select(Incident).where(Incident.token_id.in_(gone), Incident.state == IncidentState.OPEN)
    for incident in loaded.tx.session.scalars(query):
        if incident.state is IncidentState.OPEN:  # the command itself may have closed it a moment ago
            resolve(loaded, incident)


def resolve(loaded: Loaded, incident: Incident) -> None:
    """Close one incident in the name of the actor."""
    incident.resolve(loaded.tx.actor.name, loaded.tx.now)
    loaded.instance.incidents -= 1
    loaded.record("incident_resolved", incident.element_id, incident=str(incident.id))
