import { Anchor, Button, Checkbox, NumberInput, SimpleGrid, Stack, Tabs, TagsInput, Text, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Link, Route, Routes, useParams } from "react-router";
import { get, Problem, request } from "../api/client";
import { scheduleBody, scheduleFaults, sound, typedSchedule } from "../api/hours";
import { atLeast } from "../api/roles";
import type { Agent, AgentConfiguration, Me } from "../api/types";
import { Heading } from "../components/heading";
import { Listing } from "../components/listing";
import { Notice } from "../components/notice";
import { Rows } from "../components/rows";
import { Section } from "../components/section";
import { Status } from "../components/status";
import { Trouble } from "../components/trouble";
import { Waiting } from "../components/waiting";
import { When } from "../components/when";
import { Filters, Hours } from "./agent-hours";
import { Golden } from "./prompts/golden";
import { Versions } from "./prompts/versions";

/** The agents that the organisation is offered, and what it sets of each. */
export default function AgentPages({ me }: { me: Me }) {
  return (
    <Routes>
      <Route index element={<Agents />} />
      <Route path=":slug" element={<AgentPage me={me} />} />
    </Routes>
  );
}

function Agents() {
  return (
    <Stack>
      <Heading title="Agents" about="Tell each who it is for you and what it is to achieve." />
      <Listing<Agent> queryKey={["agents", "list"]} path="/api/v1/agents" what="agents" empty="There are no agents yet.">
        {(agents) => (
          <Rows
            label="Agents"
            rows={agents}
            keyOf={(agent) => agent.id}
            columns={[
              {
                head: "Agent",
                width: 200,
                cell: (agent) => (
                  <Anchor component={Link} to={`/agents/${agent.slug}`} size="sm">
                    {agent.name}
                  </Anchor>
                ),
              },
              { head: "What it does", from: "sm", cell: ({ description }) => description },
              { head: "Your plan", width: 140, cell: ({ allowed }) => <Status is={allowed ? "allowed" : "not_included"} /> },
            ]}
          />
        )}
      </Listing>
    </Stack>
  );
}

function AgentPage({ me }: { me: Me }) {
  const { slug = "" } = useParams();
  const [notice, setNotice] = useState<string | null>(null);
  const base = `/api/v1/agents/${slug}`;
  return (
    <Stack>
      <Heading title={`Agent ${slug}`} about="What you set here counts for your organisation alone." />
      <Notice text={notice} dismiss={() => setNotice(null)} />
      {atLeast(me.role, "admin") ? (
        <Tabs defaultValue="configuration" keepMounted={false} onChange={() => setNotice(null)}>
          <Tabs.List mb="md">
            <Tabs.Tab value="configuration">Configuration</Tabs.Tab>
            <Tabs.Tab value="prompts">Your own prompt</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="configuration">
            <Configuration slug={slug} say={setNotice} />
          </Tabs.Panel>
          <Tabs.Panel value="prompts">
            <Stack>
              <Versions own of={`own-${slug}`} base={base} say={setNotice} />
              <Golden own base={base} of={`own-${slug}`} empty="There are none: your versions are activated untried." />
            </Stack>
          </Tabs.Panel>
        </Tabs>
      ) : (
        <Configuration slug={slug} readOnly say={setNotice} />
      )}
    </Stack>
  );
}

function Configuration({ slug, readOnly = false, say }: { slug: string; readOnly?: boolean; say: (notice: string | null) => void }) {
  const path = `/api/v1/agents/${slug}/configuration`;
  const stored = useQuery({ queryKey: ["agent-configuration", slug], queryFn: () => get<AgentConfiguration>(path) });
  return (
    <Stack maw={760}>
      {stored.isPending && <Waiting label="Loading the configuration" />}
      {stored.error && <Trouble error={stored.error} retry={() => void stored.refetch()} />}
      {stored.data && <Form key={stored.data.updated_at ?? ""} path={path} from={stored.data} readOnly={readOnly} say={say} />}
      {stored.data && (
        <Text size="sm" c="dimmed">
          {stored.data.updated_at ? <>Last set <When at={stored.data.updated_at} />.</> : "Nothing is set yet: it answers as it comes."}
        </Text>
      )}
    </Stack>
  );
}

const HOUR = 60 * 60;
const DAY = 24 * HOUR;
const NAMED = ["persona", "goals", "industry", "keywords"];

function Form({ path, from, readOnly, say }: { path: string; from: AgentConfiguration; readOnly: boolean; say: (notice: string | null) => void }) {
  const [persona, setPersona] = useState(from.persona ?? "");
  const [goals, setGoals] = useState(from.goals ?? "");
  const [industry, setIndustry] = useState(from.industry ?? "");
  const [keywords, setKeywords] = useState(from.keywords);
  const [variables, setVariables] = useState(from.variables);
  const [tools, setTools] = useState(from.tools ?? []);
  const [kept, setKept] = useState(from.answer_cache?.enabled ?? false);
  const [hours, setHours] = useState<number | string>(Math.max(1, Math.round((from.answer_cache?.max_age_seconds ?? DAY) / HOUR)));
  const [schedule, setSchedule] = useState(() => typedSchedule(from.schedule, Intl.DateTimeFormat().resolvedOptions().timeZone));
  const [checked, setChecked] = useState(false);
  const [ignore, setIgnore] = useState(from.filters?.ignore ?? []);
  const [only, setOnly] = useState(from.filters?.only_channels ?? []);
  const queries = useQueryClient();
  const open = scheduleBody(schedule);
  const save = useMutation({
    mutationFn: () =>
      request<AgentConfiguration>("PUT", path, {
        ...(persona.trim() === "" ? {} : { persona }),
        ...(goals.trim() === "" ? {} : { goals }),
        ...(industry.trim() === "" ? {} : { industry }),
        keywords,
        variables: Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== "")),
        tools,
        ...(kept ? { answer_cache: { enabled: true, max_age_seconds: Number(hours) * HOUR } } : {}),
        ...(open ? { schedule: open } : {}),
        ...(ignore.length + only.length > 0 ? { filters: { ignore, ...(only.length > 0 ? { only_channels: only } : {}) } } : {}),
      }),
    onMutate: () => say(null),
    onSuccess: (stored) => {
      queries.setQueryData(["agent-configuration", stored.agent], stored);
      say("Saved. The next reply follows it.");
    },
  });
  const about = (name: string, what: string) => (name in from.accepts ? what : `${what}. This agent's prompt has no place for it yet.`);
  const faults = scheduleFaults(schedule);
  const zoneRefused = save.error instanceof Problem && save.error.message.startsWith("schedule.time_zone") ? save.error.message : undefined;
  // To be taken away here: the server refuses one that is gone.
  const gone = (from.tools ?? []).filter((name) => from.tools_offered.every((tool) => tool.name !== name)).map((name) => ({ name, description: "Switched off or deleted" }));
  const others = Object.entries(from.accepts).filter(([name]) => !NAMED.includes(name));

  function submit(event: FormEvent) {
    event.preventDefault();
    setChecked(true);
    if (sound(faults)) save.mutate();
  }

  return (
    <form onSubmit={submit}>
      <Stack>
        <Section title="Who it is for you" about="Used where the agent's prompt has a place for it.">
          <Textarea label="Persona" description={about("persona", "Its character and tone")} autosize minRows={2} maxLength={4000} disabled={readOnly} value={persona} onChange={(event) => setPersona(event.currentTarget.value)} />
          <Textarea label="Goals" description={about("goals", "What it is to achieve")} autosize minRows={2} maxLength={4000} disabled={readOnly} value={goals} onChange={(event) => setGoals(event.currentTarget.value)} />
          <TextInput label="Industry" description={about("industry", "The business that it works for")} maxLength={200} disabled={readOnly} value={industry} onChange={(event) => setIndustry(event.currentTarget.value)} />
          <TagsInput label="Keywords" description={about("keywords", "What it is to listen for")} maxTags={100} disabled={readOnly} value={keywords} onChange={setKeywords} />
        </Section>
        {others.length > 0 && (
          <Section title="What it knows of you" about="Empty is what the agent says by itself.">
            <SimpleGrid cols={{ base: 1, sm: 2 }}>
              {others.map(([name, standard]) => (
                <TextInput
                  key={name}
                  label={name}
                  placeholder={standard}
                  maxLength={4000}
                  disabled={readOnly}
                  value={variables[name] ?? ""}
                  onChange={(event) => {
                    const { value } = event.currentTarget;
                    setVariables((before) => ({ ...before, [name]: value }));
                  }}
                />
              ))}
            </SimpleGrid>
          </Section>
        )}
        <Section title="What it may do" about="It uses what you allow when a conversation asks for it.">
          <Checkbox.Group aria-label="Functions" value={tools} onChange={setTools}>
            <Stack gap="xs">
              {[...from.tools_offered, ...gone].map((tool) => (
                <Checkbox key={tool.name} value={tool.name} label={tool.name.replaceAll("_", " ")} description={tool.description} disabled={readOnly} />
              ))}
            </Stack>
          </Checkbox.Group>
          {!readOnly && (
            <Anchor component={Link} to="/functions" size="sm">
              Add functions of your own
            </Anchor>
          )}
        </Section>
        <Hours schedule={schedule} faults={checked ? { ...faults, timeZone: faults.timeZone ?? zoneRefused } : { hours: {} }} readOnly={readOnly} change={setSchedule} />
        <Filters ignore={ignore} only={only} readOnly={readOnly} setIgnore={setIgnore} setOnly={setOnly} />
        <Section title="The same question again" about="Answers that are given again cost no tokens.">
          <Checkbox label="Give the same answer to the same question in the same context" checked={kept} disabled={readOnly} onChange={(event) => setKept(event.currentTarget.checked)} />
          {kept && <NumberInput label="For" suffix=" hours" maw={200} min={1} max={168} allowDecimal={false} disabled={readOnly} value={hours} onChange={setHours} />}
        </Section>
        {save.error && <Trouble error={save.error} />}
        {checked && !sound(faults) && (
          <Text size="sm" c="red" role="alert">
            Look at its hours once more: something is missing there.
          </Text>
        )}
        {readOnly ? (
          <Text size="sm">Admins and owners change this.</Text>
        ) : (
          <Button type="submit" style={{ alignSelf: "start" }} loading={save.isPending}>
            Save
          </Button>
        )}
      </Stack>
    </form>
  );
}
