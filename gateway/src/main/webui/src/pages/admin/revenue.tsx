import { Anchor, Group, SimpleGrid, Stack, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { get } from "../../api/client";
import { words } from "../../api/meters";
import { money, monies, percent } from "../../api/money";
import { usageQuery } from "../../api/period";
import type { Money, Revenue } from "../../api/types";
import { useFields } from "../../components/fields";
import { Figure } from "../../components/figure";
import { Heading } from "../../components/heading";
import { type Column, Rows } from "../../components/rows";
import { Section } from "../../components/section";
import { Trouble } from "../../components/trouble";
import { Waiting } from "../../components/waiting";

/** What the platform earns, what models cost it, and where that is less than nothing. */
export function RevenuePage() {
  const { values, field } = useFields({ from: "", to: "" });
  const query = usageQuery(values).toString();
  const revenue = useQuery({ queryKey: ["admin-revenue", query], queryFn: () => get<Revenue>(`/api/v1/admin/revenue?${query}`) });
  return (
    <Stack>
      <Heading title="Revenue" about="Money by currency; nothing is converted but for margins." />
      <Group align="end" gap="xs">
        <TextInput label="From" type="date" size="xs" {...field("from")} />
        <TextInput label="To" type="date" size="xs" {...field("to")} />
      </Group>
      {revenue.isPending && <Waiting label="Loading revenue" />}
      {revenue.error && <Trouble error={revenue.error} retry={() => void revenue.refetch()} />}
      {revenue.data && <Report of={revenue.data} />}
    </Stack>
  );
}

function Report({ of }: { of: Revenue }) {
  const { mrr, mrr_before, churn, trials, paid, plans, credits, cost, margins } = of;
  const invoices = paid.reduce((sum, one) => sum + one.invoices, 0);
  return (
    <Stack>
      <SimpleGrid cols={{ base: 2, md: 4 }}>
        <Figure label="Revenue a month" value={monies(mrr)} note={`before: ${monies(mrr_before)}`} />
        <Figure label="Customers lost" value={percent(churn.rate)} note={`${churn.lost} of ${churn.customers}, ${monies(churn.mrr)} a month`} />
        <Figure label="Trials that pay" value={percent(trials.rate)} note={`${trials.converted} of ${trials.started}`} />
        <Figure label="Paid" value={monies(paid.map((one) => one.total))} note={`${invoices.toLocaleString()} ${invoices === 1 ? "invoice" : "invoices"}`} />
      </SimpleGrid>
      <SimpleGrid cols={{ base: 1, lg: 2 }}>
        <Section title="By plan">
          {plans.length === 0 && <Text size="sm">Nobody pays yet.</Text>}
          {plans.length > 0 && (
            <Rows
              label="By plan"
              rows={plans}
              keyOf={(plan) => `${plan.plan} ${plan.plan_version} ${plan.mrr.currency}`}
              columns={[
                { head: "Plan", cell: (plan) => `${plan.plan}, version ${plan.plan_version}` },
                { head: "Subscriptions", right: true, cell: (plan) => plan.subscriptions.toLocaleString() },
                { head: "A month", right: true, cell: (plan) => money(plan.mrr) },
              ]}
            />
          )}
        </Section>
        <Section title="Credits">
          <Rows
            label="Credits"
            rows={Object.entries(credits)}
            keyOf={([kind]) => kind}
            columns={[
              { head: "What", cell: ([kind]) => words(kind) },
              { head: "Credits", right: true, cell: ([, count]) => count.toLocaleString() },
            ]}
          />
        </Section>
      </SimpleGrid>
      <Section
        title="What models cost"
        about={`${money(cost.total)} for ${cost.runs.toLocaleString()} runs; the tokens of ${cost.estimated_runs.toLocaleString()} are our own count, and ${cost.unpriced_runs.toLocaleString()} have no price and are in no sum.`}
      >
        {cost.models.length > 0 && (
          <Rows
            label="What models cost"
            rows={cost.models}
            keyOf={(model) => `${model.provider} ${model.model}`}
            minWidth={560}
            columns={[
              { head: "Model", cell: (model) => `${model.provider}: ${model.model}` },
              { head: "Runs", right: true, cell: (model) => model.runs.toLocaleString() },
              { head: "Tokens read", right: true, cell: (model) => model.input_tokens.toLocaleString() },
              { head: "Tokens written", right: true, cell: (model) => model.output_tokens.toLocaleString() },
              { head: "Cost", right: true, cell: (model) => (model.cost ? money(model.cost) : "no price") },
            ]}
          />
        )}
      </Section>
      <Section title="Margins by agent" about="Estimated: a used credit is worth its share of the price of the plan that its tenant has; one of a trial or a free plan nothing.">
        {margins.agents.length === 0 && <Text size="sm">Nothing was used.</Text>}
        {margins.agents.length > 0 && (
          <Rows label="Margins by agent" rows={margins.agents} keyOf={(agent) => agent.agent} minWidth={480} columns={[{ head: "Agent", cell: (agent) => words(agent.agent) }, ...MARGIN]} />
        )}
      </Section>
      <Section title="Negative margins" about="The tenants whose usage cost more than it earned, the worst first; a look at one needs a reason.">
        {margins.negative.length === 0 && <Text size="sm">There are none.</Text>}
        {margins.negative.length > 0 && (
          <Rows
            label="Negative margins"
            rows={margins.negative}
            keyOf={(tenant) => tenant.tenant_id}
            minWidth={560}
            columns={[
              {
                head: "Tenant",
                cell: (tenant) => (
                  <>
                    <Anchor component={Link} to={`/admin/tenants/${tenant.tenant_id}`} size="sm">
                      {tenant.tenant_id}
                    </Anchor>{" "}
                    on {tenant.plan}
                  </>
                ),
              },
              ...MARGIN,
            ]}
          />
        )}
      </Section>
    </Stack>
  );
}

interface Margin {
  credits: number;
  earned: Money;
  cost: Money;
  margin: Money;
}

const MARGIN: Column<Margin>[] = [
  { head: "Credits", right: true, cell: (one) => one.credits.toLocaleString() },
  { head: "Earned", right: true, cell: (one) => money(one.earned) },
  { head: "Cost", right: true, cell: (one) => money(one.cost) },
  { head: "Margin", right: true, cell: (one) => money(one.margin) },
];
