import { Table } from "@mantine/core";
import type { ReactNode } from "react";

/** One column of a table. */
export interface Column<T> {
  head: string;
  cell: (row: T) => ReactNode;
  /** Figures stand at the right. */
  right?: boolean;
  width?: number | string;
  /** The narrowest page that has room for it. */
  from?: "sm" | "md" | "lg";
}

/** A table of things with a column for each of their sides; the first column names the row. */
export function Rows<T>(props: { label: string; rows: T[]; keyOf: (row: T) => string; columns: Column<T>[]; minWidth?: number }) {
  const side = (column: Column<T>) => ({ ta: column.right ? ("right" as const) : undefined, visibleFrom: column.from });
  return (
    <Table.ScrollContainer minWidth={props.minWidth ?? 320} w="100%">
      <Table aria-label={props.label} verticalSpacing={6} horizontalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            {props.columns.map((column) => (
              <Table.Th key={column.head} scope="col" w={column.width} {...side(column)}>
                {column.head}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {props.rows.map((row) => (
            <Table.Tr key={props.keyOf(row)}>
              {props.columns.map((column, place) =>
                place === 0 ? (
                  <Table.Th key={column.head} scope="row" fw={400} className="changed" {...side(column)}>
                    {column.cell(row)}
                  </Table.Th>
                ) : (
                  <Table.Td key={column.head} {...side(column)}>
                    {column.cell(row)}
                  </Table.Td>
                ),
              )}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
