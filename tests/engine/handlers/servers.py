"""Real servers on this machine that handlers talk to: a web server that answers what it is told, and a mail server."""

from __future__ import annotations

import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Seen:
    """A request that came in."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Web:
    """A web server: ``answer`` is (status, headers, body); ``pause`` seconds lie between the bytes of the body."""

    port: int = 0
    answer: tuple[int, dict[str, str], bytes] = (200, {"Content-Type": "application/json"}, b"{}")
    pause: float = 0.0
    seen: list[Seen] = field(default_factory=list)

    def url(self, path: str = "/") -> str:
        return f"http://127.0.0.1:{self.port}{path}"


@contextmanager
def web() -> Iterator[Web]:
    """Serve on a free port."""
    found = Web()

    class Answers(BaseHTTPRequestHandler):
        def _any(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            found.seen.append(Seen(self.command, self.path, headers, self.rfile.read(length)))
            status, more, body = found.answer
            self.send_response(status)
            for name, value in more.items():
                self.send_header(name, value)
            if not found.pause:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self._write(body)

        def _write(self, body: bytes) -> None:
            if not found.pause:
                self.wfile.write(body)
                return
            try:
                for byte in body:
                    self.wfile.write(bytes([byte]))
                    time.sleep(found.pause)
            except OSError:
                return  # whoever asked has hung up

        do_GET = do_POST = do_PUT = do_DELETE = _any

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with _serving(ThreadingHTTPServer(("127.0.0.1", 0), Answers)) as port:
        found.port = port
        yield found


@dataclass
class Post:
    """A mail server: the mails that it took; it refuses the receivers in ``refused``."""

    port: int = 0
    mails: list[bytes] = field(default_factory=list)
    receivers: list[list[str]] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)


@contextmanager
def post() -> Iterator[Post]:
    """Serve SMTP (RFC 5321, without extensions) on a free port."""
    found = Post()

    class Session(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            receivers: list[str] = []
            self._say("220 here")
            while line := self.rfile.readline():
                verb, _, rest = line.decode().strip().partition(" ")
                match verb.upper():
                    case "RCPT" if (address := rest[len("TO:<") : -1]) in found.refused:
                        self._say(f"550 no {address}")
                    case "RCPT":
                        receivers.append(address)
                        self._say("250 ok")
                    case "DATA":
                        self._say("354 go")
                        found.mails.append(b"".join(iter(self.rfile.readline, b".\r\n")))
                        found.receivers.append(receivers)
                        self._say("250 ok")
                    case "QUIT":
                        return self._say("221 bye")
                    case _:
                        self._say("250 ok")

        def _say(self, line: str) -> None:
            self.wfile.write(f"{line}\r\n".encode())

    with _serving(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session)) as port:
        found.port = port
        yield found


@contextmanager
def _serving(server: socketserver.TCPServer) -> Iterator[int]:
    with server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()
