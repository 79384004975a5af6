import { Anchor, Button, Card, Group, NumberInput, SimpleGrid, Stack, TagsInput, Text, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Link, useNavigate, useParams } from "react-router";
import { get, request } from "../../api/client";
import type { DenialRule, RulesDocument, RulesVersion } from "../../api/types";
import { Dialog } from "../../components/dialog";
import { Heading } from "../../components/heading";
import { Listing } from "../../components/listing";
import { Notice } from "../../components/notice";
import { Rows } from "../../components/rows";
import { Section } from "../../components/section";
import { Simulate } from "../../components/simulate";
import { Status } from "../../components/status";
import { Trouble } from "../../components/trouble";
import { Waiting } from "../../components/waiting";
import { When } from "../../components/when";

const RULES = "/api/v1/admin/policy-rules";

/** The platform's own rules, version by version; one is in force. */
export function RulesPage() {
  const [activating, setActivating] = useState<RulesVersion | null>(null);
  const [notice, setNotice] = useState<string | null>(null);
  return (
    <Stack>
      <Heading title="Rules" about="What is denied whatever a plan says, and what staff may change alone. A version never changes.">
        <Button component={Link} to="/admin/rules/new">
          New draft
        </Button>
      </Heading>
      <Notice text={notice} dismiss={() => setNotice(null)} />
      <Listing<RulesVersion> queryKey={["policy-rules"]} path={`${RULES}?limit=50`} what="rules" empty="There are none yet: only plans decide.">
        {(versions) => (
          <Rows
            label="Versions of the rules"
            rows={versions}
            keyOf={(version) => String(version.version)}
            minWidth={560}
            columns={[
              {
                head: "Version",
                width: 90,
                cell: ({ version }) => (
                  <Anchor component={Link} to={`/admin/rules/${version}`} size="sm">
                    {version}
                  </Anchor>
                ),
              },
              { head: "Status", width: 100, cell: ({ status }) => <Status is={status} /> },
              { head: "What it says", cell: ({ rules }) => said(rules) },
              { head: "Drafted", from: "md", width: 160, cell: ({ created_at }) => <When at={created_at} /> },
              {
                head: "In force",
                width: 160,
                cell: (version) =>
                  version.status === "active" ? (
                    <When at={version.activated_at} />
                  ) : (
                    <Button size="compact-xs" variant="default" aria-label={`Put version ${version.version} in force`} onClick={() => setActivating(version)}>
                      Put in force…
                    </Button>
                  ),
              },
            ]}
          />
        )}
      </Listing>
      {activating && <Activation version={activating.version} close={() => setActivating(null)} say={setNotice} />}
    </Stack>
  );
}

function said({ deny = [], sizing, administrative }: RulesDocument): string {
  const parts = deny.map((rule) => `denies ${rule.id}`);
  if (administrative?.four_eyes_above !== undefined) parts.push(`four eyes above ${administrative.four_eyes_above.toLocaleString()} credits`);
  if (sizing) parts.push("sizes of model calls");
  return parts.join(", ") || "nothing";
}

function Activation({ version, close, say }: { version: number; close: () => void; say: (notice: string) => void }) {
  const [reason, setReason] = useState("");
  const queries = useQueryClient();
  return (
    <Dialog
      title={`Put version ${version} in force?`}
      action="Put in force"
      close={close}
      disabled={reason.trim() === ""}
      run={async () => {
        await request("POST", `${RULES}/${version}/activation`, { reason: reason.trim() });
        await queries.invalidateQueries({ queryKey: ["policy-rules"] });
        say(`Everything is decided by version ${version} now.`);
      }}
    >
      <Text>From the next decision on, everywhere. See what it changes first: open the version and simulate it.</Text>
      <TextInput label="Reason" required maxLength={1000} data-autofocus value={reason} onChange={(event) => setReason(event.currentTarget.value)} />
    </Dialog>
  );
}

/** A draft that begins as one of the versions, or empty; it can be tried on what was really asked. */
export function RulesDraftPage() {
  const { version = "new" } = useParams();
  const from = useQuery({
    queryKey: ["policy-rules-version", version],
    queryFn: () => get<RulesVersion>(`${RULES}/${version}`),
    enabled: version !== "new",
    staleTime: Infinity,
  });
  if (version === "new") return <RulesDraft key="new" />;
  if (from.isPending) return <Waiting label="Loading the rules" />;
  if (from.error) return <Trouble error={from.error} retry={() => void from.refetch()} />;
  return <RulesDraft key={version} from={from.data} />;
}

function RulesDraft({ from }: { from?: RulesVersion }) {
  const [deny, setDeny] = useState<DenialRule[]>(from?.rules.deny ?? []);
  const [fourEyes, setFourEyes] = useState<number | string>(from?.rules.administrative?.four_eyes_above ?? "");
  const queries = useQueryClient();
  const navigate = useNavigate();
  const document: RulesDocument = {
    ...(from?.rules.sizing ? { sizing: from.rules.sizing } : {}),
    ...(deny.length === 0 ? {} : { deny: deny.map(tidied) }),
    ...(fourEyes === "" ? {} : { administrative: { four_eyes_above: Number(fourEyes) } }),
  };
  const save = useMutation({
    mutationFn: () => request<RulesVersion>("POST", RULES, document),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["policy-rules"] });
      await navigate("/admin/rules");
    },
  });
  const change = (place: number, rule: DenialRule) => setDeny((before) => before.map((one, at) => (at === place ? rule : one)));

  function submit(event: FormEvent) {
    event.preventDefault();
    save.mutate();
  }

  return (
    <Stack maw={960}>
      <Heading title={from ? `A draft from version ${from.version}` : "New rules"} about="A draft decides nothing before it is put in force." />
      <form onSubmit={submit} id="rules">
        <Stack>
          {deny.map((rule, place) => (
            <Denial
              // The rules of a draft have no other name than their place.
              key={place}
              rule={rule}
              number={place + 1}
              change={(next) => change(place, next)}
              remove={() => setDeny((before) => before.filter((_, at) => at !== place))}
            />
          ))}
          <Group>
            <Button variant="default" onClick={() => setDeny((before) => [...before, { id: "", remedy: "" }])}>
              Add a denial
            </Button>
          </Group>
          <NumberInput
            label="Four eyes above"
            description="Changes of more credits than this by staff need a second admin. Empty is as the service is set up."
            maw={360}
            min={0}
            allowDecimal={false}
            suffix=" credits"
            thousandSeparator
            value={fourEyes}
            onChange={setFourEyes}
          />
          {save.error && <Trouble error={save.error} />}
        </Stack>
      </form>
      <Section title="What would change" about="What was really asked, decided again as if this draft had been in force.">
        <Simulate draft={() => ({ rules: document })} />
      </Section>
      <Group>
        <Button type="submit" form="rules" loading={save.isPending}>
          Keep as a draft
        </Button>
      </Group>
    </Stack>
  );
}

const CONDITIONS = ["agents", "channels", "plans", "tenants"] as const;

function Denial({ rule, number, change, remove }: { rule: DenialRule; number: number; change: (rule: DenialRule) => void; remove: () => void }) {
  return (
    <Card withBorder component="fieldset">
      <Stack gap="sm">
        <Group justify="space-between" align="end">
          <TextInput label="Id" description="Small letters, digits and hyphens" required value={rule.id} onChange={(event) => change({ ...rule, id: event.currentTarget.value })} />
          <Button variant="subtle" color="red" size="xs" aria-label={`Remove denial ${number}`} onClick={remove}>
            Remove
          </Button>
        </Group>
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          {CONDITIONS.map((name) => (
            <TagsInput
              key={name}
              label={`Of these ${name}`}
              placeholder={rule[name]?.length ? undefined : "any"}
              value={rule[name] ?? []}
              onChange={(values) => change({ ...rule, [name]: values })}
            />
          ))}
        </SimpleGrid>
        <Textarea
          label="What to do instead"
          description="Whoever is refused reads it."
          required
          maxLength={500}
          autosize
          value={rule.remedy}
          onChange={(event) => change({ ...rule, remedy: event.currentTarget.value })}
        />
      </Stack>
    </Card>
  );
}

/** Without conditions that name nothing. */
function tidied(rule: DenialRule): DenialRule {
  const named = CONDITIONS.filter((name) => (rule[name] ?? []).length > 0);
  return { id: rule.id.trim(), ...Object.fromEntries(named.map((name) => [name, rule[name]])), remedy: rule.remedy.trim() };
}
