"""A server that answers each request by the next of its answers, and keeps what it was asked."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from unittest import TestCase


class Asked:
    def __init__(self, method: str, path: str, headers: Any, body: bytes) -> None:
        self.method, self.path, self.headers, self.body = method, path, headers, body

    def json(self) -> Any:
        return json.loads(self.body)


class Fake:
    """Answers are ``(status, body, headers)``, or functions of the request's handler."""

    def __init__(self, test: TestCase, *answers: Any) -> None:
        self.asked: list[Asked] = []
        waiting, asked = list(answers), self.asked

        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                asked.append(Asked(self.command, self.path, self.headers, body))
                answer = waiting.pop(0)
                if callable(answer):
                    answer(self)
                    return
                status, content, headers = answer
                content = content if isinstance(content, bytes) else json.dumps(content).encode()
                self.send_response(status)
                for name, value in {"Content-Type": "application/json", **headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = do_PATCH = do_DELETE = answer

            def log_message(self, *_: Any) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        server.block_on_close = False
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        test.addCleanup(server.server_close)
        test.addCleanup(server.shutdown)
        self.url = f"http://127.0.0.1:{server.server_port}"


def ok(body: Any, status: int = 200, **headers: str) -> tuple[int, Any, dict[str, str]]:
    return status, body, headers


def problem(status: int, code: str, retry_after: str | None = None) -> tuple[int, Any, dict[str, str]]:
    """A problem as Parley says it."""
    body = {"title": "No", "status": status, "detail": f"no: {code}", "code": code, "operation_id": "op-1"}
    headers = {"Content-Type": "application/problem+json"}
    return status, body, headers if retry_after is None else {**headers, "Retry-After": retry_after}
