import { Button, Group, NativeSelect, SimpleGrid, Stack, TagsInput, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useNavigate, useParams } from "react-router";
import { get, request } from "../../api/client";
import { minorUnits, typed } from "../../api/money";
import { agentRates, pairs, rate, typedAgentRates, typedPairs, typedRates, whole } from "../../api/pairs";
import type { Page, Plan } from "../../api/types";
import { useFields } from "../../components/fields";
import { Heading } from "../../components/heading";
import { Section } from "../../components/section";
import { Simulate } from "../../components/simulate";
import { Trouble } from "../../components/trouble";
import { Waiting } from "../../components/waiting";
import { useAdminPlans } from "./plans";

const FEATURES = ["insight_engine", "custom_prompts"];
const OVERAGES = [
  { value: "block", label: "Stops until the next credits" },
  { value: "charge_up_to_cap", label: "Goes on and is charged, up to a cap" },
  { value: "carry_debt_to_next_cycle", label: "Goes on and is taken from the next credits, up to a cap" },
];

/** A new plan, or the next version of one: written, tried on what was really asked, published. */
export function PlanDraftPage() {
  const { code } = useParams();
  const plans = useAdminPlans();
  if (plans.isPending) return <Waiting label="Loading the plan" />;
  if (plans.error) return <Trouble error={plans.error} retry={() => void plans.refetch()} />;
  const channels = [...new Set(plans.data.items.flatMap((plan) => plan.channels))].sort();
  return <PlanDraft key={code} plan={plans.data.items.find((plan) => plan.code === code)} known={channels} />;
}

function PlanDraft({ plan, known }: { plan?: Plan; known: string[] }) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const agentsOnOffer = useQuery({ queryKey: ["admin-agents"], queryFn: () => get<Page<{ slug: string }>>("/api/v1/admin/agents") });
  const { values, field } = useFields({
    code: plan?.code ?? "",
    name: plan?.name ?? "",
    price: plan ? typed(plan.price) : "",
    currency: plan?.price.currency ?? "INR",
    interval: plan?.interval ?? "month",
    credits: String(plan?.credits ?? ""),
    trial_days: String(plan?.trial_days ?? 0),
    rates: typedRates(plan?.rates ?? { message: { credits: 1, per: 1 } }),
    agent_rates: typedAgentRates(plan?.agent_rates ?? {}),
    quotas: typedPairs(plan?.quotas ?? {}),
    mode: plan?.overage.mode ?? "block",
    cap: String(plan?.overage.cap ?? ""),
    overage_price: plan?.overage.price_per_1000 === undefined ? "" : typed({ amount: plan.overage.price_per_1000, currency: plan.price.currency }),
  });
  const [agents, setAgents] = useState(plan?.agents ?? []);
  const [channels, setChannels] = useState(plan?.channels ?? ["web"]);
  const [features, setFeatures] = useState(plan?.features ?? []);

  function draft() {
    const currency = values.currency.trim().toUpperCase();
    const amount = minorUnits(values.price, currency);
    if (Number.isNaN(amount)) throw new Error("The price must be an amount like 4999 or 4999.50.");
    return {
      code: values.code.trim(),
      name: values.name.trim(),
      price: { amount, currency },
      interval: values.interval,
      credits: count(values.credits, "Credits"),
      trial_days: count(values.trial_days, "Days of trial"),
      rates: pairs(values.rates, rate),
      agent_rates: agentRates(values.agent_rates),
      agents,
      channels,
      features,
      quotas: pairs(values.quotas, whole),
      overage: values.mode === "block" ? { mode: values.mode } : { mode: values.mode, cap: count(values.cap, "The cap"), ...overagePrice(currency) },
    };
  }

  function overagePrice(currency: string) {
    if (values.mode !== "charge_up_to_cap" || values.overage_price.trim() === "") return {};
    const price = minorUnits(values.overage_price, currency);
    if (Number.isNaN(price)) throw new Error("The price of overage must be an amount like 100 or 99.50.");
    return { price_per_1000: price };
  }

  const publish = useMutation({
    mutationFn: async () => request<Plan>("POST", "/api/v1/admin/plans", draft()),
    onSuccess: async () => {
      await Promise.all([queries.invalidateQueries({ queryKey: ["admin-plans"] }), queries.invalidateQueries({ queryKey: ["plans"] })]);
      await navigate("/admin/plans");
    },
  });

  function submit(event: FormEvent) {
    event.preventDefault();
    publish.mutate();
  }

  const mono = { autosize: true, minRows: 3, styles: { input: { fontFamily: "monospace" } } };
  return (
    <Stack maw={960}>
      <Heading title={plan ? `Version ${plan.version + 1} of ${plan.name}` : "New plan"} about="Nobody has it before it is published; whoever has subscribed to an older version keeps that." />
      <form onSubmit={submit} id="plan">
        <Stack>
          <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }}>
            <TextInput label="Code" required readOnly={plan !== undefined} {...field("code")} />
            <TextInput label="Name" required maxLength={100} {...field("name")} />
            <TextInput label="Price" required inputMode="decimal" {...field("price")} />
            <TextInput label="Currency" required minLength={3} maxLength={3} {...field("currency")} />
            <NativeSelect label="Interval" {...field("interval")} data={["month", "year"]} />
            <TextInput label="Credits" required inputMode="numeric" {...field("credits")} />
            <TextInput label="Days of trial" required inputMode="numeric" {...field("trial_days")} />
          </SimpleGrid>
          <SimpleGrid cols={{ base: 1, md: 3 }}>
            <TagsInput label="Agents" value={agents} onChange={setAgents} data={agentsOnOffer.data?.items.map((agent) => agent.slug) ?? []} />
            <TagsInput label="Channels" value={channels} onChange={setChannels} data={known} />
            <TagsInput label="Features" value={features} onChange={setFeatures} data={FEATURES} />
          </SimpleGrid>
          <SimpleGrid cols={{ base: 1, md: 3 }}>
            <Textarea label="Prices in credits" description="A line each: llm.input_tokens = 1 per 1000" {...mono} {...field("rates")} />
            <Textarea label="Prices of single agents" description="A line each: sales: message = 2" {...mono} {...field("agent_rates")} />
            <Textarea label="Limits" description="A line each: tasks = 50. What is not named has none." {...mono} {...field("quotas")} />
          </SimpleGrid>
          <SimpleGrid cols={{ base: 1, md: 2 }}>
            <NativeSelect label="When credits are used up" {...field("mode")} data={OVERAGES} />
            {values.mode !== "block" && <TextInput label="Cap" description="The most credits beyond those granted" required inputMode="numeric" {...field("cap")} />}
            {values.mode === "charge_up_to_cap" && (
              <TextInput label="Price of a thousand credits beyond" description="Empty: what a credit costs in the plan; a free plan needs one" inputMode="decimal" {...field("overage_price")} />
            )}
          </SimpleGrid>
          {publish.error && <Trouble error={publish.error} />}
        </Stack>
      </form>
      <Section title="What would change" about="What was really asked, decided again as if everybody on this plan had this version.">
        <Simulate draft={() => ({ plan: draft() })} />
      </Section>
      <Group>
        <Button type="submit" form="plan" loading={publish.isPending}>
          Publish
        </Button>
      </Group>
    </Stack>
  );
}

function count(text: string, name: string): number {
  const found = whole(text.trim());
  if (found === undefined) throw new Error(`${name} must be a whole number.`);
  return found;
}
