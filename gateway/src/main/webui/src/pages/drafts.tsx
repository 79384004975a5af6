import { Badge, Button, Checkbox, Group, Kbd, Paper, SegmentedControl, Stack, Text, Textarea, VisuallyHidden } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { Link } from "react-router";
import { get, request } from "../api/client";
import { commandOf, type Decided, type Draft, moved } from "../api/drafts";
import { useLiveDrafts } from "../api/live";
import type { Me, Page } from "../api/types";
import { Heading } from "../components/heading";
import { Listing } from "../components/listing";
import { Notice } from "../components/notice";
import { Rows } from "../components/rows";
import { Status } from "../components/status";
import { Trouble } from "../components/trouble";
import { Waiting } from "../components/waiting";
import { When } from "../components/when";
import { ReviewRules } from "./review-rules";

const PATH = "/api/v1/drafts";

/** Replies of agents that wait for a person, what became of earlier ones, and which agents are reviewed. */
export default function DraftsPage({ me }: { me: Me }) {
  const [view, setView] = useState("waiting");
  useLiveDrafts();
  return (
    <Stack>
      <Heading title="Review" about="What agents would say on messengers, before customers see it.">
        <SegmentedControl
          aria-label="What is shown"
          value={view}
          onChange={setView}
          data={[
            { value: "waiting", label: "Waiting" },
            { value: "decided", label: "Earlier" },
            { value: "rules", label: "Agents" },
          ]}
        />
      </Heading>
      {view === "waiting" && <Inbox me={me} />}
      {view === "decided" && <Earlier />}
      {view === "rules" && <ReviewRules me={me} />}
    </Stack>
  );
}

function Inbox({ me }: { me: Me }) {
  const drafts = useQuery({
    queryKey: ["drafts", "waiting"],
    queryFn: () => get<Page<Draft>>(`${PATH}?state=waiting&limit=100`),
    // The socket tells of the organisation that the server would choose, which may be another one of several.
    refetchInterval: me.memberships.length > 1 ? 5_000 : false,
  });
  if (drafts.isPending) return <Waiting label="Loading drafts" />;
  if (drafts.error && !drafts.data) return <Trouble error={drafts.error} retry={() => void drafts.refetch()} />;
  return <Queue drafts={drafts.data.items} />;
}

function Queue({ drafts }: { drafts: Draft[] }) {
  const ids = drafts.map((draft) => draft.id);
  const known = useRef<string[]>([]);
  const [current, setCurrent] = useState<string | null>(null);
  const [chosen, setChosen] = useState<Set<string>>(new Set());
  const [editing, setEditing] = useState<string | null>(null);
  const [notice, setNotice] = useState<string | null>(null);
  const list = useRef<HTMLDivElement>(null);
  const queries = useQueryClient();
  const all = ids.join(" ");
  useEffect(() => {
    const now = all === "" ? [] : all.split(" ");
    setCurrent((before) => moved(now, known.current, before, 0));
    setChosen((before) => new Set([...before].filter((id) => now.includes(id))));
    known.current = now;
  }, [all]);
  useEffect(() => {
    if (current) list.current?.querySelector(`[data-draft="${current}"]`)?.scrollIntoView({ block: "nearest" });
  }, [current]);

  const decide = useMutation({
    mutationFn: (what: { drafts: Draft[]; decision: "approve" | "reject" }) => decided(what.drafts, what.decision),
    onMutate: () => setNotice(null),
    onSuccess: (done, { decision }) => {
      const good = done.filter((one) => !one.code).length;
      const bad = done.find((one) => one.code);
      const said = `${good} ${good === 1 ? "reply" : "replies"} ${decision === "approve" ? "approved" : "rejected"}.`;
      setNotice(bad ? `${said} ${done.length - good} could not be: ${bad.detail}.` : said);
    },
    onSettled: () => Promise.all([queries.invalidateQueries({ queryKey: ["drafts"] }), queries.invalidateQueries({ queryKey: ["review-rules"] })]),
  });
  const together = drafts.filter((draft) => chosen.has(draft.id));

  function toggle(id: string) {
    setChosen((before) => {
      const after = new Set(before);
      if (!after.delete(id)) after.add(id);
      return after;
    });
  }

  function onKeyDown(event: KeyboardEvent<HTMLDivElement>) {
    const inField = event.target instanceof HTMLTextAreaElement || event.target instanceof HTMLButtonElement;
    const command = inField || decide.isPending ? undefined : commandOf(event);
    if (!command) return;
    event.preventDefault();
    const draft = drafts.find((one) => one.id === current);
    if (command === "next") setCurrent(moved(ids, ids, current, 1));
    else if (command === "previous") setCurrent(moved(ids, ids, current, -1));
    else if (command === "select" && current) toggle(current);
    else if (command === "edit") setEditing(current);
    else if (command === "approve" || command === "reject") {
      const what = together.length > 0 ? together : draft ? [draft] : [];
      if (what.length > 0) decide.mutate({ drafts: what, decision: command });
    }
  }

  return (
    <Stack>
      <Notice text={notice} dismiss={() => setNotice(null)} />
      {decide.error && <Trouble error={decide.error} />}
      {drafts.length === 0 ? (
        <Text>Nothing waits for you.</Text>
      ) : (
        <>
          <Group justify="space-between" gap="xs">
            <Text size="sm" c="dimmed" component="div">
              <Kbd>j</Kbd> <Kbd>k</Kbd> move, <Kbd>a</Kbd> approve, <Kbd>r</Kbd> reject, <Kbd>e</Kbd> edit, <Kbd>x</Kbd> select
            </Text>
            <Group gap="xs">
              <Button
                size="xs"
                variant="default"
                onClick={() => setChosen(together.length === drafts.length ? new Set() : new Set(ids))}
              >
                {together.length === drafts.length ? "Select none" : "Select all"}
              </Button>
              <Button size="xs" disabled={together.length === 0} loading={decide.isPending} onClick={() => decide.mutate({ drafts: together, decision: "approve" })}>
                Approve {together.length} selected
              </Button>
              <Button size="xs" variant="default" disabled={together.length === 0} onClick={() => decide.mutate({ drafts: together, decision: "reject" })}>
                Reject selected
              </Button>
            </Group>
          </Group>
          <Stack ref={list} role="group" aria-label="Drafts that wait" tabIndex={0} onKeyDown={onKeyDown} gap="sm" data-autofocus>
            {drafts.map((draft) => (
              <Card
                key={draft.id}
                draft={draft}
                here={draft.id === current}
                look={() => setCurrent(draft.id)}
                chosen={chosen.has(draft.id)}
                toggle={() => toggle(draft.id)}
                editing={editing === draft.id}
                edit={(on) => {
                  setEditing(on ? draft.id : null);
                  if (!on) list.current?.focus();
                }}
                busy={decide.isPending}
                decide={(decision) => decide.mutate({ drafts: [draft], decision })}
              />
            ))}
          </Stack>
        </>
      )}
    </Stack>
  );
}

/** One is decided by itself, so that nobody sends what somebody else has just changed; many at once. */
async function decided(drafts: Draft[], decision: "approve" | "reject"): Promise<Decided[]> {
  const [only] = drafts;
  if (only && drafts.length === 1) {
    const body = decision === "approve" ? { version: only.version } : {};
    return [await request<Draft>("POST", `${PATH}/${only.id}/${decision}`, body)];
  }
  return (await request<Page<Decided>>("POST", `${PATH}/decisions`, { ids: drafts.map((draft) => draft.id), decision })).items;
}

function Card(props: {
  draft: Draft;
  here: boolean;
  look: () => void;
  chosen: boolean;
  toggle: () => void;
  editing: boolean;
  edit: (on: boolean) => void;
  busy: boolean;
  decide: (decision: "approve" | "reject") => void;
}) {
  const { draft, here, editing } = props;
  const who = draft.contact_name ?? "The customer";
  return (
    <Paper withBorder p="sm" component="article" aria-label={`Draft for ${who}`} aria-current={here || undefined} data-draft={draft.id} className={here ? "draft here" : "draft"} onClick={props.look}>
      <Stack gap="xs">
        <Group justify="space-between" gap="xs">
          <Group gap="xs">
            <Checkbox aria-label={`Select the draft for ${who}`} checked={props.chosen} onChange={props.toggle} />
            <Text fw={600}>{who}</Text>
            <Text size="sm" c="dimmed">
              {draft.agent} on {draft.channel}
            </Text>
            {draft.sampled && (
              <Badge size="sm" variant="default">
                sample of autopilot
              </Badge>
            )}
            {draft.edited_at && (
              <Badge size="sm" variant="default">
                edited
              </Badge>
            )}
          </Group>
          <Text size="xs" c="dimmed">
            waits since <When at={draft.created_at} />, until <When at={draft.expires_at} />
          </Text>
        </Group>
        <Text size="sm" c="dimmed" className="said">
          <VisuallyHidden>{who} wrote: </VisuallyHidden>
          {draft.question}
        </Text>
        {editing ? (
          <Editor draft={draft} done={() => props.edit(false)} />
        ) : (
          <>
            <Paper bg="var(--mantine-primary-color-light)" p="sm" className="said">
              <VisuallyHidden>{draft.agent} would answer: </VisuallyHidden>
              {draft.text}
            </Paper>
            <Group gap="xs">
              <Button size="xs" disabled={props.busy} onClick={() => props.decide("approve")}>
                Approve
              </Button>
              <Button size="xs" variant="default" disabled={props.busy} onClick={() => props.edit(true)}>
                Edit
              </Button>
              <Button size="xs" variant="default" disabled={props.busy} onClick={() => props.decide("reject")}>
                Reject
              </Button>
              <Button size="xs" variant="subtle" component={Link} to={`/conversations/${draft.conversation_id}`}>
                Conversation
              </Button>
            </Group>
          </>
        )}
      </Stack>
    </Paper>
  );
}

function Editor({ draft, done }: { draft: Draft; done: () => void }) {
  const [text, setText] = useState(draft.text);
  const queries = useQueryClient();
  const save = useMutation({
    mutationFn: () => request<Draft>("PATCH", `${PATH}/${draft.id}`, { text }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["drafts"] });
      done();
    },
  });
  function onKeyDown(event: KeyboardEvent) {
    if (event.key === "Escape") done();
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && text.trim() !== "") save.mutate();
  }
  return (
    <Stack gap="xs">
      <Textarea
        label="What is sent instead"
        description="Ctrl and Enter save, Escape leaves it as it was. What the agent wrote is kept beside it."
        autosize
        minRows={2}
        maxLength={32_000}
        autoFocus
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      {save.error && <Trouble error={save.error} />}
      <Group gap="xs">
        <Button size="xs" loading={save.isPending} disabled={text.trim() === "" || text === draft.text} onClick={() => save.mutate()}>
          Save
        </Button>
        <Button size="xs" variant="default" onClick={done}>
          Cancel
        </Button>
      </Group>
    </Stack>
  );
}

function Earlier() {
  return (
    <Listing<Draft> queryKey={["drafts", "all"]} path={`${PATH}?limit=50`} what="drafts" empty="No reply was a draft yet.">
      {(drafts) => (
        <Rows
          label="Drafts"
          rows={drafts}
          keyOf={(draft) => draft.id}
          columns={[
            {
              head: "Reply",
              cell: (draft) => (
                <>
                  <Text size="sm" lineClamp={2}>
                    {draft.text}
                  </Text>
                  {draft.original !== undefined && draft.original !== draft.text && (
                    <Text size="xs" c="dimmed" lineClamp={2}>
                      the agent wrote: {draft.original}
                    </Text>
                  )}
                </>
              ),
            },
            { head: "Became", width: 120, cell: (draft) => <Status is={draft.state} /> },
            { head: "For", from: "sm", cell: (draft) => draft.contact_name ?? "a customer" },
            { head: "Agent", from: "md", cell: (draft) => `${draft.agent} on ${draft.channel}` },
            { head: "When", from: "sm", width: 175, cell: (draft) => <When at={draft.decided_at ?? draft.created_at} /> },
          ]}
        />
      )}
    </Listing>
  );
}
