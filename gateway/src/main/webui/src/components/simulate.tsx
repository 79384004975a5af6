import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { request } from "../api/client";
import { beginning } from "../api/period";
import type { Simulation } from "../api/types";
import { useFields } from "./fields";
import { Rows } from "./rows";
import { Trouble } from "./trouble";

/** Decides again what was really asked, by a draft, and names each tenant whose answers would change. */
export function Simulate({ draft }: { draft: () => unknown }) {
  const { values, field } = useFields({ from: day(-30), to: day(0) });
  const simulate = useMutation({
    mutationFn: async () =>
      request<Simulation>("POST", "/api/v1/policy/simulate", {
        ...(draft() as object),
        from: beginning(values.from, 0),
        to: beginning(values.to, 1),
      }),
  });
  return (
    <Stack gap="sm">
      <Group align="end" gap="xs">
        <TextInput label="From" type="date" size="xs" {...field("from")} />
        <TextInput label="To" type="date" size="xs" {...field("to")} />
        <Button size="xs" variant="default" loading={simulate.isPending} onClick={() => simulate.mutate()}>
          Simulate
        </Button>
      </Group>
      {simulate.error && <Trouble error={simulate.error} />}
      <div role="status">{simulate.data && <Outcome of={simulate.data} />}</div>
    </Stack>
  );
}

function Outcome({ of }: { of: Simulation }) {
  return (
    <Stack gap="sm">
      <Text size="sm">
        {of.changed.toLocaleString()} of {of.decisions.toLocaleString()} decisions would be another
        {of.tenants.length > 0 ? `, of ${of.tenants.length.toLocaleString()} ${of.tenants.length === 1 ? "tenant" : "tenants"}` : ""}.
      </Text>
      {of.tenants.length > 0 && (
        <Rows
          label="Tenants whose answers would change"
          rows={of.tenants}
          keyOf={(tenant) => tenant.tenant_id}
          minWidth={640}
          columns={[
            { head: "Tenant", cell: (tenant) => tenant.tenant_id },
            { head: "Plan", cell: (tenant) => tenant.plan },
            { head: "Decisions", right: true, cell: (tenant) => tenant.decisions.toLocaleString() },
            { head: "Now refused", right: true, cell: (tenant) => tenant.now_denied.toLocaleString() },
            { head: "Now allowed", right: true, cell: (tenant) => tenant.now_allowed.toLocaleString() },
            { head: "Credits before", right: true, cell: (tenant) => tenant.credits_before.toLocaleString() },
            { head: "Credits after", right: true, cell: (tenant) => tenant.credits_after.toLocaleString() },
          ]}
        />
      )}
    </Stack>
  );
}

function day(offset: number): string {
  const date = new Date(Date.now() + offset * 24 * 60 * 60 * 1000);
  return `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, "0")}-${String(date.getDate()).padStart(2, "0")}`;
}
