import { Button, Group, List, NativeSelect, NumberInput, SimpleGrid, Text } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { get, Problem, request } from "../../api/client";
import type { AgentGuard, Guard } from "../../api/types";
import { Confirm } from "../../components/confirm";
import { Dialog } from "../../components/dialog";
import { Section } from "../../components/section";
import { Trouble } from "../../components/trouble";
import { Waiting } from "../../components/waiting";
import { METRICS } from "./experiments";

const HOUR = 60 * 60;

/** How versions are watched after their activation, and rolled back by themselves. */
export function AfterActivation({ base, agentId, say }: { base: string; agentId: string; say: (notice: string) => void }) {
  const path = `${base}/guard`;
  const guard = useQuery({ queryKey: ["prompt-guard", agentId], queryFn: () => get<AgentGuard>(path), retry: false });
  const [open, setOpen] = useState<"put" | "remove" | null>(null);
  const queries = useQueryClient();
  const none = guard.error instanceof Problem && guard.error.status === 404;
  const refresh = () => queries.resetQueries({ queryKey: ["prompt-guard", agentId] });
  return (
    <Section title="After an activation" about="A version that does worse than the one before it is rolled back by itself, once in the time that it is watched.">
      {guard.isPending && <Waiting label="Loading the guard" />}
      {guard.error && !none && <Trouble error={guard.error} retry={() => void guard.refetch()} />}
      {none && <Text>Versions are not watched.</Text>}
      {guard.data && (
        <>
          <List size="sm">
            {guard.data.guards.map((one, place) => (
              <List.Item key={place}>{sentence(one)}</List.Item>
            ))}
          </List>
          <Text size="sm" c="dimmed">
            For {(guard.data.window_seconds / HOUR).toLocaleString()} hours, from {guard.data.minimum_sample.toLocaleString()} cases on.
          </Text>
        </>
      )}
      {!guard.isPending && (
        <Group gap="xs">
          <Button size="xs" variant={none ? "filled" : "default"} onClick={() => setOpen("put")}>
            {none ? "Watch versions…" : "Watch otherwise…"}
          </Button>
          {guard.data && (
            <Button size="xs" variant="default" onClick={() => setOpen("remove")}>
              No longer watch…
            </Button>
          )}
        </Group>
      )}
      {open === "put" && (
        <Watch
          path={path}
          from={guard.data}
          close={() => setOpen(null)}
          done={async () => {
            await refresh();
            say("Versions are watched from their activation on.");
          }}
        />
      )}
      {open === "remove" && (
        <Confirm
          title="No longer watch versions?"
          action="No longer watch"
          close={() => setOpen(null)}
          run={async () => {
            await request("DELETE", path);
            await refresh();
            say("Versions are not watched any more.");
          }}
        >
          <Text>A version that does badly then stays until somebody takes it back.</Text>
        </Confirm>
      )}
    </Section>
  );
}

function sentence(guard: Guard): string {
  const what = METRICS.find(({ value }) => value === guard.metric)?.label ?? guard.metric;
  const limits = [
    ...(guard.max_worse == null ? [] : [`not worse than before by more than ${guard.max_worse}`]),
    ...(guard.max == null ? [] : [`at most ${guard.max}`]),
  ];
  return `The ${what}: ${limits.join(", ")}.`;
}

function Watch({ path, from, close, done }: { path: string; from?: AgentGuard; close: () => void; done: () => Promise<unknown> }) {
  const [metric, setMetric] = useState(from?.guards[0]?.metric ?? "failure_rate");
  const [worse, setWorse] = useState<number | string>(from?.guards[0]?.max_worse ?? 0.05);
  const [most, setMost] = useState<number | string>(from?.guards[0]?.max ?? "");
  const [sample, setSample] = useState<number | string>(from?.minimum_sample ?? 50);
  const [hours, setHours] = useState<number | string>((from?.window_seconds ?? 24 * HOUR) / HOUR);
  const others = (from?.guards ?? []).slice(1);
  return (
    <Dialog
      title="Watch versions after their activation"
      action="Watch"
      close={close}
      disabled={(worse === "" && most === "") || sample === "" || hours === ""}
      run={async () => {
        await request("PUT", path, {
          guards: [{ metric, ...(worse === "" ? {} : { max_worse: Number(worse) }), ...(most === "" ? {} : { max: Number(most) }) }, ...others],
          minimum_sample: Number(sample),
          window_seconds: Math.round(Number(hours) * HOUR),
        });
        await done();
      }}
    >
      <NativeSelect label="Guarded" data={METRICS} value={metric} onChange={(event) => setMetric(event.currentTarget.value)} />
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <NumberInput label="May be worse by" description="Of rates the difference, of the others the share" min={0} step={0.01} value={worse} onChange={setWorse} />
        <NumberInput label="May be at most" description="Empty for no limit of its own" min={0} step={0.01} value={most} onChange={setMost} />
        <NumberInput label="Judged after" suffix=" cases" min={10} allowDecimal={false} value={sample} onChange={setSample} />
        <NumberInput label="Watched for" suffix=" hours" min={1} max={720} value={hours} onChange={setHours} />
      </SimpleGrid>
    </Dialog>
  );
}
