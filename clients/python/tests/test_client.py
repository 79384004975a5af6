import time
import unittest
from datetime import datetime
from email.utils import formatdate

from parley import ConnectionFailed, ParleyClient, ProblemError

from .fake import Fake, ok, problem


def cut(handler):
    handler.close_connection = True
    handler.connection.shutdown(2)


class ClientTest(unittest.TestCase):
    def client(self, *answers, **options):
        self.server = Fake(self, *answers)
        return ParleyClient(self.server.url + "/", "pk_test", **options)

    def test_a_conversation_is_started_with_the_key_and_a_message_said_once(self):
        parley = self.client(ok({"id": "c1"}, 201), ok({"reply": {"text": "Hello"}}, 201))

        conversation = parley.conversations.start("concierge")
        answer = parley.conversations.say(conversation["id"], "Grüß dich", as_="staff")

        self.assertEqual(answer["reply"]["text"], "Hello")
        start, say = self.server.asked
        self.assertEqual((start.method, start.path, start.json()), ("POST", "/api/v1/conversations", {"agent": "concierge"}))
        self.assertEqual(start.headers["Authorization"], "Bearer pk_test")
        self.assertRegex(start.headers["Idempotency-Key"], "^[0-9a-f-]{36}$")
        self.assertEqual(say.path, "/api/v1/conversations/c1/messages")
        said = say.json()
        self.assertRegex(said.pop("client_message_id"), "^[0-9a-f-]{36}$")
        self.assertEqual(said, {"text": "Grüß dich", "as": "staff"})

    def test_a_problem_is_an_error_with_its_code_its_operation_and_what_the_server_said(self):
        with self.assertRaises(ProblemError) as raised:
            self.client(problem(402, "CREDITS_EXHAUSTED")).conversations.say("c1", "Hi")

        error = raised.exception
        self.assertEqual((error.status, error.code, error.operation_id), (402, "CREDITS_EXHAUSTED", "op-1"))
        self.assertEqual((str(error), error.problem["title"]), ("no: CREDITS_EXHAUSTED", "No"))

    def test_an_answer_that_is_no_problem_document_is_an_error_too(self):
        with self.assertRaises(ProblemError) as raised:
            self.client(ok(b"<html>", 502, **{"X-Operation-Id": "op-2"})).credits.get()

        self.assertEqual((raised.exception.status, raised.exception.code, raised.exception.operation_id), (502, None, "op-2"))

    def test_429_and_503_are_sent_again_after_retry_after_with_the_same_key_and_body(self):
        parley = self.client(problem(429, "RATE_LIMITED", "0"), problem(503, "UNAVAILABLE", "1"), ok({"id": "c1"}, 201))
        began = time.monotonic()

        self.assertEqual(parley.conversations.say("c1", "Hi")["id"], "c1")

        self.assertGreaterEqual(time.monotonic() - began, 1)
        self.assertEqual(len(self.server.asked), 3)
        self.assertEqual(len({asked.headers["Idempotency-Key"] for asked in self.server.asked}), 1)
        self.assertEqual(len({asked.body for asked in self.server.asked}), 1)

    def test_a_date_is_a_retry_after_too(self):
        with self.assertRaises(ProblemError) as raised:
            self.client(problem(429, "RATE_LIMITED", formatdate(time.time() + 100, usegmt=True))).credits.get()

        self.assertTrue(98 < raised.exception.retry_after <= 100)

    def test_a_key_of_the_callers_is_the_one_that_is_sent(self):
        self.client(ok({}, 201)).contacts.create(display_name="Ana", idempotency_key="mine")

        self.assertEqual(self.server.asked[0].headers["Idempotency-Key"], "mine")
        self.assertEqual(self.server.asked[0].json(), {"display_name": "Ana"})

    def test_a_request_that_still_runs_under_its_key_is_asked_for_again(self):
        parley = self.client(problem(409, "IDEMPOTENCY_KEY_IN_USE", "0"), ok({"id": "k1"}, 201))

        self.assertEqual(parley.contacts.create()["id"], "k1")

    def test_it_is_sent_again_twice_at_most(self):
        with self.assertRaises(ProblemError):
            self.client(*[problem(503, "UNAVAILABLE", "0")] * 4).credits.get()

        self.assertEqual(len(self.server.asked), 3)

    def test_nobody_waits_longer_than_the_longest_pause(self):
        with self.assertRaises(ProblemError) as raised:
            self.client(problem(429, "RATE_LIMITED", "31")).credits.get()

        self.assertEqual((raised.exception.retry_after, len(self.server.asked)), (31, 1))

    def test_patch_and_other_refusals_are_not_sent_again(self):
        parley = self.client(problem(503, "UNAVAILABLE", "0"), problem(409, "CONFLICT"), problem(500, "INTERNAL_ERROR"))

        for call in (lambda: parley.contacts.update("k1", language="de"), parley.contacts.create, parley.credits.get):
            self.assertRaises(ProblemError, call)

        self.assertEqual(len(self.server.asked), 3)

    def test_a_connection_that_is_cut_is_tried_again_but_not_for_patch(self):
        parley = self.client(cut, ok({"remaining": 7}), cut)

        self.assertEqual(parley.credits.get()["remaining"], 7)
        self.assertRaises(ConnectionFailed, parley.contacts.update, "k1")

        self.assertEqual(len(self.server.asked), 3)

    def test_an_answer_that_does_not_come_is_an_error_in_time(self):
        parley = self.client(lambda handler: time.sleep(1), timeout=0.05, max_retries=0)

        with self.assertRaisesRegex(ConnectionFailed, "GET /api/v1/credits: no answer: .*timed out"):
            parley.credits.get()

    def test_the_credential_does_not_follow_a_redirection(self):
        other = Fake(self, ok({}))

        with self.assertRaises(ProblemError) as raised:
            self.client(ok({}, 302, Location=other.url)).credits.get()

        self.assertEqual((raised.exception.status, other.asked), (302, []))

    def test_lists_go_on_page_after_page_by_the_cursor(self):
        parley = self.client(ok({"items": [1, 2], "next_cursor": "a+b"}), ok({"items": [3], "next_cursor": None}))

        self.assertEqual(list(parley.conversations.list(channel="web", limit=2, status=None)), [1, 2, 3])

        self.assertEqual(
            [asked.path for asked in self.server.asked],
            ["/api/v1/conversations?channel=web&limit=2", "/api/v1/conversations?channel=web&limit=2&cursor=a%2Bb"],
        )

    def test_files_go_up_and_down_as_bytes(self):
        parley = self.client(ok({"id": "m1"}, 201), ok(b"\x89PNG", **{"Content-Type": "image/png"}))

        self.assertEqual(parley.media.upload(b"\x89PNG", content_type="image/png")["id"], "m1")
        self.assertEqual(parley.media.get("m1"), b"\x89PNG")

        self.assertEqual((self.server.asked[0].body, self.server.asked[0].headers["Content-Type"]), (b"\x89PNG", "image/png"))

    def test_an_address_that_is_none_is_refused_at_once(self):
        for address in ("parley.example.com", "file:///etc/passwd", "https://"):
            self.assertRaises(ValueError, ParleyClient, address, "pk_test")

    def test_every_part_of_the_api_has_its_own_address(self):
        parley = self.client(*[ok({"items": []})] * 24)

        list(parley.agents.list())
        parley.conversations.get("a/b")
        list(parley.conversations.messages("c"))
        parley.conversations.takeover("c")
        parley.conversations.handback("c")
        list(parley.messages.search("late order", from_=datetime(2026, 11, 21)))
        list(parley.contacts.list(phone="+911"))
        parley.contacts.get("k")
        parley.contacts.merge("k", "l")
        list(parley.webhook_endpoints.list())
        parley.webhook_endpoints.create("https://x", ["*"], fifo=True)
        parley.webhook_endpoints.get("w")
        parley.webhook_endpoints.update("w", status="active")
        parley.webhook_endpoints.rotate_secret("w", previous="revoke")
        parley.webhook_endpoints.test("w")
        list(parley.webhook_endpoints.deliveries("w", state="failed"))
        parley.webhook_endpoints.delivery("w", "d")
        parley.webhook_endpoints.replay_delivery("w", "d")
        parley.webhook_endpoints.replay("w", from_=datetime(2026, 11, 21), delivered=True)
        parley.webhook_endpoints.delete("w")
        list(parley.usage.list(agent="concierge"))
        parley.usage.summary(group_by="day")
        parley.operations.get("o")
        parley.request("GET", "/api/v1/me")

        self.assertEqual(
            [f"{asked.method} {asked.path} {asked.body.decode()}".strip() for asked in self.server.asked],
            [
                "GET /api/v1/agents",
                "GET /api/v1/conversations/a%2Fb",
                "GET /api/v1/conversations/c/messages",
                "POST /api/v1/conversations/c/takeover",
                "POST /api/v1/conversations/c/handback",
                "GET /api/v1/messages?query=late+order&from=2026-11-21T00%3A00%3A00Z",
                "GET /api/v1/contacts?phone=%2B911",
                "GET /api/v1/contacts/k",
                'POST /api/v1/contacts/k/merge {"into": "l"}',
                "GET /api/v1/webhook-endpoints",
                'POST /api/v1/webhook-endpoints {"url": "https://x", "events": ["*"], "fifo": true}',
                "GET /api/v1/webhook-endpoints/w",
                'PATCH /api/v1/webhook-endpoints/w {"status": "active"}',
                "POST /api/v1/webhook-endpoints/w/secret-rotation?previous=revoke",
                "POST /api/v1/webhook-endpoints/w/test",
                "GET /api/v1/webhook-endpoints/w/deliveries?state=failed",
                "GET /api/v1/webhook-endpoints/w/deliveries/d",
                "POST /api/v1/webhook-endpoints/w/deliveries/d/replay",
                'POST /api/v1/webhook-endpoints/w/replay {"from": "2026-11-21T00:00:00Z", "delivered": true}',
                "DELETE /api/v1/webhook-endpoints/w",
                "GET /api/v1/usage?agent=concierge",
                "GET /api/v1/usage/summary?group_by=day",
                "GET /api/v1/operations/o",
                "GET /api/v1/me",
            ],
        )
