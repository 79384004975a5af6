import { Accordion, Badge, Button, Collapse, Group, SimpleGrid, Stack, Table, Text, TextInput, VisuallyHidden } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { type FormEvent, useState } from "react";
import { useSearchParams } from "react-router";
import { changes } from "../api/changes";
import { FILTERS, trailQuery } from "../api/trail";
import type { AuditEntry } from "../api/types";
import { Listing } from "./listing";
import { When } from "./when";

/** An audit trail: filters in the page's address, entries with what they changed. */
export function Trail({ path, queryKey }: { path: string; queryKey: string }) {
  const [search] = useSearchParams();
  const query = trailQuery(search);
  return (
    <Stack>
      <Filters key={search.toString()} />
      <Listing<AuditEntry>
        queryKey={[queryKey, query]}
        path={`${path}?limit=50${query === "" ? "" : `&${query}`}`}
        what="the audit log"
        empty={query === "" ? "Nothing was written yet." : "Nothing matches these filters."}
      >
        {(entries) => (
          <Accordion variant="contained" multiple chevronPosition="left" order={2}>
            {entries.map((entry) => (
              <Entry key={entry.seq} entry={entry} />
            ))}
          </Accordion>
        )}
      </Listing>
    </Stack>
  );
}

function Filters() {
  const [search, setSearch] = useSearchParams();
  const [form, setForm] = useState<Record<string, string>>(Object.fromEntries(FILTERS.map((field) => [field, search.get(field) ?? ""])));
  const filtered = FILTERS.some((field) => search.get(field));
  const [open, { toggle }] = useDisclosure(FILTERS.some((field) => field !== "q" && search.get(field)));

  function submit(event: FormEvent) {
    event.preventDefault();
    setSearch(Object.fromEntries(Object.entries(form).filter(([, value]) => value.trim() !== "")));
  }

  function field(name: (typeof FILTERS)[number]) {
    return {
      name,
      value: form[name],
      onChange: (event: { currentTarget: { value: string } }) => {
        const value = event.currentTarget.value;
        setForm((before) => ({ ...before, [name]: value }));
      },
    };
  }

  return (
    <form onSubmit={submit} role="search" aria-label="Filter the audit log">
      <Stack gap="sm">
        <Group align="end" gap="xs">
          <TextInput label="Contains" type="search" flex={1} miw={160} {...field("q")} />
          <Button type="submit">Show</Button>
          <Button variant="default" onClick={toggle} aria-expanded={open}>
            {open ? "Fewer filters" : "More filters"}
          </Button>
          {filtered && (
            <Button variant="subtle" onClick={() => setSearch({})}>
              Clear
            </Button>
          )}
        </Group>
        <Collapse expanded={open}>
          <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }} spacing="sm">
            <TextInput label="From" type="datetime-local" {...field("from")} />
            <TextInput label="To" type="datetime-local" {...field("to")} />
            <TextInput label="Action" placeholder="member.change" {...field("action")} />
            <TextInput label="Actor" description="Its id, as in an entry" {...field("actor")} />
            <TextInput label="Kind of thing" placeholder="member" {...field("resource_type")} />
            <TextInput label="Thing" description="Its id" {...field("resource_id")} />
          </SimpleGrid>
        </Collapse>
      </Stack>
    </form>
  );
}

function Entry({ entry }: { entry: AuditEntry }) {
  return (
    <Accordion.Item value={String(entry.seq)}>
      <Accordion.Control>
        <Group justify="space-between" gap={4}>
          <Group gap="xs">
            <Text size="sm" fw={600}>
              {entry.action}
            </Text>
            <Text size="sm" className="changed">
              {entry.actor_name ?? entry.actor}
            </Text>
            {entry.staff && (
              <Badge size="sm" color="orange" variant="light">
                Parley’s staff
              </Badge>
            )}
          </Group>
          <Text size="xs" c="dimmed">
            <When at={entry.at} />
          </Text>
        </Group>
      </Accordion.Control>
      <Accordion.Panel>
        <Details entry={entry} />
      </Accordion.Panel>
    </Accordion.Item>
  );
}

function Details({ entry }: { entry: AuditEntry }) {
  const [search, setSearch] = useSearchParams();
  const facts: [string, string | null | undefined][] = [
    ["On", [entry.resource.type, entry.resource.id].filter(Boolean).join(" ")],
    ["By", entry.actor],
    ["Why", entry.reason],
    ["Ticket", entry.ticket],
    ["Time", entry.at],
    ["Operation", entry.operation_id],
    ["Entry", `${entry.seq}, ${entry.hash}`],
  ];
  const only = (filter: Record<string, string>) => setSearch({ ...Object.fromEntries(search), ...filter });
  return (
    <Stack gap="sm">
      <Diff before={entry.before} after={entry.after} />
      <dl className="facts">
        {facts.map(
          ([name, value]) =>
            value && (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ),
        )}
      </dl>
      <Group gap="xs">
        <Button size="xs" variant="default" onClick={() => only({ actor: entry.actor })}>
          Only this actor
        </Button>
        {entry.resource.id && (
          <Button size="xs" variant="default" onClick={() => only({ resource_type: entry.resource.type, resource_id: entry.resource.id! })}>
            Only this {entry.resource.type.replaceAll("_", " ").replaceAll("-", " ")}
          </Button>
        )}
      </Group>
    </Stack>
  );
}

/** What changed, one line a value; never told by colour alone. */
export function Diff({ before, after }: { before: unknown; after: unknown }) {
  const lines = changes(before, after);
  if (lines.length === 0) return <Text size="sm">{before || after ? "No value changed." : "A look: nothing was changed."}</Text>;
  return (
    <Table withTableBorder verticalSpacing={6} className="people">
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col" w="30%">
            What
          </Table.Th>
          <Table.Th scope="col">Before</Table.Th>
          <Table.Th scope="col">After</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {lines.map((line) => (
          <Table.Tr key={line.path}>
            <Table.Th scope="row" className="changed" fw={400}>
              {line.path === "" ? "value" : line.path}
            </Table.Th>
            <Table.Td className="changed was">{shown(line.before)}</Table.Td>
            <Table.Td className="changed is">{shown(line.after)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function shown(value: string | undefined) {
  if (value === undefined) return <VisuallyHidden>none</VisuallyHidden>;
  return value === "" ? "“”" : value;
}
