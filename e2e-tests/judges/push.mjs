// Google's own client makes access tokens from the key file and sends a message: what the simulator takes from it is
// what Google takes. Its addresses are fixed, so only the host is another one. Prints one line of JSON.
import { JWT } from "google-auth-library";

const { SIMULATORS, PROJECT, KEY_FILE, DEVICE } = process.env;
const here = (url) =>
  String(url)
    .replace("https://fcm.googleapis.com", `${SIMULATORS}/fcm`)
    .replace("https://www.googleapis.com/oauth2/v4/token", `${SIMULATORS}/fcm/token`)
    .replace("https://oauth2.googleapis.com/token", `${SIMULATORS}/fcm/token`);
const file = JSON.parse(KEY_FILE);

function client(key) {
  const jwt = new JWT({
    email: file.client_email,
    key,
    keyId: file.private_key_id,
    scopes: ["https://www.googleapis.com/auth/firebase.messaging"],
  });
  const moved = async (options, usual) => usual({ ...options, url: here(options.url) });
  jwt.transporter.defaults = { adapter: moved };
  return jwt;
}

async function send(jwt, body) {
  try {
    const answer = await jwt.request({
      url: `https://fcm.googleapis.com/v1/projects/${PROJECT}/messages:send`,
      method: "POST",
      data: body,
    });
    return answer.data.name.replace(/0:.*/, "0:…");
  } catch (error) {
    const problem = error.response?.data?.error;
    return problem?.details
      ? `${problem.code} ${problem.details.map((detail) => detail.errorCode ?? detail.fieldViolations[0].field).join(" ")}`
      : `${error.response?.status} ${problem?.status ?? problem ?? error.message}`;
  }
}

const good = client(file.private_key);
const result = {
  sent: await send(good, { message: { token: DEVICE, notification: { title: "Judge", body: "✓" } } }),
  trial: await send(good, { validate_only: true, message: { topic: "parley-test" } }),
  notAToken: await send(good, { message: { token: "short" } }),
  unknown: await send(good, { message: { token: DEVICE, notification: {}, colour: "red" } }),
};
const { privateKey } = await import("node:crypto").then((crypto) => crypto.generateKeyPairSync("rsa", { modulusLength: 2048 }));
result.forged = await send(client(privateKey.export({ type: "pkcs8", format: "pem" })), { message: { token: DEVICE } });
console.log(JSON.stringify(result));
