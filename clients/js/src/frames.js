import { randomBytes } from "node:crypto";
import { ConnectionError } from "./errors.js";

export const TEXT = 1;
export const CLOSE = 8;
export const PING = 9;
export const PONG = 10;

const LONGEST_CONTROL = 125;
const LONGEST_MESSAGE = 16 << 20;

/** Puts a server's frames together to messages, however their bytes are cut. */
export class Frames {
  #rest = Buffer.alloc(0);
  #parts = [];
  #length = 0;
  #opcode = 0;
  #tell;

  /** @param {(opcode: number, data: Buffer) => void} tell hears every whole message, ping and close */
  constructor(tell) {
    this.#tell = tell;
  }

  take(bytes) {
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    for (let frame = this.#next(); frame; frame = this.#next()) this.#hear(frame);
  }

  #next() {
    const bytes = this.#rest;
    if (bytes.length < 2) return undefined;
    if (bytes[0] & 0x70 || bytes[1] & 0x80) throw new ConnectionError("the server broke the protocol");
    const short = bytes[1] & 0x7f;
    const head = short === 127 ? 10 : short === 126 ? 4 : 2;
    if (bytes.length < head) return undefined;
    const length = short === 127 ? Number(bytes.readBigUInt64BE(2)) : short === 126 ? bytes.readUInt16BE(2) : short;
    if ((bytes[0] & 0x08) !== 0 && length > LONGEST_CONTROL) throw new ConnectionError("the server broke the protocol");
    if (length + this.#length > LONGEST_MESSAGE) throw new ConnectionError("a message is too long");
    if (bytes.length < head + length) return undefined;
    this.#rest = bytes.subarray(head + length);
    return { final: (bytes[0] & 0x80) !== 0, opcode: bytes[0] & 0x0f, data: bytes.subarray(head, head + length) };
  }

  #hear({ final, opcode, data }) {
    if (opcode >= CLOSE) return this.#tell(opcode, data);
    if (opcode !== 0) this.#opcode = opcode;
    this.#parts.push(data);
    this.#length += data.length;
    if (!final) return undefined;
    const whole = Buffer.concat(this.#parts);
    this.#parts = [];
    this.#length = 0;
    return this.#tell(this.#opcode, whole);
  }
}

/** A short frame as a client writes it: masked. */
export function write(opcode, data) {
  const mask = randomBytes(4);
  const masked = Buffer.from(data.map((byte, i) => byte ^ mask[i % 4]));
  return Buffer.concat([Buffer.from([0x80 | opcode, 0x80 | data.length]), mask, masked]);
}
