import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { verifyWebhook, WebhookVerificationError } from "../src/index.js";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const OTHER = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
const BODY = '{"test": 2432232314}';
const HEADERS = {
  "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
  "webhook-timestamp": "1614265330",
  "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
};
const then = (seconds = 0) => ({ now: () => (1614265330 + seconds) * 1000 });
const sign = (secret, body) =>
  "v1," +
  createHmac("sha256", Buffer.from(secret.slice(6), "base64"))
    .update(`${HEADERS["webhook-id"]}.1614265330.${body}`)
    .digest("base64");

test("the known answer of Standard Webhooks is genuine, in every form that headers have", async () => {
  const event = { test: 2432232314 };

  assert.deepEqual(await verifyWebhook(BODY, HEADERS, SECRET, then()), event);
  assert.deepEqual(await verifyWebhook(new TextEncoder().encode(BODY), new Headers(HEADERS), SECRET, then()), event);
  const shouting = Object.fromEntries(Object.entries(HEADERS).map(([name, value]) => [name.toUpperCase(), [value]]));
  assert.deepEqual(await verifyWebhook(BODY, shouting, SECRET, then()), event);
});

test("the current and the previous secret count, and one of two signatures is enough", async () => {
  const both = { ...HEADERS, "webhook-signature": `v1a,x ${sign(OTHER, BODY)} ${HEADERS["webhook-signature"]}` };

  await verifyWebhook(BODY, HEADERS, [OTHER, SECRET], then());
  await verifyWebhook(BODY, both, SECRET, then());
  await verifyWebhook(BODY, both, OTHER, then());
});

test("anything else is refused", async () => {
  const refused = (body, headers, secret = SECRET, options = then()) =>
    assert.rejects(verifyWebhook(body, headers, secret, options), WebhookVerificationError);

  await refused(BODY.replace("4}", "5}"), HEADERS);
  await refused(BODY, HEADERS, OTHER);
  await refused(BODY, { ...HEADERS, "webhook-id": "msg_other" });
  await refused(BODY, { ...HEADERS, "webhook-signature": "v1,AAAA v1,!" });
  await refused(BODY, { ...HEADERS, "webhook-signature": HEADERS["webhook-signature"].replace("v1,", "v2,") });
  await refused(BODY, { ...HEADERS, "webhook-signature": undefined });
  await refused(BODY, { ...HEADERS, "webhook-timestamp": "soon" });
  await refused(BODY, HEADERS, SECRET, then(301));
  await refused(BODY, HEADERS, SECRET, then(-301));
  await verifyWebhook(BODY, HEADERS, SECRET, then(300));
  await refused(BODY, HEADERS, SECRET, {});
});

test("a secret that is none is the caller's mistake", async () => {
  await assert.rejects(verifyWebhook(BODY, HEADERS, "whsec_", then()), TypeError);
});
