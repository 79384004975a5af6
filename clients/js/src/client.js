import { live } from "./live.js";
import { ReplyStream } from "./reply-stream.js";
import { Transport } from "./transport.js";

const API = "/api/v1";
const part = encodeURIComponent;

/** Parley's public API; each member is a part of it. */
export class ParleyClient {
  #transport;

  /** @param {import("./index.d.ts").ClientOptions} options */
  constructor(options) {
    this.#transport = new Transport(options);
    const transport = this.#transport;
    this.agents = new Agents(transport);
    this.conversations = new Conversations(transport);
    this.messages = new Messages(transport);
    this.media = new Media(transport);
    this.contacts = new Contacts(transport);
    this.webhookEndpoints = new WebhookEndpoints(transport);
    this.credits = new Credits(transport);
    this.usage = new Usage(transport);
    this.operations = new Operations(transport);
  }

  /** Any other endpoint: `request("GET", "/api/v1/me")`. Gives the answer's JSON. */
  request(method, path, options) {
    return this.#transport.json(method, path, options);
  }

  /** What happens in the tenant, as it happens; goes on by its cursor after every loss of the connection. */
  live(options) {
    return live(this.#transport, options);
  }
}

/** A part of the API. */
class Part {
  constructor(transport) {
    this.transport = transport;
  }
}

class Agents extends Part {
  list(query, options) {
    return this.transport.items(`${API}/agents`, query, options);
  }
}

class Conversations extends Part {
  start(agent, options) {
    return this.transport.json("POST", `${API}/conversations`, { ...options, body: { agent } });
  }

  list(query, options) {
    return this.transport.items(`${API}/conversations`, query, options);
  }

  get(id, options) {
    return this.transport.json("GET", `${API}/conversations/${part(id)}`, options);
  }

  messages(id, query, options) {
    return this.transport.items(`${API}/conversations/${part(id)}/messages`, query, options);
  }

  say(id, message, options) {
    return this.transport.json("POST", `${API}/conversations/${part(id)}/messages`, { ...options, body: saying(message) });
  }

  stream(id, message, options) {
    const body = saying(message);
    const path = `${API}/conversations/${part(id)}/messages`;
    return new ReplyStream(() => this.transport.open("POST", path, { ...options, accept: "text/event-stream", body }), body.client_message_id);
  }

  takeover(id, options) {
    return this.transport.json("POST", `${API}/conversations/${part(id)}/takeover`, options);
  }

  handback(id, options) {
    return this.transport.json("POST", `${API}/conversations/${part(id)}/handback`, options);
  }
}

/** A message has an id of ours unless it has one: then it is the same message however often it is sent. */
function saying(message) {
  return { client_message_id: crypto.randomUUID(), ...(typeof message === "string" ? { text: message } : message) };
}

class Messages extends Part {
  search(query, options) {
    return this.transport.items(`${API}/messages`, typeof query === "string" ? { query } : query, options);
  }
}

class Media extends Part {
  upload(bytes, { contentType, ...options } = {}) {
    return this.transport.json("POST", `${API}/media`, { ...options, bytes, contentType });
  }

  get(id, options) {
    return this.transport.bytes("GET", `${API}/media/${part(id)}`, options);
  }
}

class Contacts extends Part {
  list(query, options) {
    return this.transport.items(`${API}/contacts`, query, options);
  }

  create(contact, options) {
    return this.transport.json("POST", `${API}/contacts`, { ...options, body: contact });
  }

  get(id, options) {
    return this.transport.json("GET", `${API}/contacts/${part(id)}`, options);
  }

  update(id, changes, options) {
    return this.transport.json("PATCH", `${API}/contacts/${part(id)}`, { ...options, body: changes });
  }

  merge(id, into, options) {
    return this.transport.json("POST", `${API}/contacts/${part(id)}/merge`, { ...options, body: { into } });
  }
}

class WebhookEndpoints extends Part {
  list(query, options) {
    return this.transport.items(`${API}/webhook-endpoints`, query, options);
  }

  create(endpoint, options) {
    return this.transport.json("POST", `${API}/webhook-endpoints`, { ...options, body: endpoint });
  }

  get(id, options) {
    return this.transport.json("GET", this.#path(id), options);
  }

  update(id, changes, options) {
    return this.transport.json("PATCH", this.#path(id), { ...options, body: changes });
  }

  delete(id, options) {
    return this.transport.json("DELETE", this.#path(id), options);
  }

  rotateSecret(id, { previous, ...options } = {}) {
    return this.transport.json("POST", `${this.#path(id)}/secret-rotation`, { ...options, query: { previous } });
  }

  test(id, options) {
    return this.transport.json("POST", `${this.#path(id)}/test`, options);
  }

  deliveries(id, query, options) {
    return this.transport.items(`${this.#path(id)}/deliveries`, query, options);
  }

  delivery(id, delivery, options) {
    return this.transport.json("GET", `${this.#path(id)}/deliveries/${part(delivery)}`, options);
  }

  replayDelivery(id, delivery, options) {
    return this.transport.json("POST", `${this.#path(id)}/deliveries/${part(delivery)}/replay`, options);
  }

  replay(id, range, options) {
    return this.transport.json("POST", `${this.#path(id)}/replay`, { ...options, body: range });
  }

  #path(id) {
    return `${API}/webhook-endpoints/${part(id)}`;
  }
}

class Credits extends Part {
  get(options) {
    return this.transport.json("GET", `${API}/credits`, options);
  }
}

class Usage extends Part {
  list(query, options) {
    return this.transport.items(`${API}/usage`, query, options);
  }

  summary(query, options) {
    return this.transport.json("GET", `${API}/usage/summary`, { ...options, query });
  }
}

class Operations extends Part {
  get(id, options) {
    return this.transport.json("GET", `${API}/operations/${part(id)}`, options);
  }
}
