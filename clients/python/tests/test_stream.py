import json
import threading
import unittest

from parley import ConnectionFailed, ParleyClient, ProblemError

from .fake import Fake, ok, problem

FINAL = {"reply": {"text": "Grüß dich"}, "operation_id": "op-1"}


def event(name, data, end="\n"):
    return f"event: {name}{end}data: {json.dumps(data)}{end}{end}"


def streaming(text, cut=False):
    """Writes chunks of one byte, then ends or cuts."""

    def answer(handler):
        handler.protocol_version = "HTTP/1.1"
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream; charset=utf-8")
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        for byte in text.encode():
            handler.wfile.write(b"1\r\n%c\r\n" % byte)
        if not cut:
            handler.wfile.write(b"0\r\n\r\n")
        handler.close_connection = True

    return answer


class StreamTest(unittest.TestCase):
    def stream(self, *answers):
        self.server = Fake(self, *answers)
        parley = ParleyClient(self.server.url, "pk_test")
        return parley.conversations.stream("c1", "Hi", client_message_id="m1")

    def test_a_reply_is_told_piece_by_piece_and_as_a_whole_in_the_end(self):
        told = ": hello\n\n" + event("delta", {"text": "Grüß"}) + event("delta", {"text": " dich"}, "\r\n")
        reply = self.stream(streaming(told + event("message", FINAL)))

        self.assertEqual(list(reply), ["Grüß", " dich"])
        self.assertEqual(reply.final(), FINAL)
        self.assertEqual(self.server.asked[0].headers["Accept"], "text/event-stream")
        self.assertEqual(self.server.asked[0].json(), {"text": "Hi", "client_message_id": "m1"})

    def test_who_wants_only_the_whole_reads_nothing(self):
        self.assertEqual(self.stream(streaming(event("delta", {"text": "x"}) + event("message", FINAL))).final(), FINAL)

    def test_while_a_person_has_the_conversation_there_is_a_state_and_no_reply(self):
        held = {"message": {"status": "held_by_staff"}, "state": "held_by_staff", "operation_id": "op-1"}

        self.assertEqual(self.stream(streaming(event("delta", {"text": "x"}) + event("held", held))).final(), held)

    def test_a_problem_within_a_stream_is_an_error_with_its_code(self):
        told = {"status": 502, "code": "PROVIDER_FAILED", "operation_id": "op-9"}
        reply = self.stream(streaming(event("delta", {"text": "x"}) + event("problem", told)))

        self.assertEqual(next(reply), "x")
        with self.assertRaises(ProblemError) as raised:
            next(reply)

        error = raised.exception
        self.assertEqual((error.status, error.code, error.operation_id), (502, "PROVIDER_FAILED", "op-9"))

    def test_a_stream_that_breaks_off_or_ends_too_early_is_no_reply(self):
        for cut in (True, False):
            reply = self.stream(streaming(event("delta", {"text": "x"}), cut))
            self.assertEqual(next(reply), "x")
            self.assertRaises(ConnectionFailed, next, reply)
            self.assertEqual(reply.client_message_id, "m1")

    def test_a_stream_that_falls_silent_is_no_reply(self):
        def silent(handler):
            handler.send_response(200)
            handler.send_header("Content-Type", "text/event-stream")
            handler.end_headers()
            handler.wfile.write(event("delta", {"text": "x"}).encode())
            handler.rfile.read(1)

        reply = ParleyClient(Fake(self, silent).url, "pk_test", timeout=0.1).conversations.stream("c1", "Hi")

        self.assertEqual(next(reply), "x")
        with self.assertRaisesRegex(ConnectionFailed, "the stream broke off"):
            next(reply)

    def test_who_is_busy_before_the_first_piece_is_asked_again(self):
        reply = self.stream(problem(503, "UNAVAILABLE", "0"), streaming(event("message", FINAL)))

        self.assertEqual(reply.final(), FINAL)
        self.assertEqual([asked.json()["client_message_id"] for asked in self.server.asked], ["m1", "m1"])

    def test_a_stream_that_is_left_is_closed(self):
        closed = threading.Event()

        def endless(handler):
            handler.send_response(200)
            handler.send_header("Content-Type", "text/event-stream")
            handler.end_headers()
            handler.wfile.write(event("delta", {"text": "x"}).encode())
            if handler.rfile.read(1) == b"":
                closed.set()

        with self.stream(endless) as reply:
            self.assertEqual(next(reply), "x")

        self.assertTrue(closed.wait(5))
        self.assertRaisesRegex(ConnectionFailed, "the stream was left before its end", reply.final)

    def test_what_a_person_says_to_a_customer_has_no_reply_to_stream(self):
        self.assertEqual(self.stream(ok({"message": {"id": "m1"}}, 201)).final(), {"message": {"id": "m1"}})
