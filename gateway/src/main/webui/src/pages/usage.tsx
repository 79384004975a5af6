import { Card, Group, Progress, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { get } from "../api/client";
import type { Credits, UsageLine } from "../api/types";
import { Heading } from "../components/heading";
import { Listing } from "../components/listing";
import { Trouble } from "../components/trouble";
import { UsageTable } from "../components/usage-table";
import { Waiting } from "../components/waiting";

/** The balance and every line that was charged. */
export default function UsagePage() {
  return (
    <Stack>
      <Heading title="Credits and usage" />
      <Balance />
      <Listing<UsageLine>
        queryKey={["usage"]}
        path="/api/v1/usage?limit=50"
        what="usage"
        empty="Nothing was used yet. Talk to an agent under Chat and it appears here."
      >
        {(lines) => <UsageTable lines={lines} />}
      </Listing>
    </Stack>
  );
}

function Balance() {
  const credits = useQuery({ queryKey: ["credits"], queryFn: () => get<Credits>("/api/v1/credits") });
  if (credits.isPending) return <Waiting label="Loading credits" />;
  if (credits.error) return <Trouble error={credits.error} retry={() => void credits.refetch()} />;
  const { granted, used, held, remaining, period_end } = credits.data;
  const share = (part: number) => (granted === 0 ? 0 : (100 * part) / granted);
  return (
    <Card withBorder component="section" aria-label="Credits">
      <Group justify="space-between" mb="xs">
        <Text fw={600} size="lg">
          {remaining.toLocaleString()} credits left
        </Text>
        <Text c="dimmed" size="sm">
          {used.toLocaleString()} of {granted.toLocaleString()} used
          {held > 0 ? `, ${held.toLocaleString()} held` : ""}
          {period_end ? `; resets ${new Date(period_end).toLocaleDateString()}` : ""}
        </Text>
      </Group>
      <Progress.Root size="lg">
        <Progress.Section value={share(used)} aria-label="Credits used" />
        <Progress.Section value={share(held)} color="yellow" aria-label="Credits held" />
      </Progress.Root>
    </Card>
  );
}
