import { Button, Code, Group, Modal, NumberInput, Stack, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useParams } from "react-router";
import { get, Problem, request } from "../../api/client";
import type { CatalogueAgent, PromptDiff, PromptVersion, Trial } from "../../api/types";
import { Confirm } from "../../components/confirm";
import { Heading } from "../../components/heading";
import { Listing } from "../../components/listing";
import { Notice } from "../../components/notice";
import { Rows } from "../../components/rows";
import { Section } from "../../components/section";
import { Status } from "../../components/status";
import { Trouble } from "../../components/trouble";
import { Waiting } from "../../components/waiting";
import { When } from "../../components/when";
import { Experiments } from "./experiments";
import { Golden } from "./golden";
import { PromptDraft } from "./prompt-draft";
import { TrialResult } from "./trial-result";

/** One agent's prompt: its versions, what they must get right, and how they do against each other. */
export function AgentPromptsPage() {
  const { id = "" } = useParams();
  const base = `/api/v1/admin/agents/${id}`;
  const agent = useQuery({ queryKey: ["catalogue-agent", id], queryFn: () => get<CatalogueAgent>(base) });
  const [notice, setNotice] = useState<string | null>(null);
  if (agent.isPending) return <Waiting label="Loading the agent" />;
  if (agent.error) return <Trouble error={agent.error} retry={() => void agent.refetch()} />;
  return (
    <Stack>
      <Heading title={agent.data.name} about={agent.data.description} />
      <Notice text={notice} dismiss={() => setNotice(null)} />
      <Versions agent={agent.data} base={base} say={setNotice} />
      <Golden base={base} agentId={id} />
      <Experiments base={base} agent={agent.data} say={setNotice} />
    </Stack>
  );
}

type Open = { kind: "draft"; from?: PromptVersion } | { kind: "activate" | "compare" | "trial"; version: PromptVersion } | { kind: "rollback" };

function Versions({ agent, base, say }: { agent: CatalogueAgent; base: string; say: (notice: string) => void }) {
  const [open, setOpen] = useState<Open | null>(null);
  const queries = useQueryClient();
  const refresh = () =>
    Promise.all(["prompt-versions", "catalogue-agent", "experiments"].map((key) => queries.invalidateQueries({ queryKey: [key, agent.id] })));
  const close = () => setOpen(null);
  return (
    <Section title="Versions" about="Only drafts can be changed. A version that was active never does.">
      <Group gap="xs">
        <Button size="xs" onClick={() => setOpen({ kind: "draft" })}>
          New draft
        </Button>
        <Button size="xs" variant="default" onClick={() => setOpen({ kind: "rollback" })}>
          Roll back…
        </Button>
      </Group>
      <Listing<PromptVersion> queryKey={["prompt-versions", agent.id]} path={`${base}/prompt-versions?limit=20`} what="versions" empty="There are none yet.">
        {(versions) => (
          <Rows
            label="Versions of the prompt"
            rows={versions}
            keyOf={(version) => version.id}
            minWidth={640}
            columns={[
              { head: "Version", width: 80, cell: ({ number }) => number },
              { head: "Status", width: 100, cell: ({ status }) => <Status is={status} /> },
              { head: "Says", cell: ({ system_prompt }) => <Text size="sm" lineClamp={2}>{system_prompt}</Text> },
              { head: "Model", from: "md", width: 150, cell: ({ provider, model }) => `${provider ?? ""}${model ? ` · ${model}` : ""}` },
              { head: "Activated", from: "lg", width: 150, cell: ({ activated_at }) => <When at={activated_at} /> },
              {
                head: "Do",
                width: 280,
                cell: (version) => (
                  <Group gap={4}>
                    <Act label={version.status === "draft" ? "Edit" : "New draft from"} of={version} run={() => setOpen({ kind: "draft", from: version })} />
                    <Act label="Compare" of={version} run={() => setOpen({ kind: "compare", version })} />
                    <Act label="Trial" of={version} run={() => setOpen({ kind: "trial", version })} />
                    {version.status !== "active" && <Act label="Activate…" of={version} run={() => setOpen({ kind: "activate", version })} />}
                  </Group>
                ),
              },
            ]}
          />
        )}
      </Listing>
      {open?.kind === "draft" && <PromptDraft base={base} from={open.from} close={close} refresh={refresh} />}
      {open?.kind === "compare" && <Compare base={base} version={open.version} active={agent.active_version} close={close} />}
      {open?.kind === "trial" && <Trying base={base} version={open.version} close={close} />}
      {open?.kind === "activate" && (
        <Confirm
          harmless
          title={`Activate version ${open.version.number}?`}
          action="Activate"
          close={close}
          run={async () => {
            await request("POST", `${base}/prompt-versions/${open.version.number}/activation`);
            await refresh();
            say(`Version ${open.version.number} answers now.`);
          }}
        >
          <Text>It answers every tenant's customers from the next message on. It must have passed the golden conversations.</Text>
        </Confirm>
      )}
      {open?.kind === "rollback" && (
        <Confirm
          title="Take back the last activation?"
          action="Roll back"
          close={close}
          run={async () => {
            const back = await request<PromptVersion>("POST", `${base}/rollback`);
            await refresh();
            say(`Version ${back.number} answers again.`);
          }}
        >
          <Text>The version before it answers again at once, and an experiment that runs ends.</Text>
        </Confirm>
      )}
    </Section>
  );
}

function Act({ label, of, run }: { label: string; of: PromptVersion; run: () => void }) {
  return (
    <Button size="compact-xs" variant="default" aria-label={`${label} version ${of.number}`} onClick={run}>
      {label}
    </Button>
  );
}

function Compare({ base, version, active, close }: { base: string; version: PromptVersion; active?: number | null; close: () => void }) {
  const [from, setFrom] = useState<number | string>(active && active !== version.number ? active : Math.max(1, version.number - 1));
  const diff = useQuery({
    queryKey: ["prompt-diff", base, from, version.number],
    queryFn: () => get<PromptDiff>(`${base}/prompt-versions/diff?from=${from}&to=${version.number}`),
    enabled: from !== "",
    retry: false,
  });
  return (
    <Modal opened onClose={close} size="xl" title={`What version ${version.number} changes`} closeButtonProps={{ "aria-label": "Close" }}>
      <Stack>
        <NumberInput label="Compared with version" maw={240} min={1} allowDecimal={false} value={from} onChange={setFrom} />
        {diff.isLoading && <Waiting label="Comparing" />}
        {diff.error && <Trouble error={diff.error} />}
        {diff.data && (
          <Stack gap="xs">
            {diff.data.text === "" ? (
              <Text>The texts are equal.</Text>
            ) : (
              <Code block className="changed">
                {diff.data.text}
              </Code>
            )}
            {diff.data.changes.map((change) => (
              <Text key={change.field} size="sm">
                {change.field}: {shown(change.from)} → {shown(change.to)}
              </Text>
            ))}
          </Stack>
        )}
      </Stack>
    </Modal>
  );
}

function shown(value: unknown): string {
  if (value === null || value === undefined) return "none";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function Trying({ base, version, close }: { base: string; version: PromptVersion; close: () => void }) {
  const path = `${base}/prompt-versions/${version.number}/trial`;
  const key = ["trial", base, version.number];
  const trial = useQuery({
    queryKey: key,
    queryFn: () => get<Trial>(path),
    retry: false,
    refetchInterval: ({ state }) => (state.data?.status === "running" ? 1000 : false),
  });
  const never = trial.error instanceof Problem && trial.error.code === "TRIAL_NOT_FOUND";
  const queries = useQueryClient();
  const begin = useMutation({
    mutationFn: () => request<Trial>("POST", path),
    onSuccess: () => queries.invalidateQueries({ queryKey: key }),
  });
  return (
    <Modal opened onClose={close} size="xl" title={`Version ${version.number} on the golden conversations`} closeButtonProps={{ "aria-label": "Close" }}>
      <Stack>
        {trial.isPending && <Waiting label="Loading the trial" />}
        {never && <Text>It was never tried.</Text>}
        {trial.error && !never && <Trouble error={trial.error} />}
        {trial.data && <TrialResult trial={trial.data} />}
        {begin.error && <Trouble error={begin.error} />}
        <Button style={{ alignSelf: "start" }} loading={begin.isPending || trial.data?.status === "running"} onClick={() => begin.mutate()}>
          {never ? "Try it" : "Try it again"}
        </Button>
      </Stack>
    </Modal>
  );
}
