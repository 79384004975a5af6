import { Alert, Button, DataList, Group, List, Modal, Stack, Tabs, Text, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useNavigate, useParams } from "react-router";
import { AUDITED } from "../../api/audited";
import { get, Problem, request } from "../../api/client";
import type { AdminTenant, Agent, BreakGlass, Page, Subscription, UsageLine } from "../../api/types";
import { Heading } from "../../components/heading";
import { Listing } from "../../components/listing";
import { Section } from "../../components/section";
import { Status } from "../../components/status";
import { Trouble } from "../../components/trouble";
import { UsageTable } from "../../components/usage-table";
import { Waiting } from "../../components/waiting";
import { When } from "../../components/when";
import { AskWhy, headersOf, type Why } from "../../components/why";
import { rememberName } from "./grants";
import { TenantMoney } from "./tenant-money";

/** One tenant, view-only, after saying why. */
export function TenantPage({ first }: { first: Why | null }) {
  const { id = "" } = useParams();
  const [why, setWhy] = useState<Why | null>(null);
  if (why) return <Tenant key={id} id={id} why={why} />;
  return (
    <Stack maw={560}>
      <Heading title="Look at a tenant" about="View-only. Each thing that you open is written into the tenant’s audit log, with this reason." />
      <AskWhy action="Look" plain first={first} submit={setWhy} />
    </Stack>
  );
}

function Tenant({ id, why }: { id: string; why: Why }) {
  const headers = headersOf(why);
  const tenant = useQuery({
    queryKey: ["admin-tenant", id, why],
    queryFn: async () => {
      const found = await get<AdminTenant>(`/api/v1/admin/tenants/${id}`, { headers });
      rememberName(found);
      return found;
    },
    ...AUDITED,
  });
  if (tenant.isPending) return <Waiting label="Loading the tenant" />;
  if (tenant.error) return <Trouble error={tenant.error} retry={() => void tenant.refetch()} />;
  return (
    <Stack maw={960}>
      <Heading title={tenant.data.name} about={`Seen with the reason “${why.reason}”, ticket ${why.ticket}.`}>
        <Status is={tenant.data.status} />
      </Heading>
      <Tabs defaultValue="about" keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="about">Tenant</Tabs.Tab>
          <Tabs.Tab value="subscription">Subscription</Tabs.Tab>
          <Tabs.Tab value="credits">Credits and payments</Tabs.Tab>
          <Tabs.Tab value="usage">Usage</Tabs.Tab>
          <Tabs.Tab value="agents">Agents</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="about">
          <About tenant={tenant.data} />
        </Tabs.Panel>
        <Tabs.Panel value="subscription">
          <SubscriptionOf id={id} headers={headers} />
        </Tabs.Panel>
        <Tabs.Panel value="credits">
          <TenantMoney id={id} headers={headers} />
        </Tabs.Panel>
        <Tabs.Panel value="usage">
          <Listing<UsageLine>
            queryKey={["admin-usage", id]}
            path={`/api/v1/admin/tenants/${id}/usage?limit=50`}
            extras={{ headers }}
            options={AUDITED}
            what="usage"
            empty="It has used nothing yet."
          >
            {(lines) => <UsageTable lines={lines} />}
          </Listing>
        </Tabs.Panel>
        <Tabs.Panel value="agents">
          <AgentsOf id={id} headers={headers} />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  );
}

function About({ tenant }: { tenant: AdminTenant }) {
  const [asking, setAsking] = useState<"suspend" | "restore" | "break-glass" | null>(null);
  const queries = useQueryClient();
  const close = () => setAsking(null);
  const refresh = () =>
    Promise.all([queries.invalidateQueries({ queryKey: ["admin-tenant", tenant.id] }), queries.invalidateQueries({ queryKey: ["admin-tenants"] })]);
  const suspended = tenant.status === "suspended";
  return (
    <Stack>
      <DataList withDivider>
        <Fact name="Id" value={tenant.id} />
        <Fact name="Region" value={tenant.region} />
        <DataList.Item>
          <DataList.ItemLabel>Since</DataList.ItemLabel>
          <DataList.ItemValue>
            <When at={tenant.created_at} />
          </DataList.ItemValue>
        </DataList.Item>
        {suspended && <Fact name="Suspended" value={tenant.suspension_reason ?? ""} />}
      </DataList>
      <Section title="Individual records" about="Conversations and contacts, in an emergency only: 30 minutes, read-only, every read shown to the tenant.">
        <Group>
          <Button color="orange" variant="outline" onClick={() => setAsking("break-glass")}>
            Break the glass…
          </Button>
        </Group>
      </Section>
      <Section title={suspended ? "Suspended" : "Suspension"} about="Its people and programs are refused within two seconds. Nothing is lost.">
        <Group>
          {suspended ? (
            <Button onClick={() => setAsking("restore")}>Restore…</Button>
          ) : (
            <Button color="red" variant="outline" onClick={() => setAsking("suspend")}>
              Suspend…
            </Button>
          )}
        </Group>
      </Section>
      {(asking === "suspend" || asking === "restore") && <Suspension tenant={tenant} ends={asking === "restore"} close={close} refresh={refresh} />}
      {asking === "break-glass" && <BreakTheGlass tenant={tenant} close={close} />}
    </Stack>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <DataList.Item>
      <DataList.ItemLabel>{name}</DataList.ItemLabel>
      <DataList.ItemValue className="changed">{value}</DataList.ItemValue>
    </DataList.Item>
  );
}

function Suspension({ tenant, ends, close, refresh }: { tenant: AdminTenant; ends: boolean; close: () => void; refresh: () => Promise<unknown> }) {
  const [reason, setReason] = useState("");
  const verb = ends ? "Restore" : "Suspend";
  const change = useMutation({
    mutationFn: () => request(ends ? "DELETE" : "POST", `/api/v1/admin/tenants/${tenant.id}/suspension`, { reason: reason.trim() }),
    onSuccess: async () => {
      await refresh();
      close();
    },
  });

  function submit(event: FormEvent) {
    event.preventDefault();
    change.mutate();
  }

  return (
    <Modal opened onClose={close} title={`${verb} ${tenant.name}?`} closeButtonProps={{ "aria-label": "Close" }}>
      <form onSubmit={submit}>
        <Stack>
          {ends && <Text>Its people and programs can work again.</Text>}
          <TextInput
            label="Reason"
            description="The tenant reads it in its audit log."
            required
            maxLength={500}
            data-autofocus
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          {change.error && <Trouble error={change.error} />}
          <Group justify="end">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" color={ends ? undefined : "red"} loading={change.isPending} disabled={reason.trim() === ""}>
              {verb}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function BreakTheGlass({ tenant, close }: { tenant: AdminTenant; close: () => void }) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const open = useMutation({
    mutationFn: (why: Why) => request<BreakGlass>("POST", `/api/v1/admin/tenants/${tenant.id}/break-glass`, why),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["break-glass"] });
      await navigate(`/admin/tenants/${tenant.id}/records`);
    },
  });
  return (
    <Modal opened onClose={close} title={`Break the glass of ${tenant.name}`} closeButtonProps={{ "aria-label": "Close" }}>
      <AskWhy action="Break the glass" pending={open.isPending} error={open.error} submit={(why) => open.mutate(why)}>
        <Alert color="orange">The tenant is shown that you opened it, everything that you read, and when it ended.</Alert>
      </AskWhy>
    </Modal>
  );
}

function SubscriptionOf({ id, headers }: { id: string; headers: Record<string, string> }) {
  const subscription = useQuery({
    queryKey: ["admin-subscription", id],
    queryFn: () => get<Subscription>(`/api/v1/admin/tenants/${id}/subscription`, { headers }),
    ...AUDITED,
  });
  if (subscription.isPending) return <Waiting label="Loading the subscription" />;
  if (subscription.error instanceof Problem && subscription.error.status === 404) return <Text>It has no subscription.</Text>;
  if (subscription.error) return <Trouble error={subscription.error} retry={() => void subscription.refetch()} />;
  const { plan, plan_version, status, provider, current_period_end, trial_end, cancel_at_period_end } = subscription.data;
  return (
    <DataList withDivider>
      <Fact name="Plan" value={`${plan}, version ${plan_version}`} />
      <Fact name="Status" value={status.replaceAll("_", " ") + (cancel_at_period_end ? ", ends with the period" : "")} />
      <Fact name="Paid through" value={provider ?? "nobody"} />
      <DataList.Item>
        <DataList.ItemLabel>Until</DataList.ItemLabel>
        <DataList.ItemValue>
          <When at={current_period_end ?? trial_end} date />
        </DataList.ItemValue>
      </DataList.Item>
    </DataList>
  );
}

function AgentsOf({ id, headers }: { id: string; headers: Record<string, string> }) {
  const agents = useQuery({
    queryKey: ["admin-agents", id],
    queryFn: () => get<Page<Agent>>(`/api/v1/admin/tenants/${id}/agents`, { headers }),
    ...AUDITED,
  });
  if (agents.isPending) return <Waiting label="Loading agents" />;
  if (agents.error) return <Trouble error={agents.error} retry={() => void agents.refetch()} />;
  return (
    <List spacing={4}>
      {agents.data.items.map((agent) => (
        <List.Item key={agent.id}>
          {agent.name}: {agent.allowed ? "allowed" : `not allowed (${agent.reason_code ?? "no reason given"})`}
        </List.Item>
      ))}
    </List>
  );
}
