// The shapes of the public HTTP face that the console uses.

export interface Page<T> {
  items: T[];
  next_cursor?: string;
}

export interface Membership {
  tenant_id: string;
  name: string;
  role: string;
}

export interface Me {
  user_id: string;
  email: string;
  tenant_id?: string | null;
  role?: string | null;
  platform_admin: boolean;
  memberships: Membership[];
}

export interface Agent {
  id: string;
  slug: string;
  name: string;
  description?: string;
  allowed: boolean;
  reason_code?: string;
}

export interface Message {
  id: string;
  role: string;
  text: string;
  at?: string;
}

export interface Answer {
  message: Message;
  reply: { id: string; text: string; prompt_version: number; finish_reason: string };
  usage: { credits: number | null; input_tokens: number; output_tokens: number };
  operation_id: string;
}

export interface Money {
  amount: number;
  currency: string;
}

export interface Plan {
  code: string;
  version: number;
  name: string;
  price: Money;
  interval: string;
  credits: number;
  agents: string[];
  channels: string[];
  rates: Record<string, { credits: number; per: number }>;
  trial_days?: number;
}

export interface Subscription {
  plan: string;
  plan_version: number;
  status: string;
  provider?: string | null;
  current_period_end?: string | null;
  cancel_at_period_end?: boolean;
  trial_end?: string | null;
}

export interface Checkout {
  checkout_id: string;
  provider: string;
  url: string | null;
}

export interface Credits {
  granted: number;
  used: number;
  held: number;
  remaining: number;
  overage: unknown;
  period_end?: string | null;
  lots: { id: string; source: string; granted: number; remaining: number; expires_at?: string | null }[];
}

export interface UsageLine {
  usage_id: string;
  operation_id: string;
  at: string;
  agent: string;
  channel: string;
  meter: string;
  quantity: number;
  credits: number;
  estimated: boolean;
}

export interface ApiKey {
  id: string;
  name: string;
  prefix: string;
  scopes: string[];
  created_at?: string;
  expires_at?: string | null;
  last_used_at?: string | null;
}
