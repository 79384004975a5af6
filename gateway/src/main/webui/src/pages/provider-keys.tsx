import { Badge, Button, Group, NativeSelect, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { get, request } from "../api/client";
import type { KeyedProvider, KeyTest, Page, ProviderKey } from "../api/types";
import { Confirm } from "../components/confirm";
import { Dialog } from "../components/dialog";
import { Heading } from "../components/heading";
import { Listing } from "../components/listing";
import { Notice } from "../components/notice";
import { Rows } from "../components/rows";
import { Trouble } from "../components/trouble";
import { When } from "../components/when";

const PATH = "/api/v1/provider-keys";

type Open = { kind: "set"; provider?: string } | { kind: "remove"; key: ProviderKey };

/** The organisation's own keys at model providers: used instead of Parley's, never shown, tried by a button. */
export default function ProviderKeysPage() {
  const [open, setOpen] = useState<Open | null>(null);
  const [notice, setNotice] = useState<string | null>(null);
  const queries = useQueryClient();
  const refresh = () => queries.invalidateQueries({ queryKey: ["provider-keys"] });
  const close = () => setOpen(null);
  return (
    <Stack>
      <Heading title="Model providers" about="With a key of your own, your account at the provider pays for the tokens, and Parley charges none." />
      <Notice text={notice} dismiss={() => setNotice(null)} />
      <Button style={{ alignSelf: "start" }} onClick={() => setOpen({ kind: "set" })}>
        Set a key
      </Button>
      <Listing<ProviderKey> queryKey={["provider-keys", "list"]} path={PATH} what="keys" empty="You have no keys of your own: Parley’s are used.">
        {(keys) => (
          <Rows
            label="Keys at model providers"
            rows={keys}
            keyOf={(key) => key.id}
            minWidth={560}
            columns={[
              { head: "Provider", width: 160, cell: ({ provider }) => provider },
              { head: "Set", from: "sm", width: 150, cell: ({ created_at }) => <When at={created_at} /> },
              { head: "Works", cell: (key) => <Trial of={key} /> },
              {
                head: "Do",
                width: 190,
                cell: (key) => (
                  <Group gap={4}>
                    <Button size="compact-xs" variant="default" aria-label={`Replace the key at ${key.provider}`} onClick={() => setOpen({ kind: "set", provider: key.provider })}>
                      Replace…
                    </Button>
                    <Button size="compact-xs" variant="default" aria-label={`Remove the key at ${key.provider}`} onClick={() => setOpen({ kind: "remove", key })}>
                      Remove…
                    </Button>
                  </Group>
                ),
              },
            ]}
          />
        )}
      </Listing>
      {open?.kind === "set" && (
        <SetKey
          provider={open.provider}
          close={close}
          done={async (provider) => {
            await refresh();
            setNotice(`The key at ${provider} is kept. Test it.`);
          }}
        />
      )}
      {open?.kind === "remove" && (
        <Confirm
          title={`Remove the key at ${open.key.provider}?`}
          action="Remove"
          keep="Keep it"
          close={close}
          run={async () => {
            await request("DELETE", `${PATH}/${open.key.id}`);
            await refresh();
            setNotice(`Parley’s key at ${open.key.provider} is used again.`);
          }}
        >
          <Text>Agents go on with Parley’s key, and tokens cost credits again. Your own versions that name this provider stop answering.</Text>
        </Confirm>
      )}
    </Stack>
  );
}

/** A button that asks the provider, and what it said. */
function Trial({ of }: { of: ProviderKey }) {
  const test = useMutation({ mutationFn: () => request<KeyTest>("POST", `${PATH}/${of.id}/test`, {}) });
  return (
    <Stack gap={4} align="start">
      <Group gap="xs">
        <Button size="compact-xs" variant="default" loading={test.isPending} aria-label={`Test the key at ${of.provider}`} onClick={() => test.mutate()}>
          Test
        </Button>
        {!of.usable && !test.data && <Badge color="orange" variant="light">set it again</Badge>}
        {test.data && (
          <Badge color={test.data.ok ? "teal" : "red"} variant="light">
            {test.data.ok ? "works" : "does not work"}
          </Badge>
        )}
      </Group>
      {test.data && (
        <Text size="sm" role="status">
          {test.data.ok ? `${test.data.model} answered in ${(test.data.duration_ms / 1000).toFixed(1)} s.` : test.data.detail}
        </Text>
      )}
      {test.error && <Trouble error={test.error} />}
    </Stack>
  );
}

function SetKey({ provider, close, done }: { provider?: string; close: () => void; done: (provider: string) => Promise<unknown> }) {
  const providers = useQuery({ queryKey: ["keyed-providers"], queryFn: () => get<Page<KeyedProvider>>(`${PATH}/providers`) });
  const [chosen, setChosen] = useState(provider ?? "");
  const [key, setKey] = useState("");
  const known = providers.data?.items ?? [];
  const name = chosen === "" ? (known[0]?.name ?? "") : chosen;
  return (
    <Dialog
      title={provider ? `Replace the key at ${provider}` : "Set a key of your own"}
      action="Keep the key"
      close={close}
      disabled={name === "" || key.trim().length < 8}
      run={async () => {
        await request("POST", PATH, { provider: name, api_key: key.trim() });
        await done(name);
      }}
    >
      {providers.error && <Trouble error={providers.error} />}
      {provider ? (
        <TextInput label="Provider" value={provider} disabled />
      ) : (
        <NativeSelect
          label="Provider"
          data={known.map(({ name: value, kind }) => ({ value, label: `${value} (${kind})` }))}
          value={name}
          onChange={(event) => setChosen(event.currentTarget.value)}
        />
      )}
      <PasswordInput label="Key" description="Kept encrypted and never shown again" required data-autofocus autoComplete="off" maxLength={4096} value={key} onChange={(event) => setKey(event.currentTarget.value)} />
    </Dialog>
  );
}
