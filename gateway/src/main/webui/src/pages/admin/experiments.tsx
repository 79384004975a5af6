import { Button, Card, Group, NativeSelect, NumberInput, SimpleGrid, Stack, Text, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { request } from "../../api/client";
import type { CatalogueAgent, Experiment } from "../../api/types";
import { Confirm } from "../../components/confirm";
import { Dialog } from "../../components/dialog";
import { Listing } from "../../components/listing";
import { Rows } from "../../components/rows";
import { Section } from "../../components/section";
import { Status } from "../../components/status";
import { When } from "../../components/when";

/** What versions are watched for. */
export const METRICS = [
  { value: "failure_rate", label: "share of failed runs" },
  { value: "refusal_rate", label: "share of refusals" },
  { value: "handoff_rate", label: "share of conversations taken over" },
  { value: "unresolved_rate", label: "share of conversations that stayed unresolved" },
  { value: "tokens_per_reply", label: "tokens per reply" },
  { value: "credits_per_reply", label: "credits per reply" },
];

type Open = { kind: "begin" } | { kind: "stop"; experiment: Experiment } | { kind: "promote"; experiment: Experiment; number: number };

/** Versions side by side on real conversations, and what each came to. */
export function Experiments({ base, agent, say }: { base: string; agent: CatalogueAgent; say: (notice: string) => void }) {
  const [open, setOpen] = useState<Open | null>(null);
  const queries = useQueryClient();
  const refresh = () =>
    Promise.all(["prompt-versions", "catalogue-agent", "experiments"].map((key) => queries.invalidateQueries({ queryKey: [key, agent.id] })));
  const close = () => setOpen(null);
  return (
    <Section title="Experiments" about="A conversation keeps its version. One that breaks a guard ends the experiment by itself.">
      <Button size="xs" style={{ alignSelf: "start" }} disabled={!agent.active_version} onClick={() => setOpen({ kind: "begin" })}>
        New experiment
      </Button>
      <Listing<Experiment> queryKey={["experiments", agent.id]} path={`${base}/experiments?limit=5`} what="experiments" empty="There are none yet.">
        {(experiments) => (
          <Stack>
            {experiments.map((experiment) => (
              <Card key={experiment.id} withBorder>
                <Group justify="space-between">
                  <Group gap="xs">
                    <Text fw={500}>{experiment.name}</Text>
                    <Status is={experiment.status} />
                    <Text size="sm" c="dimmed">
                      <When at={experiment.created_at} />
                    </Text>
                  </Group>
                  {experiment.status === "running" && (
                    <Button size="compact-xs" variant="default" aria-label={`Stop ${experiment.name}`} onClick={() => setOpen({ kind: "stop", experiment })}>
                      Stop…
                    </Button>
                  )}
                </Group>
                {experiment.reason && <Text size="sm">{experiment.reason}</Text>}
                <Rows
                  label={`Arms of ${experiment.name}`}
                  rows={experiment.arms}
                  keyOf={(arm) => String(arm.number)}
                  minWidth={640}
                  columns={[
                    { head: "Version", cell: (arm) => `${arm.number}${arm.control ? " (control)" : ""}` },
                    { head: "Share", right: true, cell: (arm) => percent(arm.weight / experiment.arms.reduce((sum, one) => sum + one.weight, 0)) },
                    { head: "Replies", right: true, cell: (arm) => arm.figures.counted.replies.toLocaleString() },
                    { head: "Failed", right: true, cell: (arm) => percent(arm.figures.failure_rate) },
                    { head: "Refused", right: true, cell: (arm) => percent(arm.figures.refusal_rate) },
                    { head: "Taken over", right: true, cell: (arm) => percent(arm.figures.handoff_rate) },
                    { head: "Resolved", right: true, cell: (arm) => (arm.figures.counted.settled === 0 ? "not yet known" : percent(1 - arm.figures.unresolved_rate)) },
                    { head: "Tokens", right: true, cell: (arm) => arm.figures.tokens_per_reply.toFixed(0) },
                    { head: "Credits", right: true, cell: (arm) => arm.figures.credits_per_reply.toFixed(2) },
                    {
                      head: "Do",
                      width: 100,
                      cell: (arm) =>
                        experiment.status === "running" && (
                          <Button size="compact-xs" variant="default" aria-label={`Promote version ${arm.number}`} onClick={() => setOpen({ kind: "promote", experiment, number: arm.number })}>
                            Promote…
                          </Button>
                        ),
                    },
                  ]}
                />
              </Card>
            ))}
          </Stack>
        )}
      </Listing>
      {open?.kind === "begin" && <Begin base={base} active={agent.active_version ?? 1} close={close} refresh={refresh} />}
      {open?.kind === "stop" && (
        <Confirm
          title={`Stop ${open.experiment.name}?`}
          action="Stop it"
          close={close}
          run={async () => {
            await request("DELETE", `${base}/experiments/${open.experiment.id}`);
            await refresh();
            say("The experiment was stopped: the active version answers alone.");
          }}
        >
          <Text>The active version answers everybody again. What was counted stays.</Text>
        </Confirm>
      )}
      {open?.kind === "promote" && (
        <Confirm
          harmless
          title={`Promote version ${open.number}?`}
          action="Promote"
          close={close}
          run={async () => {
            await request("POST", `${base}/experiments/${open.experiment.id}/promotion`, { number: open.number });
            await refresh();
            say(`Version ${open.number} answers everybody now.`);
          }}
        >
          <Text>The experiment ends and this version becomes the active one.</Text>
        </Confirm>
      )}
    </Section>
  );
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function Begin({ base, active, close, refresh }: { base: string; active: number; close: () => void; refresh: () => Promise<unknown> }) {
  const [name, setName] = useState("");
  const [other, setOther] = useState<number | string>("");
  const [share, setShare] = useState<number | string>(50);
  const [metric, setMetric] = useState("failure_rate");
  const [worse, setWorse] = useState<number | string>(0.05);
  const [sample, setSample] = useState<number | string>(50);
  return (
    <Dialog
      title="New experiment"
      action="Begin"
      close={close}
      disabled={name.trim() === "" || other === ""}
      run={async () => {
        await request("POST", `${base}/experiments`, {
          name: name.trim(),
          arms: [
            { number: active, weight: 100 - Number(share) },
            { number: Number(other), weight: Number(share) },
          ],
          guards: worse === "" ? [] : [{ metric, max_worse: Number(worse) }],
          minimum_sample: Number(sample),
        });
        await refresh();
      }}
    >
      <TextInput label="Name" required maxLength={120} data-autofocus value={name} onChange={(event) => setName(event.currentTarget.value)} />
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <NumberInput label={`Version to compare with ${active}`} required min={1} allowDecimal={false} value={other} onChange={setOther} />
        <NumberInput label="Its share" suffix=" %" min={1} max={99} allowDecimal={false} value={share} onChange={setShare} />
        <NativeSelect label="Guarded" data={METRICS} value={metric} onChange={(event) => setMetric(event.currentTarget.value)} />
        <NumberInput label="May be worse by" description="Of rates the difference, of the others the share" min={0} step={0.01} value={worse} onChange={setWorse} />
        <NumberInput label="Judged after" suffix=" cases" min={10} allowDecimal={false} value={sample} onChange={setSample} />
      </SimpleGrid>
    </Dialog>
  );
}
