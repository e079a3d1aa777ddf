"""Scenarios written down quickly: the steps as YAML, the rest with defaults."""

from __future__ import annotations

from textwrap import dedent, indent
from typing import Any

import yaml

from engine import scenarios
from engine.scenarios import Passages
from tests.engine.commands.house import House

AT = "2026-11-24T09:00:00+08:00"


def play(house: House, steps: str, *, key: str = "p", passages: Passages | None = None, **given: Any) -> None:
    """Play a scenario of the process; it is given that a clerk of 金星社区 starts it, unless said otherwise."""
    facts = {"unit": "jinxing", "starter": "jinxing-clerk", "at": AT} | given
    head = yaml.safe_dump({"name": "试一试", "given": facts}, allow_unicode=True)
    text = f"{head}steps:\n{indent(dedent(steps), '  ')}"
    scenarios.play(scenarios.parse(text, key, "p/scenarios/try.yaml"), house.engine, house.clock, passages)
