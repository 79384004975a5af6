"""What may go wrong."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import Any


class ParleyError(Exception):
    """What every error of this package is."""


class ProblemError(ParleyError):
    """An answer that says no: its ``code`` is for programs, its ``operation_id`` for whoever is asked for help."""

    def __init__(
        self,
        status: int,
        problem: Mapping[str, Any],
        operation_id: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(problem.get("detail") or problem.get("title") or f"Parley answered {status}")
        self.status = status
        self.problem = problem
        self.code: str | None = problem.get("code")
        self.operation_id: str | None = problem.get("operation_id", operation_id)
        self.retry_after = retry_after

    @classmethod
    def read(cls, status: int, body: bytes, headers: Mapping[str, str]) -> ProblemError:
        """Reads the answer to a request that failed; also one that is no problem document, as a proxy's."""
        try:
            problem = json.loads(body)
        except ValueError:
            problem = None
        return cls(
            status,
            problem if isinstance(problem, dict) else {},
            headers.get("x-operation-id") or headers.get("x-request-id"),
            _seconds(headers.get("retry-after")),
        )


class ConnectionFailed(ParleyError):
    """No answer, or one that broke off."""


class WebhookVerificationError(ParleyError):
    """A webhook that Parley did not send, or sent too long ago."""


def _seconds(value: str | None) -> float | None:
    """Seconds of a Retry-After, which is a number or a date."""
    if not value:
        return None
    if value.isascii() and value.isdigit():
        return float(value)
    try:
        date = parsedate_to_datetime(value)
    except ValueError:
        return None
    aware = date if date.tzinfo else date.replace(tzinfo=timezone.utc)
    return max(0.0, (aware - datetime.now(timezone.utc)).total_seconds())
