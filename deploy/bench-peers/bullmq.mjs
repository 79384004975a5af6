// Signed webhooks on BullMQ: a producer that queues them and a worker that sends them, as its documentation has both.
import { createHmac } from "node:crypto";
import { createInterface } from "node:readline";
import { Queue, Worker } from "bullmq";
import { Pool } from "undici";

const { ROLE, REDIS_PORT, URL: address, CONCURRENCY: places } = process.env;
const connection = { host: "127.0.0.1", port: Number(REDIS_PORT), maxRetriesPerRequest: null };
const NAME = "webhooks";
const CONCURRENCY = Number(places);
const CHUNK = 100;
const KEY = Buffer.alloc(32, 7);

function payload(i) {
  const data = {
    message_id: `01a1fbb9-7e0b-7b78-84ab-${String(i).padStart(12, "0")}`,
    conversation_id: "01a1fbb9-7db2-7764-9f69-d333ce0fb924",
    operation_id: "01a1fbb9-7e0a-74ae-bc5c-5bb0b4be9a76",
    channel: "telegram",
    agent: "concierge",
    direction: "out",
    at: new Date().toISOString(),
  };
  return JSON.stringify({ type: "message.sent", timestamp: new Date().toISOString(), data });
}

if (ROLE === "producer") {
  const queue = new Queue(NAME, { connection });
  const options = { attempts: 10, backoff: { type: "exponential", delay: 5000 }, removeOnComplete: true };
  console.log("ready");
  for await (const line of createInterface({ input: process.stdin })) {
    for (let i = 0; i < Number(line); i += CHUNK) {
      const jobs = [];
      for (let j = i; j < Math.min(i + CHUNK, Number(line)); j++) jobs.push({ name: "webhook", data: payload(j), opts: options });
      await queue.addBulk(jobs);
    }
    console.log("queued");
  }
  await queue.close();
} else {
  const url = new URL(address);
  const pool = new Pool(url.origin, { connections: CONCURRENCY });
  const worker = new Worker(
    NAME,
    async (job) => {
      const time = Math.floor(Date.now() / 1000);
      const signature = createHmac("sha256", KEY).update(`${job.id}.${time}.${job.data}`).digest("base64");
      const { statusCode, body } = await pool.request({
        method: "POST",
        path: url.pathname,
        body: job.data,
        headers: {
          "content-type": "application/json",
          "webhook-id": job.id,
          "webhook-timestamp": String(time),
          "webhook-signature": `v1,${signature}`,
        },
      });
      await body.dump();
      if (statusCode < 200 || statusCode > 299) throw new Error(`answered ${statusCode}`);
    },
    { connection, concurrency: CONCURRENCY },
  );
  await worker.waitUntilReady();
  console.log("ready");
}
