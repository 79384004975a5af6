import { Alert, Button, Group, NativeSelect, NumberInput, Stack, Text } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { channelChoices } from "../api/channels";
import { get, request } from "../api/client";
import { progress, type ReviewRule } from "../api/drafts";
import { atLeast } from "../api/roles";
import type { Agent, Me, Page } from "../api/types";
import { useChannelTypes } from "../components/channel-types";
import { Confirm } from "../components/confirm";
import { Dialog } from "../components/dialog";
import { Listing } from "../components/listing";
import { Rows } from "../components/rows";
import { Status } from "../components/status";

const PATH = "/api/v1/review-rules";

/** Which agents' replies wait for a person, and which have earned that none does. */
export function ReviewRules({ me }: { me: Me }) {
  const manages = atLeast(me.role, "admin");
  const [changing, setChanging] = useState<ReviewRule | "new" | null>(null);
  const [ending, setEnding] = useState<ReviewRule | null>(null);
  const queries = useQueryClient();
  return (
    <Stack>
      {manages && (
        <Button style={{ alignSelf: "start" }} onClick={() => setChanging("new")}>
          Review an agent
        </Button>
      )}
      <Listing<ReviewRule>
        queryKey={["review-rules"]}
        path={PATH}
        what="rules"
        empty="No agent is reviewed: what they reply goes out at once."
      >
        {(rules) => (
          <Rows
            label="Reviewed agents"
            rows={rules}
            keyOf={(rule) => `${rule.agent}/${rule.channel}`}
            columns={[
              { head: "Agent", cell: (rule) => `${rule.agent} on ${rule.channel}` },
              { head: "Mode", width: 110, cell: (rule) => <Status is={rule.mode} /> },
              {
                head: "How good its drafts were",
                from: "sm",
                cell: (rule) => (
                  <>
                    <Text size="sm">{progress(rule)}</Text>
                    {rule.mode === "autopilot" && (
                      <Text size="xs" c="dimmed">
                        One reply in {rule.sample_one_in.toLocaleString()} is a draft all the same. Below the needed share it is under review again by itself.
                      </Text>
                    )}
                  </>
                ),
              },
              { head: "Waiting", width: 80, right: true, cell: (rule) => rule.waiting.toLocaleString() },
              ...(manages
                ? [
                    {
                      head: "Actions",
                      width: 190,
                      cell: (rule: ReviewRule) => (
                        <Group gap="xs">
                          <Button size="compact-xs" variant="default" aria-label={`Change ${rule.agent} on ${rule.channel}`} onClick={() => setChanging(rule)}>
                            Change
                          </Button>
                          {atLeast(me.role, "owner") && (
                            <Button size="compact-xs" variant="default" aria-label={`End review of ${rule.agent} on ${rule.channel}`} onClick={() => setEnding(rule)}>
                              End
                            </Button>
                          )}
                        </Group>
                      ),
                    },
                  ]
                : []),
            ]}
          />
        )}
      </Listing>
      {changing && <RuleForm rule={changing === "new" ? undefined : changing} close={() => setChanging(null)} />}
      {ending && (
        <Confirm
          title={`End review of ${ending.agent} on ${ending.channel}?`}
          action="End review"
          keep="Keep it"
          close={() => setEnding(null)}
          run={async () => {
            await request("DELETE", `${PATH}/${ending.agent}/${ending.channel}`);
            await queries.invalidateQueries({ queryKey: ["review-rules"] });
          }}
        >
          <Text>Whatever it replies goes out at once, whether it has earned that or not. Drafts that wait can still be decided.</Text>
        </Confirm>
      )}
    </Stack>
  );
}

function RuleForm({ rule, close }: { rule?: ReviewRule; close: () => void }) {
  const agents = useQuery({ queryKey: ["agents", "choice"], queryFn: () => get<Page<Agent>>("/api/v1/agents"), enabled: !rule });
  const [agent, setAgent] = useState("");
  const messengers = channelChoices(useChannelTypes());
  const [channel, setChannel] = useState("");
  const [mode, setMode] = useState<string>(rule?.mode ?? "review");
  const [percent, setPercent] = useState<number | string>(Math.round((rule?.threshold ?? 0.95) * 100));
  const [size, setSize] = useState<number | string>(rule?.sample_size ?? 200);
  const [oneIn, setOneIn] = useState<number | string>(rule?.sample_one_in ?? 10);
  const queries = useQueryClient();
  const choices = agents.data?.items ?? [];
  const slug = rule?.agent ?? (agent || choices[0]?.slug || "");
  const messenger = rule?.channel ?? (channel || messengers[0]?.value || "");
  return (
    <Dialog
      title={rule ? `${rule.agent} on ${rule.channel}` : "Review an agent"}
      action="Save"
      close={close}
      disabled={slug === "" || messenger === "" || percent === "" || size === "" || oneIn === ""}
      run={async () => {
        await request<ReviewRule>("PUT", `${PATH}/${slug}/${messenger}`, {
          mode,
          threshold: Number(percent) / 100,
          sample_size: Number(size),
          sample_one_in: Number(oneIn),
        });
        await queries.invalidateQueries({ queryKey: ["review-rules"] });
      }}
    >
      {!rule && (
        <>
          <NativeSelect label="Agent" data-autofocus value={slug} onChange={(event) => setAgent(event.currentTarget.value)} data={choices.map((one) => ({ value: one.slug, label: one.name }))} />
          <NativeSelect label="Messenger" value={messenger} onChange={(event) => setChannel(event.currentTarget.value)} data={messengers} />
        </>
      )}
      <NativeSelect
        label="Its replies"
        value={mode}
        onChange={(event) => setMode(event.currentTarget.value)}
        data={[
          { value: "review", label: "wait for a person" },
          { value: "autopilot", label: "go out, but for a sample" },
        ]}
      />
      {mode === "autopilot" && rule && !rule.earned && <Alert color="yellow">{progress(rule)}</Alert>}
      <NumberInput label="Needed share of drafts approved unchanged, in %" min={50} max={99} allowDecimal={false} value={percent} onChange={setPercent} />
      <NumberInput label="Latest drafts that count" min={20} max={1000} allowDecimal={false} value={size} onChange={setSize} />
      <NumberInput label="On autopilot, one reply in so many is a draft all the same" min={1} max={1000} allowDecimal={false} value={oneIn} onChange={setOneIn} />
    </Dialog>
  );
}
