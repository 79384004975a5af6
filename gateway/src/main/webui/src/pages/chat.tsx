import { Badge, Button, Center, Group, Loader, Paper, Select, Stack, Text, Textarea, Title, VisuallyHidden } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type Dispatch, type FormEvent, type KeyboardEvent, type SetStateAction, useEffect, useRef, useState } from "react";
import { type Line, withPeople } from "../api/chat";
import { get, Problem, request, send } from "../api/client";
import { useLiveConversations } from "../api/live";
import { eventsOf } from "../api/sse";
import type { Agent, Answer, Message, Page } from "../api/types";
import { Trouble } from "../components/trouble";

const REASONS: Record<string, string> = {
  AGENT_NOT_IN_PLAN: "not in your plan",
  CHANNEL_NOT_IN_PLAN: "not on the web in your plan",
  SUBSCRIPTION_INACTIVE: "needs a plan",
  SUBSCRIPTION_SUSPENDED: "payment is overdue",
  CREDITS_EXHAUSTED: "no credits left",
  DENIED_BY_RULE: "denied by a rule of the platform",
};

/** Why none of the agents answers, where that is not their plan. */
const SILENCE: Record<string, string> = {
  SUBSCRIPTION_SUSPENDED: "Agents answer again as soon as the open payment is made.",
  SUBSCRIPTION_INACTIVE: "Agents answer as soon as you have a plan. Choose one under Plan.",
  CREDITS_EXHAUSTED: "Agents answer again when there are credits.",
};

/** Talking to an agent; replies appear while they are written. */
export function ChatPage() {
  const agents = useQuery({
    queryKey: ["agents"],
    queryFn: () => get<Page<Agent>>("/api/v1/agents"),
    // A plan that was just bought, or a trial that just began, opens agents within seconds.
    refetchInterval: (query) => (query.state.data?.items.some((agent) => agent.allowed) === false ? 3000 : false),
  });
  const [slug, setSlug] = useState<string | null>(null);
  const items = agents.data?.items ?? [];
  const chosen = items.find((agent) => agent.slug === slug) ?? items.find((agent) => agent.allowed);
  const found = chosen?.slug;
  useEffect(() => {
    // A conversation stays where it is when its agent may not answer any more.
    if (found) setSlug(found);
  }, [found]);
  if (agents.isPending) {
    return (
      <Center h={300} role="status" aria-label="Loading agents">
        <Loader />
      </Center>
    );
  }
  if (agents.error) return <Trouble error={agents.error} retry={() => void agents.refetch()} />;
  if (!chosen) {
    return (
      <Stack>
        <Title order={1} size="h2">
          Chat
        </Title>
        <Text>
          {items.length === 0
            ? "There are no agents yet. Platform staff adds them; come back soon."
            : (SILENCE[items[0]?.reason_code ?? ""] ?? "Your plan allows none of the agents. Choose another under Plan.")}
        </Text>
      </Stack>
    );
  }
  return (
    <div className="chat-page">
      <Group justify="space-between" mb="md" align="end">
        <div>
          <Title order={1} size="h2">
            {chosen.name}
          </Title>
          <Text c="dimmed" size="sm">
            {chosen.description}
          </Text>
        </div>
        <Select
          label="Agent"
          w={260}
          allowDeselect={false}
          value={chosen.slug}
          onChange={setSlug}
          data={items.map((agent) => ({
            value: agent.slug,
            label: agent.allowed ? agent.name : `${agent.name} (${REASONS[agent.reason_code ?? ""] ?? "not allowed"})`,
            disabled: !agent.allowed,
          }))}
        />
      </Group>
      <Conversation key={chosen.slug} agent={chosen} />
    </div>
  );
}

function Conversation({ agent }: { agent: Agent }) {
  const [lines, setLines] = useState<Line[]>([]);
  const [draft, setDraft] = useState("");
  const [partial, setPartial] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  const conversation = useRef<string | null>(null);
  const log = useRef<HTMLDivElement>(null);
  const queries = useQueryClient();
  const busy = partial !== null;
  const [held, setHeld] = useState<string | null>(null);
  useEffect(() => {
    log.current?.scrollTo({ top: log.current.scrollHeight });
  }, [lines, partial]);

  async function say(text: string, messageId: string) {
    setError(null);
    setPartial("");
    try {
      conversation.current ??= (await request<{ id: string }>("POST", "/api/v1/conversations", { agent: agent.slug })).id;
      const response = await send(
        "POST",
        `/api/v1/conversations/${conversation.current}/messages`,
        { text, client_message_id: messageId },
        { accept: "text/event-stream" },
      );
      const answer = await read(response, setPartial);
      if (answer === undefined) {
        setHeld(conversation.current);
        return;
      }
      setHeld(null);
      setLines((before) => [
        ...before,
        { key: answer.reply.id, who: "agent", text: answer.reply.text, note: credits(answer.usage.credits) },
      ]);
      void queries.invalidateQueries({ queryKey: ["credits"] });
    } catch (failure) {
      setError(failure);
      setLines((before) => before.filter((line) => line.key !== messageId));
      setDraft(text);
    } finally {
      setPartial(null);
    }
  }

  function submit(event?: FormEvent) {
    event?.preventDefault();
    const text = draft.trim();
    if (text === "" || busy) return;
    const messageId = crypto.randomUUID();
    setLines((before) => [...before, { key: messageId, who: "you", text }]);
    setDraft("");
    void say(text, messageId);
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing) {
      event.preventDefault();
      submit();
    }
  }

  return (
    <>
      <Stack className="chat-log" ref={log} role="log" aria-label={`Conversation with ${agent.name}`} tabIndex={0} gap="sm">
        {lines.length === 0 && !busy && (
          <Text c="dimmed" ta="center" py="xl">
            Say something to {agent.name}. Enter sends, Shift and Enter begin a new line.
          </Text>
        )}
        {lines.map((line) => (
          <Bubble key={line.key} who={line.who} name={agent.name} text={line.text} note={line.note} />
        ))}
        {busy && <Bubble who="agent" name={agent.name} text={partial === "" ? "…" : partial} />}
      </Stack>
      {error !== null && <Trouble error={error} />}
      {held !== null && <People conversation={held} show={setLines} />}
      <form onSubmit={submit}>
        <Group align="end" mt="sm" wrap="nowrap">
          <Textarea
            aria-label="Your message"
            placeholder="Your message"
            autosize
            minRows={1}
            maxRows={6}
            flex={1}
            maxLength={32_000}
            value={draft}
            onChange={(event) => setDraft(event.currentTarget.value)}
            onKeyDown={onKeyDown}
          />
          <Button type="submit" loading={busy} disabled={draft.trim() === "" && !busy}>
            Send
          </Button>
        </Group>
      </form>
    </>
  );
}

/** Shows what people write in a conversation that one of them has. */
function People({ conversation, show }: { conversation: string; show: Dispatch<SetStateAction<Line[]>> }) {
  useLiveConversations();
  const messages = useQuery({
    queryKey: ["conversation", conversation, "messages"],
    queryFn: () => get<Page<Message>>(`/api/v1/conversations/${conversation}/messages?limit=20`),
    refetchInterval: 5_000,
  });
  const said = messages.data?.items;
  useEffect(() => {
    if (said) show((before) => withPeople(before, said));
  }, [said, show]);
  return (
    <Text size="sm" c="dimmed" role="status">
      Your message is with a person, who answers here.
    </Text>
  );
}

/** Reads a streamed answer, showing the text as it grows; none when a person answers another time. Fails with the problem that the stream ends in. */
async function read(response: Response, show: (text: string) => void): Promise<Answer | undefined> {
  let text = "";
  for await (const event of eventsOf(response)) {
    if (event.name === "delta") {
      text += (JSON.parse(event.data) as { text: string }).text;
      show(text);
    } else if (event.name === "held") {
      return undefined;
    } else if (event.name === "message") {
      return JSON.parse(event.data) as Answer;
    } else if (event.name === "problem") {
      const body = JSON.parse(event.data);
      throw new Problem(body.status ?? 500, body);
    }
  }
  throw new Problem(502, { title: "The answer broke off", detail: "Nothing was charged. Send your message again." });
}

function credits(count: number | null): string | undefined {
  if (count === null) return undefined; // settled a moment later, by the usage event
  return count === 1 ? "1 credit" : `${count} credits`;
}

function Bubble({ who, name, text, note }: { who: "you" | "agent"; name: string; text: string; note?: string }) {
  const mine = who === "you";
  return (
    <Paper withBorder={!mine} bg={mine ? "var(--mantine-primary-color-light)" : undefined} p="sm" ml={mine ? "auto" : 0} className="said">
      <VisuallyHidden>{mine ? "You: " : `${name}: `}</VisuallyHidden>
      {text}
      {note && (
        <Badge variant="default" size="xs" ml="xs">
          {note}
        </Badge>
      )}
    </Paper>
  );
}
