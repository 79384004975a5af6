// The official Razorpay client against the simulator: what it makes, reads, refuses, signs and pages.
// Prints one line of JSON, which the story compares with exact values.
import Razorpay from "razorpay";

const { SIMULATORS, KEY_ID, KEY_SECRET } = process.env;

function clientWith(key_secret) {
  const client = new Razorpay({ key_id: KEY_ID, key_secret });
  client.api.rq.defaults.baseURL = `${SIMULATORS}/razorpay`;
  return client;
}

async function errorOf(call) {
  try {
    await call();
    return "none";
  } catch (error) {
    return `${error.statusCode} ${error.error?.code}: ${error.error?.description}`;
  }
}

const pay = (url, fields) =>
  fetch(url, { method: "POST", redirect: "manual", body: new URLSearchParams({ email: "judge@example.com", ...fields }) });

const client = clientWith(KEY_SECRET);
const result = { errors: {} };

const plan = await client.plans.create({
  period: "monthly",
  interval: 1,
  item: { name: "Judged", amount: 499900, currency: "INR" },
});
const made = await client.subscriptions.create({ plan_id: plan.id, total_count: 12, notes: { judge: "npm" } });
result.created = made.status;
result.declined = (await pay(made.short_url, { card: "declined" })).status;
result.paid = (await pay(made.short_url, { method: "upi", vpa: "success@razorpay" })).status;
const active = await client.subscriptions.fetch(made.id);
result.active = [active.status, active.paid_count, active.notes.judge];
const invoices = await client.invoices.all({ subscription_id: made.id });
result.invoice = [invoices.count, invoices.items[0].status, invoices.items[0].amount];
const refund = await client.payments.refund(invoices.items[0].payment_id, { amount: 100 });
result.refund = [refund.status, refund.amount];
const listed = await client.subscriptions.all({ plan_id: plan.id });
result.listed = listed.items.map((each) => each.id === made.id);
const cancelled = await client.subscriptions.cancel(made.id);
result.cancelled = cancelled.status;

const link = await client.paymentLink.create({
  amount: 99900,
  currency: "INR",
  reference_id: `judge-${Date.now()}`,
  callback_url: "https://shop.example/done",
  callback_method: "get",
});
const answer = new URL((await pay(link.short_url, {})).headers.get("location")).searchParams;
const order = await client.orders.create({ amount: 50000, currency: "INR", receipt: "judge" });
result.order = [order.status, order.amount_due];
result.link = (await client.paymentLink.fetch(link.id)).status;

const utils = await import("razorpay/dist/utils/razorpay-utils.js");
result.signed = (utils.default ?? utils).validatePaymentVerification(
  {
    payment_link_id: answer.get("razorpay_payment_link_id"),
    payment_id: answer.get("razorpay_payment_id"),
    payment_link_reference_id: answer.get("razorpay_payment_link_reference_id"),
    payment_link_status: answer.get("razorpay_payment_link_status"),
  },
  answer.get("razorpay_signature"),
  KEY_SECRET,
);

result.errors.unknown = await errorOf(() => client.subscriptions.fetch("sub_none"));
result.errors.again = await errorOf(() => client.subscriptions.cancel(made.id));
result.errors.key = await errorOf(() => clientWith("wrong").plans.all());

console.log(JSON.stringify(result));
