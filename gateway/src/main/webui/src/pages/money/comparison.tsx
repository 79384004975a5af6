import { Table, VisuallyHidden } from "@mantine/core";
import { IconCheck, IconMinus } from "@tabler/icons-react";
import { Fragment } from "react";
import { type ComparedLine, compare } from "../../api/compare";
import type { Plan } from "../../api/types";

/** All plans side by side: everything in which they can differ. */
export function Comparison({ plans, current }: { plans: Plan[]; current?: string }) {
  const lines = compare(plans);
  const groups = [...new Set(lines.map((line) => line.group))];
  return (
    <Table.ScrollContainer minWidth={180 + 140 * plans.length} w="100%">
      <Table aria-label="Plans compared" verticalSpacing={6} className="compared">
        <Table.Thead>
          <Table.Tr>
            <Table.Td />
            {plans.map((plan) => (
              <Table.Th key={plan.code} scope="col">
                {plan.name}
                {plan.code === current && <VisuallyHidden> (current)</VisuallyHidden>}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        {groups.map((group) => (
          <Table.Tbody key={group}>
            <Table.Tr>
              <Table.Th scope="rowgroup" colSpan={plans.length + 1} className="group">
                {group}
              </Table.Th>
            </Table.Tr>
            {lines
              .filter((line) => line.group === group)
              .map((line) => (
                <Line key={line.label} line={line} plans={plans} current={current} />
              ))}
          </Table.Tbody>
        ))}
      </Table>
    </Table.ScrollContainer>
  );
}

function Line({ line, plans, current }: { line: ComparedLine; plans: Plan[]; current?: string }) {
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={400}>
        {line.label}
      </Table.Th>
      {line.values.map((value, place) => (
        <Table.Td key={plans[place]!.code} className={plans[place]!.code === current ? "current" : undefined}>
          <Value is={value} />
        </Table.Td>
      ))}
    </Table.Tr>
  );
}

function Value({ is }: { is: string | boolean }) {
  if (typeof is === "string") return <>{is}</>;
  return (
    <Fragment>
      {is ? <IconCheck size={16} aria-hidden /> : <IconMinus size={16} aria-hidden color="var(--mantine-color-dimmed)" />}
      <VisuallyHidden>{is ? "yes" : "no"}</VisuallyHidden>
    </Fragment>
  );
}
