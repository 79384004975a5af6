/** An account of the organisation at a messenger. */
export interface Channel {
  id: string;
  type: string;
  name: string;
  agent: string;
  status: "active" | "paused";
  display_name: string;
  /** Where the messenger delivers; nothing where nothing comes in. */
  webhook_url?: string | null;
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
  required: boolean;
}

/** A messenger that one connects oneself, with what it wants to know. */
export interface ChannelType {
  type: string;
  channel: string;
  label: string;
  credentials: Credential[];
}

/** What was typed, without what was left empty. */
export function typed(credentials: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(credentials)
      .map(([name, value]) => [name, value.trim()] as const)
      .filter(([, value]) => value !== ""),
  );
}

/** Whether all that the messenger cannot be without was typed. */
export function complete(type: ChannelType | undefined, credentials: Record<string, string>): boolean {
  const given = typed(credentials);
  return type !== undefined && type.credentials.every((credential) => !credential.required || given[credential.name] !== undefined);
}

/** The messengers' channels, each once, as choices. */
export function channelChoices(types: ChannelType[]): { value: string; label: string }[] {
  return types.filter((type, at) => types.findIndex((other) => other.channel === type.channel) === at).map(({ channel, label }) => ({ value: channel, label }));
}
