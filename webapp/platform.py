"""The way from a request to the process engine."""

from __future__ import annotations

from typing import cast

from flask import Flask, current_app

from engine.database import Engine
from engine.worker import Worker

_KEY = "wuji"


class Platform:
    """What the application holds for as long as it runs: the engine, and the worker when it is embedded."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.worker = Worker(engine)


def init_app(app: Flask, engine: Engine) -> None:
    """Attach the engine to the application."""
    app.extensions[_KEY] = Platform(engine)


def platform(app: Flask | None = None) -> Platform:
    """The platform of this application."""
    return cast(Platform, (app or current_app).extensions[_KEY])


def engine() -> Engine:
    """The process engine of the current application."""
    return platform().engine
