import { Button, Card, Group, JsonInput, NativeSelect, Stack, TagsInput, Text, Textarea, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { request } from "../../api/client";
import type { Expectation, GoldenConversation } from "../../api/types";
import { Confirm } from "../../components/confirm";
import { Dialog } from "../../components/dialog";
import { Listing } from "../../components/listing";
import { Rows } from "../../components/rows";
import { Section } from "../../components/section";

const KINDS = [
  { value: "contains", label: "contains" },
  { value: "not_contains", label: "does not contain" },
  { value: "regex", label: "fits the pattern" },
  { value: "max_length", label: "is no longer than" },
  { value: "json_schema", label: "is JSON of the schema" },
];

/** What an agent must get right before a version of its prompt is released. */
export function Golden({ base, of, empty, own }: { base: string; of: string; empty: string; own?: boolean }) {
  const [editing, setEditing] = useState<GoldenConversation | "new" | null>(null);
  const [removing, setRemoving] = useState<GoldenConversation | null>(null);
  const queries = useQueryClient();
  const refresh = () => queries.invalidateQueries({ queryKey: ["golden", of] });
  return (
    <Section title="Golden conversations" about="A version is activated only when its latest trial passed all of them.">
      <Button size="xs" style={{ alignSelf: "start" }} onClick={() => setEditing("new")}>
        New golden conversation
      </Button>
      <Listing<GoldenConversation> queryKey={["golden", of]} path={`${base}/golden-conversations`} what="golden conversations" empty={empty}>
        {(all) => (
          <Rows
            label="Golden conversations"
            rows={all}
            keyOf={(one) => one.id}
            columns={[
              { head: "Name", width: 200, cell: ({ name }) => name },
              { head: "The user says", cell: ({ turns }) => <Text size="sm" lineClamp={1}>{turns.map((turn) => turn.user).join(" · ")}</Text> },
              { head: "Expected", width: 90, right: true, cell: ({ turns }) => turns.reduce((sum, turn) => sum + turn.expect.length, 0) },
              {
                head: "Do",
                width: 150,
                cell: (one) => (
                  <Group gap={4}>
                    <Button size="compact-xs" variant="default" aria-label={`Edit ${one.name}`} onClick={() => setEditing(one)}>
                      Edit
                    </Button>
                    <Button size="compact-xs" variant="default" aria-label={`Remove ${one.name}`} onClick={() => setRemoving(one)}>
                      Remove…
                    </Button>
                  </Group>
                ),
              },
            ]}
          />
        )}
      </Listing>
      {editing && <Edit base={base} own={own} from={editing === "new" ? undefined : editing} close={() => setEditing(null)} refresh={refresh} />}
      {removing && (
        <Confirm
          title={`Remove ${removing.name}?`}
          action="Remove"
          close={() => setRemoving(null)}
          run={async () => {
            await request("DELETE", `${base}/golden-conversations/${removing.id}`);
            await refresh();
          }}
        >
          <Text>Versions are released without it from now on. Those that passed must pass the others anew.</Text>
        </Confirm>
      )}
    </Section>
  );
}

interface Turn {
  user: string;
  expect: { kind: Expectation["kind"]; value: string }[];
}

function Edit({ base, own, from, close, refresh }: { base: string; own?: boolean; from?: GoldenConversation; close: () => void; refresh: () => Promise<unknown> }) {
  const [name, setName] = useState(from?.name ?? "");
  const [turns, setTurns] = useState<Turn[]>(from ? from.turns.map(typed) : [{ user: "", expect: [] }]);
  const [variables, setVariables] = useState(JSON.stringify(from?.variables ?? {}, null, 2));
  const [tools, setTools] = useState(from?.tools ?? []);
  const change = (place: number, turn: Turn) => setTurns((before) => before.map((one, at) => (at === place ? turn : one)));
  return (
    <Dialog
      title={from ? from.name : "New golden conversation"}
      action="Keep it"
      size="xl"
      close={close}
      disabled={name.trim() === "" || turns.some((turn) => turn.user.trim() === "")}
      run={async () => {
        await request(from ? "PUT" : "POST", `${base}/golden-conversations${from ? `/${from.id}` : ""}`, {
          name: name.trim(),
          turns: turns.map(({ user, expect }) => ({ user, expect: expect.map(({ kind, value }) => ({ kind, value: meant(kind, value) })) })),
          variables: JSON.parse(variables.trim() === "" ? "{}" : variables) as unknown,
          tools,
        });
        await refresh();
      }}
    >
      <TextInput label="Name" required maxLength={120} data-autofocus value={name} onChange={(event) => setName(event.currentTarget.value)} />
      {turns.map((turn, place) => (
        // The turns of a conversation have no other name than their place.
        <Card key={place} withBorder component="fieldset">
          <Stack gap="xs">
            <Textarea label={`The user says (${place + 1})`} required autosize value={turn.user} onChange={(event) => change(place, { ...turn, user: event.currentTarget.value })} />
            {turn.expect.map((one, at) => (
              <Group key={at} align="end" gap="xs">
                <NativeSelect
                  label="The reply"
                  data={KINDS}
                  value={one.kind}
                  onChange={(event) => change(place, replaced(turn, at, { ...one, kind: event.currentTarget.value as Expectation["kind"] }))}
                />
                <TextInput label="What" flex={1} required value={one.value} onChange={(event) => change(place, replaced(turn, at, { ...one, value: event.currentTarget.value }))} />
                <Button variant="subtle" color="red" size="xs" aria-label={`Remove expectation ${at + 1}`} onClick={() => change(place, { ...turn, expect: turn.expect.filter((_, index) => index !== at) })}>
                  Remove
                </Button>
              </Group>
            ))}
            <Button size="compact-xs" variant="default" style={{ alignSelf: "start" }} onClick={() => change(place, { ...turn, expect: [...turn.expect, { kind: "contains", value: "" }] })}>
              Expect something
            </Button>
          </Stack>
        </Card>
      ))}
      <Button size="compact-xs" variant="default" style={{ alignSelf: "start" }} onClick={() => setTurns((before) => [...before, { user: "", expect: [] }])}>
        The user says more
      </Button>
      <JsonInput label="Variables" description="Values of the prompt's variables in this conversation" autosize minRows={2} validationError="This is not JSON" value={variables} onChange={setVariables} />
      {!own && <TagsInput label="Functions" description="Names of Parley’s functions that the version may call here" maxTags={50} value={tools} onChange={setTools} />}
    </Dialog>
  );
}

function typed(turn: GoldenConversation["turns"][number]): Turn {
  return { user: turn.user, expect: turn.expect.map(({ kind, value }) => ({ kind, value: typeof value === "string" ? value : JSON.stringify(value) })) };
}

function replaced(turn: Turn, place: number, one: Turn["expect"][number]): Turn {
  return { ...turn, expect: turn.expect.map((before, at) => (at === place ? one : before)) };
}

function meant(kind: Expectation["kind"], value: string): unknown {
  if (kind === "max_length") return Number(value);
  return kind === "json_schema" ? (JSON.parse(value) as unknown) : value;
}
