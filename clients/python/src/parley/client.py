"""Parley's public API, part by part.

Every method gives the JSON of Parley's answer; lists are iterators, which ask for page after page. What a request may
have beyond the usual is taken by name, as the API calls it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from .reply_stream import ReplyStream
from .transport import Transport

_API = "/api/v1"


def _part(value: str) -> str:
    return quote(value, safe="")


class ParleyClient:
    """Parley's public API; each member is a part of it. May be shared by threads."""

    def __init__(
        self,
        base_url: str,
        api_key: str,
        *,
        timeout: float = 110,
        max_retries: int = 2,
        longest_pause: float = 30,
    ) -> None:
        """
        :param base_url: where Parley is, for example ``https://parley.example.com``
        :param api_key: an API key (``pk_…``) or an access token
        :param timeout: seconds without a byte after which an answer is given up
        :param max_retries: how often a request is sent again that was not answered, or with 429 or 503
        :param longest_pause: seconds; a longer ``Retry-After`` is an error at once
        """
        self._transport = Transport(base_url, api_key, timeout, max_retries, longest_pause)
        self.agents = Agents(self._transport)
        self.conversations = Conversations(self._transport)
        self.messages = Messages(self._transport)
        self.media = Media(self._transport)
        self.contacts = Contacts(self._transport)
        self.webhook_endpoints = WebhookEndpoints(self._transport)
        self.credits = Credits(self._transport)
        self.usage = Usage(self._transport)
        self.operations = Operations(self._transport)

    def request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
        idempotency_key: str | None = None,
    ) -> Any:
        """Any other endpoint: ``request("GET", "/api/v1/me")``. Gives the answer's JSON."""
        return self._transport.json(method, path, query=query, body=body, idempotency_key=idempotency_key)


class _Part:
    def __init__(self, transport: Transport) -> None:
        self._transport = transport


class Agents(_Part):
    """Whom one can talk to."""

    def list(self) -> Iterator[Any]:
        """Agents, with whether and why not one may use them."""
        return self._transport.items(f"{_API}/agents")


class Conversations(_Part):
    """Talks with agents."""

    def start(self, agent: str, *, idempotency_key: str | None = None) -> Any:
        """Starts one with the agent of that slug."""
        return self._transport.json(
            "POST", f"{_API}/conversations", body={"agent": agent}, idempotency_key=idempotency_key
        )

    def list(self, **query: Any) -> Iterator[Any]:
        """Conversations; ``channel``, ``status``, ``assigned_to``, ``contact_id`` and ``limit`` choose."""
        return self._transport.items(f"{_API}/conversations", query)

    def get(self, conversation_id: str) -> Any:
        """One conversation."""
        return self._transport.json("GET", self._path(conversation_id))

    def messages(self, conversation_id: str, **query: Any) -> Iterator[Any]:
        """What was said, latest first."""
        return self._transport.items(self._path(conversation_id) + "/messages", query)

    def say(self, conversation_id: str, text: str | None = None, **message: Any) -> Any:
        """Says something and waits for the whole reply.

        ``message`` may have ``attachments``, ``as_`` (``"staff"``) and a ``client_message_id``: the same id again in this
        conversation is the same message. Each has one of its own unless given. To customers of messengers people also say
        ``buttons`` under the text, or a ``template`` instead of it.
        """
        return self._transport.json("POST", self._path(conversation_id) + "/messages", body=_saying(text, message))

    def stream(self, conversation_id: str, text: str, **message: Any) -> ReplyStream:
        """Says something, as ``say`` does, and gives the reply while it is written."""
        body = _saying(text, message)
        path = self._path(conversation_id) + "/messages"
        return ReplyStream(
            lambda: self._transport.open("POST", path, body=body, accept="text/event-stream"),
            body["client_message_id"],
        )

    def takeover(self, conversation_id: str) -> Any:
        """Takes a conversation over from its agent."""
        return self._transport.json("POST", self._path(conversation_id) + "/takeover")

    def handback(self, conversation_id: str) -> Any:
        """Gives it back."""
        return self._transport.json("POST", self._path(conversation_id) + "/handback")

    @staticmethod
    def _path(conversation_id: str) -> str:
        return f"{_API}/conversations/{_part(conversation_id)}"


def _saying(text: str | None, message: Mapping[str, Any]) -> dict[str, Any]:
    """A message has an id of ours unless it has one: then it is the same message however often it is sent."""
    said = {"text": text, **message}
    given = {name.rstrip("_"): value for name, value in said.items() if value is not None}
    return {"client_message_id": str(uuid.uuid4()), **given}


class Messages(_Part):
    """What was said in all conversations."""

    def search(self, words: str, **query: Any) -> Iterator[Any]:
        """Messages with these words, newest first; ``from_`` and ``to`` are times."""
        return self._transport.items(f"{_API}/messages", {"query": words, **_named(query)})


class Media(_Part):
    """Pictures, recordings and documents."""

    def upload(
        self, data: bytes, *, content_type: str = "application/octet-stream", idempotency_key: str | None = None
    ) -> Any:
        """Keeps one, at most 16 MiB; attach it by its id."""
        return self._transport.json(
            "POST", f"{_API}/media", data=data, content_type=content_type, idempotency_key=idempotency_key
        )

    def get(self, media_id: str) -> bytes:
        """Its bytes."""
        return self._transport.bytes("GET", f"{_API}/media/{_part(media_id)}")


class Contacts(_Part):
    """The people who write."""

    def list(self, **query: Any) -> Iterator[Any]:
        """Contacts; ``phone`` and ``limit`` choose."""
        return self._transport.items(f"{_API}/contacts", query)

    def create(self, *, idempotency_key: str | None = None, **contact: Any) -> Any:
        """Makes one, with ``display_name``, ``phone``, ``email``, ``language``, ``time_zone``, ``fields``, ``consent`` …"""
        return self._transport.json("POST", f"{_API}/contacts", body=contact, idempotency_key=idempotency_key)

    def get(self, contact_id: str) -> Any:
        """One contact."""
        return self._transport.json("GET", f"{_API}/contacts/{_part(contact_id)}")

    def update(self, contact_id: str, **changes: Any) -> Any:
        """Changes what is named."""
        return self._transport.json("PATCH", f"{_API}/contacts/{_part(contact_id)}", body=changes)

    def merge(self, contact_id: str, into: str) -> Any:
        """Makes two contacts one: the first ends in the other."""
        return self._transport.json("POST", f"{_API}/contacts/{_part(contact_id)}/merge", body={"into": into})


class WebhookEndpoints(_Part):
    """Where Parley tells your systems what happens."""

    def list(self, **query: Any) -> Iterator[Any]:
        """Endpoints."""
        return self._transport.items(f"{_API}/webhook-endpoints", query)

    def create(self, url: str, events: list[str], *, idempotency_key: str | None = None, **more: Any) -> Any:
        """Makes one and shows its secret; ``description``, ``concurrency`` and ``fifo`` may be said too."""
        return self._transport.json(
            "POST",
            f"{_API}/webhook-endpoints",
            body={"url": url, "events": events, **more},
            idempotency_key=idempotency_key,
        )

    def get(self, endpoint_id: str) -> Any:
        """One endpoint."""
        return self._transport.json("GET", self._path(endpoint_id))

    def update(self, endpoint_id: str, **changes: Any) -> Any:
        """Changes what is named; ``status`` is ``active`` or ``disabled``."""
        return self._transport.json("PATCH", self._path(endpoint_id), body=changes)

    def delete(self, endpoint_id: str) -> None:
        """Ends one."""
        self._transport.json("DELETE", self._path(endpoint_id))

    def rotate_secret(self, endpoint_id: str, *, previous: str | None = None) -> Any:
        """Shows a new secret; the one before signs too for a day, unless ``previous`` is ``revoke``."""
        return self._transport.json("POST", self._path(endpoint_id) + "/secret-rotation", query={"previous": previous})

    def test(self, endpoint_id: str) -> Any:
        """Sends a ``webhook.test``."""
        return self._transport.json("POST", self._path(endpoint_id) + "/test")

    def deliveries(self, endpoint_id: str, **query: Any) -> Iterator[Any]:
        """What was sent, with every attempt; ``state`` chooses."""
        return self._transport.items(self._path(endpoint_id) + "/deliveries", query)

    def delivery(self, endpoint_id: str, delivery_id: str) -> Any:
        """One of them."""
        return self._transport.json("GET", f"{self._path(endpoint_id)}/deliveries/{_part(delivery_id)}")

    def replay_delivery(self, endpoint_id: str, delivery_id: str) -> Any:
        """Sends one again."""
        return self._transport.json("POST", f"{self._path(endpoint_id)}/deliveries/{_part(delivery_id)}/replay")

    def replay(self, endpoint_id: str, **range_: Any) -> Any:
        """Sends all again that was not taken between ``from_`` and ``to``; with ``delivered`` also what was."""
        return self._transport.json("POST", self._path(endpoint_id) + "/replay", body=_named(range_))

    @staticmethod
    def _path(endpoint_id: str) -> str:
        return f"{_API}/webhook-endpoints/{_part(endpoint_id)}"


class Credits(_Part):
    """The balance."""

    def get(self) -> Any:
        """What was granted, used and held, and what remains."""
        return self._transport.json("GET", f"{_API}/credits")


class Usage(_Part):
    """What was used, and by what."""

    def list(self, **query: Any) -> Iterator[Any]:
        """Each use; ``from_``, ``to``, ``agent``, ``channel`` and ``limit`` choose."""
        return self._transport.items(f"{_API}/usage", _named(query))

    def summary(self, **query: Any) -> Any:
        """Sums by ``group_by``: ``day``, ``agent``, ``channel`` or ``meter``."""
        return self._transport.json("GET", f"{_API}/usage/summary", query=_named(query))


class Operations(_Part):
    """How things came about."""

    def get(self, operation_id: str) -> Any:
        """The whole trace of an operation."""
        return self._transport.json("GET", f"{_API}/operations/{_part(operation_id)}")


def _named(given: Mapping[str, Any]) -> dict[str, Any]:
    """Members by the API's names: ``from`` is a word of Python's."""
    return {name.rstrip("_"): value for name, value in given.items() if value is not None}
