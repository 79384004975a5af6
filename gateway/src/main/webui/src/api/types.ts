// The shapes of the public HTTP face that the console uses.

export interface Page<T> {
  items: T[];
  next_cursor?: string;
}

export type Role = "owner" | "admin" | "member";

export interface Membership {
  tenant_id: string;
  name: string;
  role: Role;
  status?: TenantStatus;
}

export type TenantStatus = "pending" | "trial" | "active" | "suspended" | "deleted" | "erasing" | "erased";

export interface Me {
  user_id: string;
  email: string;
  email_verified?: boolean | null;
  name?: string | null;
  tenant_id?: string | null;
  role?: Role | null;
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
  created_by?: string;
  expires_at?: string | null;
  last_used_at?: string | null;
  service_account_id?: string | null;
  rate_limit?: { requests_per_minute: number } | null;
}

export interface NewApiKey extends ApiKey {
  key: string;
}

export interface ServiceAccount {
  id: string;
  name: string;
  description?: string | null;
  created_at?: string;
}

export interface Tenant {
  id: string;
  name: string;
  status: TenantStatus;
  region: string;
  retention?: Record<string, number | null>;
  created_at: string;
  restorable_until?: string | null;
}

export interface Member {
  user_id: string;
  email: string;
  name?: string | null;
  role: Role;
  joined_at?: string;
}

export interface Invitation {
  id: string;
  email: string;
  role: Role;
  expired: boolean;
  expires_at: string;
  created_at: string;
}

export interface Session {
  id: string;
  device: string;
  address: string;
  started_at: string;
  last_used_at: string;
  current: boolean;
}

export interface Export {
  id: string;
  status: "running" | "ready" | "failed" | "expired";
  requested_at: string;
  ended_at?: string | null;
  expires_at?: string | null;
  /** The services that have not written their part. */
  missing: string[];
  parts: Record<string, unknown>;
}

export interface Erasure {
  id: string;
  status: string;
  certificate_url: string;
}

export interface AuditEntry {
  seq: number;
  at: string;
  actor: string;
  actor_name?: string | null;
  action: string;
  resource: { type: string; id?: string | null };
  before?: unknown;
  after?: unknown;
  reason?: string | null;
  ticket?: string | null;
  staff?: boolean;
  access_id?: string | null;
  operation_id?: string | null;
  previous_hash: string;
  hash: string;
}

export interface Verification {
  intact: boolean;
  entries: number;
  head: { seq: number; signed_at?: string } | null;
  faults: { seq: number; kind: string }[];
}

export interface StaffAccess extends Page<AuditEntry> {
  open: BreakGlass[];
}

export interface AdminTenant {
  id: string;
  name: string;
  status: TenantStatus;
  region: string;
  created_at: string;
  suspended_at?: string | null;
  suspension_reason?: string | null;
}

export interface BreakGlass {
  id: string;
  tenant_id: string;
  admin_id: string;
  reason: string;
  ticket: string;
  opened_at: string;
  expires_at: string;
  ended_at?: string | null;
  open: boolean;
}

export interface Conversation {
  id: string;
  agent: string;
  channel: string;
  contact_id?: string | null;
  messages: number;
  created_at: string;
  updated_at: string;
}

export interface Contact {
  id: string;
  channel: string;
  display_name?: string | null;
  username?: string | null;
  external_id: string;
  updated_at: string;
}

export interface Overview {
  tenants: number;
  subscriptions_by_status: Record<string, number>;
  subscriptions_by_plan: Record<string, number>;
  usage: { agent: string; messages: number; credits: number }[];
  checkouts: number;
  webhooks: Record<string, number>;
}

export interface Revenue {
  from: string;
  to: string;
  mrr: Money[];
  trials: { started: number; converted: number };
  churned: number;
}
