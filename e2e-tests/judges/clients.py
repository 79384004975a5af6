"""Parley's own client for Python against the whole stack: what clients.mjs does with the one for JavaScript."""

import base64
import json
import os
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from parley import ParleyClient, ParleyError, ProblemError, WebhookVerificationError, verify_webhook

BASE_URL, API_KEY, BROKE_KEY = (os.environ[name] for name in ("BASE_URL", "API_KEY", "BROKE_KEY"))
parley = ParleyClient(BASE_URL, API_KEY)
result = {}


def error_of(call):
    try:
        call()
        return "none"
    except ProblemError as error:
        return f"{error.status} {error.code} {len(error.operation_id or '')}"
    except ParleyError as error:
        return repr(error)


# Whole, streamed, and said twice.
chat = parley.conversations.start("concierge")["id"]
said = parley.conversations.say(chat, "What can you do for me?", client_message_id="once")
again = parley.conversations.say(chat, "What can you do for me?", client_message_id="once")
result["answer"] = [
    said["reply"]["finish_reason"],
    len(said["reply"]["text"]) > 0,
    said["usage"]["credits"],
    again["reply"]["id"] == said["reply"]["id"],
]
stream = parley.conversations.stream(chat, "And what else?")
pieces = list(stream)
streamed = stream.final()
result["stream"] = [len(pieces) > 2, "".join(pieces) == streamed["reply"]["text"], streamed["usage"]["credits"]]
result["roles"] = [message["role"] for message in parley.conversations.messages(chat, limit=1)]

# Lists, files, contacts, money.
parley.conversations.start("concierge")
result["conversations"] = len(list(parley.conversations.list(limit=1)))
pixel = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
media = parley.media.upload(pixel, content_type="image/png")
looked = parley.conversations.say(chat, "What is this?", attachments=[{"type": "image", "media_id": media["id"]}])
result["media"] = [
    media["media_type"],
    media["bytes"],
    parley.media.get(media["id"]) == pixel,
    len(looked["message"]["attachments"]),
]
ana = parley.contacts.create(display_name="Ana", phone="+4915112345678")
parley.contacts.update(ana["id"], language="de")
result["contacts"] = [
    [one["display_name"], one["language"]] for one in parley.contacts.list(phone="+4915112345678")
]
result["credits"] = parley.credits.get()["remaining"]


def used():
    lines = parley.usage.list(agent="concierge")
    return [line for line in lines if line["operation_id"] == said["operation_id"]]


for _ in range(100):
    if used():
        break
    time.sleep(0.1)
result["usage"] = [[line["meter"], line["credits"]] for line in used() if line["credits"] > 0]
result["agents"] = any(agent["slug"] == "concierge" and agent["allowed"] for agent in parley.agents.list())

# Refusals.
broke = ParleyClient(BASE_URL, BROKE_KEY)
poor = broke.conversations.start("concierge")["id"]
stranger = ParleyClient(BASE_URL, "pk_live_not_a_key")
result["errors"] = [
    error_of(lambda: broke.conversations.say(poor, "hello")),
    error_of(lambda: broke.conversations.stream(poor, "hello").final()),
    error_of(lambda: parley.conversations.get("00000000-0000-7000-8000-000000000000")),
    error_of(stranger.credits.get).split(" ")[0],
]

# Webhooks: real ones, by the current and the previous secret, and the known answer of Standard Webhooks.
hooks = []


class System(BaseHTTPRequestHandler):
    def do_POST(self):
        hooks.append((self.rfile.read(int(self.headers["Content-Length"])), self.headers))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


system = ThreadingHTTPServer(("127.0.0.1", 0), System)
Thread(target=system.serve_forever, daemon=True).start()


def told(count):
    for _ in range(150):
        if len(hooks) >= count:
            break
        time.sleep(0.1)
    return hooks[count - 1]


def type_of(hook, secrets):
    try:
        return verify_webhook(hook[0], hook[1], secrets)["type"]
    except WebhookVerificationError as error:
        return type(error).__name__


endpoint = parley.webhook_endpoints.create(f"http://127.0.0.1:{system.server_port}/", ["message.read"])
parley.webhook_endpoints.test(endpoint["id"])
first = told(1)
fresh = parley.webhook_endpoints.rotate_secret(endpoint["id"])
parley.webhook_endpoints.test(endpoint["id"])
second = told(2)
result["webhooks"] = [
    type_of(first, endpoint["secret"]),
    type_of(second, endpoint["secret"]),
    type_of(second, fresh["secret"]),
    type_of(first, [fresh["secret"], endpoint["secret"]]),
    type_of(first, fresh["secret"]),
    len(list(parley.webhook_endpoints.deliveries(endpoint["id"], limit=1))),
]
parley.webhook_endpoints.delete(endpoint["id"])
system.shutdown()
known = {
    "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "webhook-timestamp": "1614265330",
    "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
}
secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
result["known"] = verify_webhook('{"test": 2432232314}', known, secret, now=lambda: 1614265330)

print(json.dumps(result, separators=(",", ":")))
