import base64
import hashlib
import hmac
import unittest

from parley import WebhookVerificationError, verify_webhook

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OTHER = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
BODY = '{"test": 2432232314}'
HEADERS = {
    "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "webhook-timestamp": "1614265330",
    "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
}


def verify(body=BODY, headers=HEADERS, secrets=SECRET, seconds=0):
    return verify_webhook(body, headers, secrets, now=lambda: 1614265330 + seconds)


def signature(secret):
    signed = f"{HEADERS['webhook-id']}.1614265330.{BODY}".encode()
    return "v1," + base64.b64encode(hmac.digest(base64.b64decode(secret[6:]), signed, hashlib.sha256)).decode()


class WebhookTest(unittest.TestCase):
    def test_the_known_answer_of_standard_webhooks_is_genuine(self):
        self.assertEqual(verify(), {"test": 2432232314})
        self.assertEqual(verify(BODY.encode(), {name.title(): value for name, value in HEADERS.items()}), {"test": 2432232314})

    def test_the_current_and_the_previous_secret_count_and_one_of_two_signatures_is_enough(self):
        both = {**HEADERS, "webhook-signature": f"v1a,x {signature(OTHER)} {HEADERS['webhook-signature']}"}

        verify(secrets=[OTHER, SECRET])
        verify(headers=both)
        verify(headers=both, secrets=OTHER)

    def test_anything_else_is_refused(self):
        for wrong in (
            {"body": BODY.replace("4}", "5}")},
            {"secrets": OTHER},
            {"headers": {**HEADERS, "webhook-id": "msg_other"}},
            {"headers": {**HEADERS, "webhook-signature": "v1,AAAA v1,ü"}},
            {"headers": {**HEADERS, "webhook-signature": HEADERS["webhook-signature"].replace("v1,", "v2,")}},
            {"headers": {**HEADERS, "webhook-signature": ""}},
            {"headers": {**HEADERS, "webhook-timestamp": "soon"}},
            {"seconds": 301},
            {"seconds": -301},
        ):
            with self.subTest(wrong):
                self.assertRaises(WebhookVerificationError, verify, **wrong)
        verify(seconds=300)
        self.assertRaises(WebhookVerificationError, verify_webhook, BODY, HEADERS, SECRET)

    def test_a_secret_that_is_none_is_the_callers_mistake(self):
        for secret in ("whsec_", "whsec_!"):
            self.assertRaises(ValueError, verify, secrets=secret)
