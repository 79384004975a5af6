/** An account of the organisation at a messenger. */
export interface Channel {
  id: string;
  type: string;
  name: string;
  agent: string;
  status: "active" | "paused";
  display_name: string;
  webhook_url: string;
  signature_mode: "observe" | "enforce";
  would_be_refused: number;
  previous_credentials_until?: string | null;
  setup?: Record<string, string> | null;
  created_at: string;
}

/** What was found when a channel was tested. */
export interface ChannelTest {
  ok: boolean;
  checks: { name: string; ok: boolean; detail: string; remedy?: string | null }[];
}

interface Credential {
  name: string;
  label: string;
  about?: string;
  secret: boolean;
  optional?: boolean;
}

/** The messengers that one connects oneself, with what each wants to know. */
export const TYPES: Record<string, { label: string; credentials: Credential[] }> = {
  telegram: {
    label: "Telegram",
    credentials: [{ name: "bot_token", label: "Bot token", about: "From @BotFather, such as 12345:ABC…", secret: true }],
  },
  whatsapp: {
    label: "WhatsApp",
    credentials: [
      { name: "phone_number_id", label: "Phone number id", about: "In Meta’s console, digits only", secret: false },
      { name: "access_token", label: "Access token", about: "Of a system user, so that it does not end", secret: true },
      { name: "app_secret", label: "App secret", about: "Meta signs with it", secret: true },
    ],
  },
  twilio: {
    label: "SMS by Twilio",
    credentials: [
      { name: "account_sid", label: "Account SID", about: "AC and 32 digits", secret: false },
      { name: "auth_token", label: "Auth token", secret: true },
      { name: "phone_number", label: "Phone number", about: "With its country, such as +14155550100; or a messaging service below", secret: false, optional: true },
      { name: "messaging_service_sid", label: "Messaging service SID", secret: false, optional: true },
    ],
  },
};

/** What was typed, without what was left empty. */
export function typed(credentials: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(credentials)
      .map(([name, value]) => [name, value.trim()] as const)
      .filter(([, value]) => value !== ""),
  );
}

/** Whether all that the messenger needs was typed. */
export function complete(type: string, credentials: Record<string, string>): boolean {
  const given = typed(credentials);
  const needed = TYPES[type]?.credentials.filter((credential) => !credential.optional) ?? [];
  const sender = type !== "twilio" || given.phone_number !== undefined || given.messaging_service_sid !== undefined;
  return sender && needed.every((credential) => given[credential.name] !== undefined);
}
