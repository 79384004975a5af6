import { Alert, Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { request } from "../api/client";
import { words } from "../api/meters";
import { beginning } from "../api/period";
import { REASONS } from "../api/refusals";
import type { Simulation } from "../api/types";
import { filled, useFields } from "./fields";
import { Rows } from "./rows";
import { Trouble } from "./trouble";
import { When } from "./when";

/** Decides again what was really asked, by a draft, and names each tenant whose answers would change. */
export function Simulate({ draft }: { draft: () => object }) {
  const { values, field } = useFields({ from: day(-30), to: day(0), reason: "", ticket: "" });
  const simulate = useMutation({
    mutationFn: async () =>
      request<Simulation>(
        "POST",
        "/api/v1/policy/simulate",
        { ...draft(), from: beginning(values.from, 0), to: beginning(values.to, 1) },
        { headers: filled({ "X-Access-Reason": values.reason, "X-Access-Ticket": values.ticket }) },
      ),
  });
  return (
    <Stack gap="sm">
      <Group align="end" gap="xs">
        <TextInput label="From" type="date" size="xs" {...field("from")} />
        <TextInput label="To" type="date" size="xs" {...field("to")} />
        <TextInput label="Reason" size="xs" flex={1} miw={160} maxLength={500} {...field("reason")} />
        <TextInput label="Ticket" size="xs" w={110} maxLength={100} {...field("ticket")} />
        <Button size="xs" variant="default" disabled={values.reason.trim() === ""} loading={simulate.isPending} onClick={() => simulate.mutate()}>
          Simulate
        </Button>
      </Group>
      {simulate.error && <Trouble error={simulate.error} />}
      <div role="status">{simulate.data && <Outcome of={simulate.data} />}</div>
    </Stack>
  );
}

function Outcome({ of }: { of: Simulation }) {
  const [opened, setOpened] = useState<Simulation["tenants"][number] | null>(null);
  return (
    <Stack gap="sm">
      <Text size="sm">
        {of.changed.toLocaleString()} of {of.decisions.toLocaleString()} decisions would be another
        {of.tenants.length > 0 ? `; ${of.tenants.length.toLocaleString()} ${of.tenants.length === 1 ? "tenant" : "tenants"} would notice` : ""}.
        {of.skipped > 0 && ` ${of.skipped.toLocaleString()} are too old to be made again.`}
      </Text>
      {of.unreproduced > 0 && (
        <Alert color="yellow">
          {of.unreproduced.toLocaleString()} decisions end otherwise than they did even without the draft: trust the rest accordingly.
        </Alert>
      )}
      {of.tenants.length > 0 && (
        <Rows
          label="Tenants whose answers would change"
          rows={of.tenants}
          keyOf={(tenant) => tenant.tenant_id}
          minWidth={640}
          columns={[
            { head: "Tenant", width: "32%", cell: (tenant) => tenant.tenant_id },
            { head: "Plan", cell: (tenant) => tenant.plan },
            { head: "Now refused", right: true, cell: (tenant) => tenant.now_denied.toLocaleString() },
            { head: "Now allowed", right: true, cell: (tenant) => tenant.now_allowed.toLocaleString() },
            { head: "Credits", right: true, cell: (tenant) => `${tenant.credits_before.toLocaleString()} → ${tenant.credits_after.toLocaleString()}` },
            {
              head: "Examples",
              width: 90,
              cell: (tenant) =>
                tenant.examples.length > 0 && (
                  <Button size="compact-xs" variant="default" aria-label={`Examples of ${tenant.tenant_id}`} onClick={() => setOpened(tenant)}>
                    {tenant.examples.length}…
                  </Button>
                ),
            },
          ]}
        />
      )}
      {opened && (
        <Modal opened onClose={() => setOpened(null)} size="xl" title="What would be answered" closeButtonProps={{ "aria-label": "Close" }}>
          <Rows
            label="Examples"
            rows={opened.examples}
            keyOf={(example) => example.decision_id}
            minWidth={560}
            columns={[
              { head: "When", width: 175, cell: (example) => <When at={example.at} /> },
              { head: "Agent", cell: (example) => `${example.agent ?? ""} ${example.channel ?? ""}` },
              { head: "Before", cell: (example) => reason(example.before) },
              { head: "After", cell: (example) => reason(example.after) },
              { head: "Rule", cell: (example) => <span className="changed">{example.rule_id}</span> },
            ]}
          />
        </Modal>
      )}
    </Stack>
  );
}

function reason(code: string): string {
  return REASONS[code] ?? words(code);
}

function day(offset: number): string {
  const date = new Date(Date.now() + offset * 24 * 60 * 60 * 1000);
  return `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, "0")}-${String(date.getDate()).padStart(2, "0")}`;
}
