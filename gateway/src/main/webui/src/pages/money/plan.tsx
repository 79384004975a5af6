import { Alert, Badge, Button, Card, Group, SegmentedControl, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useId, useState } from "react";
import { useBack } from "../../api/back";
import { PROVIDERS, providerName, useCheckout } from "../../api/checkout";
import { request } from "../../api/client";
import { money } from "../../api/money";
import { usePlans, useSubscription } from "../../api/queries";
import { atLeast } from "../../api/roles";
import type { Me, Plan, PlanChange, Subscription } from "../../api/types";
import { Heading } from "../../components/heading";
import { Notice } from "../../components/notice";
import { Section } from "../../components/section";
import { Status } from "../../components/status";
import { Trouble } from "../../components/trouble";
import { Waiting } from "../../components/waiting";
import { ChangeDialog } from "./change";
import { Comparison } from "./comparison";
import { CancelDialog, ResumeDialog, WithdrawDialog } from "./ending";
import { Packs } from "./packs";

/** What somebody is about to do with the subscription. */
type Step = { what: "change"; plan: Plan; preview: PlanChange } | { what: "cancel" | "resume" | "withdraw" };

/** The plan that is subscribed, all others beside it, and the ways from one to another. */
export default function PlanPage({ me }: { me: Me }) {
  const [paidFor, forget] = useBack("paid");
  const plans = usePlans();
  // After paying, the provider's message arrives a moment later: look until it has.
  const [arrived, setArrived] = useState(false);
  const subscription = useSubscription((now) => paidFor !== null && !arrived && !isOn(now, paidFor));
  const on = paidFor !== null && isOn(subscription.data, paidFor);
  useEffect(() => {
    if (on) setArrived(true);
  }, [on]);
  if (plans.isPending || subscription.isPending) return <Waiting label="Loading plans" height={300} />;
  if (plans.error) return <Trouble error={plans.error} retry={() => void plans.refetch()} />;
  if (subscription.error) return <Trouble error={subscription.error} retry={() => void subscription.refetch()} />;
  return (
    <Stack>
      <Heading title="Plan" />
      {paidFor && <PaymentNotice done={arrived} plan={nameOf(plans.data.items, paidFor)} />}
      <Subscribed plans={plans.data.items} subscription={subscription.data} manages={atLeast(me.role, "admin")} act={forget} />
    </Stack>
  );
}

function Subscribed(props: { plans: Plan[]; subscription: Subscription; manages: boolean; act: () => void }) {
  const { plans, subscription, manages, act } = props;
  const [provider, setProvider] = useState(subscription.provider ?? "stripe");
  const [step, setStep] = useState<Step | null>(null);
  const [notice, setNotice] = useState<string | null>(null);
  const [asking, setAsking] = useState<string | null>(null);
  const [refusal, setRefusal] = useState<unknown>(null);
  const queries = useQueryClient();
  const refresh = () =>
    Promise.all(["subscription", "credits", "agents"].map((key) => queries.invalidateQueries({ queryKey: [key] })));
  const checkout = useCheckout(() => void refresh());
  const paying = Boolean(subscription.provider) && subscription.status !== "ended";
  const overdue = subscription.status === "past_due" || subscription.status === "suspended";
  const take = (next: Step) => {
    act();
    setNotice(null);
    setStep(next);
  };
  const done = async (text: string) => {
    await refresh();
    setNotice(text);
  };

  /** Buys what nobody pays for yet or again; what is paid for is changed, after a look at what that does. */
  async function choose(plan: Plan) {
    act();
    setNotice(null);
    setRefusal(null);
    const buy = () => checkout.mutate({ plan: plan.code, provider, back: { paid: plan.code } });
    if (!paying || overdue) {
      buy();
      return;
    }
    setAsking(plan.code);
    try {
      setStep({ what: "change", plan, preview: await request<PlanChange>("POST", "/api/v1/subscription/change/preview", { plan: plan.code }) });
    } catch (error) {
      if ((error as { code?: string }).code === "CHECKOUT_REQUIRED") buy();
      else setRefusal(error);
    } finally {
      setAsking(null);
    }
  }

  return (
    <>
      <Notice text={notice} dismiss={() => setNotice(null)} />
      <Current plans={plans} subscription={subscription} manages={manages} step={take} />
      {manages && (!paying || overdue) && <PayWith value={provider} set={setProvider} />}
      {(checkout.error || refusal !== null) && <Trouble error={checkout.error ?? refusal} />}
      {plans.length === 0 && <Text>No plans are on offer yet. Platform staff adds them.</Text>}
      <SimpleGrid cols={{ base: 1, xs: 2, lg: 4 }}>
        {plans.map((plan) => (
          <PlanCard
            key={plan.code}
            plan={plan}
            current={plan.code === subscription.plan && subscription.status !== "ended"}
            next={plan.code === subscription.pending_plan}
            action={actionFor(plan, plans, subscription, paying, overdue)}
            manages={manages}
            busy={asking === plan.code || (checkout.isPending && checkout.variables.plan === plan.code)}
            choose={() => void choose(plan)}
          />
        ))}
      </SimpleGrid>
      {manages && (
        <Packs running={subscription.status !== "ended"} provider={provider} choice={paying && !overdue && <PayWith value={provider} set={setProvider} />} />
      )}
      {plans.length > 0 && (
        <Section title="Compare">
          <Comparison plans={plans} current={subscription.plan} />
        </Section>
      )}
      {step?.what === "change" && <ChangeDialog {...step} close={() => setStep(null)} done={done} from={nameOf(plans, subscription.plan)} />}
      {step?.what === "cancel" && <CancelDialog subscription={subscription} close={() => setStep(null)} done={done} />}
      {step?.what === "resume" && <ResumeDialog close={() => setStep(null)} done={done} />}
      {step?.what === "withdraw" && (
        <WithdrawDialog
          name={nameOf(plans, subscription.plan)}
          pending={nameOf(plans, subscription.pending_plan ?? "")}
          close={() => setStep(null)}
          done={done}
        />
      )}
    </>
  );
}

function Current(props: { plans: Plan[]; subscription: Subscription; manages: boolean; step: (step: Step) => void }) {
  const { plans, subscription, manages, step } = props;
  const { status, provider, pending_plan, cancel_at_period_end } = subscription;
  const ended = status === "ended";
  return (
    <Card withBorder component="section" aria-label="Your subscription">
      <Group justify="space-between" gap="sm">
        <Stack gap={2}>
          <Group gap="xs">
            <Text fw={600}>{nameOf(plans, subscription.plan)}</Text>
            <Status is={status} />
          </Group>
          <Text size="sm">{statusText(subscription)}</Text>
          {pending_plan && (
            <Text size="sm">
              Then <strong>{nameOf(plans, pending_plan)}</strong> follows.
            </Text>
          )}
          {provider && !ended && (
            <Text size="sm" c="dimmed">
              Paid through {providerName(provider)}
            </Text>
          )}
        </Stack>
        {manages && provider && !ended && (
          <Group gap="xs">
            {pending_plan && (
              <Button variant="default" size="xs" onClick={() => step({ what: "withdraw" })}>
                Stay on {nameOf(plans, subscription.plan)}…
              </Button>
            )}
            {cancel_at_period_end && !pending_plan && (
              <Button size="xs" onClick={() => step({ what: "resume" })}>
                Resume…
              </Button>
            )}
            <Button variant="default" size="xs" onClick={() => step({ what: "cancel" })}>
              Cancel subscription…
            </Button>
          </Group>
        )}
      </Group>
    </Card>
  );
}

function PayWith({ value, set }: { value: string; set: (provider: string) => void }) {
  const id = useId();
  return (
    <Group gap="xs">
      <Text size="sm" id={id}>
        Pay with
      </Text>
      <SegmentedControl aria-labelledby={id} size="xs" value={value} onChange={set} data={PROVIDERS} />
    </Group>
  );
}

function PaymentNotice({ done, plan }: { done: boolean; plan: string }) {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = window.setTimeout(() => setLate(true), 20_000);
    return () => window.clearTimeout(timer);
  }, []);
  if (done) {
    return (
      <Alert color="teal" title={`Welcome to ${plan}`} role="status">
        Your payment arrived and every agent of the plan is yours.
      </Alert>
    );
  }
  return (
    <Alert color={late ? "yellow" : "blue"} title="Waiting for your payment" role="status">
      {late
        ? "It takes longer than usual. You may leave this page; the plan starts by itself once the provider confirms."
        : "The payment provider tells us in a moment. This page updates by itself."}
    </Alert>
  );
}

function PlanCard(props: {
  plan: Plan;
  current: boolean;
  next: boolean;
  action: { label: string; primary: boolean } | null;
  manages: boolean;
  busy: boolean;
  choose: () => void;
}) {
  const { plan, current, next, action, manages, busy, choose } = props;
  const free = plan.price.amount === 0;
  const count = (names: string[], one: string) => `${names.length} ${names.length === 1 ? one : `${one}s`}`;
  return (
    <Card withBorder component="section" aria-label={plan.name}>
      <Stack gap="xs" h="100%">
        <Group justify="space-between">
          <Title order={2} size="h4">
            {plan.name}
          </Title>
          {current && <Badge>Current</Badge>}
          {next && <Badge variant="light">Next</Badge>}
        </Group>
        <Text size="xl" fw={700}>
          {free ? "Free" : money(plan.price)}
          {!free && (
            <Text span size="sm" c="dimmed" fw={400}>
              {" "}
              a {plan.interval}
            </Text>
          )}
        </Text>
        <Text size="sm">
          {plan.credits.toLocaleString()} credits, {count(plan.agents, "agent")}, {count(plan.channels, "channel")}
          {plan.trial_days > 0 ? `, ${plan.trial_days} days of trial` : ""}
        </Text>
        {manages && (
          <Button mt="auto" variant={action?.primary ? "filled" : "default"} disabled={action === null} loading={busy} onClick={choose}>
            {action?.label ?? (next ? "Follows" : "Your plan")}
          </Button>
        )}
      </Stack>
    </Card>
  );
}

/** What the button of a plan does, or null when there is nothing to do. */
function actionFor(plan: Plan, plans: Plan[], subscription: Subscription, paying: boolean, overdue: boolean) {
  const current = plan.code === subscription.plan && subscription.status !== "ended";
  if (overdue && current) return { label: "Pay now", primary: true };
  if (overdue) return { label: plan.price.amount === 0 ? "Choose" : "Subscribe", primary: false };
  if (current && (subscription.status !== "trial" || plan.price.amount === 0)) {
    const newer = paying && plan.version > subscription.plan_version;
    return newer ? { label: "Take its new version…", primary: false } : null;
  }
  if (!paying) return plan.price.amount === 0 ? { label: "Choose", primary: false } : { label: "Subscribe", primary: true };
  if (plan.code === subscription.pending_plan) return null;
  const now = plans.find((one) => one.code === subscription.plan)?.price.amount ?? 0;
  return plan.price.amount > now ? { label: "Upgrade…", primary: true } : { label: "Change…", primary: false };
}

function isOn(subscription: Subscription | undefined, plan: string): boolean {
  return subscription?.plan === plan && subscription.status === "active";
}

function nameOf(plans: Plan[], code: string): string {
  return plans.find((plan) => plan.code === code)?.name ?? code;
}

function statusText(subscription: Subscription): string {
  const day = (time?: string | null) => (time ? new Date(time).toLocaleDateString() : "");
  const end = day(subscription.current_period_end);
  switch (subscription.status) {
    case "trial":
      return `In trial until ${day(subscription.trial_end ?? subscription.current_period_end)}`;
    case "active":
      return subscription.cancel_at_period_end || subscription.pending_plan ? `Until ${end}` : `Renews on ${end}`;
    case "past_due":
      return "The payment is open; everything still works.";
    case "suspended":
      return "Read-only until the payment is made.";
    case "ended":
      return `Ended on ${end}`;
    default:
      return "Waiting for the first payment";
  }
}
