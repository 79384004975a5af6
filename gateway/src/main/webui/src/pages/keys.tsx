import { Alert, Badge, Button, Center, Checkbox, Code, CopyButton, Group, Loader, Modal, Stack, Table, Text, TextInput, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { get, request } from "../api/client";
import type { ApiKey, Page } from "../api/types";
import { Trouble } from "../components/trouble";

const SCOPES = [
  { value: "chat", label: "chat", description: "Talk to agents" },
  { value: "read", label: "read", description: "Read conversations, usage and credits" },
  { value: "write", label: "write", description: "Change what is neither members, keys nor money" },
];

/** The keys that programs use; a new one is shown once. */
export function KeysPage() {
  const keys = useQuery({ queryKey: ["keys"], queryFn: () => get<Page<ApiKey>>("/api/v1/api-keys") });
  const [making, { open, close }] = useDisclosure();
  const [revoking, setRevoking] = useState<ApiKey | null>(null);
  return (
    <Stack>
      <Group justify="space-between">
        <Title order={1} size="h2">
          API keys
        </Title>
        <Button onClick={open}>New key</Button>
      </Group>
      <Text c="dimmed">
        Any OpenAI client works with a key: its base URL is <Code>{window.location.origin}/v1</Code> and an agent is a model.
      </Text>
      {keys.isPending && (
        <Center h={120} role="status" aria-label="Loading keys">
          <Loader />
        </Center>
      )}
      {keys.error && <Trouble error={keys.error} retry={() => void keys.refetch()} />}
      {keys.data?.items.length === 0 && <Text>You have no keys yet. Make one to let a program talk to your agents.</Text>}
      {keys.data && keys.data.items.length > 0 && <KeyTable keys={keys.data.items} revoke={setRevoking} />}
      {making && <NewKey close={close} />}
      {revoking && <Revocation apiKey={revoking} close={() => setRevoking(null)} />}
    </Stack>
  );
}

function KeyTable({ keys, revoke }: { keys: ApiKey[]; revoke: (key: ApiKey) => void }) {
  return (
    <Table.ScrollContainer minWidth={520}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Name</Table.Th>
            <Table.Th scope="col">Key</Table.Th>
            <Table.Th scope="col">Scopes</Table.Th>
            <Table.Th scope="col">Last used</Table.Th>
            <Table.Th scope="col" aria-label="Actions" />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {keys.map((key) => (
            <Table.Tr key={key.id}>
              <Table.Td>{key.name}</Table.Td>
              <Table.Td>
                <Code>{key.prefix}…</Code>
              </Table.Td>
              <Table.Td>
                <Group gap={4}>
                  {key.scopes.map((scope) => (
                    <Badge key={scope} variant="default" size="sm">
                      {scope}
                    </Badge>
                  ))}
                </Group>
              </Table.Td>
              <Table.Td>{key.last_used_at ? new Date(key.last_used_at).toLocaleString() : "never"}</Table.Td>
              <Table.Td ta="right">
                <Button size="xs" variant="default" onClick={() => revoke(key)} aria-label={`Revoke ${key.name}`}>
                  Revoke
                </Button>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function NewKey({ close }: { close: () => void }) {
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<string[]>(["chat"]);
  const queries = useQueryClient();
  const make = useMutation({
    mutationFn: () => request<{ key: string }>("POST", "/api/v1/api-keys", { name, scopes }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["keys"] }),
  });

  function submit(event: FormEvent) {
    event.preventDefault();
    make.mutate();
  }

  return (
    <Modal opened onClose={close} title={make.data ? "Your new key" : "New API key"} closeButtonProps={{ "aria-label": "Close" }}>
      {make.data ? (
        <Stack>
          <Alert color="yellow">Copy it now: it is not shown again.</Alert>
          <Code block data-testid="new-key">
            {make.data.key}
          </Code>
          <Group justify="end">
            <CopyButton value={make.data.key}>
              {({ copied, copy }) => (
                <Button variant="default" onClick={copy}>
                  {copied ? "Copied" : "Copy"}
                </Button>
              )}
            </CopyButton>
            <Button onClick={close}>Done</Button>
          </Group>
        </Stack>
      ) : (
        <form onSubmit={submit}>
          <Stack>
            <TextInput
              label="Name"
              description="What it is for, so that you know what breaks when you revoke it."
              required
              maxLength={100}
              data-autofocus
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
            />
            <Checkbox.Group label="Scopes" value={scopes} onChange={setScopes}>
              <Stack gap="xs" mt="xs">
                {SCOPES.map((scope) => (
                  <Checkbox key={scope.value} {...scope} />
                ))}
              </Stack>
            </Checkbox.Group>
            {make.error && <Trouble error={make.error} />}
            <Group justify="end">
              <Button variant="default" onClick={close}>
                Cancel
              </Button>
              <Button type="submit" loading={make.isPending} disabled={scopes.length === 0}>
                Make key
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  );
}

function Revocation({ apiKey, close }: { apiKey: ApiKey; close: () => void }) {
  const queries = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => request("DELETE", `/api/v1/api-keys/${apiKey.id}`),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["keys"] });
      close();
    },
  });
  return (
    <Modal opened onClose={close} title={`Revoke ${apiKey.name}?`} closeButtonProps={{ "aria-label": "Close" }}>
      <Stack>
        <Text>Programs that use it are refused within two seconds. This cannot be undone.</Text>
        {revoke.error && <Trouble error={revoke.error} />}
        <Group justify="end">
          <Button variant="default" onClick={close}>
            Keep it
          </Button>
          <Button color="red" loading={revoke.isPending} onClick={() => revoke.mutate()}>
            Revoke
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
