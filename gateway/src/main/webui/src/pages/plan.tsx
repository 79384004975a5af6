import { Alert, Badge, Button, Card, Center, Group, List, Loader, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useSearchParams } from "react-router";
import { get, request } from "../api/client";
import { money } from "../api/money";
import type { Checkout, Page, Plan, Subscription } from "../api/types";
import { Trouble } from "../components/trouble";

/** The plans, the one that is subscribed, and the way to pay for another. */
export default function PlanPage() {
  const [search] = useSearchParams();
  const paidFor = search.get("paid");
  const plans = useQuery({ queryKey: ["plans"], queryFn: () => get<Page<Plan>>("/api/v1/plans") });
  const subscription = useQuery({
    queryKey: ["subscription"],
    queryFn: () => get<Subscription>("/api/v1/subscription"),
    // After paying, the provider's message arrives a moment later: look until it has.
    refetchInterval: (query) => (paidFor && query.state.data?.plan !== paidFor ? 1_000 : false),
  });
  const checkout = useMutation({
    mutationFn: (plan: string) => {
      const here = `${window.location.origin}/console/plan`;
      return request<Checkout>("POST", "/api/v1/checkout", {
        plan,
        provider: "stripe",
        success_url: `${here}?paid=${plan}`,
        cancel_url: here,
      });
    },
    onSuccess: (started) => {
      if (started.url) window.location.assign(started.url);
      else void subscription.refetch();
    },
  });

  if (plans.isPending || subscription.isPending) {
    return (
      <Center h={300} role="status" aria-label="Loading plans">
        <Loader />
      </Center>
    );
  }
  if (plans.error) return <Trouble error={plans.error} retry={() => void plans.refetch()} />;
  if (subscription.error) return <Trouble error={subscription.error} retry={() => void subscription.refetch()} />;
  const current = subscription.data;
  return (
    <Stack>
      <Title order={1} size="h2">
        Plan
      </Title>
      {paidFor && <PaymentNotice done={current.plan === paidFor} plan={nameOf(plans.data.items, paidFor)} />}
      <Text>
        You are on <strong>{nameOf(plans.data.items, current.plan)}</strong>, {statusText(current)}.
      </Text>
      {checkout.error && <Trouble error={checkout.error} />}
      {plans.data.items.length === 0 && <Text>No plans are on offer yet. Platform staff adds them.</Text>}
      <SimpleGrid cols={{ base: 1, sm: 2, lg: 4 }}>
        {plans.data.items.map((plan) => (
          <PlanCard
            key={plan.code}
            plan={plan}
            current={plan.code === current.plan}
            busy={checkout.isPending && checkout.variables === plan.code}
            choose={() => checkout.mutate(plan.code)}
          />
        ))}
      </SimpleGrid>
    </Stack>
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

function PlanCard(props: { plan: Plan; current: boolean; busy: boolean; choose: () => void }) {
  const { plan, current, busy, choose } = props;
  const free = plan.price.amount === 0;
  return (
    <Card withBorder component="section" aria-label={plan.name}>
      <Stack gap="sm" h="100%">
        <Group justify="space-between">
          <Title order={2} size="h4">
            {plan.name}
          </Title>
          {current && <Badge>Current</Badge>}
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
        <List size="sm" spacing={4}>
          <List.Item>{plan.credits.toLocaleString()} credits</List.Item>
          <List.Item>Agents: {plan.agents.join(", ") || "none"}</List.Item>
          <List.Item>Channels: {plan.channels.join(", ") || "none"}</List.Item>
          {plan.rates.message && (
            <List.Item>
              A message costs {plan.rates.message.credits} {plan.rates.message.credits === 1 ? "credit" : "credits"}
              {Object.keys(plan.rates).length > 1 ? " and its tokens" : ""}
            </List.Item>
          )}
        </List>
        <Button mt="auto" variant={current ? "default" : "filled"} disabled={current} loading={busy} onClick={choose}>
          {current ? "Your plan" : free ? "Choose" : "Subscribe"}
        </Button>
      </Stack>
    </Card>
  );
}

function nameOf(plans: Plan[], code: string): string {
  return plans.find((plan) => plan.code === code)?.name ?? code;
}

function statusText(subscription: Subscription): string {
  const until = (time?: string | null) => (time ? ` until ${new Date(time).toLocaleDateString()}` : "");
  switch (subscription.status) {
    case "trial":
      return `in trial${until(subscription.trial_end ?? subscription.current_period_end)}`;
    case "active":
      return subscription.cancel_at_period_end
        ? `ending${until(subscription.current_period_end)}`
        : `renewing${until(subscription.current_period_end).replace(" until", " on")}`;
    case "past_due":
      return "payment is overdue";
    default:
      return subscription.status;
  }
}
