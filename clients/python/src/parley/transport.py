"""How requests are sent."""

from __future__ import annotations

import http.client
import json
import random
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timezone
from typing import Any, TypeVar

from .errors import ConnectionFailed, ProblemError

_IDEMPOTENT = frozenset({"GET", "HEAD", "PUT", "DELETE"})
_FIRST_PAUSE = 0.5
_LONGEST_REFUSAL = 1 << 20
_T = TypeVar("_T")


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A credential is for the server that it was given for."""

    def redirect_request(self, *_: Any) -> None:
        return None


class Transport:
    """Sends requests: with the credential, within a time, and again where that cannot do a thing twice."""

    def __init__(self, base_url: str, api_key: str, timeout: float, max_retries: int, longest_pause: float) -> None:
        address = urllib.parse.urlsplit(base_url)
        if address.scheme not in ("http", "https") or not address.netloc:
            raise ValueError("base_url must be an http or https address")
        self._base = f"{address.scheme}://{address.netloc}{address.path.rstrip('/')}"
        self._api_key = api_key
        self._timeout = timeout
        self._max_retries = max_retries
        self._longest_pause = longest_pause
        self._opener = urllib.request.build_opener(_NoRedirects)

    def json(self, method: str, path: str, **options: Any) -> Any:
        """Sends and gives the answer's JSON; None where there is none."""
        return self._send(method, path, _parsed, **options)

    def bytes(self, method: str, path: str, **options: Any) -> bytes:
        """Sends and gives the answer's bytes."""
        return self._send(method, path, _read, accept="*/*", **options)

    def open(self, method: str, path: str, **options: Any) -> http.client.HTTPResponse:
        """Sends and gives the answer as soon as it begins; who asked closes it."""
        return self._send(method, path, lambda response: response, **options)

    def items(self, path: str, query: Mapping[str, Any] | None = None) -> Iterator[Any]:
        """Items of a list, page after page."""
        cursor = (query or {}).get("cursor")
        while True:
            page = self.json("GET", path, query={**(query or {}), "cursor": cursor})
            yield from page["items"]
            cursor = page.get("next_cursor")
            if not cursor:
                return

    def _send(
        self,
        method: str,
        path: str,
        read: Callable[[http.client.HTTPResponse], _T],
        *,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
        data: bytes | None = None,
        content_type: str = "application/octet-stream",
        accept: str = "application/json",
        idempotency_key: str | None = None,
    ) -> _T:
        headers = {"Accept": accept, "Authorization": f"Bearer {self._api_key}", "User-Agent": "parley-python"}
        if method == "POST":
            # Every POST may be sent again: Parley keeps its first answer by this key.
            headers["Idempotency-Key"] = idempotency_key or str(uuid.uuid4())
        if data is not None:
            headers["Content-Type"] = content_type
        elif body is not None:
            headers["Content-Type"] = "application/json"
            data = json.dumps(body, default=_written).encode()
        elif method == "POST":
            data = b""
            # urllib would call nothing a form.
            headers["Content-Type"] = "application/json"
        request = urllib.request.Request(self._base + path + _query(query), data, headers, method=method)
        repeatable = method in _IDEMPOTENT or method == "POST"
        attempt = 0
        while True:
            try:
                return self._once(request, read)
            except (ProblemError, ConnectionFailed) as failure:
                pause = self._pause(failure, attempt) if repeatable and attempt < self._max_retries else None
                if pause is None:
                    raise
            time.sleep(pause)
            attempt += 1

    def _once(self, request: urllib.request.Request, read: Callable[[http.client.HTTPResponse], _T]) -> _T:
        try:
            return read(self._opener.open(request, timeout=self._timeout))
        except urllib.error.HTTPError as refusal:
            with refusal:
                try:
                    body = refusal.read(_LONGEST_REFUSAL)
                except (OSError, http.client.HTTPException):
                    body = b""
            raise ProblemError.read(refusal.code, body, refusal.headers) from None
        except (OSError, http.client.HTTPException, ValueError) as error:
            where = f"{request.get_method()} {request.selector.partition('?')[0]}"
            raise ConnectionFailed(f"{where}: no answer: {getattr(error, 'reason', error)}") from error

    def _pause(self, failure: ProblemError | ConnectionFailed, attempt: int) -> float | None:
        """Seconds until it may go better; None when it will not."""
        backoff = min(_FIRST_PAUSE * 2**attempt * random.uniform(0.5, 1), self._longest_pause)
        if isinstance(failure, ConnectionFailed):
            return backoff
        if failure.status not in (429, 503) and failure.code != "IDEMPOTENCY_KEY_IN_USE":
            return None
        pause = backoff if failure.retry_after is None else failure.retry_after
        return pause if pause <= self._longest_pause else None


def _read(response: http.client.HTTPResponse) -> bytes:
    with response:
        return response.read()


def _parsed(response: http.client.HTTPResponse) -> Any:
    body = _read(response)
    return json.loads(body) if body else None


def _query(query: Mapping[str, Any] | None) -> str:
    given = {name: _written(value) for name, value in (query or {}).items() if value is not None}
    return "?" + urllib.parse.urlencode(given) if given else ""


def _written(value: Any) -> str:
    """A value as the API reads it: times of no zone are meant in UTC."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        aware = value if value.tzinfo else value.replace(tzinfo=timezone.utc)
        return aware.astimezone(timezone.utc).isoformat().replace("+00:00", "Z")
    return str(value)
