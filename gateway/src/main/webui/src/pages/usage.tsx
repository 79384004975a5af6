import { Button, Card, Center, Group, Loader, Progress, Stack, Table, Text, Title } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { get } from "../api/client";
import type { Credits, Page, UsageLine } from "../api/types";
import { Trouble } from "../components/trouble";

const METERS: Record<string, string> = {
  message: "Message",
  "llm.input_tokens": "Tokens read",
  "llm.output_tokens": "Tokens written",
  lead: "Lead",
};

/** The balance and every line that was charged. */
export function UsagePage() {
  return (
    <Stack>
      <Title order={1} size="h2">
        Credits and usage
      </Title>
      <Balance />
      <Lines />
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

function Lines() {
  const usage = useInfiniteQuery({
    queryKey: ["usage"],
    queryFn: ({ pageParam }) => get<Page<UsageLine>>(`/api/v1/usage?limit=50${pageParam ? `&cursor=${pageParam}` : ""}`),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
  });
  if (usage.isPending) return <Waiting label="Loading usage" />;
  if (usage.error) return <Trouble error={usage.error} retry={() => void usage.refetch()} />;
  const lines = usage.data.pages.flatMap((page) => page.items);
  if (lines.length === 0) return <Text>Nothing was used yet. Talk to an agent under Chat and it appears here.</Text>;
  return (
    <Stack align="start">
      <Table.ScrollContainer minWidth={560} w="100%">
        <Table striped>
          <Table.Caption>What was used, newest first</Table.Caption>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">When</Table.Th>
              <Table.Th scope="col">Agent</Table.Th>
              <Table.Th scope="col">Channel</Table.Th>
              <Table.Th scope="col">What</Table.Th>
              <Table.Th scope="col" ta="right">
                Quantity
              </Table.Th>
              <Table.Th scope="col" ta="right">
                Credits
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {lines.map((line) => (
              <Table.Tr key={line.usage_id}>
                <Table.Td>{new Date(line.at).toLocaleString()}</Table.Td>
                <Table.Td>{line.agent}</Table.Td>
                <Table.Td>{line.channel}</Table.Td>
                <Table.Td>
                  {METERS[line.meter] ?? line.meter}
                  {line.estimated ? " (estimated)" : ""}
                </Table.Td>
                <Table.Td ta="right">{line.quantity.toLocaleString()}</Table.Td>
                <Table.Td ta="right">{line.credits.toLocaleString()}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {usage.hasNextPage && (
        <Button variant="default" loading={usage.isFetchingNextPage} onClick={() => void usage.fetchNextPage()}>
          Show older
        </Button>
      )}
    </Stack>
  );
}

function Waiting({ label }: { label: string }) {
  return (
    <Center h={120} role="status" aria-label={label}>
      <Loader />
    </Center>
  );
}
