// Standard Webhooks' own library and Svix's judge what Parley sends, and sign 10,000 made-up webhooks that both and Parley
// must sign alike: SecretsTest of channel-service makes the same ones and knows the digest of all signatures.
import { createHash } from "node:crypto";
import { Webhook as Standard } from "standardwebhooks";
import { Webhook as Svix } from "svix";

const CASES = 10000;

function bytes(text) {
  return createHash("sha256").update(text).digest();
}

function madeUp(i) {
  const seed = bytes(`parley ${i}`);
  const secret = `whsec_${seed.toString("base64")}`;
  const id = `msg_${seed.toString("hex").slice(0, 24)}`;
  const time = 1600000000 + seed.readUInt32BE(0) % 400000000;
  let text = "";
  for (let part = 0; part < seed[4] % 8; part++) {
    for (const byte of bytes(`parley ${i} ${part}`)) {
      text += String.fromCodePoint([0x20 + (byte % 95), 0x900 + byte, 0x1f300 + byte, byte % 32][byte % 4]);
    }
  }
  return { secret, id, time, text };
}

function signed(library, { secret, id, time, text }) {
  return new library(secret).sign(id, new Date(time * 1000), text);
}

const all = createHash("sha256");
let differences = 0;
for (let i = 0; i < CASES; i++) {
  const one = madeUp(i);
  const signature = signed(Standard, one);
  if (signed(Svix, one) !== signature) differences++;
  all.update(signature);
}

const verdicts = JSON.parse(process.env.TOLD ?? "[]").map(({ secret, headers, body }) =>
  [Standard, Svix].map((library) => {
    try {
      new library(secret).verify(body, headers);
      return true;
    } catch (refused) {
      return refused.message;
    }
  }),
);
console.log(JSON.stringify({ differences, digest: all.digest("hex"), verdicts }));
