import { Table } from "@mantine/core";
import { meterName } from "../api/meters";
import type { UsageLine } from "../api/types";
import { When } from "./when";

/** Lines of usage, the newest first. */
export function UsageTable({ lines }: { lines: UsageLine[] }) {
  return (
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
              <Table.Td>
                <When at={line.at} />
              </Table.Td>
              <Table.Td>{line.agent}</Table.Td>
              <Table.Td>{line.channel}</Table.Td>
              <Table.Td>
                {meterName(line.meter)}
                {line.estimated ? " (estimated)" : ""}
              </Table.Td>
              <Table.Td ta="right">{line.quantity.toLocaleString()}</Table.Td>
              <Table.Td ta="right">{line.credits.toLocaleString()}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
