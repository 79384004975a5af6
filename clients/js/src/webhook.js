import { WebhookVerificationError } from "./errors.js";

const PREFIX = "whsec_";
const VERSION = "v1,";

/**
 * Gives the event of a webhook that Parley sent: signed as Standard Webhooks says with one of the secrets, and at most
 * `tolerance` seconds old or ahead. Anything else throws `WebhookVerificationError`.
 *
 * @param {string | Uint8Array} body exactly as it came
 * @param {Headers | Record<string, string | string[] | undefined>} headers
 * @param {string | string[]} secrets one, or the current and the previous
 * @param {{tolerance?: number, now?: () => number}} [options] `now` in milliseconds
 */
export async function verifyWebhook(body, headers, secrets, { tolerance = 300, now = Date.now } = {}) {
  const id = header(headers, "webhook-id");
  const timestamp = header(headers, "webhook-timestamp");
  const signatures = header(headers, "webhook-signature");
  if (!/^\d{1,12}$/.test(timestamp) || Math.abs(now() / 1000 - Number(timestamp)) > tolerance) {
    throw new WebhookVerificationError("the webhook-timestamp is not a time near now");
  }
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  const signed = joined(new TextEncoder().encode(`${id}.${timestamp}.`), bytes);
  const candidates = signatures.split(" ").filter((one) => one.startsWith(VERSION)).map((one) => decoded(one.slice(VERSION.length)));
  let genuine = false;
  for (const secret of [secrets].flat()) {
    const key = await keyOf(secret);
    for (const candidate of candidates) {
      // WebCrypto compares in constant time; all are looked at, so that time does not tell which of them fits.
      if (candidate) genuine = (await crypto.subtle.verify("HMAC", key, candidate, signed)) || genuine;
    }
  }
  if (!genuine) throw new WebhookVerificationError("no webhook-signature fits");
  return JSON.parse(new TextDecoder().decode(bytes));
}

function header(headers, wanted) {
  const value =
    typeof headers.get === "function"
      ? headers.get(wanted)
      : Object.entries(headers).find(([name]) => name.toLowerCase() === wanted)?.[1];
  const text = Array.isArray(value) ? value.join(" ") : value;
  if (!text) throw new WebhookVerificationError(`there is no header ${wanted}`);
  return text;
}

async function keyOf(secret) {
  const bytes = decoded(secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret);
  if (!bytes?.length) throw new TypeError("a secret is whsec_ and base64");
  return crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["verify"]);
}

function decoded(base64) {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}

function joined(first, second) {
  const all = new Uint8Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}
