"""Serving the platform: settings, preparation of the database, the web server with the embedded worker."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import waitress
from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from engine import migrations
from engine.database import Engine
from engine.deliveries import Courier
from engine.errors import N_, EngineError, Unavailable
from engine.notifications import kept_for
from webapp import create_app
from webapp.demo import Demo, load_demo, past
from webapp.library import Deployed, deploy
from webapp.messages import letters
from webapp.platform import platform

_THREADS = 8


@dataclass(frozen=True)
class Settings:
    """Where the platform keeps its data and where it listens; read from the environment."""

    var: Path
    database_url: str
    host: str
    port: int
    #: Whether a TLS proxy stands in front: it is believed about the visitor, and cookies travel by HTTPS only.
    behind_proxy: bool = False

    @classmethod
    def read(cls, environ: Mapping[str, str] = os.environ) -> Settings:
        """From WUJI_VAR, DATABASE_URL, HOST, PORT and BEHIND_PROXY.

        Raises EngineError when PORT is no port number, or what others read from the environment makes no sense.
        """
        var = Path(environ.get("WUJI_VAR", "var")).resolve()
        port = environ.get("PORT", "8000")
        if not port.isascii() or not port.isdigit() or not 0 < int(port) < 65536:
            raise EngineError(N_("PORT 应当是 1 到 65535 之间的数字，现在是“{port}”。"), port=port)
        kept_for(environ)
        url = environ.get("DATABASE_URL") or f"sqlite:///{var / 'wuji.db'}"
        return cls(var, url, environ.get("HOST", "127.0.0.1"), int(port), environ.get("BEHIND_PROXY") == "1")

    @property
    def address(self) -> str:
        """What to open in a browser."""
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::") else self.host  # noqa: S104 (compared, not bound)
        return f"http://{host}:{self.port}/"


@dataclass(frozen=True)
class Prepared:
    """A platform that is ready to serve, and what its preparation did."""

    engine: Engine
    app: Flask
    deployed: list[Deployed]
    demo: Demo | None


def prepare(settings: Settings, demo: bool, tell: Callable[[str], None] = lambda _: None) -> Prepared:
    """Make the folder, migrate the database, load the demo if wanted, release what is new.

    An untouched database gets a district that has worked for a quarter; ``tell`` is told what takes a while.
    """
    make_writable(settings.var)
    engine = Engine(settings.database_url)
    engine.ensure_reachable()
    with engine.alone():
        migrations.upgrade(engine)
        if demo and past.is_wanted(engine):
            tell(N_("正在准备演示数据（一个季度的事项），大约需要一分钟…"))
            past.live_through(engine, settings.var, engine.clock())
        loaded = load_demo(engine, settings.var) if demo else None
        deployed = deploy(engine)
    app = create_app(engine, {"SECRET_KEY": secret_key(settings.var), "SESSION_COOKIE_SECURE": settings.behind_proxy})
    if settings.behind_proxy:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign] # as Flask says
    return Prepared(engine, app, deployed, loaded)


def serve(settings: Settings, prepared: Prepared, ready: Callable[[], None]) -> None:
    """Serve until interrupted, with the worker and the courier in threads of this process."""
    worker = platform(prepared.app).worker
    courier = Courier(prepared.engine, letters.writer(prepared.engine))
    worker.start()
    courier.start()
    try:
        server = waitress.create_server(prepared.app, host=settings.host, port=settings.port, threads=_THREADS)
        ready()
        server.run()
    finally:
        courier.stop()
        worker.stop()
        prepared.engine.close()


def make_writable(var: Path) -> None:
    """Create the data folder. Raises Unavailable when it can't be written to."""
    try:
        var.mkdir(parents=True, exist_ok=True)
        probe = var / f".probe-{secrets.token_hex(4)}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        text = N_("不能写入数据文件夹 {folder}（{reason}）。请改用可写的文件夹：WUJI_VAR=文件夹 make run。")
        raise Unavailable(text, folder=str(var), reason=error.strerror) from error


def ensure_port_free(settings: Settings) -> None:
    """Raise Unavailable when something else listens already, before any work is done."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            text = N_("端口 {port} 已被占用。请换一个端口：PORT={other} make run。")
            raise Unavailable(text, port=settings.port, other=settings.port + 1) from error


def secret_key(var: Path) -> str:
    """The key that signs cookies: SECRET_KEY, or a random one kept in the data folder, readable by its owner only."""
    given = os.environ.get("SECRET_KEY")
    if given:
        return given
    path = var / "secret-key"
    if not path.is_file():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text().strip()
