import { Anchor, Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Link, useNavigate, useParams } from "react-router";
import { get, request } from "../../api/client";
import { words } from "../../api/meters";
import type { Drift, Reconciliation } from "../../api/types";
import { Dialog } from "../../components/dialog";
import { Heading } from "../../components/heading";
import { Listing } from "../../components/listing";
import { Rows } from "../../components/rows";
import { Status } from "../../components/status";
import { Trouble } from "../../components/trouble";
import { Waiting } from "../../components/waiting";
import { When } from "../../components/when";

const RUNS = "/api/v1/admin/reconciliations";

/** Whether payment providers, books and policy agree: every run, and a new one on demand. */
export function ReconciliationsPage() {
  const [tenant, setTenant] = useState("");
  const navigate = useNavigate();
  const start = useMutation({
    mutationFn: () => request<Reconciliation>("POST", RUNS, tenant.trim() === "" ? {} : { tenant_id: tenant.trim() }),
    onSuccess: (run) => navigate(`/admin/reconciliations/${run.id}`),
  });

  function submit(event: FormEvent) {
    event.preventDefault();
    start.mutate();
  }

  return (
    <Stack>
      <Heading title="Reconciliation" about="Whether payment providers, our books and policy say the same; every night, and now." />
      <form onSubmit={submit}>
        <Group align="end" gap="xs">
          <TextInput label="Tenant" description="Its id; empty compares all" w={320} value={tenant} onChange={(event) => setTenant(event.currentTarget.value)} />
          <Button type="submit" loading={start.isPending}>
            Compare now
          </Button>
        </Group>
      </form>
      {start.error && <Trouble error={start.error} />}
      <Listing<Reconciliation> queryKey={["reconciliations"]} path={`${RUNS}?limit=30`} what="reconciliations" empty="Nothing was compared yet.">
        {(runs) => (
          <Rows
            label="Reconciliations"
            rows={runs}
            keyOf={(run) => run.id}
            minWidth={560}
            columns={[
              {
                head: "Begun",
                cell: (run) => (
                  <Anchor component={Link} to={`/admin/reconciliations/${run.id}`} size="sm">
                    <When at={run.started_at} />
                  </Anchor>
                ),
              },
              { head: "Why", cell: (run) => (run.cause === "night" ? "every night" : "on demand") },
              { head: "State", cell: (run) => <Status is={run.state} /> },
              { head: "Tenants", right: true, cell: (run) => run.tenants.toLocaleString() },
              { head: "Not compared", right: true, cell: (run) => run.not_compared.toLocaleString() },
              { head: "Drifts", right: true, cell: (run) => run.drifts.toLocaleString() },
            ]}
          />
        )}
      </Listing>
    </Stack>
  );
}

/** What did not agree in one run, and the button that repairs it. */
export function ReconciliationPage() {
  const { id = "" } = useParams();
  const [repairing, setRepairing] = useState<Drift[] | null>(null);
  const run = useQuery({
    queryKey: ["reconciliation", id],
    queryFn: () => get<Reconciliation>(`${RUNS}/${id}`),
    refetchInterval: (query) => (query.state.data?.state === "running" ? 1_000 : false),
  });
  if (run.isPending) return <Waiting label="Loading the reconciliation" />;
  if (run.error) return <Trouble error={run.error} retry={() => void run.refetch()} />;
  const { state, tenants, not_compared, only_for, items = [] } = run.data;
  const repairable = items.filter((drift) => drift.state === "open" && drift.repair !== "none");
  return (
    <Stack>
      <Heading
        title="Drift report"
        about={
          <>
            Of <When at={run.data.started_at} />
            {only_for ? `, tenant ${only_for}` : `, ${tenants.toLocaleString()} tenants`}
            {not_compared > 0 ? `; ${not_compared.toLocaleString()} could not be compared, because their provider or policy did not answer` : ""}
          </>
        }
      >
        <Status is={state} />
        {repairable.length > 0 && (
          <Button onClick={() => setRepairing(repairable)}>
            Repair {repairable.length === 1 ? "it" : `all ${repairable.length}`}…
          </Button>
        )}
      </Heading>
      {state === "running" && <Waiting label="Comparing" />}
      {state === "abandoned" && <Text>The run was broken off: the service was restarted while it ran. Compare once more.</Text>}
      {state === "done" && items.length === 0 && <Text>Everything agrees.</Text>}
      {items.length > 0 && (
        <Rows
          label="Drifts"
          rows={items}
          keyOf={(drift) => drift.id}
          minWidth={720}
          columns={[
            {
              head: "What",
              cell: (drift) => (
                <>
                  <Text size="sm">{words(drift.kind.toLowerCase())}</Text>
                  <Text size="xs" c="dimmed">
                    {drift.subject}
                    <br />
                    Tenant {drift.tenant_id}
                  </Text>
                </>
              ),
            },
            { head: "Expected", cell: (drift) => <span className="changed">{drift.expected}</span> },
            { head: "Found", cell: (drift) => <span className="changed">{drift.found}</span> },
            { head: "Repair", width: 130, cell: (drift) => REPAIRS[drift.repair] ?? words(drift.repair) },
            { head: "State", width: 100, cell: (drift) => <Status is={drift.state} /> },
            {
              head: "Do it",
              width: 90,
              cell: (drift) =>
                drift.state === "open" &&
                drift.repair !== "none" && (
                  <Button size="compact-xs" variant="default" aria-label={`Repair ${words(drift.kind.toLowerCase())} ${drift.subject}`} onClick={() => setRepairing([drift])}>
                    Repair…
                  </Button>
                ),
            },
          ]}
        />
      )}
      {repairing && <RepairDialog id={id} drifts={repairing} all={repairing.length === repairable.length} close={() => setRepairing(null)} />}
    </Stack>
  );
}

const REPAIRS: Record<string, string> = {
  fetch_and_apply: "Ask the provider again and apply what it says",
  book: "Book the entry that is missing",
  compensate: "Compensate by an entry that says so",
  repeat_grant: "Tell policy of the lot again",
  repeat_close: "Tell policy again that the lot ends",
  repeat_subscription: "Tell policy of the subscription again",
  none: "A person must look",
};

function RepairDialog({ id, drifts, all, close }: { id: string; drifts: Drift[]; all: boolean; close: () => void }) {
  const [reason, setReason] = useState("");
  const queries = useQueryClient();
  return (
    <Dialog
      title={drifts.length === 1 ? "Repair this drift?" : `Repair ${drifts.length} drifts?`}
      action="Repair"
      close={close}
      disabled={reason.trim() === ""}
      run={async () => {
        const report = await request<Reconciliation>("POST", `${RUNS}/${id}/repair`, {
          reason: reason.trim(),
          ...(all ? {} : { drift_ids: drifts.map((drift) => drift.id) }),
        });
        queries.setQueryData(["reconciliation", id], report);
      }}
    >
      <Text>Only what still is as it was found is repaired, once, and by new entries: nothing that was booked is changed.</Text>
      <TextInput label="Reason" required maxLength={500} data-autofocus value={reason} onChange={(event) => setReason(event.currentTarget.value)} />
    </Dialog>
  );
}
