"""The functions that are ours: the parser knows exactly those that an evaluation offers."""

from __future__ import annotations

from engine import definitions
from engine.database import Engine
from engine.execution import feel_environment
from engine.expressions import HOST_FUNCTIONS, compile_expression
from engine.people import SYSTEM


def test_the_names_are_those_of_the_functions(platform: Engine) -> None:
    with platform.read(SYSTEM) as tx:
        assert set(feel_environment(tx).functions) == HOST_FUNCTIONS
        assert definitions.world(tx).functions == HOST_FUNCTIONS


def test_names_of_several_words_can_be_called(platform: Engine) -> None:
    with platform.read(SYSTEM) as tx:
        env = feel_environment(tx)
        text = 'working days between(date("2026-11-23"), date("2026-11-27"))'
        assert compile_expression(text).evaluate({}, env) == 4
        assert compile_expression("unit name(unit by code(code))").evaluate({"code": "jinxing"}, env) == "金星社区"
