"""Client of Parley's public API."""

from .client import ParleyClient
from .errors import ConnectionFailed, ParleyError, ProblemError, WebhookVerificationError
from .reply_stream import ReplyStream
from .webhook import verify_webhook

__version__ = "0.1.0"
__all__ = [
    "ConnectionFailed",
    "ParleyClient",
    "ParleyError",
    "ProblemError",
    "ReplyStream",
    "WebhookVerificationError",
    "verify_webhook",
]
