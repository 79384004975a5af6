import { Button, Code, Group, Modal, NumberInput, Stack, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { get, Problem, request } from "../../api/client";
import type { PromptDiff, PromptVersion, Trial } from "../../api/types";
import { Confirm } from "../../components/confirm";
import { Listing } from "../../components/listing";
import { Rows } from "../../components/rows";
import { Section } from "../../components/section";
import { Status } from "../../components/status";
import { Trouble } from "../../components/trouble";
import { Waiting } from "../../components/waiting";
import { When } from "../../components/when";
import { PromptDraft } from "./prompt-draft";
import { TrialResult } from "./trial-result";

type Open =
  | { kind: "draft"; from?: PromptVersion }
  | { kind: "activate" | "trial"; version: PromptVersion }
  | { kind: "compare"; version: PromptVersion; from: number }
  | { kind: "rollback" }
  | { kind: "retire" };

/**
 * The versions of an agent's prompt, each with what may be done with it.
 *
 * @param of names whose they are: an agent, for a tenant its own of one
 * @param own whether they are a tenant's, which answer for it instead of the platform's
 */
export function Versions({ of, base, own, say }: { of: string; base: string; own?: boolean; say: (notice: string) => void }) {
  const [open, setOpen] = useState<Open | null>(null);
  const queries = useQueryClient();
  const refresh = () =>
    Promise.all(["prompt-versions", "catalogue-agent", "experiments"].map((key) => queries.invalidateQueries({ queryKey: [key, of] })));
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
        {own && (
          <Button size="xs" variant="default" onClick={() => setOpen({ kind: "retire" })}>
            Back to Parley’s prompt…
          </Button>
        )}
      </Group>
      <Listing<PromptVersion> queryKey={["prompt-versions", of]} path={`${base}/prompt-versions?limit=20`} what="versions" empty={own ? "There are none yet: Parley’s prompt answers." : "There are none yet."}>
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
              { head: "Model", from: "md", width: 150, cell: ({ provider, model }) => `${provider ?? (own ? "as Parley’s" : "")}${model ? ` · ${model}` : ""}` },
              { head: "Activated", from: "lg", width: 150, cell: ({ activated_at }) => <When at={activated_at} /> },
              {
                head: "Do",
                width: 280,
                cell: (version) => (
                  <Group gap={4}>
                    <Act label={version.status === "draft" ? "Edit" : "New draft from"} of={version} run={() => setOpen({ kind: "draft", from: version })} />
                    <Act label="Compare" of={version} run={() => setOpen({ kind: "compare", version, from: comparedWith(version, versions) })} />
                    <Act label="Trial" of={version} run={() => setOpen({ kind: "trial", version })} />
                    {version.status !== "active" && <Act label="Activate…" of={version} run={() => setOpen({ kind: "activate", version })} />}
                  </Group>
                ),
              },
            ]}
          />
        )}
      </Listing>
      {open?.kind === "draft" && <PromptDraft base={base} own={own} from={open.from} close={close} refresh={refresh} />}
      {open?.kind === "compare" && <Compare base={base} version={open.version} compared={open.from} close={close} />}
      {open?.kind === "trial" && <Trying base={base} own={own} version={open.version} close={close} />}
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
          <Text>
            {own ? "It answers your customers instead of Parley’s prompt from the next message on." : "It answers every tenant's customers from the next message on."} It must have passed the golden conversations.
          </Text>
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
          <Text>The version before it answers again at once{own ? "." : ", and an experiment that runs ends."}</Text>
        </Confirm>
      )}
      {open?.kind === "retire" && (
        <Confirm
          harmless
          title="Let Parley’s prompt answer again?"
          action="Let it answer"
          close={close}
          run={async () => {
            await request("DELETE", `${base}/prompt-versions/activation`);
            await refresh();
            say("Parley’s prompt answers again.");
          }}
        >
          <Text>Your versions stay here: each can be activated again.</Text>
        </Confirm>
      )}
    </Section>
  );
}

/** The version that a person most likely wants to see the changes to: the active one, else the one before. */
function comparedWith(version: PromptVersion, versions: PromptVersion[]): number {
  const active = versions.find(({ status }) => status === "active");
  return active && active.number !== version.number ? active.number : Math.max(1, version.number - 1);
}

function Act({ label, of, run }: { label: string; of: PromptVersion; run: () => void }) {
  return (
    <Button size="compact-xs" variant="default" aria-label={`${label} version ${of.number}`} onClick={run}>
      {label}
    </Button>
  );
}

function Compare({ base, version, compared, close }: { base: string; version: PromptVersion; compared: number; close: () => void }) {
  const [from, setFrom] = useState<number | string>(compared);
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

function Trying({ base, own, version, close }: { base: string; own?: boolean; version: PromptVersion; close: () => void }) {
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
        {own && (
          <Text size="sm" c="dimmed">
            Each reply of a trial costs what a reply costs.
          </Text>
        )}
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
