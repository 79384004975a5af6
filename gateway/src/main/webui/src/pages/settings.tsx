import { Button, Group, List, NativeSelect, NumberInput, Progress, SimpleGrid, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useNavigate } from "react-router";
import { download, get, Problem, request } from "../api/client";
import { useSwitch } from "../api/session";
import type { Erasure, Export, Me, Page, Tenant } from "../api/types";
import { Confirm } from "../components/confirm";
import { Heading } from "../components/heading";
import { Notice } from "../components/notice";
import { Section } from "../components/section";
import { Status } from "../components/status";
import { Trouble } from "../components/trouble";
import { Waiting } from "../components/waiting";
import { When } from "../components/when";

const KINDS: Record<string, string> = {
  conversations: "Conversations and messages",
  runs: "Runs of agents",
  usage: "Usage lines",
  audit: "Audit log",
  events: "Events between services",
};

/** The organisation itself: its name, where and how long its data is kept, taking it out, ending it. */
export default function SettingsPage({ me }: { me: Me }) {
  const tenant = useQuery({ queryKey: ["tenant"], queryFn: () => get<Tenant>("/api/v1/tenant") });
  const [notice, setNotice] = useState<string | null>(null);
  const owner = me.role === "owner";
  return (
    <Stack maw={760}>
      <Heading title="Settings" about="Of the organisation that you see at the top." />
      <Notice text={notice} dismiss={() => setNotice(null)} />
      {tenant.isPending && <Waiting label="Loading settings" />}
      {tenant.error && <Trouble error={tenant.error} retry={() => void tenant.refetch()} />}
      {tenant.data && (
        <>
          <General tenant={tenant.data} owner={owner} say={setNotice} />
          <Retention tenant={tenant.data} owner={owner} say={setNotice} />
          {owner && <Exports tenant={tenant.data} />}
          {owner && <TheEnd tenant={tenant.data} me={me} />}
        </>
      )}
    </Stack>
  );
}

type Say = (notice: string | null) => void;

function useChange(say: Say) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (change: Partial<Tenant>) => request<Tenant>("PATCH", "/api/v1/tenant", change),
    onMutate: () => say(null),
    onSuccess: (tenant) => {
      queries.setQueryData(["tenant"], tenant);
      void queries.invalidateQueries({ queryKey: ["me"] });
      say("Saved.");
    },
  });
}

function General({ tenant, owner, say }: { tenant: Tenant; owner: boolean; say: Say }) {
  const [name, setName] = useState(tenant.name);
  const [region, setRegion] = useState(tenant.region);
  const change = useChange(say);
  const problem = change.error instanceof Problem ? change.error : undefined;

  function submit(event: FormEvent) {
    event.preventDefault();
    change.mutate({ name: name.trim(), ...(region === tenant.region ? {} : { region }) });
  }

  return (
    <Section title="General">
      <form onSubmit={submit}>
        <Stack>
          <TextInput
            label="Name"
            required
            maxLength={200}
            value={name}
            error={problem?.field("/name")}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <NativeSelect
            label="Region"
            description={owner ? "Where the data lives." : "Where the data lives. Owners change it."}
            disabled={!owner}
            value={region}
            onChange={(event) => setRegion(event.currentTarget.value)}
            data={regions(tenant.region)}
          />
          {change.error && !problem?.field("/name") && <Trouble error={change.error} />}
          <Button type="submit" style={{ alignSelf: "start" }} loading={change.isPending} disabled={name.trim() === tenant.name && region === tenant.region}>
            Save
          </Button>
        </Stack>
      </form>
    </Section>
  );
}

const REGIONS: Record<string, string> = { in: "India", eu: "European Union", us: "United States" };

function regions(current: string) {
  return [...new Set([...Object.keys(REGIONS), current])].map((code) => ({ value: code, label: REGIONS[code] ?? code }));
}

function Retention({ tenant, owner, say }: { tenant: Tenant; owner: boolean; say: Say }) {
  const kept = tenant.retention ?? {};
  const [periods, setPeriods] = useState<Record<string, number | null>>(kept);
  const change = useChange(say);
  const shorter = Object.keys(kept).some((kind) => (periods[kind] ?? Infinity) < (kept[kind] ?? Infinity));
  const changed = Object.keys(kept).filter((kind) => (periods[kind] ?? null) !== (kept[kind] ?? null));

  function submit(event: FormEvent) {
    event.preventDefault();
    change.mutate({ retention: Object.fromEntries(changed.map((kind) => [kind, periods[kind] ?? null])) });
  }

  return (
    <Section title="How long data is kept" about="In days. Empty means for good. Older data is removed every day.">
      <form onSubmit={submit}>
        <Stack>
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
          {Object.keys(kept).map((kind) => (
            <NumberInput
              key={kind}
              label={KINDS[kind] ?? kind}
              placeholder="for good"
              suffix=" days"
              min={1}
              max={3650}
              allowDecimal={false}
              disabled={!owner}
              value={periods[kind] ?? ""}
              onChange={(value) => setPeriods((before) => ({ ...before, [kind]: value === "" ? null : Number(value) }))}
            />
          ))}
          </SimpleGrid>
          {shorter && <Text size="sm">What is older than the new period is removed for good with the next daily run.</Text>}
          {change.error && <Trouble error={change.error} />}
          {owner && (
            <Button type="submit" style={{ alignSelf: "start" }} loading={change.isPending} disabled={changed.length === 0}>
              Save
            </Button>
          )}
        </Stack>
      </form>
    </Section>
  );
}

function Exports({ tenant }: { tenant: Tenant }) {
  const queries = useQueryClient();
  const exports = useQuery({
    queryKey: ["exports"],
    queryFn: () => get<Page<Export>>("/api/v1/export"),
    refetchInterval: (query) => (query.state.data?.items.some(runs) ? 1_000 : false),
  });
  const start = useMutation({
    mutationFn: () => request<Export>("POST", "/api/v1/export"),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["exports"] }),
  });
  const take = useMutation({
    mutationFn: (one: Export) => download(`/api/v1/export/${one.id}/file`, `${fileName(tenant.name)}-${one.requested_at.slice(0, 10)}.zip`, { accept: "application/zip" }),
  });
  const items = exports.data?.items ?? [];
  return (
    <Section title="Export" about="Everything the organisation has, of all services: a zip with one file of JSON lines per kind and a manifest.">
      {exports.error && <Trouble error={exports.error} retry={() => void exports.refetch()} />}
      {start.error && <Trouble error={start.error} />}
      {take.error && <Trouble error={take.error} />}
      {items.map((one) => (
        <Group key={one.id} justify="space-between" gap="xs">
          <Stack gap={2} flex={1} miw={200}>
            <Group gap="xs">
              <When at={one.requested_at} />
              <Status is={one.status} />
              {one.status === "ready" && one.expires_at && (
                <Text size="xs" c="dimmed">
                  until <When at={one.expires_at} date />
                </Text>
              )}
            </Group>
            {runs(one) && <Gathering one={one} />}
          </Stack>
          {one.status === "ready" && (
            <Button variant="default" loading={take.isPending && take.variables.id === one.id} onClick={() => take.mutate(one)}>
              Download
            </Button>
          )}
        </Group>
      ))}
      <Button style={{ alignSelf: "start" }} loading={start.isPending} disabled={items.some(runs)} onClick={() => start.mutate()}>
        Export all data
      </Button>
    </Section>
  );
}

function Gathering({ one }: { one: Export }) {
  const done = Object.keys(one.parts).length;
  const all = done + one.missing.length;
  return (
    <div role="status">
      <Text size="sm">{one.missing.length === 0 ? "Packing…" : `${done} of ${all} services are done; waiting for ${one.missing.join(", ")}…`}</Text>
      <Progress value={all === 0 ? 5 : (100 * done) / all} animated aria-label="Progress of the export" />
    </div>
  );
}

function runs(one: Export): boolean {
  return one.status === "running";
}

function fileName(name: string): string {
  return name.replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "").toLowerCase() || "export";
}

function TheEnd({ tenant, me }: { tenant: Tenant; me: Me }) {
  const [asking, setAsking] = useState<"delete" | "erase" | null>(null);
  const switchTo = useSwitch();
  const navigate = useNavigate();
  const other = me.memberships.find((one) => one.tenant_id !== tenant.id && one.status !== "deleted" && one.status !== "suspended");
  const close = () => setAsking(null);
  return (
    <Section title="End this organisation" danger>
      <Group justify="space-between">
        <Text size="sm" maw={480}>
          <strong>Delete</strong>: nobody can work here, all keys stop. An owner can bring everything back within 30 days; after that it
          is erased.
        </Text>
        <Button variant="default" onClick={() => setAsking("delete")}>
          Delete…
        </Button>
      </Group>
      <Group justify="space-between">
        <Text size="sm" maw={480}>
          <strong>Erase</strong>: all data is destroyed now, with its encryption keys. Nobody can bring it back, not even Parley.
        </Text>
        <Button color="red" variant="outline" onClick={() => setAsking("erase")}>
          Erase for good…
        </Button>
      </Group>
      {asking === "delete" && (
        <Confirm
          title={`Delete ${tenant.name}?`}
          action="Delete"
          name={tenant.name}
          close={close}
          run={async () => {
            await request("DELETE", "/api/v1/tenant", { confirmation: tenant.name });
            await navigate("/");
            await switchTo(other?.tenant_id ?? null);
          }}
        >
          <Text>Members and programs are refused within two seconds. You can restore it for 30 days from the menu at the top.</Text>
        </Confirm>
      )}
      {asking === "erase" && (
        <Confirm
          title={`Erase ${tenant.name} for good?`}
          action="Erase for good"
          name={tenant.name}
          close={close}
          run={async () => {
            const erasure = await request<Erasure>("POST", "/api/v1/erasure", { confirmation: tenant.name });
            await navigate("/erased", { state: { name: tenant.name, erasure } });
            await switchTo(other?.tenant_id ?? null);
          }}
        >
          <Text>This destroys, at once and in every service:</Text>
          <List size="sm">
            <List.Item>conversations, messages and contacts</List.Item>
            <List.Item>members, invitations, keys and channels</List.Item>
            <List.Item>usage, credits, the subscription and the audit log</List.Item>
            <List.Item>files and exports; download one first if you may need it</List.Item>
          </List>
          <Text>There is no way back. You get a signed certificate.</Text>
        </Confirm>
      )}
    </Section>
  );
}
