import { SimpleGrid, Stack, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { get } from "../../api/client";
import { monies } from "../../api/money";
import type { Overview, Revenue } from "../../api/types";
import { Figure } from "../../components/figure";
import { Heading } from "../../components/heading";
import { Section } from "../../components/section";
import { Trouble } from "../../components/trouble";
import { Waiting } from "../../components/waiting";

/** How the platform stands, without any single tenant. */
export function OverviewPage() {
  const overview = useQuery({ queryKey: ["admin-overview"], queryFn: () => get<Overview>("/api/v1/admin/overview") });
  const revenue = useQuery({ queryKey: ["admin-revenue"], queryFn: () => get<Revenue>("/api/v1/admin/revenue") });
  return (
    <Stack>
      <Heading title="Overview" about="The platform as a whole, without any single tenant." />
      {overview.isPending && <Waiting label="Loading the overview" />}
      {overview.error && <Trouble error={overview.error} retry={() => void overview.refetch()} />}
      {revenue.error && <Trouble error={revenue.error} retry={() => void revenue.refetch()} />}
      {overview.data && (
        <>
          <SimpleGrid cols={{ base: 2, sm: 4 }}>
            <Figure label="Tenants" value={overview.data.tenants.toLocaleString()} />
            <Figure label="Revenue a month" value={revenue.data ? monies(revenue.data.mrr) : "…"} />
            <Figure
              label="Trials begun, paying"
              value={revenue.data ? `${revenue.data.trials.started}, ${revenue.data.trials.converted}` : "…"}
            />
            <Figure label="Left" value={revenue.data ? revenue.data.churned.toLocaleString() : "…"} />
          </SimpleGrid>
          <SimpleGrid cols={{ base: 1, md: 2 }}>
            <Counts title="Subscriptions by status" of={overview.data.subscriptions_by_status} />
            <Counts title="Subscriptions by plan" of={overview.data.subscriptions_by_plan} />
            <Usage of={overview.data.usage} />
            <Counts title="Payment messages" of={{ ...overview.data.webhooks, "open checkouts": overview.data.checkouts }} />
          </SimpleGrid>
        </>
      )}
    </Stack>
  );
}

function Counts({ title, of }: { title: string; of: Record<string, number> }) {
  const lines = Object.entries(of);
  return (
    <Section title={title}>
      {lines.length === 0 && <Text size="sm">None yet.</Text>}
      {lines.length > 0 && (
        <Table aria-label={title}>
          <Table.Tbody>
            {lines.map(([name, count]) => (
              <Table.Tr key={name}>
                <Table.Th scope="row" fw={400}>
                  {name.replaceAll("_", " ")}
                </Table.Th>
                <Table.Td ta="right">{count.toLocaleString()}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Section>
  );
}

function Usage({ of }: { of: Overview["usage"] }) {
  return (
    <Section title="Usage in 30 days">
      {of.length === 0 && <Text size="sm">None yet.</Text>}
      {of.length > 0 && (
        <Table aria-label="Usage in 30 days">
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">Agent</Table.Th>
              <Table.Th scope="col" ta="right">
                Messages
              </Table.Th>
              <Table.Th scope="col" ta="right">
                Credits
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {of.map((line) => (
              <Table.Tr key={line.agent}>
                <Table.Th scope="row" fw={400}>
                  {line.agent}
                </Table.Th>
                <Table.Td ta="right">{line.messages.toLocaleString()}</Table.Td>
                <Table.Td ta="right">{line.credits.toLocaleString()}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Section>
  );
}
