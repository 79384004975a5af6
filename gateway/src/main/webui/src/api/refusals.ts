/** What a reason of policy means, in words. */
export const REASONS: Record<string, string> = {
  ALLOWED: "Allowed",
  TENANT_SUSPENDED: "The organisation is suspended",
  SUBSCRIPTION_INACTIVE: "There is no running subscription",
  SUBSCRIPTION_SUSPENDED: "The payment is overdue",
  DENIED_BY_RULE: "A rule of the platform",
  AGENT_NOT_IN_PLAN: "The agent is not in the plan",
  CHANNEL_NOT_IN_PLAN: "The channel is not in the plan",
  FEATURE_NOT_IN_PLAN: "The feature is not in the plan",
  CONTACT_OPTED_OUT: "The customer opted out",
  METER_UNPRICED: "A meter has no price",
  QUOTA_EXCEEDED: "A limit of the plan is reached",
  CREDITS_EXHAUSTED: "The credits do not cover it",
};
