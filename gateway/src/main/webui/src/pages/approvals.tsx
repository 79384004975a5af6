import { Alert, Anchor, Button, Code, Group, Modal, Paper, SegmentedControl, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconCheck } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import { became, decider, ended, exact, written } from "../api/approvals";
import { get, request } from "../api/client";
import { useLiveApprovals } from "../api/live";
import type { Me, Member, Page, ToolApproval } from "../api/types";
import { Confirm } from "../components/confirm";
import { Heading } from "../components/heading";
import { Listing } from "../components/listing";
import { Rows } from "../components/rows";
import { Status } from "../components/status";
import { When } from "../components/when";

const PATH = "/api/v1/tool-approvals";
const EXACT = { parse: exact };

/** What is about to be decided. */
type Step = { decision: "approve" | "reject"; approval: ToolApproval };

/** What agents want to do and a person has to allow, and what became of earlier wishes. */
export default function ApprovalsPage({ me }: { me: Me }) {
  const [view, setView] = useState("waiting");
  useLiveApprovals();
  return (
    <Stack>
      <Heading title="Approvals" about="What agents want to do that a person has to allow first.">
        <SegmentedControl
          aria-label="What is shown"
          value={view}
          onChange={setView}
          data={[
            { value: "waiting", label: "Waiting" },
            { value: "decided", label: "Earlier" },
          ]}
        />
      </Heading>
      {view === "waiting" ? <Inbox me={me} /> : <Earlier me={me} />}
    </Stack>
  );
}

function Inbox({ me }: { me: Me }) {
  const [step, setStep] = useState<Step | null>(null);
  const [latest, setLatest] = useState<ToolApproval | null>(null);
  const queries = useQueryClient();
  const decide = async ({ decision, approval }: Step) => {
    setLatest(null);
    try {
      setLatest(await request<ToolApproval>("POST", `${PATH}/${approval.id}/${decision}`, undefined, EXACT));
    } finally {
      // Also when it was refused: then it was decided elsewhere, or is over.
      await queries.invalidateQueries({ queryKey: ["tool-approvals"] });
    }
  };
  return (
    <Stack>
      <Outcome of={latest} dismiss={() => setLatest(null)} />
      <Listing<ToolApproval>
        queryKey={["tool-approvals", "pending"]}
        path={`${PATH}?status=pending&limit=100`}
        extras={EXACT}
        // No event tells that one is over, and the socket tells of the organisation that the server would choose.
        options={{ refetchInterval: me.memberships.length > 1 ? 5_000 : 60_000 }}
        what="approvals"
        empty="Nothing waits for you."
      >
        {(waiting) => (
          <Stack gap="sm">
            {waiting.map((approval) => (
              <Card key={approval.id} approval={approval} choose={(decision) => setStep({ decision, approval })} />
            ))}
          </Stack>
        )}
      </Listing>
      {step && (
        <Confirm
          title={step.decision === "approve" ? `Let ${step.approval.agent} call ${step.approval.tool}?` : `Reject ${step.approval.tool}?`}
          action={step.decision === "approve" ? "Approve" : "Reject"}
          harmless={step.decision === "approve"}
          size="lg"
          close={() => setStep(null)}
          run={() => decide(step)}
        >
          <Text>
            {step.decision === "approve"
              ? "It is called now, once, with exactly these arguments. That cannot be taken back here."
              : "It is not called, and the agent hears so when it answers next. These were its arguments."}
          </Text>
          <Arguments of={step.approval} />
        </Confirm>
      )}
    </Stack>
  );
}

/** What came of the latest decision; read out by screen readers, gone when dismissed. */
function Outcome({ of, dismiss }: { of: ToolApproval | null; dismiss: () => void }) {
  const good = of !== null && ["done", "rejected"].includes(became(of));
  return (
    <div role="status" className="notice">
      {of && (
        <Alert
          color={good ? "teal" : "orange"}
          icon={good ? <IconCheck aria-hidden /> : <IconAlertTriangle aria-hidden />}
          title={ended(of)}
          withCloseButton
          closeButtonLabel="Dismiss"
          onClose={dismiss}
        >
          <Aftermath of={of} />
        </Alert>
      )}
    </div>
  );
}

function Card({ approval, choose }: { approval: ToolApproval; choose: (decision: Step["decision"]) => void }) {
  return (
    <Paper withBorder p="sm" component="article" aria-label={`${approval.tool} for ${approval.agent}`}>
      <Stack gap="xs">
        <Group justify="space-between" gap="xs">
          <Group gap="xs">
            <Text fw={600} className="changed">
              {approval.tool}
            </Text>
            <Text size="sm" c="dimmed">
              {asker(approval)} wants to call it
            </Text>
          </Group>
          <Text size="xs" c="dimmed">
            waits since <When at={approval.created_at} />, until <When at={approval.expires_at} />
          </Text>
        </Group>
        <Arguments of={approval} />
        <Group gap="xs">
          <Button size="xs" aria-label={`Approve ${approval.tool}`} onClick={() => choose("approve")}>
            Approve…
          </Button>
          <Button size="xs" variant="default" aria-label={`Reject ${approval.tool}`} onClick={() => choose("reject")}>
            Reject…
          </Button>
          <Button size="xs" variant="subtle" component={Link} to={conversation(approval)}>
            Conversation
          </Button>
        </Group>
      </Stack>
    </Paper>
  );
}

function Arguments({ of }: { of: ToolApproval }) {
  return (
    <Code block className="changed" role="group" aria-label={`Arguments of ${of.tool}`}>
      {written(of.arguments)}
    </Code>
  );
}

/** What is known of what was done. */
function Aftermath({ of }: { of: ToolApproval }) {
  return (
    <>
      {became(of) === "unknown" && <Text size="sm">It may or may not have been done, and is never done again by itself. Look at your own system.</Text>}
      {of.result && (
        <Text size="sm" className="changed">
          {of.result}
        </Text>
      )}
    </>
  );
}

function Earlier({ me }: { me: Me }) {
  const [opened, setOpened] = useState<ToolApproval | null>(null);
  const members = useQuery({ queryKey: ["members", "names"], queryFn: () => get<Page<Member>>("/api/v1/members?limit=100") });
  const by = (approval: ToolApproval) => (members.data ? decider(approval, me, members.data.items) : "");
  return (
    <>
      <Listing<ToolApproval> queryKey={["tool-approvals", "all"]} path={`${PATH}?limit=50`} extras={EXACT} what="approvals" empty="Nothing had to be allowed yet.">
        {(approvals) => (
          <Rows
            label="Approvals"
            rows={approvals}
            keyOf={(approval) => approval.id}
            columns={[
              {
                head: "Call",
                cell: (approval) => (
                  <>
                    <Text size="sm">{approval.tool}</Text>
                    <Text size="xs" c="dimmed">
                      {asker(approval)}
                    </Text>
                  </>
                ),
              },
              { head: "Became", width: 110, cell: (approval) => <Status is={became(approval)} /> },
              { head: "Decided by", from: "sm", cell: by },
              { head: "When", from: "md", width: 175, cell: (approval) => <When at={approval.decided_at ?? approval.created_at} /> },
              {
                head: "Details",
                width: 90,
                cell: (approval) => (
                  <Button size="compact-xs" variant="default" aria-label={`Details of ${approval.tool}`} onClick={() => setOpened(approval)}>
                    Details
                  </Button>
                ),
              },
            ]}
          />
        )}
      </Listing>
      {opened && (
        <Modal opened onClose={() => setOpened(null)} title={opened.tool} size="lg" closeButtonProps={{ "aria-label": "Close" }}>
          <Stack>
            <Text>{ended(opened)}</Text>
            <Arguments of={opened} />
            <Aftermath of={opened} />
            <Text size="sm" c="dimmed">
              {asker(opened)} asked <When at={opened.created_at} />.
              {opened.decided_at && (
                <>
                  {" "}
                  Decided <When at={opened.decided_at} /> by {by(opened)}.
                </>
              )}
            </Text>
            <Anchor component={Link} to={conversation(opened)} size="sm">
              Conversation
            </Anchor>
          </Stack>
        </Modal>
      )}
    </>
  );
}

function asker({ agent, channel }: ToolApproval): string {
  return channel ? `${agent} on ${channel}` : agent;
}

function conversation(approval: ToolApproval): string {
  return `/conversations/${encodeURIComponent(approval.conversation_id)}`;
}
