import { Anchor, Badge, Button, Card, Group, List, Progress, SegmentedControl, Stack, Tabs, Text, TextInput } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import { download, get } from "../../api/client";
import { meterName, words } from "../../api/meters";
import { usageQuery } from "../../api/period";
import { useCredits } from "../../api/queries";
import { usedShare } from "../../api/standing";
import type { UsageGroup, UsageLine, UsageSummary } from "../../api/types";
import { useFields } from "../../components/fields";
import { Heading } from "../../components/heading";
import { Listing } from "../../components/listing";
import { Rows } from "../../components/rows";
import { Trouble } from "../../components/trouble";
import { UsageTable } from "../../components/usage-table";
import { Waiting } from "../../components/waiting";
import { When } from "../../components/when";
import { History } from "./history";

/** The balance as it is now, where credits went, and every one of them with its cause. */
export default function UsagePage() {
  const { values, field } = useFields({ from: "", to: "", agent: "", channel: "" });
  const query = usageQuery(values);
  return (
    <Stack>
      <Heading title="Credits and usage" />
      <Balance />
      <Tabs defaultValue="summary" keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="summary">Where credits went</Tabs.Tab>
          <Tabs.Tab value="charges">Every charge</Tabs.Tab>
          <Tabs.Tab value="history">Credits in and out</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="summary">
          <Stack>
            <Period field={field} />
            <Summary query={query} />
          </Stack>
        </Tabs.Panel>
        <Tabs.Panel value="charges">
          <Stack>
            <Group align="end" gap="xs">
              <Period field={field} />
              <TextInput label="Agent" size="xs" w={130} {...field("agent")} />
              <TextInput label="Channel" size="xs" w={130} {...field("channel")} />
              <Csv query={query} />
            </Group>
            <Listing<UsageLine>
              queryKey={["usage", query.toString()]}
              path={`/api/v1/usage?${new URLSearchParams([["limit", "50"], ...query])}`}
              what="usage"
              empty="Nothing was used. Talk to an agent under Chat and it appears here."
            >
              {(lines) => <UsageTable lines={lines} />}
            </Listing>
          </Stack>
        </Tabs.Panel>
        <Tabs.Panel value="history">
          <History />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  );
}

const SOURCES: Record<string, string> = { trial: "Trial", plan: "Plan", pack: "Pack", adjustment: "From Parley", refund: "Refund", change: "Upgrade", overage: "Overage that was paid" };

function Balance() {
  const credits = useCredits();
  if (credits.isPending) return <Waiting label="Loading credits" />;
  if (credits.error) return <Trouble error={credits.error} retry={() => void credits.refetch()} />;
  const { granted, used, held, remaining, overage, period_end, lots } = credits.data;
  const share = (part: number) => (granted === 0 ? 0 : Math.min(100, (100 * part) / granted));
  const percent = usedShare(credits.data);
  return (
    <Card withBorder component="section" aria-label="Credits">
      <Group justify="space-between" mb="xs">
        <Group gap="xs">
          <Text fw={600} size="lg" data-testid="balance">
            {remaining.toLocaleString()} credits left
          </Text>
          {percent >= 80 && (
            <Badge color={percent >= 100 ? "red" : "orange"} variant="light">
              {percent} % used
            </Badge>
          )}
        </Group>
        <Text c="dimmed" size="sm">
          {used.toLocaleString()} of {granted.toLocaleString()} used
          {held > 0 ? `, ${held.toLocaleString()} held` : ""}
          {overage > 0 ? `, ${overage.toLocaleString()} beyond them` : ""}
          {period_end ? `; resets on ${new Date(period_end).toLocaleDateString()}` : ""}
        </Text>
      </Group>
      <Progress.Root size="lg">
        <Progress.Section value={share(used)} color={percent >= 100 ? "red" : percent >= 80 ? "orange" : undefined} aria-label="Credits used" />
        <Progress.Section value={share(held)} color="yellow" aria-label="Credits held" />
      </Progress.Root>
      {lots.length > 0 && (
        <List size="sm" mt="sm" spacing={2}>
          {lots.map((lot) => (
            <List.Item key={lot.id}>
              {SOURCES[lot.source] ?? words(lot.source)}: {lot.remaining.toLocaleString()} of {lot.granted.toLocaleString()} left,{" "}
              {lot.expires_at ? (
                <>
                  until <When at={lot.expires_at} date />
                </>
              ) : (
                "without an end"
              )}
            </List.Item>
          ))}
        </List>
      )}
    </Card>
  );
}

type Field = ReturnType<typeof useFields<{ from: string; to: string; agent: string; channel: string }>>["field"];

function Period({ field }: { field: Field }) {
  return (
    <Group align="end" gap="xs">
      <TextInput label="From" type="date" size="xs" w={150} {...field("from")} />
      <TextInput label="To" type="date" size="xs" w={150} {...field("to")} />
    </Group>
  );
}

function Csv({ query }: { query: URLSearchParams }) {
  const save = useMutation({
    mutationFn: () => download(`/api/v1/usage?${query}`, "parley-usage.csv", { accept: "text/csv" }),
  });
  return (
    <>
      <Button size="xs" variant="default" leftSection={<IconDownload size={16} aria-hidden />} loading={save.isPending} onClick={() => save.mutate()}>
        Download CSV
      </Button>
      {save.error && <Trouble error={save.error} />}
    </>
  );
}

const GROUPS: { value: UsageGroup; label: string }[] = [
  { value: "day", label: "By day" },
  { value: "agent", label: "By agent" },
  { value: "channel", label: "By channel" },
  { value: "meter", label: "By meter" },
];

function Summary({ query }: { query: URLSearchParams }) {
  const [group, setGroup] = useState<UsageGroup>("day");
  const period = new URLSearchParams([...query].filter(([name]) => name === "from" || name === "to"));
  const summary = useQuery({
    queryKey: ["usage-summary", group, period.toString()],
    queryFn: () => get<UsageSummary>(`/api/v1/usage/summary?${new URLSearchParams([["group_by", group], ...period])}`),
    placeholderData: (before) => (before?.group_by === group ? before : undefined),
  });
  return (
    <Stack gap="sm">
      <SegmentedControl aria-label="Group" size="xs" style={{ alignSelf: "start" }} value={group} onChange={(value) => setGroup(value as UsageGroup)} data={GROUPS} />
      {summary.isPending && <Waiting label="Loading usage" />}
      {summary.error && <Trouble error={summary.error} retry={() => void summary.refetch()} />}
      {summary.data && <Summed of={summary.data} whole={query.has("from") || query.has("to")} />}
    </Stack>
  );
}

function Summed({ of, whole }: { of: UsageSummary; whole: boolean }) {
  const { group_by, items, credits } = of;
  if (items.length === 0) {
    return (
      <Text>
        Nothing was used{whole ? " in that time" : " in the last 31 days"}. Talk to an agent under{" "}
        <Anchor component={Link} to="/chat">
          Chat
        </Anchor>{" "}
        and it appears here.
      </Text>
    );
  }
  const most = Math.max(1, ...items.map((item) => item.credits));
  const name = (key: string) => (group_by === "meter" ? meterName(key) : group_by === "day" ? new Date(`${key}T12:00:00`).toLocaleDateString() : words(key));
  return (
    <>
      <Text size="sm" c="dimmed">
        {credits.toLocaleString()} credits{whole ? "" : " in the last 31 days"}
      </Text>
      <Rows
        label="Usage summed up"
        rows={items}
        keyOf={(item) => item.key}
        columns={[
          { head: words(group_by), width: 150, cell: (item) => name(item.key) },
          { head: "Share", from: "sm", cell: (item) => <Progress value={(100 * item.credits) / most} size="md" aria-hidden /> },
          { head: "Operations", right: true, width: 110, cell: (item) => item.operations.toLocaleString() },
          ...(group_by === "meter" ? [{ head: "Quantity", right: true, width: 110, cell: (item: (typeof items)[number]) => item.quantity?.toLocaleString() ?? "" }] : []),
          { head: "Credits", right: true, width: 110, cell: (item) => item.credits.toLocaleString() },
        ]}
      />
    </>
  );
}
