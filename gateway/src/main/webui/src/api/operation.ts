/** One thing that a service did for a message. */
export interface Step {
  at: string;
  service: string;
  step: string;
  detail: Record<string, unknown> | null;
}

/** What all services did for a message, by time. */
export interface Trace {
  operation_id: string;
  steps: Step[];
  unanswered: string[];
}

const WORDS: Record<string, string> = {
  "message-received": "Received",
  "message-deduplicated": "Known to be no double",
  "message-ordered": "Put in order",
  decided: "Allowed by policy",
  "agent-ran": "Answered by the agent",
  settled: "Charged",
  drafted: "Kept for review",
  "draft-edited": "Edited",
  "draft-approved": "Approved",
  "draft-rejected": "Rejected",
  "message-answered": "Answer stored",
  "send-pending": "To be sent",
  "send-sending": "Being sent",
  "send-sent": "Taken by the messenger",
  "send-delivered": "Delivered",
  "send-read": "Read",
};

/** A step in words. */
export function named(step: Step): string {
  const words = WORDS[step.step] ?? step.step.replaceAll("-", " ").replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** What is known of a step, one line a member; what is nested is written as JSON. */
export function facts(step: Step): [string, string][] {
  return Object.entries(step.detail ?? {})
    .filter(([, value]) => value !== null && value !== undefined && value !== "")
    .map(([name, value]) => [name.replaceAll("_", " "), typeof value === "object" ? JSON.stringify(value) : String(value)]);
}

/** How long after the first step one was, as people read it. */
export function after(steps: Step[], step: Step): string {
  const first = steps[0];
  const passed = first ? Date.parse(step.at) - Date.parse(first.at) : 0;
  if (passed < 1_000) return `${Math.max(passed, 0)} ms`;
  if (passed < 120_000) return `${(passed / 1_000).toFixed(1)} s`;
  return `${Math.round(passed / 60_000).toLocaleString()} min`;
}
