import { Anchor, Button, Group, Modal, Paper, Select, Stack, Text, Textarea } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from "react";
import { Link, Route, Routes, useParams, useSearchParams } from "react-router";
import { channelChoices } from "../api/channels";
import { get, request } from "../api/client";
import { useLiveConversations } from "../api/live";
import { after, facts, named, type Trace } from "../api/operation";
import type { Contact, Conversation, Me, Message, Page } from "../api/types";
import { useChannelTypes } from "../components/channel-types";
import { Heading } from "../components/heading";
import { Listing } from "../components/listing";
import { Rows } from "../components/rows";
import { Status } from "../components/status";
import { Trouble } from "../components/trouble";
import { Waiting } from "../components/waiting";
import { When } from "../components/when";

const PATH = "/api/v1/conversations";

/** What customers and agents said to each other, and the place where people join in. */
export default function ConversationPages({ me }: { me: Me }) {
  useLiveConversations();
  return (
    <Routes>
      <Route index element={<Conversations me={me} />} />
      <Route path=":id" element={<OneConversation me={me} />} />
    </Routes>
  );
}

function Conversations({ me }: { me: Me }) {
  const [search, setSearch] = useSearchParams();
  const types = useChannelTypes();
  const owner = search.get("status") ?? "";
  const channel = search.get("channel") ?? "";
  const query = new URLSearchParams([
    ["limit", "50"],
    ...(owner === "mine" ? [["status", "staff"], ["assigned_to", me.user_id]] : owner ? [["status", owner]] : []),
    ...(channel ? [["channel", channel]] : []),
  ]).toString();
  const choose = (name: string, value: string | null) => {
    const next = new URLSearchParams(search);
    if (value) next.set(name, value);
    else next.delete(name);
    setSearch(next);
  };
  return (
    <Stack>
      <Heading title="Conversations" about="What was said, how it came about, and who speaks now." />
      <Group gap="xs" align="end">
        <Select
          label="Who speaks"
          placeholder="Anybody"
          clearable
          w={180}
          value={owner || null}
          onChange={(value) => choose("status", value)}
          data={[
            { value: "bot", label: "The agent" },
            { value: "waiting", label: "Waits for a person" },
            { value: "staff", label: "A person" },
            { value: "mine", label: "I" },
          ]}
        />
        <Select
          label="Channel"
          placeholder="Any"
          clearable
          w={180}
          value={channel || null}
          onChange={(value) => choose("channel", value)}
          data={[...channelChoices(types), { value: "web", label: "Web" }, { value: "api", label: "API" }]}
        />
      </Group>
      <Listing<Conversation> queryKey={["conversations", query]} path={`${PATH}?${query}`} what="conversations" empty="There are no conversations here.">
        {(conversations) => (
          <Rows
            label="Conversations"
            rows={conversations}
            keyOf={(conversation) => conversation.id}
            columns={[
              {
                head: "Conversation",
                cell: (conversation) => (
                  <Anchor component={Link} to={`/conversations/${conversation.id}`} size="sm">
                    {conversation.agent} on {conversation.channel}
                  </Anchor>
                ),
              },
              { head: "Speaks", width: 100, cell: (conversation) => <Status is={conversation.owner} /> },
              { head: "Turns", width: 80, right: true, from: "sm", cell: (conversation) => conversation.messages.toLocaleString() },
              { head: "Last", width: 175, from: "sm", cell: (conversation) => <When at={conversation.updated_at} /> },
            ]}
          />
        )}
      </Listing>
    </Stack>
  );
}

function OneConversation({ me }: { me: Me }) {
  const { id = "" } = useParams();
  // The socket tells of the organisation that the server would choose, which may be another one of several.
  const refetchInterval = me.memberships.length > 1 ? 5_000 : (false as const);
  const conversation = useQuery({ queryKey: ["conversation", id], queryFn: () => get<Conversation>(`${PATH}/${id}`), refetchInterval });
  if (conversation.isPending) return <Waiting label="Loading the conversation" />;
  if (conversation.error && !conversation.data) return <Trouble error={conversation.error} retry={() => void conversation.refetch()} />;
  return <Opened conversation={conversation.data} me={me} refetchInterval={refetchInterval} />;
}

function Opened({ conversation, me, refetchInterval }: { conversation: Conversation; me: Me; refetchInterval: number | false }) {
  const path = `${PATH}/${conversation.id}`;
  const [traced, setTraced] = useState<string | null>(null);
  const queries = useQueryClient();
  const log = useRef<HTMLDivElement>(null);
  const messages = useQuery({
    queryKey: ["conversation", conversation.id, "messages"],
    queryFn: () => get<Page<Message>>(`${path}/messages?limit=100`),
    refetchInterval,
  });
  const contact = useQuery({
    queryKey: ["contact", conversation.contact_id],
    queryFn: () => get<Contact>(`/api/v1/contacts/${conversation.contact_id}`),
    enabled: Boolean(conversation.contact_id),
  });
  const turn = useMutation({
    mutationFn: (to: "takeover" | "handback") => request("POST", `${path}/${to}`),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["conversation", conversation.id] }),
  });
  const said = [...(messages.data?.items ?? [])].reverse();
  const latest = said.at(-1)?.id;
  useEffect(() => {
    if (latest) log.current?.scrollTo({ top: log.current.scrollHeight });
  }, [latest]);
  const customer = contact.data?.display_name ?? contact.data?.phone ?? "Customer";
  const staffed = conversation.owner !== "bot";
  // Who calls chat completions keeps the conversation: nobody else is heard there.
  const open = conversation.channel !== "api";
  return (
    <div className="chat-page">
      <Heading
        title={conversation.contact_id ? customer : `${conversation.agent} on ${conversation.channel}`}
        about={
          <>
            {conversation.agent} on {conversation.channel}, since <When at={conversation.created_at} />.{" "}
            {conversation.owner === "staff" && (
              <>
                {conversation.assigned_to === me.user_id ? "You have" : "A person has"} this conversation until <When at={conversation.owner_until} />, or longer while {conversation.assigned_to === me.user_id ? "you" : "they"} write.
              </>
            )}
            {conversation.owner === "waiting" && "The agent asked for a person."}
          </>
        }
      >
        <Status is={conversation.owner} />
        {open && conversation.assigned_to !== me.user_id && (
          <Button loading={turn.isPending} onClick={() => turn.mutate("takeover")}>
            Take over
          </Button>
        )}
        {open && staffed && (
          <Button variant="default" loading={turn.isPending} onClick={() => turn.mutate("handback")}>
            Hand back
          </Button>
        )}
      </Heading>
      {turn.error && <Trouble error={turn.error} />}
      {messages.error && <Trouble error={messages.error} retry={() => void messages.refetch()} />}
      <Stack className="chat-log" ref={log} role="log" aria-label={`Conversation with ${customer}`} tabIndex={0} gap="sm" mt="md">
        {messages.isPending && <Waiting label="Loading messages" />}
        {messages.data?.next_cursor && <Text size="sm">Only the latest 100 messages are shown.</Text>}
        {said.map((message) => (
          <Said key={message.id} message={message} who={name(message.role, customer, conversation.agent)} trace={() => setTraced(message.operation_id ?? null)} />
        ))}
      </Stack>
      {open && <Composer path={path} conversation={conversation.id} mine={conversation.assigned_to === me.user_id} />}
      {traced && <TraceOf operation={traced} close={() => setTraced(null)} />}
    </div>
  );
}

function name(role: string, customer: string, agent: string): string {
  if (role === "user") return customer;
  if (role === "assistant") return agent;
  return role === "staff" ? "A person" : "Parley";
}

function Said({ message, who, trace }: { message: Message; who: string; trace: () => void }) {
  const ours = message.role !== "user";
  return (
    <Paper withBorder={!ours} bg={ours ? "var(--mantine-primary-color-light)" : undefined} p="sm" ml={ours ? "auto" : 0} className="said" role="article" aria-label={`${who} wrote`}>
      <Group gap="xs" mb={4}>
        <Text size="xs" fw={600}>
          {who}
        </Text>
        <Text size="xs" c="dimmed">
          <When at={message.at} />
        </Text>
        {message.status && <Status is={message.status} />}
        {message.operation_id && (
          <Button size="compact-xs" variant="subtle" onClick={trace}>
            Trace
          </Button>
        )}
      </Group>
      {message.text}
    </Paper>
  );
}

/** Whoever writes has the conversation: the agent is silent until it is handed back. */
function Composer({ path, conversation, mine }: { path: string; conversation: string; mine: boolean }) {
  const [text, setText] = useState("");
  const [id, setId] = useState(() => crypto.randomUUID());
  const queries = useQueryClient();
  const say = useMutation({
    mutationFn: () => request("POST", `${path}/messages`, { text: text.trim(), client_message_id: id, as: "staff" }),
    onSuccess: async () => {
      setText("");
      setId(crypto.randomUUID());
      await queries.invalidateQueries({ queryKey: ["conversation", conversation] });
    },
  });
  function submit(event?: FormEvent) {
    event?.preventDefault();
    if (text.trim() !== "" && !say.isPending) say.mutate();
  }
  function onKeyDown(event: KeyboardEvent) {
    if (event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing) {
      event.preventDefault();
      submit();
    }
  }
  return (
    <form onSubmit={submit}>
      {say.error && <Trouble error={say.error} />}
      <Group align="end" mt="sm" wrap="nowrap">
        <Textarea
          aria-label="Your message to the customer"
          placeholder={mine ? "Your message to the customer" : "Write to take the conversation over"}
          autosize
          minRows={1}
          maxRows={6}
          flex={1}
          maxLength={32_000}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
        <Button type="submit" loading={say.isPending} disabled={text.trim() === ""}>
          Send
        </Button>
      </Group>
    </form>
  );
}

function TraceOf({ operation, close }: { operation: string; close: () => void }) {
  const trace = useQuery({ queryKey: ["trace", operation], queryFn: () => get<Trace>(`/api/v1/operations/${operation}`), staleTime: 0 });
  const steps = trace.data?.steps ?? [];
  return (
    <Modal opened onClose={close} size="xl" title="How this came about" closeButtonProps={{ "aria-label": "Close" }}>
      {trace.isPending && <Waiting label="Loading the trace" />}
      {trace.error && <Trouble error={trace.error} retry={() => void trace.refetch()} />}
      {trace.data && (
        <Stack>
          <Rows
            label="Steps"
            rows={steps.map((step, place) => ({ step, place }))}
            keyOf={({ place }) => String(place)}
            columns={[
              { head: "Step", width: 190, cell: ({ step }) => named(step) },
              { head: "After", width: 80, right: true, cell: ({ step }) => <time title={step.at}>{after(steps, step)}</time> },
              { head: "By", width: 130, from: "sm", cell: ({ step }) => step.service },
              {
                head: "What is known",
                cell: ({ step }) => (
                  <dl className="facts">
                    {facts(step).map(([fact, value]) => (
                      <div key={fact}>
                        <dt>{fact}</dt>
                        <dd>{value}</dd>
                      </div>
                    ))}
                  </dl>
                ),
              },
            ]}
          />
          {trace.data.unanswered.length > 0 && <Text size="sm">Could not be asked just now: {trace.data.unanswered.join(", ")}.</Text>}
          <Text size="xs" c="dimmed">
            Operation {operation}
          </Text>
        </Stack>
      )}
    </Modal>
  );
}
