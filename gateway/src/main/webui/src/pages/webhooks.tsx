import { ActionIcon, Alert, Button, Checkbox, Code, Group, Menu, Modal, NumberInput, Stack, Switch, Text, TextInput } from "@mantine/core";
import { IconDots } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useSearchParams } from "react-router";
import { request } from "../api/client";
import { atLeast } from "../api/roles";
import type { Me } from "../api/types";
import { EVENTS, standing, type WebhookEndpoint } from "../api/webhooks";
import { Confirm } from "../components/confirm";
import { Heading } from "../components/heading";
import { Listing } from "../components/listing";
import { Rows } from "../components/rows";
import { Status } from "../components/status";
import { Takeaway } from "../components/takeaway";
import { Trouble } from "../components/trouble";
import { When } from "../components/when";
import { WebhookLog } from "./webhook-log";

const PATH = "/api/v1/webhook-endpoints";

/** What is about to be done with an endpoint. */
type Step = { what: "change" | "rotate" | "delete"; endpoint: WebhookEndpoint };

/** Where the organisation's own systems are told what happens, with the log of each. */
export default function WebhooksPage({ me }: { me: Me }) {
  const manages = atLeast(me.role, "admin");
  const [making, setMaking] = useState(false);
  const [step, setStep] = useState<Step | null>(null);
  const [search, setSearch] = useSearchParams();
  const opened = search.get("endpoint");
  const queries = useQueryClient();
  const again = () => queries.invalidateQueries({ queryKey: ["webhooks"] });

  if (opened) return <WebhookLog id={opened} manages={manages} back={() => setSearch({})} />;
  return (
    <Stack>
      <Heading title="Webhooks" about="Parley tells your systems what happens, signed, and again until it is taken.">
        {manages && <Button onClick={() => setMaking(true)}>New endpoint</Button>}
      </Heading>
      <Listing<WebhookEndpoint> queryKey={["webhooks"]} path={`${PATH}?limit=100`} what="endpoints" empty="There are no endpoints yet.">
        {(endpoints) => (
          <Rows
            label="Endpoints"
            rows={endpoints}
            keyOf={(endpoint) => endpoint.id}
            columns={[
              {
                head: "Endpoint",
                cell: (endpoint) => (
                  <>
                    <Text size="sm" fw={500} className="changed">
                      {endpoint.url}
                    </Text>
                    {endpoint.description !== "" && (
                      <Text size="xs" c="dimmed">
                        {endpoint.description}
                      </Text>
                    )}
                    {endpoint.disabled_reason && (
                      <Text size="xs" c="dimmed">
                        disabled <When at={endpoint.disabled_at} />: {endpoint.disabled_reason}
                      </Text>
                    )}
                  </>
                ),
              },
              { head: "State", width: 100, cell: (endpoint) => <Status is={standing(endpoint)} /> },
              { head: "Events", from: "md", cell: (endpoint) => (endpoint.events.includes("*") ? "all" : endpoint.events.join(", ")) },
              {
                head: "Log",
                width: 80,
                cell: (endpoint) => (
                  <Button size="compact-xs" variant="default" aria-label={`Log of ${endpoint.url}`} onClick={() => setSearch({ endpoint: endpoint.id })}>
                    Log
                  </Button>
                ),
              },
              ...(manages ? [{ head: "Actions", width: 70, cell: (endpoint: WebhookEndpoint) => <Actions endpoint={endpoint} choose={setStep} /> }] : []),
            ]}
          />
        )}
      </Listing>
      {making && <EndpointForm close={() => setMaking(false)} />}
      {step?.what === "change" && <EndpointForm endpoint={step.endpoint} close={() => setStep(null)} />}
      {step?.what === "rotate" && <Rotation endpoint={step.endpoint} close={() => setStep(null)} />}
      {step?.what === "delete" && (
        <Confirm
          title="Delete this endpoint?"
          action="Delete"
          keep="Keep it"
          close={() => setStep(null)}
          run={async () => {
            await request("DELETE", `${PATH}/${step.endpoint.id}`);
            await again();
          }}
        >
          <Text className="changed">Nothing more is sent to {step.endpoint.url}, and its log is gone. This cannot be undone.</Text>
        </Confirm>
      )}
    </Stack>
  );
}

function Actions({ endpoint, choose }: { endpoint: WebhookEndpoint; choose: (step: Step) => void }) {
  const queries = useQueryClient();
  const turn = useMutation({
    mutationFn: (status: WebhookEndpoint["status"]) => request("PATCH", `${PATH}/${endpoint.id}`, { status }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["webhooks"] }),
  });
  const other = endpoint.status === "active" ? "disabled" : "active";
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" loading={turn.isPending} aria-label={`Actions for ${endpoint.url}`}>
          <IconDots size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => choose({ what: "change", endpoint })}>Change…</Menu.Item>
        <Menu.Item onClick={() => choose({ what: "rotate", endpoint })}>New secret…</Menu.Item>
        <Menu.Item onClick={() => turn.mutate(other)}>{other === "active" ? "Enable" : "Disable"}</Menu.Item>
        <Menu.Item color="red" onClick={() => choose({ what: "delete", endpoint })}>
          Delete…
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function EndpointForm({ endpoint, close }: { endpoint?: WebhookEndpoint; close: () => void }) {
  const [url, setUrl] = useState(endpoint?.url ?? "");
  const [description, setDescription] = useState(endpoint?.description ?? "");
  const [events, setEvents] = useState<string[]>(endpoint?.events ?? ["*"]);
  const [fifo, setFifo] = useState(endpoint?.fifo ?? false);
  const [concurrency, setConcurrency] = useState<number | string>(endpoint?.concurrency ?? 8);
  const queries = useQueryClient();
  const save = useMutation({
    mutationFn: () =>
      request<WebhookEndpoint>(endpoint ? "PATCH" : "POST", endpoint ? `${PATH}/${endpoint.id}` : PATH, {
        url: url.trim(),
        description: description.trim(),
        events,
        fifo,
        concurrency: Number(concurrency),
      }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["webhooks"] });
      if (endpoint) close();
    },
  });

  function submit(event: FormEvent) {
    event.preventDefault();
    save.mutate();
  }

  if (!endpoint && save.data?.secret) return <Secret title="Your new endpoint" secret={save.data.secret} close={close} />;
  return (
    <Modal opened onClose={close} title={endpoint ? "Change the endpoint" : "New endpoint"} closeButtonProps={{ "aria-label": "Close" }}>
      <form onSubmit={submit}>
        <Stack>
          <TextInput
            label="Address"
            description="https, on the public internet."
            type="url"
            required
            maxLength={2048}
            data-autofocus
            value={url}
            onChange={(event) => setUrl(event.currentTarget.value)}
          />
          <TextInput label="Description" maxLength={500} value={description} onChange={(event) => setDescription(event.currentTarget.value)} />
          <Checkbox.Group label="Tell it when" value={events} onChange={setEvents}>
            <Stack gap="xs" mt="xs">
              {EVENTS.map((event) => (
                <Checkbox key={event.value} {...event} />
              ))}
            </Stack>
          </Checkbox.Group>
          <Switch
            label="In order"
            description="One after the other: what is not taken holds back what comes after it."
            checked={fifo}
            onChange={(event) => setFifo(event.currentTarget.checked)}
          />
          {!fifo && <NumberInput label="At a time" description="How many are sent at once." min={1} max={64} allowDecimal={false} value={concurrency} onChange={setConcurrency} />}
          {save.error && <Trouble error={save.error} />}
          <Group justify="end">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={save.isPending} disabled={events.length === 0 || concurrency === ""}>
              {endpoint ? "Save" : "Add endpoint"}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function Rotation({ endpoint, close }: { endpoint: WebhookEndpoint; close: () => void }) {
  const rotate = useMutation({ mutationFn: () => request<WebhookEndpoint>("POST", `${PATH}/${endpoint.id}/secret-rotation`) });
  if (rotate.data?.secret) return <Secret title="The new secret" secret={rotate.data.secret} close={close} />;
  return (
    <Modal opened onClose={close} title="Make a new secret?" closeButtonProps={{ "aria-label": "Close" }}>
      <Stack>
        <Text>For 24 hours the old and the new one both sign, so that you can put the new one in place.</Text>
        {rotate.error && <Trouble error={rotate.error} />}
        <Group justify="end">
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button loading={rotate.isPending} onClick={() => rotate.mutate()}>
            Make it
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function Secret({ title, secret, close }: { title: string; secret: string; close: () => void }) {
  return (
    <Modal opened onClose={close} title={title} closeButtonProps={{ "aria-label": "Close" }} closeOnClickOutside={false}>
      <Stack>
        <Alert color="yellow" role="status">
          Copy the secret now: it is not shown again. Your system verifies <Code>webhook-signature</Code> with it.
        </Alert>
        <Takeaway text={secret} testId="webhook-secret" />
        <Group justify="end">
          <Button onClick={close}>Done</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
