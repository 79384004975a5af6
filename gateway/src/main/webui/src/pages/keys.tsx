import {
  ActionIcon,
  Alert,
  Badge,
  Button,
  Checkbox,
  Code,
  Group,
  Menu,
  Modal,
  NativeSelect,
  NumberInput,
  Stack,
  Table,
  Tabs,
  Text,
  TextInput,
} from "@mantine/core";
import { IconDots } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { request } from "../api/client";
import type { ApiKey, NewApiKey } from "../api/types";
import { Confirm } from "../components/confirm";
import { Heading } from "../components/heading";
import { Listing } from "../components/listing";
import { Takeaway } from "../components/takeaway";
import { Trouble } from "../components/trouble";
import { When } from "../components/when";
import { ServiceAccounts, useServiceAccounts } from "./service-accounts";

const SCOPES = [
  { value: "chat", label: "chat", description: "Talk to agents" },
  { value: "read", label: "read", description: "Read conversations, usage and credits" },
  { value: "write", label: "write", description: "Change what is neither members, keys nor money" },
];

const DAY = 24 * 60 * 60;

const LIFETIMES = [
  { value: "30", label: "30 days" },
  { value: "90", label: "90 days" },
  { value: "365", label: "A year" },
  { value: "", label: "No end" },
];

const OVERLAPS = [
  { value: "0", label: "None: the old key stops now" },
  { value: String(60 * 60), label: "An hour" },
  { value: String(DAY), label: "A day" },
  { value: String(7 * DAY), label: "A week" },
];

/** The keys that programs use, and the accounts that they may belong to; a new key is shown once. */
export default function KeysPage() {
  return (
    <Stack>
      <Heading
        title="API keys"
        about={
          <>
            Any OpenAI client works with a key: its base URL is <Code>{window.location.origin}/v1</Code> and an agent is a model.
          </>
        }
      />
      <Tabs defaultValue="keys" keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="keys">Keys</Tabs.Tab>
          <Tabs.Tab value="accounts">Service accounts</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="keys">
          <Keys />
        </Tabs.Panel>
        <Tabs.Panel value="accounts">
          <ServiceAccounts />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  );
}

/** What is about to be done with a key. */
type Step = { what: "rotate" | "revoke"; key: ApiKey };

function Keys() {
  const [making, setMaking] = useState(false);
  const [step, setStep] = useState<Step | null>(null);
  const queries = useQueryClient();
  return (
    <Stack align="stretch">
      <Button style={{ alignSelf: "start" }} onClick={() => setMaking(true)}>
        New key
      </Button>
      <Listing<ApiKey>
        queryKey={["keys"]}
        path="/api/v1/api-keys?limit=100"
        what="keys"
        empty="There are no keys yet. Make one to let a program talk to your agents."
      >
        {(keys) => <KeyTable keys={keys} choose={setStep} />}
      </Listing>
      {making && <NewKey close={() => setMaking(false)} />}
      {step?.what === "rotate" && <Rotation apiKey={step.key} close={() => setStep(null)} />}
      {step?.what === "revoke" && (
        <Confirm
          title={`Revoke ${step.key.name}?`}
          action="Revoke"
          keep="Keep it"
          close={() => setStep(null)}
          run={async () => {
            await request("DELETE", `/api/v1/api-keys/${step.key.id}`);
            await queries.invalidateQueries({ queryKey: ["keys"] });
          }}
        >
          <Text>Programs that use it are refused within two seconds. This cannot be undone.</Text>
        </Confirm>
      )}
    </Stack>
  );
}

function KeyTable({ keys, choose }: { keys: ApiKey[]; choose: (step: Step) => void }) {
  const accounts = useServiceAccounts();
  const accountOf = (key: ApiKey) => accounts.data?.items.find((account) => account.id === key.service_account_id)?.name;
  return (
    <Table verticalSpacing="sm" horizontalSpacing="xs" className="people">
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">Key</Table.Th>
          <Table.Th scope="col" visibleFrom="md">
            Rights
          </Table.Th>
          <Table.Th scope="col" visibleFrom="md">
            Ends
          </Table.Th>
          <Table.Th scope="col" visibleFrom="md">
            Last used
          </Table.Th>
          <Table.Th scope="col" aria-label="Actions" w={44} />
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {keys.map((key) => (
          <Table.Tr key={key.id}>
            <Table.Td>
              <Text size="sm" fw={500} className="changed">
                {key.name}
              </Text>
              <Code>{key.prefix}…</Code>
              {accountOf(key) && (
                <Text size="xs" c="dimmed">
                  acts for {accountOf(key)}
                </Text>
              )}
              <Stack gap={2} mt={4} hiddenFrom="md">
                <Rights of={key} />
                <Text size="xs" c="dimmed">
                  ends <End of={key} />, last used <When at={key.last_used_at} />
                </Text>
              </Stack>
            </Table.Td>
            <Table.Td visibleFrom="md">
              <Rights of={key} />
            </Table.Td>
            <Table.Td visibleFrom="md">
              <End of={key} />
            </Table.Td>
            <Table.Td visibleFrom="md">
              <When at={key.last_used_at} />
            </Table.Td>
            <Table.Td>
              <Menu position="bottom-end" shadow="md">
                <Menu.Target>
                  <ActionIcon variant="subtle" color="gray" aria-label={`Actions for ${key.name}`}>
                    <IconDots size={18} aria-hidden />
                  </ActionIcon>
                </Menu.Target>
                <Menu.Dropdown>
                  <Menu.Item onClick={() => choose({ what: "rotate", key })}>Rotate…</Menu.Item>
                  <Menu.Item color="red" onClick={() => choose({ what: "revoke", key })}>
                    Revoke…
                  </Menu.Item>
                </Menu.Dropdown>
              </Menu>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Rights({ of }: { of: ApiKey }) {
  return (
    <Group gap={4}>
      {of.scopes.map((scope) => (
        <Badge key={scope} variant="default" size="sm">
          {scope}
        </Badge>
      ))}
      {of.rate_limit && (
        <Text size="xs" c="dimmed">
          {of.rate_limit.requests_per_minute.toLocaleString()} a minute
        </Text>
      )}
    </Group>
  );
}

function End({ of }: { of: ApiKey }) {
  if (!of.expires_at) return <>never</>;
  const soon = new Date(of.expires_at).getTime() < Date.now() + 7 * DAY * 1000;
  return (
    <Text span size="sm" c={soon ? "var(--mantine-color-orange-text)" : undefined}>
      <When at={of.expires_at} date={!soon} />
    </Text>
  );
}

function NewKey({ close }: { close: () => void }) {
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<string[]>(["chat"]);
  const [days, setDays] = useState("365");
  const [account, setAccount] = useState("");
  const [limit, setLimit] = useState<number | string>("");
  const accounts = useServiceAccounts();
  const queries = useQueryClient();
  const make = useMutation({
    mutationFn: () =>
      request<NewApiKey>("POST", "/api/v1/api-keys", {
        name: name.trim(),
        scopes,
        ...(days === "" ? {} : { expires_at: new Date(Date.now() + Number(days) * DAY * 1000).toISOString() }),
        ...(account === "" ? {} : { service_account_id: account }),
        ...(limit === "" ? {} : { rate_limit: { requests_per_minute: Number(limit) } }),
      }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["keys"] }),
  });

  function submit(event: FormEvent) {
    event.preventDefault();
    make.mutate();
  }

  if (make.data) return <Secret title="Your new key" apiKey={make.data} close={close} />;
  return (
    <Modal opened onClose={close} title="New API key" closeButtonProps={{ "aria-label": "Close" }}>
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
          <NativeSelect label="Works for" value={days} onChange={(event) => setDays(event.currentTarget.value)} data={LIFETIMES} />
          <NumberInput
            label="Requests a minute"
            description="A limit of its own; empty means the organisation's."
            min={1}
            max={100_000}
            allowDecimal={false}
            value={limit}
            onChange={setLimit}
          />
          {accounts.data && accounts.data.items.length > 0 && (
            <NativeSelect
              label="Acts for"
              value={account}
              onChange={(event) => setAccount(event.currentTarget.value)}
              data={[
                { value: "", label: "Itself" },
                ...accounts.data.items.map((one) => ({ value: one.id, label: one.name })),
              ]}
            />
          )}
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
    </Modal>
  );
}

function Rotation({ apiKey, close }: { apiKey: ApiKey; close: () => void }) {
  const [overlap, setOverlap] = useState(String(DAY));
  const queries = useQueryClient();
  const rotate = useMutation({
    mutationFn: () => request<NewApiKey>("POST", `/api/v1/api-keys/${apiKey.id}/rotation`, { overlap_seconds: Number(overlap) }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["keys"] }),
  });

  function submit(event: FormEvent) {
    event.preventDefault();
    rotate.mutate();
  }

  if (rotate.data) return <Secret title={`The new ${apiKey.name}`} apiKey={rotate.data} close={close} />;
  return (
    <Modal opened onClose={close} title={`Rotate ${apiKey.name}?`} closeButtonProps={{ "aria-label": "Close" }}>
      <form onSubmit={submit}>
        <Stack>
          <Text>A new key with the same rights. Both work while they overlap, so that you can put the new one in place.</Text>
          <NativeSelect label="Overlap" data-autofocus value={overlap} onChange={(event) => setOverlap(event.currentTarget.value)} data={OVERLAPS} />
          {rotate.error && <Trouble error={rotate.error} />}
          <Group justify="end">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={rotate.isPending}>
              Rotate
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function Secret({ title, apiKey, close }: { title: string; apiKey: NewApiKey; close: () => void }) {
  return (
    <Modal opened onClose={close} title={title} closeButtonProps={{ "aria-label": "Close" }} closeOnClickOutside={false}>
      <Stack>
        <Alert color="yellow" role="status">
          Copy it now: it is not shown again.
        </Alert>
        <Takeaway text={apiKey.key} testId="new-key" />
        <Group justify="end">
          <Button onClick={close}>Done</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
