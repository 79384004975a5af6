const METERS: Record<string, string> = {
  message: "Message",
  "llm.input_tokens": "Tokens read",
  "llm.output_tokens": "Tokens written",
  lead: "Lead",
  tasks: "Tasks",
  posts: "Posts",
  emails: "E-mails",
  messages: "Messages",
  leads: "Leads",
  seats: "Seats",
  keys: "API keys",
  credits: "Credits",
};

/** What people call a meter or a quota. */
export function meterName(meter: string): string {
  return METERS[meter] ?? words(meter);
}

/** A name of the API as words. */
export function words(name: string): string {
  const text = name.replaceAll(/[_.-]+/g, " ").trim();
  return text.charAt(0).toUpperCase() + text.slice(1);
}
