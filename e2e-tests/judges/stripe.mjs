// The official Stripe client against the simulator and against our webhook: what it makes, reads, refuses and signs.
// Prints one line of JSON, which the story compares with exact values.
import Stripe from "stripe";

const { SIMULATORS, GATEWAY, WEBHOOK_SECRET } = process.env;
const { hostname, port } = new URL(SIMULATORS);

const clientWith = (key) => new Stripe(key, { host: hostname, port, protocol: "http", maxNetworkRetries: 0 });

async function errorOf(call) {
  try {
    await call();
    return "none";
  } catch (error) {
    return `${error.statusCode} ${error.type}`;
  }
}

const stripe = clientWith("sk_test_parley_local");
const result = { errors: {} };

const session = await stripe.checkout.sessions.create(
  {
    mode: "subscription",
    success_url: "https://shop.example/ok",
    cancel_url: "https://shop.example/no",
    line_items: [
      {
        quantity: 1,
        price_data: {
          currency: "inr",
          unit_amount: 499900,
          recurring: { interval: "month" },
          product_data: { name: "Judged" },
        },
      },
    ],
  },
  { idempotencyKey: `judge-${process.pid}-${Date.now()}` },
);
result.created = [session.status, session.amount_total];
const pay = (card) =>
  fetch(session.url, { method: "POST", redirect: "manual", body: new URLSearchParams({ action: "pay", card, email: "judge@example.com" }) });
result.declined = (await pay("declined")).status;
result.paid = (await pay("4242")).status;
const complete = await stripe.checkout.sessions.retrieve(session.id);
const subscription = await stripe.subscriptions.retrieve(complete.subscription, { expand: ["latest_invoice"] });
result.active = [complete.status, subscription.status, subscription.latest_invoice.amount_paid];
const listed = [];
for await (const each of stripe.subscriptions.list({ customer: complete.customer })) {
  listed.push(each.id === subscription.id);
}
result.listed = listed;
result.cancelled = (await stripe.subscriptions.cancel(subscription.id)).status;

// Whatever their library signs we accept, and whatever it refuses we refuse; but for the future, which it accepts.
const payload = JSON.stringify({
  id: `evt_judge_${process.pid}_${Date.now()}`,
  object: "event",
  type: "customer.updated",
  data: { object: { id: "cus_judge", object: "customer", name: "naïve ✓" } },
});
const now = Math.floor(Date.now() / 1000);
const deliver = async (body, header) =>
  (await fetch(`${GATEWAY}/webhooks/stripe`, { method: "POST", body, headers: { "stripe-signature": header } })).status;
const accepts = (body, header) => {
  try {
    stripe.webhooks.constructEvent(body, header, WEBHOOK_SECRET);
    return true;
  } catch {
    return false;
  }
};
const signed = (secret, timestamp) => stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp });
result.webhooks = {};
for (const [name, body, header] of [
  ["signed", payload, signed(WEBHOOK_SECRET, now)],
  ["again", payload, signed(WEBHOOK_SECRET, now)],
  ["changed", `${payload} `, signed(WEBHOOK_SECRET, now)],
  ["forged", payload, signed("whsec_other", now)],
  ["stale", payload, signed(WEBHOOK_SECRET, now - 600)],
  ["future", payload, signed(WEBHOOK_SECRET, now + 600)],
]) {
  result.webhooks[name] = [accepts(body, header), await deliver(body, header)];
}

result.errors.unknown = await errorOf(() => stripe.subscriptions.retrieve("sub_none"));
result.errors.parameter = await errorOf(() => stripe.customers.create({ no_such_parameter: "1" }));
result.errors.key = await errorOf(() => clientWith("wrong").customers.list());

console.log(JSON.stringify(result));
