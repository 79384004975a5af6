/** How to reach Parley. */
export interface ClientOptions {
  /** Where Parley is, for example `https://parley.example.com`. */
  baseUrl: string | URL;
  /** An API key (`pk_…`) or an access token. Without one a page of Parley's own origin shows its session cookie. */
  apiKey?: string;
  /** Milliseconds for one answer, or for the beginning of a stream; 110,000 unless given. */
  timeout?: number;
  /** How often a request is sent again that was not answered, or with 429 or 503; 2 unless given. */
  maxRetries?: number;
  /** The longest pause in milliseconds before it is sent again; a longer `Retry-After` is an error at once. 30,000 unless given. */
  longestPause?: number;
  /** Instead of the platform's own. */
  fetch?: typeof fetch;
}

/** Of one call. */
export interface CallOptions {
  signal?: AbortSignal;
  /** Of a POST: the same key again is the same request. Each has one of its own unless given. */
  idempotencyKey?: string;
}

/** Of a call that this package has no method for. */
export interface RequestOptions extends CallOptions {
  query?: Query;
  body?: unknown;
  headers?: Record<string, string>;
}

/** Members of a query; those without a value are left out. */
export type Query = Record<string, string | number | boolean | Date | null | undefined>;

/** Of lists: items are asked for by pages of that many, which begin behind a cursor. */
export interface ListQuery {
  limit?: number;
  cursor?: string;
}

export interface Agent {
  id: string;
  slug: string;
  name: string;
  description?: string;
  allowed: boolean;
  reason_code?: string;
}

export interface Conversation {
  id: string;
  agent: string;
  channel: string;
  owner?: "bot" | "waiting" | "staff";
  assigned_to?: string;
  contact_id?: string;
  created_at?: string;
  updated_at?: string;
  [member: string]: unknown;
}

export interface Message {
  id: string;
  conversation_id?: string;
  operation_id?: string;
  role: string;
  text: string;
  buttons?: { id: string; title: string }[];
  template?: { name: string; language: string; parameters: string[] };
  status?: string;
  at?: string;
  [member: string]: unknown;
}

/** An image, by its public address, its bytes in base64 or the id of an upload; uploads may be more than images. */
export interface Attachment {
  type: "image" | "audio" | "video" | "document";
  url?: string;
  data?: string;
  media_id?: string;
}

/** What is said to an agent, or to the customer of a messenger: words, or a template and nothing beside it. */
export interface NewMessage {
  text?: string;
  attachments?: Attachment[];
  /** The same id again in this conversation is the same message. Each has one of its own unless given. */
  client_message_id?: string;
  /** Said to the customer of a messenger by a person. */
  as?: "staff";
  /** What the customer of a messenger can choose; numbered lines where the messenger has no buttons. */
  buttons?: { id: string; title: string }[];
  /** A message that WhatsApp approved beforehand: it goes also when the customer wrote too long ago for words. */
  template?: { name: string; language: string; parameters?: string[] };
}

/** A message and what became of it; without a reply where a person said it to a customer. */
export interface Answer {
  message: Message;
  reply?: { id: string; text: string; prompt_version?: number; finish_reason?: string; [member: string]: unknown };
  usage?: { credits: number; input_tokens: number; output_tokens: number };
  /** There instead of a reply while a person has the conversation: they answer another time. */
  state?: "held_by_staff";
  operation_id: string;
}

export interface Media {
  id: string;
  url: string;
  media_type: string;
  bytes: number;
}

export interface ContactRequest {
  display_name?: string;
  phone?: string;
  phone_region?: string;
  email?: string;
  language?: string;
  time_zone?: string;
  fields?: Record<string, unknown>;
  consent?: boolean;
  consent_source?: string;
  opted_out?: boolean;
}

export interface Contact extends Omit<ContactRequest, "consent"> {
  id: string;
  identities: Record<string, unknown>[];
  [member: string]: unknown;
}

export interface WebhookEndpointRequest {
  url: string;
  events: string[];
  description?: string;
  concurrency?: number;
  fifo?: boolean;
}

export interface WebhookEndpoint extends WebhookEndpointRequest {
  id: string;
  status: "active" | "disabled";
  /** Shown once: when the endpoint is made, and when it gets a new secret. */
  secret?: string;
  previous_secret_until?: string;
  [member: string]: unknown;
}

export interface Delivery {
  id: string;
  type: string;
  state: "pending" | "delivered" | "failed" | "skipped";
  tries: number;
  [member: string]: unknown;
}

export interface CreditBalance {
  granted: number;
  used: number;
  held: number;
  remaining: number;
  overage: number;
  period_end?: string;
  lots: { id: string; source: string; granted: number; remaining: number; expires_at?: string }[];
}

export interface UsageLine {
  usage_id: string;
  operation_id: string;
  at: string;
  agent?: string;
  channel?: string;
  meter: string;
  quantity: number;
  credits: number;
  estimated: boolean;
  [member: string]: unknown;
}

export interface UsageQuery extends ListQuery {
  from?: string | Date;
  to?: string | Date;
  agent?: string;
  channel?: string;
}

/** What the live stream tells. `stream.reset` says that more was missed than is remembered: load again what you show. */
export interface LiveEvent {
  type: string;
  at: string;
  /** Listen again behind this one; events of which only what is true now matters have none. */
  cursor?: string;
  data: any;
}

export interface LiveOptions {
  /** The cursor of the last event that was heard before. */
  after?: string;
  signal?: AbortSignal;
  /** Milliseconds before the first attempt to listen again; 1,000 unless given, doubled by each that fails. */
  firstPause?: number;
  /** 30,000 unless given. */
  longestPause?: number;
  /** Milliseconds without a sign of life after which a socket is given up (not in browsers); 150,000 unless given. */
  silence?: number;
}

/** Parley's public API; each member is a part of it. */
export class ParleyClient {
  constructor(options: ClientOptions);

  readonly agents: {
    /** Agents, with whether and why not one may use them. */
    list(query?: ListQuery, options?: CallOptions): AsyncIterable<Agent>;
  };

  readonly conversations: {
    /** Starts one with the agent of that slug. */
    start(agent: string, options?: CallOptions): Promise<Conversation>;
    list(
      query?: ListQuery & { channel?: string; status?: "bot" | "waiting" | "staff"; assigned_to?: string; contact_id?: string },
      options?: CallOptions,
    ): AsyncIterable<Conversation>;
    get(id: string, options?: CallOptions): Promise<Conversation>;
    /** What was said, latest first. */
    messages(id: string, query?: ListQuery, options?: CallOptions): AsyncIterable<Message>;
    /** Says something and waits for the whole reply. */
    say(id: string, message: string | NewMessage, options?: CallOptions): Promise<Answer>;
    /** Says something and gives the reply while it is written. It is sent when the stream is first read. */
    stream(id: string, message: string | NewMessage, options?: CallOptions): ReplyStream;
    /** Takes a conversation over from its agent. */
    takeover(id: string, options?: CallOptions): Promise<Record<string, unknown>>;
    /** Gives it back. */
    handback(id: string, options?: CallOptions): Promise<Record<string, unknown>>;
  };

  readonly messages: {
    /** Messages with these words in all conversations, newest first. */
    search(
      query: string | (ListQuery & { query: string; from?: string | Date; to?: string | Date }),
      options?: CallOptions,
    ): AsyncIterable<Message>;
  };

  readonly media: {
    /** Keeps a picture, a recording or a document, at most 16 MiB; attach it by its id. */
    upload(bytes: Uint8Array | ArrayBuffer | Blob, options?: CallOptions & { contentType?: string }): Promise<Media>;
    get(id: string, options?: CallOptions): Promise<Uint8Array>;
  };

  readonly contacts: {
    list(query?: ListQuery & { phone?: string }, options?: CallOptions): AsyncIterable<Contact>;
    create(contact: ContactRequest, options?: CallOptions): Promise<Contact>;
    get(id: string, options?: CallOptions): Promise<Contact>;
    update(id: string, changes: ContactRequest, options?: CallOptions): Promise<Contact>;
    /** Makes two contacts one: `id` ends in `into`. */
    merge(id: string, into: string, options?: CallOptions): Promise<Contact>;
  };

  readonly webhookEndpoints: {
    list(query?: ListQuery, options?: CallOptions): AsyncIterable<WebhookEndpoint>;
    create(endpoint: WebhookEndpointRequest, options?: CallOptions): Promise<WebhookEndpoint>;
    get(id: string, options?: CallOptions): Promise<WebhookEndpoint>;
    update(
      id: string,
      changes: Partial<WebhookEndpointRequest> & { status?: "active" | "disabled" },
      options?: CallOptions,
    ): Promise<WebhookEndpoint>;
    delete(id: string, options?: CallOptions): Promise<void>;
    /** Shows a new secret; the one before signs too for a day, unless it is revoked. */
    rotateSecret(id: string, options?: CallOptions & { previous?: "sign" | "revoke" }): Promise<WebhookEndpoint>;
    /** Sends a `webhook.test`. */
    test(id: string, options?: CallOptions): Promise<any>;
    deliveries(id: string, query?: ListQuery & { state?: Delivery["state"] }, options?: CallOptions): AsyncIterable<Delivery>;
    delivery(id: string, delivery: string, options?: CallOptions): Promise<Delivery>;
    /** Sends one again. */
    replayDelivery(id: string, delivery: string, options?: CallOptions): Promise<any>;
    /** Sends all again that was not taken in that time. */
    replay(
      id: string,
      range: { from: string | Date; to?: string | Date; delivered?: boolean; cursor?: string },
      options?: CallOptions,
    ): Promise<any>;
  };

  readonly credits: {
    get(options?: CallOptions): Promise<CreditBalance>;
  };

  readonly usage: {
    /** What was used, each with the operation that used it. */
    list(query?: UsageQuery, options?: CallOptions): AsyncIterable<UsageLine>;
    summary(
      query?: Omit<UsageQuery, keyof ListQuery> & { group_by?: "day" | "agent" | "channel" | "meter" },
      options?: CallOptions,
    ): Promise<{ group_by: string; credits: number; items: Record<string, unknown>[] }>;
  };

  readonly operations: {
    /** The whole trace of an operation. */
    get(id: string, options?: CallOptions): Promise<{ operation_id: string; steps: Record<string, unknown>[]; unanswered?: string[] }>;
  };

  /** Any other endpoint: `request("GET", "/api/v1/me")`. Gives the answer's JSON. */
  request(method: string, path: string, options?: RequestOptions): Promise<any>;

  /**
   * What happens in the tenant, as it happens. Goes on by its cursor after every loss of the connection, with pauses that grow;
   * ends by `signal`, by `break`, or with an error once the caller may no longer listen.
   */
  live(options?: LiveOptions): AsyncGenerator<LiveEvent, never, void>;
}

/** A reply while it is written: iterate over its pieces of text, then ask for the whole with `final()`. Made by `conversations.stream`. */
export class ReplyStream implements AsyncIterable<string> {
  private constructor();
  /** Say the message again with this id when the stream broke off: it is then not answered twice. */
  readonly clientMessageId: string;
  /** The message, the whole reply and what it used; what was not read of the text is read first. */
  final(): Promise<Answer>;
  [Symbol.asyncIterator](): AsyncGenerator<string, void, void>;
}

/** What every error of this package is. */
export class ParleyError extends Error {}

/** An answer that says no: its `code` is for programs, its `operationId` for whoever is asked for help. */
export class ProblemError extends ParleyError {
  readonly status: number;
  /** For example `CREDITS_EXHAUSTED`; undefined of an answer that is not Parley's. */
  readonly code?: string;
  readonly operationId?: string;
  /** Seconds after which it may go better. */
  readonly retryAfter?: number;
  /** All members of the problem document. */
  readonly problem: Record<string, any>;
}

/** No answer, or one that broke off. */
export class ConnectionError extends ParleyError {}

/** A webhook that Parley did not send, or sent too long ago. */
export class WebhookVerificationError extends ParleyError {}

/** The event of a webhook. */
export interface WebhookEvent {
  type: string;
  timestamp: string;
  data: any;
}

/**
 * Gives the event of a webhook that Parley sent: signed as Standard Webhooks says with one of the secrets, and at most
 * `tolerance` seconds (300 unless given) old or ahead. Anything else throws `WebhookVerificationError`.
 *
 * @param body exactly as it came
 * @param secrets one, or the current and the previous
 */
export function verifyWebhook(
  body: string | Uint8Array,
  headers: Headers | Record<string, string | string[] | undefined>,
  secrets: string | string[],
  options?: { tolerance?: number; now?: () => number },
): Promise<WebhookEvent>;
