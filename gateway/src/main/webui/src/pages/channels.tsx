import { ActionIcon, Alert, Button, Code, Group, List, Menu, Modal, NativeSelect, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { IconAlertTriangle, IconCheck, IconDots } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type Channel, type ChannelTest, type ChannelType, complete, typed } from "../api/channels";
import { get, request } from "../api/client";
import type { Agent, Page } from "../api/types";
import { useChannelTypes } from "../components/channel-types";
import { Confirm } from "../components/confirm";
import { Dialog } from "../components/dialog";
import { Heading } from "../components/heading";
import { Listing } from "../components/listing";
import { Rows } from "../components/rows";
import { Status } from "../components/status";
import { Takeaway } from "../components/takeaway";
import { Trouble } from "../components/trouble";
import { Waiting } from "../components/waiting";
import { When } from "../components/when";

const PATH = "/api/v1/channels";

type Step = { what: "test" | "change" | "rotate" | "disconnect"; channel: Channel };

/** The organisation's accounts at messengers: connect, test, change, rotate, disconnect. */
export default function ChannelsPage() {
  const [connecting, setConnecting] = useState(false);
  const [made, setMade] = useState<Channel | null>(null);
  const [step, setStep] = useState<Step | null>(null);
  const types = useChannelTypes();
  const queries = useQueryClient();
  const again = () => queries.invalidateQueries({ queryKey: ["channels"] });
  return (
    <Stack>
      <Heading title="Channels" about="Where customers reach your agents.">
        <Button onClick={() => setConnecting(true)}>Connect a channel</Button>
      </Heading>
      <Listing<Channel> queryKey={["channels"]} path={`${PATH}?limit=100`} what="channels" empty="No channel is connected yet.">
        {(channels) => (
          <Rows
            label="Channels"
            rows={channels}
            keyOf={(channel) => channel.id}
            columns={[
              {
                head: "Channel",
                cell: (channel) => (
                  <>
                    <Text size="sm" fw={500}>
                      {channel.name}
                    </Text>
                    <Text size="xs" c="dimmed">
                      {labelOf(types, channel)}: {channel.display_name}
                    </Text>
                    {channel.previous_credentials_until && (
                      <Text size="xs" c="dimmed">
                        the earlier credentials are taken until <When at={channel.previous_credentials_until} />
                      </Text>
                    )}
                  </>
                ),
              },
              { head: "State", width: 100, cell: (channel) => <Status is={channel.status} /> },
              { head: "Agent", from: "sm", cell: (channel) => channel.agent },
              {
                head: "Signatures",
                from: "md",
                cell: (channel) => (channel.signature_mode === "enforce" ? "enforced" : `observed, ${channel.would_be_refused.toLocaleString()} would be refused`),
              },
              {
                head: "Test",
                width: 80,
                cell: (channel) => (
                  <Button size="compact-xs" variant="default" aria-label={`Test ${channel.name}`} onClick={() => setStep({ what: "test", channel })}>
                    Test
                  </Button>
                ),
              },
              { head: "Actions", width: 70, cell: (channel) => <Actions channel={channel} choose={setStep} /> },
            ]}
          />
        )}
      </Listing>
      {connecting && (
        <Connection
          close={() => setConnecting(false)}
          made={async (channel) => {
            await again();
            setMade(channel);
          }}
        />
      )}
      {made && <Connected channel={made} close={() => setMade(null)} />}
      {step?.what === "test" && <Test channel={step.channel} close={() => setStep(null)} />}
      {step?.what === "change" && <Change channel={step.channel} close={() => setStep(null)} />}
      {step?.what === "rotate" && <Rotation channel={step.channel} close={() => setStep(null)} />}
      {step?.what === "disconnect" && (
        <Confirm
          title={`Disconnect ${step.channel.name}?`}
          action="Disconnect"
          keep="Keep it"
          close={() => setStep(null)}
          run={async () => {
            await request("DELETE", `${PATH}/${step.channel.id}`);
            await again();
          }}
        >
          <Text>Customers who write there are not heard any more. Conversations stay.</Text>
        </Confirm>
      )}
    </Stack>
  );
}

function Actions({ channel, choose }: { channel: Channel; choose: (step: Step) => void }) {
  const queries = useQueryClient();
  const patch = useMutation({
    mutationFn: (body: Partial<Channel>) => request("PATCH", `${PATH}/${channel.id}`, body),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["channels"] }),
  });
  const paused = channel.status === "paused";
  const enforces = channel.signature_mode === "enforce";
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" loading={patch.isPending} aria-label={`Actions for ${channel.name}`}>
          <IconDots size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => choose({ what: "change", channel })}>Change…</Menu.Item>
        <Menu.Item onClick={() => choose({ what: "rotate", channel })}>New credentials…</Menu.Item>
        <Menu.Item onClick={() => patch.mutate({ status: paused ? "active" : "paused" })}>{paused ? "Resume" : "Pause"}</Menu.Item>
        <Menu.Item onClick={() => patch.mutate({ signature_mode: enforces ? "observe" : "enforce" })}>{enforces ? "Only observe signatures" : "Enforce signatures"}</Menu.Item>
        <Menu.Item color="red" onClick={() => choose({ what: "disconnect", channel })}>
          Disconnect…
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function useAgents() {
  return useQuery({ queryKey: ["agents", "choice"], queryFn: () => get<Page<Agent>>("/api/v1/agents") }).data?.items ?? [];
}

function labelOf(types: ChannelType[], channel: Channel): string {
  return types.find(({ type }) => type === channel.type)?.label ?? channel.type;
}

function Credentials({ type, values, set }: { type: ChannelType | undefined; values: Record<string, string>; set: (values: Record<string, string>) => void }) {
  return type?.credentials.map((credential) => {
    const Input = credential.secret ? PasswordInput : TextInput;
    return (
      <Input
        key={credential.name}
        label={credential.label}
        description={credential.about}
        autoComplete="off"
        maxLength={4096}
        value={values[credential.name] ?? ""}
        onChange={(event) => set({ ...values, [credential.name]: event.currentTarget.value })}
      />
    );
  });
}

function Connection({ close, made }: { close: () => void; made: (channel: Channel) => Promise<void> }) {
  const agents = useAgents();
  const types = useChannelTypes();
  const [wanted, setType] = useState("");
  const [name, setName] = useState("");
  const [agent, setAgent] = useState("");
  const [credentials, setCredentials] = useState<Record<string, string>>({});
  const type = types.find((one) => one.type === wanted) ?? types[0];
  const chosen = agent || agents.find((one) => one.allowed)?.slug || "";
  return (
    <Dialog
      title="Connect a channel"
      action="Connect"
      close={close}
      disabled={name.trim() === "" || chosen === "" || !complete(type, credentials)}
      run={async () => made(await request<Channel>("POST", PATH, { type: type?.type, name: name.trim(), agent: chosen, credentials: typed(credentials) }))}
    >
      <NativeSelect
        label="Messenger"
        data-autofocus
        value={type?.type}
        onChange={(event) => {
          setType(event.currentTarget.value);
          setCredentials({});
        }}
        data={types.map((one) => ({ value: one.type, label: one.label }))}
      />
      <TextInput label="Name" description="For yourselves." required maxLength={120} value={name} onChange={(event) => setName(event.currentTarget.value)} />
      <NativeSelect label="Agent that answers" value={chosen} onChange={(event) => setAgent(event.currentTarget.value)} data={agents.map((one) => ({ value: one.slug, label: one.name }))} />
      <Credentials type={type} values={credentials} set={setCredentials} />
    </Dialog>
  );
}

/** What has to be typed at the messenger, shown once; where nothing has, only that it worked. */
function Connected({ channel, close }: { channel: Channel; close: () => void }) {
  const setup = Object.entries(channel.setup ?? {});
  const types = useChannelTypes();
  return (
    <Modal opened onClose={close} title={`${channel.name} is connected`} closeButtonProps={{ "aria-label": "Close" }}>
      <Stack>
        <Text>It is {channel.display_name}.</Text>
        {setup.length > 0 && (
          <>
            <Alert color="yellow" role="status">
              Type this at {labelOf(types, channel)} now: it is not shown again.
            </Alert>
            <Text size="sm">Address of the webhook</Text>
            <Takeaway text={channel.webhook_url ?? ""} testId="webhook-url" />
            {setup.map(([what, value]) => (
              <Stack key={what} gap={4}>
                <Text size="sm">{what.replaceAll("_", " ")}</Text>
                <Takeaway text={value} testId={`setup-${what}`} />
              </Stack>
            ))}
          </>
        )}
        <Group justify="end">
          <Button onClick={close}>Done</Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function Test({ channel, close }: { channel: Channel; close: () => void }) {
  const test = useQuery({ queryKey: ["channel-test", channel.id], queryFn: () => request<ChannelTest>("POST", `${PATH}/${channel.id}/test`), gcTime: 0, staleTime: 0 });
  return (
    <Modal opened onClose={close} title={`Test of ${channel.name}`} closeButtonProps={{ "aria-label": "Close" }}>
      <Stack>
        {test.isFetching && <Waiting label="Asking the messenger" />}
        {test.error && !test.isFetching && <Trouble error={test.error} />}
        {test.data && !test.isFetching && (
          <>
            <Text fw={600} role="status">
              {test.data.ok ? "Everything works." : "Something is wrong."}
            </Text>
            <List spacing="sm" aria-label="Checks">
              {test.data.checks.map((check) => (
                <List.Item key={check.name} icon={check.ok ? <IconCheck size={18} color="var(--mantine-color-teal-text)" aria-label="well" /> : <IconAlertTriangle size={18} color="var(--mantine-color-red-text)" aria-label="wrong" />}>
                  <Text size="sm">
                    {check.name}: {check.detail}
                  </Text>
                  {check.remedy && (
                    <Text size="sm" fw={500}>
                      {check.remedy}
                    </Text>
                  )}
                </List.Item>
              ))}
            </List>
          </>
        )}
        {channel.webhook_url && (
          <Text size="xs" c="dimmed">
            Webhook: <Code>{channel.webhook_url}</Code>
          </Text>
        )}
        <Group justify="end">
          <Button variant="default" disabled={test.isFetching} onClick={() => void test.refetch()}>
            Test again
          </Button>
          <Button onClick={close}>Done</Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function Change({ channel, close }: { channel: Channel; close: () => void }) {
  const agents = useAgents();
  const [name, setName] = useState(channel.name);
  const [agent, setAgent] = useState(channel.agent);
  const queries = useQueryClient();
  const slugs = agents.map((one) => ({ value: one.slug, label: one.name }));
  return (
    <Dialog
      title="Change the channel"
      action="Save"
      close={close}
      disabled={name.trim() === ""}
      run={async () => {
        await request("PATCH", `${PATH}/${channel.id}`, { name: name.trim(), agent });
        await queries.invalidateQueries({ queryKey: ["channels"] });
      }}
    >
      <TextInput label="Name" required maxLength={120} data-autofocus value={name} onChange={(event) => setName(event.currentTarget.value)} />
      <NativeSelect
        label="Agent that answers"
        value={agent}
        onChange={(event) => setAgent(event.currentTarget.value)}
        data={slugs.some((one) => one.value === channel.agent) ? slugs : [{ value: channel.agent, label: channel.agent }, ...slugs]}
      />
    </Dialog>
  );
}

function Rotation({ channel, close }: { channel: Channel; close: () => void }) {
  const [credentials, setCredentials] = useState<Record<string, string>>({});
  const type = useChannelTypes().find((one) => one.type === channel.type);
  const queries = useQueryClient();
  return (
    <Dialog
      title={`New credentials of ${channel.name}`}
      action="Replace"
      close={close}
      disabled={Object.keys(typed(credentials)).length === 0}
      run={async () => {
        await request("PATCH", `${PATH}/${channel.id}`, { credentials: typed(credentials) });
        await queries.invalidateQueries({ queryKey: ["channels"] });
      }}
    >
      <Text size="sm">Of the same account. What you leave empty stays; webhooks signed with what is replaced are taken for another day.</Text>
      <Credentials type={type} values={credentials} set={setCredentials} />
    </Dialog>
  );
}
