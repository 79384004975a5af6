import { createHash, randomBytes } from "node:crypto";
import { request as plain } from "node:http";
import { request as secure } from "node:https";
import { ConnectionError, ProblemError } from "./errors.js";
import { Frames, write, CLOSE, PING, PONG, TEXT } from "./frames.js";

const MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
const LONGEST_REFUSAL = 65_536;

/**
 * A socket that listens (RFC 6455) with headers of our own, which the one that later versions of Node.js have cannot be given
 * in a way that all of them know. Without a sign of life for `silence` milliseconds it ends: the server pings each minute.
 */
export function openSocket({ url, headers, silence, onMessage, onEnd }) {
  const key = randomBytes(16).toString("base64");
  let socket;
  let over = false;
  const end = (how) => {
    if (over) return;
    over = true;
    socket?.destroy();
    request.destroy();
    onEnd(how);
  };
  const request = (url.protocol === "https:" ? secure : plain)(url, {
    headers: { ...headers, connection: "Upgrade", upgrade: "websocket", "sec-websocket-key": key, "sec-websocket-version": "13" },
    timeout: silence,
  });
  request.on("timeout", () => end({ code: 1006, reason: "silence" }));
  request.on("error", (error) => end({ code: 1006, reason: error.message }));
  request.on("response", (response) => {
    let body = "";
    response.setEncoding("utf8");
    response.on("data", (more) => (body = (body + more).slice(0, LONGEST_REFUSAL)));
    response.on("error", (error) => end({ code: 1006, reason: error.message }));
    response.on("end", () => {
      const header = (name) => response.headers[name];
      end({ code: 1006, problem: ProblemError.read(response.statusCode, body, header) });
    });
  });
  request.on("upgrade", (response, upgraded, head) => {
    socket = upgraded;
    if (over) return socket.destroy();
    if (response.headers["sec-websocket-accept"] !== createHash("sha1").update(key + MAGIC).digest("base64")) {
      return end({ code: 1006, reason: "what answered is no WebSocket" });
    }
    const frames = new Frames((opcode, data) => {
      if (opcode === TEXT) onMessage(data.toString("utf8"));
      if (opcode === PING) socket.write(write(PONG, data));
      if (opcode === CLOSE) {
        socket.end(write(CLOSE, data.subarray(0, 2)));
        end({ code: data.length < 2 ? 1005 : data.readUInt16BE(0), reason: data.toString("utf8", 2) });
      }
    });
    const take = (bytes) => {
      try {
        frames.take(bytes);
      } catch (error) {
        end({ code: 1006, reason: error instanceof ConnectionError ? error.message : String(error) });
      }
    };
    socket.setTimeout(silence, () => end({ code: 1006, reason: "silence" }));
    socket.on("data", take);
    socket.on("error", (error) => end({ code: 1006, reason: error.message }));
    socket.on("close", () => end({ code: 1006, reason: "cut" }));
    if (head.length > 0) take(head);
  });
  request.end();
  return {
    close() {
      if (over) return;
      over = true;
      if (socket?.writable) socket.end(write(CLOSE, Buffer.from([0x03, 0xe8])));
      else request.destroy();
      // Who does not say goodbye in return is not waited for.
      if (socket) setTimeout(() => socket.destroy(), 1_000).unref();
    },
  };
}
