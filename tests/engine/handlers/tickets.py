"""Jobs as handlers see them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from engine.jobs import Ticket

JOB = UUID("0190c5f5-0000-7000-8000-000000000001")


def ticket(inputs: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Ticket:
    """A leased job of the case SX-2026-00001 at the element ``call``."""
    return Ticket(
        job_id=JOB,
        instance_id=UUID(int=1),
        element_id="call",
        type="http",
        owner="w",
        attempt=1,
        number="SX-2026-00001",
        inputs=inputs,
        variables={"url": "http://127.0.0.1:1/", "method": "DELETE", "to": "x@example.cn"} | dict(inputs),
        headers=headers or {},
    )
