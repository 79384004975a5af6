import { Alert, Button, Group, List, Menu, Paper, Stack, Tabs, Text } from "@mantine/core";
import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { download, get } from "../api/client";
import type { StaffAccess, Verification } from "../api/types";
import { Heading } from "../components/heading";
import { Trail } from "../components/trail";
import { Trouble } from "../components/trouble";
import { Waiting } from "../components/waiting";
import { When } from "../components/when";

const FORMATS = {
  csv: { label: "Table (CSV)", accept: "text/csv" },
  ndjson: { label: "JSON lines", accept: "application/x-ndjson" },
};

/** Who did what in the organisation, who of Parley's staff looked, and the proof that nothing was altered. */
export default function AuditLogPage() {
  return (
    <Stack maw={960}>
      <Heading title="Audit log" about="Every change with before and after, and every look by Parley’s staff. Entries are chained: none can be altered unseen." />
      <Tabs defaultValue="trail" keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="trail">Everything</Tabs.Tab>
          <Tabs.Tab value="staff">Staff access</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="trail">
          <Stack>
            <Proof />
            <Trail path="/api/v1/audit-log" queryKey="audit-log" />
          </Stack>
        </Tabs.Panel>
        <Tabs.Panel value="staff">
          <Looks />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  );
}

function Proof() {
  const verify = useMutation({ mutationFn: () => get<Verification>("/api/v1/audit-log/verification") });
  const take = useMutation({
    mutationFn: (format: keyof typeof FORMATS) =>
      download("/api/v1/audit-log/export", `audit-log-${new Date().toISOString().slice(0, 10)}.${format}`, {
        accept: FORMATS[format].accept,
      }),
  });
  return (
    <Stack gap="sm">
      <Group gap="xs">
        <Button variant="default" loading={verify.isPending} onClick={() => verify.mutate()}>
          Verify
        </Button>
        <Menu position="bottom-start" shadow="md">
          <Menu.Target>
            <Button variant="default" loading={take.isPending}>
              Download all
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {Object.entries(FORMATS).map(([format, { label }]) => (
              <Menu.Item key={format} onClick={() => take.mutate(format as keyof typeof FORMATS)}>
                {label}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      </Group>
      {take.error && <Trouble error={take.error} />}
      {verify.error && <Trouble error={verify.error} />}
      {verify.data && <Verdict of={verify.data} close={() => verify.reset()} />}
    </Stack>
  );
}

function Verdict({ of, close }: { of: Verification; close: () => void }) {
  return (
    <Alert
      color={of.intact ? "teal" : "red"}
      role="status"
      title={of.intact ? "Nothing was altered" : "The audit log is not as it was written"}
      withCloseButton
      closeButtonLabel="Dismiss"
      onClose={close}
    >
      {of.intact ? (
        <Text size="sm">
          {of.entries.toLocaleString()} entries follow each other without a gap{of.head ? ", up to the head that Parley signed" : ""}.
        </Text>
      ) : (
        <List size="sm">
          {of.faults.map((fault) => (
            <List.Item key={`${fault.seq} ${fault.kind}`}>
              Entry {fault.seq}: {fault.kind.replaceAll("-", " ")}
            </List.Item>
          ))}
        </List>
      )}
    </Alert>
  );
}

function Looks() {
  const looks = useInfiniteQuery({
    queryKey: ["staff-access"],
    queryFn: ({ pageParam }) =>
      get<StaffAccess>(`/api/v1/staff-access?limit=50${pageParam ? `&cursor=${encodeURIComponent(pageParam)}` : ""}`),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
  });
  if (looks.isPending) return <Waiting label="Loading staff access" />;
  if (looks.error) return <Trouble error={looks.error} retry={() => void looks.refetch()} />;
  const open = looks.data.pages[0]?.open ?? [];
  const items = looks.data.pages.flatMap((page) => page.items);
  return (
    <Stack>
      {open.map((grant) => (
        <Alert key={grant.id} color="orange" role="status" title="Parley’s staff may read individual records now">
          <Text size="sm" className="changed">
            “{grant.reason}”, ticket {grant.ticket}, until <When at={grant.expires_at} />
          </Text>
        </Alert>
      ))}
      {items.length === 0 && <Text>Nobody of Parley’s staff has looked.</Text>}
      <Stack gap="xs" role="list">
        {items.map((look) => (
          <Paper key={look.seq} withBorder p="sm" role="listitem">
            <Group justify="space-between" gap={4}>
              <Text size="sm" fw={600}>
                {look.action}
              </Text>
              <Text size="xs" c="dimmed">
                <When at={look.at} />
              </Text>
            </Group>
            {look.reason && (
              <Text size="sm" className="changed">
                “{look.reason}”{look.ticket ? `, ticket ${look.ticket}` : ""}
              </Text>
            )}
            <Text size="xs" c="dimmed" className="changed">
              {look.actor_name ?? look.actor}
            </Text>
          </Paper>
        ))}
      </Stack>
      {looks.hasNextPage && (
        <Button variant="default" style={{ alignSelf: "start" }} loading={looks.isFetchingNextPage} onClick={() => void looks.fetchNextPage()}>
          Show more
        </Button>
      )}
    </Stack>
  );
}
