/** An endpoint of outgoing webhooks. */
export interface WebhookEndpoint {
  id: string;
  url: string;
  description: string;
  events: string[];
  fifo: boolean;
  concurrency: number;
  status: "active" | "disabled";
  disabled_reason?: string;
  disabled_at?: string;
  failing_since?: string;
  secret?: string;
  previous_secret_until?: string;
  created_at: string;
  updated_at: string;
}

export type DeliveryState = "pending" | "delivered" | "failed" | "skipped";

/** What an endpoint was told. */
export interface WebhookDelivery {
  id: string;
  type: string;
  state: DeliveryState;
  tries: number;
  next_attempt_at?: string;
  last_status?: number;
  last_error?: string;
  payload?: string;
  attempts?: WebhookAttempt[];
  created_at: string;
  updated_at: string;
}

export interface WebhookAttempt {
  at: string;
  duration_ms: number;
  status?: number;
  error?: string;
  answer?: string;
}

/** The events that can be asked for; docs/guides/webhooks.md says when each comes. */
export const EVENTS: { value: string; label: string }[] = [
  { value: "*", label: "Everything, also what is new later" },
  { value: "message.received", label: "A message came in" },
  { value: "message.sent", label: "A reply went out" },
  { value: "message.failed", label: "A reply failed" },
  { value: "message.delivered", label: "A reply arrived" },
  { value: "message.read", label: "A reply was read" },
  { value: "conversation.taken_over", label: "A person took a conversation over" },
  { value: "conversation.handed_back", label: "The bot has a conversation again" },
  { value: "conversation.handoff_requested", label: "An agent asks for a person" },
  { value: "draft.created", label: "A reply waits for a person" },
  { value: "draft.decided", label: "A person decided on a reply" },
  { value: "autopilot.changed", label: "An agent's autopilot changed" },
  { value: "conversation.looping", label: "A conversation goes round in circles" },
  { value: "prompt.guard_broken", label: "A prompt version broke a limit" },
  { value: "approval.requested", label: "An agent wants something approved" },
  { value: "approval.decided", label: "What an agent wanted was decided" },
  { value: "contact.opted_out", label: "A contact wants no more messages" },
  { value: "contact.opted_in", label: "A contact wants messages again" },
  { value: "subscription.changed", label: "The subscription changed" },
  { value: "credits.threshold_reached", label: "80 % of the credits are used" },
  { value: "credits.exhausted", label: "All credits are used" },
];

/** How an endpoint does, in one word. */
export function standing(endpoint: WebhookEndpoint): "active" | "failing" | "disabled" {
  if (endpoint.status === "disabled") return "disabled";
  return endpoint.failing_since ? "failing" : "active";
}

/** What became of the latest attempt, in a few words. */
export function outcome(delivery: Pick<WebhookDelivery, "last_status" | "last_error">): string {
  if (delivery.last_status !== undefined) return String(delivery.last_status);
  return delivery.last_error ?? "not tried yet";
}
