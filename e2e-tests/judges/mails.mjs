// Nodemailer writes mails to a mailbox of Parley, as the program that receives them passes them on, signed by the
// library of Standard Webhooks; mailparser reads what comes back. Prints one line of JSON.
import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import MailComposer from "nodemailer/lib/mail-composer/index.js";
import { simpleParser } from "mailparser";
import { Webhook } from "standardwebhooks";

const { WEBHOOK, SECRET, SIMULATORS, CUSTOMER, OWN } = process.env;
const PNG = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=", "base64");

const written = (mail) =>
  new MailComposer({ from: { name: "Ana Muñoz 🎈", address: CUSTOMER }, to: OWN, ...mail }).compile().build();

// The library signs texts: a mail that is ASCII throughout is the same as bytes.
async function bring(mail, secret = SECRET) {
  const body = (await written({ textEncoding: "base64", ...mail })).toString("latin1");
  const id = randomUUID();
  const now = new Date();
  const answer = await fetch(WEBHOOK, {
    method: "POST",
    body,
    headers: {
      "content-type": "message/rfc822",
      "webhook-id": id,
      "webhook-timestamp": `${Math.floor(now / 1000)}`,
      "webhook-signature": new Webhook(secret).sign(id, now, body),
    },
  });
  return answer.status;
}

async function mails() {
  return (await (await fetch(`${SIMULATORS}/mail/messages?to=${encodeURIComponent(CUSTOMER)}`)).json()).items;
}

/** The mails that came, oldest first, as mailparser reads them, as soon as there are so many. */
async function came(count) {
  let all = [];
  for (let tries = 0; tries < 100 && all.length < count; tries++) {
    if (tries > 0) await pause(100);
    all = await mails();
  }
  if (all.length !== count) throw new Error(`${all.length} mails instead of ${count}`);
  return Promise.all(
    all.reverse().map(async ({ id }) => simpleParser(Buffer.from(await (await fetch(`${SIMULATORS}/mail/messages/${id}/raw`)).arrayBuffer()))),
  );
}

const told = (mail, named) => ({
  from: mail.from.value,
  to: mail.to.value.map(({ address }) => address === CUSTOMER),
  subject: mail.subject,
  inReplyTo: named[mail.inReplyTo],
  references: [mail.references].flat().map((id) => named[id]),
  automatic: mail.headers.get("auto-submitted"),
  text: mail.text.trim(),
});

const result = { statuses: [] };
const first = `<first-${CUSTOMER}>`;
result.statuses.push(
  await bring({
    messageId: first,
    subject: "Größe der Bestellung №7 – wo bleibt sie? Ich warte schon so lange darauf, daß sie kommt",
    text: "Wo ist sie? ✓",
    html: "<p>Wo ist sie? ✓</p>",
    attachments: [{ filename: "föto.png", content: PNG }, { filename: "tool.exe", content: Buffer.from("MZ\0\x03") }],
  }),
);
const [one] = await came(1);
result.first = told(one, { [first]: "first" });

const second = `<second-${CUSTOMER}>`;
result.statuses.push(
  await bring({
    messageId: second,
    inReplyTo: one.messageId,
    references: [first, one.messageId],
    subject: one.subject,
    text: `Danke\n\nAm Montag schrieb ${OWN}:\n> ${one.text.replaceAll("\n", "\n> ")}`,
  }),
);
const [, two] = await came(2);
result.second = told(two, { [first]: "first", [one.messageId]: "one", [second]: "second" });

result.statuses.push(await bring({ subject: "Gone", text: "I am on holiday", headers: { "Auto-Submitted": "auto-replied" } }));
result.statuses.push(await bring({ subject: "Forged", text: "It is me" }, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));
result.answered = two.messageId;
console.log(JSON.stringify(result));
