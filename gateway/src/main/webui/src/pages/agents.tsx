import { Anchor, Button, SimpleGrid, Stack, TagsInput, Text, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Link, Route, Routes, useParams } from "react-router";
import { get, request } from "../api/client";
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

/** The agents that the organisation is offered, and what it sets of each. */
export default function AgentPages({ me }: { me: Me }) {
  return (
    <Routes>
      <Route index element={<Agents />} />
      <Route path=":slug" element={<Configuration me={me} />} />
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

function Configuration({ me }: { me: Me }) {
  const { slug = "" } = useParams();
  const path = `/api/v1/agents/${slug}/configuration`;
  const stored = useQuery({ queryKey: ["agent-configuration", slug], queryFn: () => get<AgentConfiguration>(path) });
  const [notice, setNotice] = useState<string | null>(null);
  return (
    <Stack maw={760}>
      <Heading title={`Agent ${slug}`} about={stored.data?.updated_at ? <>Last set <When at={stored.data.updated_at} />.</> : "Nothing is set yet: it answers as it comes."} />
      <Notice text={notice} dismiss={() => setNotice(null)} />
      {stored.isPending && <Waiting label="Loading the configuration" />}
      {stored.error && <Trouble error={stored.error} retry={() => void stored.refetch()} />}
      {stored.data && <Form key={stored.data.updated_at ?? ""} path={path} from={stored.data} readOnly={!atLeast(me.role, "admin")} say={setNotice} />}
    </Stack>
  );
}

const NAMED = ["persona", "goals", "industry", "keywords"];

function Form({ path, from, readOnly, say }: { path: string; from: AgentConfiguration; readOnly: boolean; say: (notice: string | null) => void }) {
  const [persona, setPersona] = useState(from.persona ?? "");
  const [goals, setGoals] = useState(from.goals ?? "");
  const [industry, setIndustry] = useState(from.industry ?? "");
  const [keywords, setKeywords] = useState(from.keywords);
  const [variables, setVariables] = useState(from.variables);
  const queries = useQueryClient();
  const save = useMutation({
    mutationFn: () =>
      request<AgentConfiguration>("PUT", path, {
        ...(persona.trim() === "" ? {} : { persona }),
        ...(goals.trim() === "" ? {} : { goals }),
        ...(industry.trim() === "" ? {} : { industry }),
        keywords,
        variables: Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== "")),
        ...(from.tools ? { tools: from.tools } : {}),
        ...(from.answer_cache ? { answer_cache: from.answer_cache } : {}),
      }),
    onMutate: () => say(null),
    onSuccess: (stored) => {
      queries.setQueryData(["agent-configuration", stored.agent], stored);
      say("Saved. The next reply follows it.");
    },
  });
  const about = (name: string, what: string) => (name in from.accepts ? what : `${what}. This agent's prompt has no place for it yet.`);
  const others = Object.entries(from.accepts).filter(([name]) => !NAMED.includes(name));

  function submit(event: FormEvent) {
    event.preventDefault();
    save.mutate();
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
        {save.error && <Trouble error={save.error} />}
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
