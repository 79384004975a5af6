import { Anchor, Button, Group, Stack, Table, Text, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { Link, useSearchParams } from "react-router";
import { AUDITED } from "../../api/audited";
import type { AdminTenant } from "../../api/types";
import { Heading } from "../../components/heading";
import { Listing } from "../../components/listing";
import { Status } from "../../components/status";
import { When } from "../../components/when";
import { AskWhy, headersOf, type Why } from "../../components/why";

/** All tenants, to find one; the list too is a look, and needs a reason. */
export function TenantsPage({ why, setWhy }: { why: Why | null; setWhy: (why: Why) => void }) {
  if (why) return <Tenants why={why} />;
  return (
    <Stack maw={560}>
      <Heading title="Tenants" about="Names and states. The list is a look as well: it is written into the platform’s audit log, with this reason." />
      <AskWhy action="Show the list" plain submit={setWhy} />
    </Stack>
  );
}

function Tenants({ why }: { why: Why }) {
  const [search, setSearch] = useSearchParams();
  const q = search.get("q") ?? "";
  const [text, setText] = useState(q);

  function submit(event: FormEvent) {
    event.preventDefault();
    setSearch(text.trim() === "" ? {} : { q: text.trim() });
  }

  return (
    <Stack maw={960}>
      <Heading title="Tenants" about="Names and states. What is inside one needs a reason of its own." />
      <form onSubmit={submit} role="search" aria-label="Find a tenant">
        <Group align="end" gap="xs">
          <TextInput
            label="Name or id"
            type="search"
            flex={1}
            miw={160}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <Button type="submit">Find</Button>
        </Group>
      </form>
      <Listing<AdminTenant>
        queryKey={["admin-tenants", q, why]}
        path={`/api/v1/admin/tenants?limit=50${q === "" ? "" : `&q=${encodeURIComponent(q)}`}`}
        extras={{ headers: headersOf(why) }}
        options={AUDITED}
        what="tenants"
        empty={q === "" ? "There are no tenants." : "No tenant matches."}
      >
        {(tenants) => (
          <Table verticalSpacing="sm" horizontalSpacing="xs" className="people">
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">Tenant</Table.Th>
                <Table.Th scope="col" w={110}>
                  Status
                </Table.Th>
                <Table.Th scope="col" visibleFrom="sm" w={90}>
                  Region
                </Table.Th>
                <Table.Th scope="col" visibleFrom="sm" w={120}>
                  Since
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {tenants.map((tenant) => (
                <Table.Tr key={tenant.id}>
                  <Table.Td className="changed">
                    <Anchor component={Link} to={`/admin/tenants/${tenant.id}`} size="sm">
                      {tenant.name}
                    </Anchor>
                    <Text size="xs" c="dimmed">
                      {tenant.id}
                    </Text>
                  </Table.Td>
                  <Table.Td>
                    <Status is={tenant.status} />
                  </Table.Td>
                  <Table.Td visibleFrom="sm">{tenant.region}</Table.Td>
                  <Table.Td visibleFrom="sm">
                    <When at={tenant.created_at} date />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        )}
      </Listing>
    </Stack>
  );
}
