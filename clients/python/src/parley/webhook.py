"""Webhooks that Parley sends."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .errors import WebhookVerificationError

_PREFIX = "whsec_"


def verify_webhook(
    body: bytes | str,
    headers: Mapping[str, str],
    secrets: str | Sequence[str],
    *,
    tolerance: float = 300,
    now: Callable[[], float] = time.time,
) -> Any:
    """Gives the event of a webhook that Parley sent.

    It must be signed as Standard Webhooks says with one of the secrets (one, or the current and the previous), and be at
    most ``tolerance`` seconds old or ahead. Anything else raises ``WebhookVerificationError``. The body has to be exactly
    what came.
    """
    given = {name.lower(): value for name, value in headers.items()}
    message_id, timestamp, signatures = (
        _header(given, name) for name in ("webhook-id", "webhook-timestamp", "webhook-signature")
    )
    is_time = timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12
    if not is_time or abs(now() - int(timestamp)) > tolerance:
        raise WebhookVerificationError("the webhook-timestamp is not a time near now")
    raw = body.encode() if isinstance(body, str) else body
    signed = f"{message_id}.{timestamp}.".encode() + raw
    candidates = [one.removeprefix("v1,").encode() for one in signatures.split(" ") if one.startswith("v1,")]
    genuine = False
    for secret in [secrets] if isinstance(secrets, str) else secrets:
        wanted = base64.b64encode(hmac.digest(_key(secret), signed, hashlib.sha256))
        for candidate in candidates:
            # All are looked at, so that time does not tell which of them fits.
            genuine = hmac.compare_digest(wanted, candidate) or genuine
    if not genuine:
        raise WebhookVerificationError("no webhook-signature fits")
    return json.loads(raw)


def _header(headers: Mapping[str, str], name: str) -> str:
    value = headers.get(name)
    if not value:
        raise WebhookVerificationError(f"there is no header {name}")
    return value


def _key(secret: str) -> bytes:
    try:
        key = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except binascii.Error:
        key = b""
    if not key:
        raise ValueError("a secret is whsec_ and base64")
    return key
