import { Button, DataList, Group, Modal, NativeSelect, Stack, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useSearchParams } from "react-router";
import { get } from "../../api/client";
import { meterName } from "../../api/meters";
import { usageQuery } from "../../api/period";
import { REASONS } from "../../api/refusals";
import type { AppliedLimit, Decision } from "../../api/types";
import { useFields } from "../../components/fields";
import { Heading } from "../../components/heading";
import { Listing } from "../../components/listing";
import { Rows } from "../../components/rows";
import { Status } from "../../components/status";
import { Trouble } from "../../components/trouble";
import { Waiting } from "../../components/waiting";
import { When } from "../../components/when";

/** Why something was refused: every decision with its rule, its limits and what to do. */
export default function DecisionsPage() {
  const { values, field } = useFields({ from: "", to: "", agent: "", channel: "", allow: "false", reason: "" });
  const [search, setSearch] = useSearchParams();
  const opened = search.get("decision");
  const query = usageQuery(values);
  query.set("limit", "50");
  if (values.allow !== "") query.set("allow", values.allow);
  if (values.reason !== "") query.set("reason_code", values.reason);
  return (
    <Stack>
      <Heading title="Decisions" about="What agents were allowed to do and what not, and why." />
      <Group align="end" gap="xs" role="search" aria-label="Filter decisions">
        <NativeSelect
          label="Show"
          size="xs"
          {...field("allow")}
          data={[
            { value: "false", label: "Refused" },
            { value: "true", label: "Allowed" },
            { value: "", label: "All" },
          ]}
        />
        <NativeSelect
          label="Reason"
          size="xs"
          {...field("reason")}
          data={[{ value: "", label: "Any" }, ...Object.entries(REASONS).map(([value, label]) => ({ value, label }))]}
        />
        <TextInput label="From" type="date" size="xs" w={150} {...field("from")} />
        <TextInput label="To" type="date" size="xs" w={150} {...field("to")} />
        <TextInput label="Agent" size="xs" w={130} {...field("agent")} />
        <TextInput label="Channel" size="xs" w={130} {...field("channel")} />
      </Group>
      <Listing<Decision>
        queryKey={["decisions", query.toString()]}
        path={`/api/v1/policy/decisions?${query}`}
        what="decisions"
        empty={values.allow === "false" ? "Nothing was refused." : "There are no such decisions."}
      >
        {(decisions) => (
          <Rows
            label="Decisions"
            rows={decisions}
            keyOf={(decision) => decision.decision_id}
            minWidth={560}
            columns={[
              { head: "When", width: 175, cell: (decision) => <When at={decision.at} /> },
              { head: "Answer", width: 90, cell: (decision) => <Status is={decision.allow ? "allowed" : "refused"} /> },
              { head: "Why", cell: (decision) => REASONS[decision.reason_code] ?? decision.reason_code },
              { head: "Agent", width: 110, cell: (decision) => decision.agent ?? decision.feature },
              { head: "Channel", from: "md", width: 100, cell: (decision) => decision.channel },
              {
                head: "Details",
                width: 90,
                cell: (decision) => (
                  <Button size="compact-xs" variant="default" aria-label={`Details of ${decision.decision_id}`} onClick={() => setSearch({ decision: decision.decision_id })}>
                    Details
                  </Button>
                ),
              },
            ]}
          />
        )}
      </Listing>
      {opened && <Details id={opened} close={() => setSearch({})} />}
    </Stack>
  );
}

function Details({ id, close }: { id: string; close: () => void }) {
  const decision = useQuery({ queryKey: ["decision", id], queryFn: () => get<Decision>(`/api/v1/policy/decisions/${id}`) });
  return (
    <Modal opened onClose={close} size="lg" title="Why?" closeButtonProps={{ "aria-label": "Close" }}>
      {decision.isPending && <Waiting label="Loading the decision" />}
      {decision.error && <Trouble error={decision.error} retry={() => void decision.refetch()} />}
      {decision.data && <Explained decision={decision.data} />}
    </Modal>
  );
}

function Explained({ decision }: { decision: Decision }) {
  const limits = decision.limits_applied ?? [];
  const facts: [string, string | number | null | undefined][] = [
    ["Reason", decision.reason_code],
    ["Rule", decision.rule_id],
    ["Asked for", Object.entries(decision.estimate).map(([meter, count]) => `${meterName(meter)} ${count.toLocaleString()}`).join(", ")],
    ["Credits held", decision.credits],
    ["Plan", decision.plan && `${decision.plan}, version ${decision.plan_version}`],
    ["Policy version", decision.policy_version],
    ["Rules version", decision.rules_version],
    ["Operation", decision.operation_id],
    ["Decision", decision.decision_id],
  ];
  return (
    <Stack>
      <Group gap="xs">
        <Status is={decision.allow ? "allowed" : "refused"} />
        <Text fw={600}>{REASONS[decision.reason_code] ?? decision.reason_code}</Text>
      </Group>
      {decision.remedy && (
        <Text>
          <strong>What to do:</strong> {decision.remedy}
        </Text>
      )}
      {limits.length > 0 && (
        <Rows<AppliedLimit>
          label="Limits"
          rows={limits}
          keyOf={(limit) => limit.meter}
          minWidth={480}
          columns={[
            { head: "Limit of", cell: (limit) => meterName(limit.meter) },
            { head: "Limit", right: true, cell: (limit) => limit.limit.toLocaleString() },
            { head: "Used", right: true, cell: (limit) => limit.used.toLocaleString() },
            { head: "Held", right: true, cell: (limit) => limit.held.toLocaleString() },
            { head: "Left", right: true, cell: (limit) => limit.remaining.toLocaleString() },
            { head: "Resets", right: true, cell: (limit) => <When at={limit.resets_at} date /> },
          ]}
        />
      )}
      <DataList size="sm">
        {facts.map(
          ([name, value]) =>
            value !== undefined &&
            value !== null && (
              <DataList.Item key={name}>
                <DataList.ItemLabel>{name}</DataList.ItemLabel>
                <DataList.ItemValue className="changed">{value}</DataList.ItemValue>
              </DataList.Item>
            ),
        )}
      </DataList>
    </Stack>
  );
}
