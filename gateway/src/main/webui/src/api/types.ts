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
  status?: string;
  operation_id?: string;
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

export interface Rate {
  credits: number;
  per: number;
}

export interface Overage {
  mode: "block" | "charge_up_to_cap" | "carry_debt_to_next_cycle";
  cap?: number;
  price_per_1000?: number;
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
  features?: string[];
  rates: Record<string, Rate>;
  agent_rates?: Record<string, Record<string, Rate>>;
  quotas: Record<string, number>;
  overage: Overage;
  trial_days: number;
}

export type SubscriptionStatus = "trial" | "pending" | "active" | "past_due" | "suspended" | "ended";

export interface Subscription {
  plan: string;
  plan_version: number;
  status: SubscriptionStatus;
  provider?: string | null;
  current_period_start?: string | null;
  current_period_end?: string | null;
  cancel_at_period_end?: boolean;
  trial_end?: string | null;
  /** The plan that follows with the next period, when another one does. */
  pending_plan?: string | null;
}

/** What a change of plan did, or would do. */
export interface PlanChange {
  subscription: Subscription;
  effective: "now" | "period_end";
  charge?: Money;
  url?: string;
}

export interface CreditPack {
  code: string;
  version: number;
  name: string;
  price: Money;
  credits: number;
  valid_days?: number;
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
  overage: number;
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
  owner: string;
  assigned_to?: string | null;
  owner_until?: string | null;
  created_at: string;
  updated_at: string;
}

export interface Contact {
  id: string;
  display_name?: string | null;
  phone?: string | null;
  identities: { channel: string; external_id: string; username?: string | null }[];
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

export interface Invoice {
  id: string;
  number: string | null;
  provider_number: string | null;
  status: "draft" | "open" | "paid" | "void" | "uncollectible";
  total: Money;
  plan: string;
  provider: string;
  period_start: string;
  period_end: string;
  issued_at: string;
  paid_at: string | null;
}

/** What an organisation sells to a customer; amounts are in minor units, rates in basis points. */
export interface CustomerInvoiceLine {
  description: string;
  quantity: number;
  unit_amount: number;
  tax_basis_points?: number | null;
}

/** An invoice of the organisation to a customer of its own. */
export interface CustomerInvoice {
  id: string;
  status: "draft" | "issued" | "paid" | "void";
  number?: string;
  customer: { name: string; email: string; address?: string[]; tax_number?: string };
  lines: CustomerInvoiceLine[];
  net: Money;
  tax: Money;
  total: Money;
  note?: string;
  due_on: string;
  issued_at?: string;
  paid_at?: string;
  reminders_sent: number;
  next_reminder_at?: string;
  created_at: string;
}

export interface BillingProfile {
  name: string;
  address: { line1: string; line2?: string; city: string; state?: string; postal_code?: string };
  country: string;
  vat_id?: string;
  gstin?: string;
  email: string;
}

export type UsageGroup = "day" | "agent" | "channel" | "meter";

export interface UsageSummary {
  group_by: UsageGroup;
  credits: number;
  items: { key: string; credits: number; operations: number; quantity?: number }[];
}

/** One entry of the ledger of credits, with its cause. */
export interface HistoryEntry {
  id: string;
  at: string;
  kind: string;
  credits: number;
  balance: number;
  operation_id?: string;
  lot?: { id: string; source: string; credits: number; expires_at?: string; reason?: string };
  usage?: {
    agent: string;
    channel: string;
    conversation_id?: string;
    user_id?: string;
    lines: { meter: string; quantity: number; credits: number; estimated: boolean }[];
  };
}

export interface AppliedLimit {
  meter: string;
  limit: number;
  used: number;
  held: number;
  remaining: number;
  resets_at?: string | null;
}

/** What policy answered; in lists without its plan and limits. */
export interface Decision {
  decision_id: string;
  operation_id: string;
  at: string;
  allow: boolean;
  reason_code: string;
  rule_id: string;
  agent?: string;
  channel?: string;
  feature?: string;
  estimate: Record<string, number>;
  credits: number;
  policy_version: number;
  rules_version: number;
  plan?: string;
  plan_version?: number;
  limits_applied?: AppliedLimit[];
  remedy?: string;
}

/** What the platform denies whatever a plan says. */
export interface DenialRule {
  id: string;
  agents?: string[];
  channels?: string[];
  plans?: string[];
  tenants?: string[];
  remedy: string;
}

export interface RulesDocument {
  sizing?: { max_input_tokens?: number; system_prompt_tokens?: number; default_output_tokens?: number; min_output_tokens?: number };
  deny?: DenialRule[];
  administrative?: { four_eyes_above?: number };
}

export interface RulesVersion {
  version: number;
  status: "draft" | "active" | "retired";
  rules: RulesDocument;
  created_by: string;
  created_at: string;
  activated_by?: string;
  activated_at?: string;
}

/** What past decisions would be under a draft. */
export interface Simulation {
  decisions: number;
  changed: number;
  /** Too old to be made again. */
  skipped: number;
  /** Ends otherwise even without the draft. */
  unreproduced: number;
  tenants: {
    tenant_id: string;
    plan: string;
    decisions: number;
    now_denied: number;
    now_allowed: number;
    credits_before: number;
    credits_after: number;
    examples: { decision_id: string; at: string; agent?: string | null; channel?: string | null; before: string; after: string; rule_id: string }[];
  }[];
}

export interface Adjustment {
  id: string;
  source: string;
  credits: number;
  applied?: number;
  operation_id?: string;
  reason: string;
  requested_by: string;
  approved_by?: string;
  created_at?: string;
}

export interface Refund {
  id: string;
  lot_id: string;
  status: string;
  provider: string;
  paid: Money;
  unspent?: number;
  amount?: Money;
  reason: string;
  created_at: string;
}

export interface Approval {
  id: string;
  tenant_id: string;
  action: string;
  credits: number;
  reason: string;
  rule_id: string;
  status: "waiting" | "approved" | "withdrawn";
  requested_by: string;
  decided_by?: string;
  expires_at: string;
  created_at: string;
}

export interface Drift {
  id: string;
  tenant_id: string;
  kind: string;
  subject: string;
  expected: string;
  found: string;
  repair: string;
  state: "open" | "repaired" | "gone";
}

export interface Reconciliation {
  id: string;
  cause: "night" | "demand";
  only_for?: string;
  state: "running" | "done" | "abandoned";
  tenants: number;
  not_compared: number;
  drifts: number;
  started_at: string;
  finished_at?: string;
  items?: Drift[];
}

export interface ProviderEvent {
  provider: string;
  event_id: string;
  type: string;
  object_kind: string;
  object_id?: string;
  state: "received" | "applied" | "ignored" | "failed";
  attempts: number;
  last_error?: string;
  received_at: string;
}

/** Rates are in basis points. */
export interface Revenue {
  from: string;
  to: string;
  mrr: Money[];
  mrr_before: Money[];
  plans: { plan: string; plan_version: number; subscriptions: number; mrr: Money }[];
  paid: { total: Money; invoices: number }[];
  trials: { started: number; converted: number; rate: number };
  churned: number;
  churn: { customers: number; lost: number; rate: number; mrr: Money[] };
  credits: Record<string, number>;
  cost: {
    total: Money;
    runs: number;
    estimated_runs: number;
    unpriced_runs: number;
    models: { provider: string; model: string; runs: number; input_tokens: number; output_tokens: number; cost: Money | null }[];
  };
  margins: {
    agents: { agent: string; credits: number; earned: Money; cost: Money; margin: Money }[];
    negative: { tenant_id: string; plan: string; credits: number; earned: Money; cost: Money; margin: Money }[];
  };
}

/** An agent of the catalogue, as staff sees it. */
export interface CatalogueAgent {
  id: string;
  slug: string;
  name: string;
  description?: string;
  status: "active" | "disabled";
  active_version?: number | null;
}

export interface PromptVersion {
  id: string;
  number: number;
  system_prompt: string;
  provider?: string | null;
  model?: string | null;
  temperature?: number | null;
  max_tokens?: number | null;
  variables?: Record<string, string> | string[];
  status: "draft" | "testing" | "active" | "archived";
  created_at: string;
  created_by: string;
  activated_at?: string | null;
}

export interface PromptDiff {
  from: number;
  to: number;
  text: string;
  changes: { field: string; from?: unknown; to?: unknown }[];
}

export interface Expectation {
  kind: "contains" | "not_contains" | "regex" | "max_length" | "json_schema";
  value: unknown;
}

export interface GoldenConversation {
  id: string;
  name: string;
  turns: { user: string; expect: Expectation[] }[];
  variables: Record<string, string>;
  tools?: string[];
}

export interface Trial {
  id: string;
  number: number;
  status: "running" | "passed" | "failed" | "abandoned";
  finished_at?: string | null;
  result?: {
    conversations: {
      id: string;
      name: string;
      passed: boolean;
      problem?: string;
      turns: { user: string; text: string; expectations: (Expectation & { passed: boolean; detail?: string | null })[] }[];
    }[];
    cost: { input_tokens: number; output_tokens: number; estimated: boolean };
    duration_ms: number;
  } | null;
}

export interface Guard {
  metric: string;
  max?: number | null;
  max_worse?: number | null;
}

/** How versions of an agent are watched after their activation. */
export interface AgentGuard {
  guards: Guard[];
  minimum_sample: number;
  window_seconds: number;
}

export interface Experiment {
  id: string;
  name: string;
  status: "running" | "stopped" | "promoted" | "broken";
  arms: {
    number: number;
    weight: number;
    control: boolean;
    figures: {
      counted: { replies: number; failures: number; conversations: number; handoffs: number; settled: number };
      failure_rate: number;
      refusal_rate: number;
      handoff_rate: number;
      unresolved_rate: number;
      tokens_per_reply: number;
      credits_per_reply: number;
    };
  }[];
  guards: Guard[];
  reason?: string | null;
  winner?: number | null;
  created_at: string;
  ended_at?: string | null;
}

/** When an agent answers; hours whose end is before their beginning end on the next day. */
export interface Schedule {
  time_zone: string;
  hours: { days: string[]; from: string; to: string }[];
  outside: { text?: string | null; handoff?: boolean };
}

/** Which messages an agent takes. */
export interface MessageFilters {
  ignore?: string[] | null;
  only_channels?: string[] | null;
}

/** What a tenant set of an agent, and what the agent's prompt can be told. */
export interface AgentConfiguration {
  agent: string;
  persona?: string | null;
  goals?: string | null;
  industry?: string | null;
  keywords: string[];
  variables: Record<string, string>;
  tools?: string[] | null;
  answer_cache?: { enabled: boolean; max_age_seconds?: number | null } | null;
  schedule?: Schedule | null;
  filters?: MessageFilters | null;
  tools_offered: { name: string; description: string }[];
  accepts: Record<string, string>;
  updated_at?: string | null;
  updated_by?: string | null;
}

/** A key of a tenant's own at a model provider. It is never shown again. */
export interface ProviderKey {
  id: string;
  provider: string;
  /** False when the provider has moved to another host since. */
  usable: boolean;
  created_at: string;
  created_by: string;
}

/** A model provider that takes a key of a tenant's own. */
export interface KeyedProvider {
  name: string;
  kind: string;
  models: string[];
}

/** What came of trying a key. */
export interface KeyTest {
  ok: boolean;
  provider: string;
  model: string;
  detail?: string | null;
  duration_ms: number;
}

/** A function of the organisation's own that agents may call. Its secret is never shown. */
export interface HttpTool {
  id: string;
  name: string;
  description: string;
  parameters: object;
  url: string;
  /** The name of the header that is sent along, where one is. */
  secret_header?: string;
  timeout_seconds: number;
  high_impact: boolean;
  enabled: boolean;
  created_at: string;
  updated_at: string;
  created_by: string;
}

/** A call that an agent wants, or wanted, to make and that a person decides on. */
export interface ToolApproval {
  id: string;
  operation_id?: string;
  conversation_id: string;
  agent: string;
  channel?: string;
  tool: string;
  arguments: unknown;
  status: "pending" | "approved" | "rejected" | "used" | "unknown" | "expired";
  outcome?: "done" | "failed";
  /** What the agent is told that came of it. */
  result?: string;
  created_at: string;
  expires_at: string;
  decided_at?: string;
  decided_by?: string;
  used_at?: string;
}
