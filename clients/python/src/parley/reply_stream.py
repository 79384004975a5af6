"""Replies while they are written."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable, Iterator
from typing import Any

from .errors import ConnectionFailed, ProblemError


class ReplyStream(Iterator[str]):
    """A reply while it is written: iterate over its pieces of text, then ask for the whole with ``final()``.

    Made by ``conversations.stream``. The message is sent when it is first read. While a person has the conversation there
    is no reply: ``final()`` then has ``state`` instead, and pieces that came before do not count.
    """

    def __init__(self, open_stream: Callable[[], http.client.HTTPResponse], client_message_id: str) -> None:
        self.client_message_id = client_message_id
        """Say the message again with this id when the stream broke off: it is then not answered twice."""
        self._final: Any = None
        self._pieces = self._read(open_stream)

    def __iter__(self) -> ReplyStream:
        return self

    def __next__(self) -> str:
        return next(self._pieces)

    def __enter__(self) -> ReplyStream:
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()

    def close(self) -> None:
        """Leaves the stream; the agent's answer is kept all the same."""
        self._pieces.close()

    def final(self) -> Any:
        """The message, the whole reply and what it used; what was not read of the text is read first."""
        for _ in self._pieces:
            pass
        if self._final is None:
            raise ConnectionFailed("the stream was left before its end")
        return self._final

    def _read(self, open_stream: Callable[[], http.client.HTTPResponse]) -> Any:
        with open_stream() as response:
            try:
                if response.headers.get_content_type() != "text/event-stream":
                    self._final = json.loads(response.read())
                    return
                for event, data in events(response):
                    told = json.loads(data)
                    if event == "delta":
                        yield told["text"]
                    elif event == "problem":
                        raise ProblemError(told["status"], told)
                    elif event in ("message", "held"):
                        self._final = told
                        return
            except (OSError, http.client.HTTPException, ValueError) as error:
                raise ConnectionFailed("the stream broke off") from error
        raise ConnectionFailed("the stream ended before its message")


def events(lines: Any) -> Iterator[tuple[str, str]]:
    """Events of a ``text/event-stream``, as name and data; Parley ends its lines with a line feed."""
    event, data = "message", []
    for raw in lines:
        line = raw.decode().rstrip("\r\n")
        if not line:
            if data:
                yield event, "\n".join(data)
            event, data = "message", []
            continue
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "event":
            event = value
        elif name == "data":
            data.append(value)
