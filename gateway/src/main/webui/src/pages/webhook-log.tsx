import { Anchor, Button, Code, Group, Modal, NativeSelect, Stack, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { get, request } from "../api/client";
import { outcome, standing, type WebhookAttempt, type WebhookDelivery, type WebhookEndpoint } from "../api/webhooks";
import { Dialog } from "../components/dialog";
import { Heading } from "../components/heading";
import { Listing } from "../components/listing";
import { Notice } from "../components/notice";
import { Rows } from "../components/rows";
import { Section } from "../components/section";
import { Status } from "../components/status";
import { Trouble } from "../components/trouble";
import { Waiting } from "../components/waiting";
import { When } from "../components/when";

const DAY = 24 * 60 * 60 * 1000;

const SPANS = [
  { value: "1", label: "The last day" },
  { value: "7", label: "The last week" },
  { value: "30", label: "The last 30 days" },
];

/** What one endpoint was told, with every attempt, and the ways to tell it again. */
export function WebhookLog({ id, manages, back }: { id: string; manages: boolean; back: () => void }) {
  const path = `/api/v1/webhook-endpoints/${id}`;
  const [state, setState] = useState("");
  const [opened, setOpened] = useState<string | null>(null);
  const [replaying, setReplaying] = useState(false);
  const [notice, setNotice] = useState<string | null>(null);
  const queries = useQueryClient();
  const endpoint = useQuery({ queryKey: ["webhooks", id], queryFn: () => get<WebhookEndpoint>(path) });
  const refresh = () => queries.invalidateQueries({ queryKey: ["webhooks", id] });
  const test = useMutation({
    mutationFn: () => request("POST", `${path}/test`),
    onSuccess: async () => {
      setNotice("A test event is on its way.");
      await refresh();
    },
  });

  if (endpoint.isPending) return <Waiting label="Loading the endpoint" />;
  if (endpoint.error) return <Trouble error={endpoint.error} retry={() => void endpoint.refetch()} />;
  const active = endpoint.data.status === "active";
  return (
    <Stack>
      <Anchor component="button" size="sm" style={{ alignSelf: "start" }} onClick={back}>
        All endpoints
      </Anchor>
      <Heading title="Deliveries" about={<span className="changed">{endpoint.data.url}</span>}>
        <Status is={standing(endpoint.data)} />
        <Button variant="default" onClick={() => void refresh()}>
          Refresh
        </Button>
        {manages && (
          <>
            <Button variant="default" disabled={!active} loading={test.isPending} onClick={() => test.mutate()}>
              Send a test
            </Button>
            <Button variant="default" disabled={!active} onClick={() => setReplaying(true)}>
              Replay…
            </Button>
          </>
        )}
      </Heading>
      <Notice text={notice} dismiss={() => setNotice(null)} />
      {test.error && <Trouble error={test.error} />}
      <NativeSelect
        label="Show"
        size="xs"
        w={160}
        value={state}
        onChange={(event) => setState(event.currentTarget.value)}
        data={[
          { value: "", label: "All" },
          { value: "pending", label: "Pending" },
          { value: "delivered", label: "Delivered" },
          { value: "failed", label: "Failed" },
          { value: "skipped", label: "Skipped" },
        ]}
      />
      <Listing<WebhookDelivery>
        queryKey={["webhooks", id, "deliveries", state]}
        path={`${path}/deliveries?limit=50${state === "" ? "" : `&state=${state}`}`}
        what="deliveries"
        empty="There are no such deliveries."
      >
        {(deliveries) => (
          <Rows
            label="Deliveries"
            rows={deliveries}
            keyOf={(delivery) => delivery.id}
            minWidth={520}
            columns={[
              { head: "When", width: 175, cell: (delivery) => <When at={delivery.created_at} /> },
              { head: "Event", cell: (delivery) => delivery.type },
              { head: "State", width: 110, cell: (delivery) => <Status is={delivery.state} /> },
              { head: "Answer", from: "md", cell: (delivery) => outcome(delivery) },
              { head: "Tries", right: true, from: "md", width: 70, cell: (delivery) => delivery.tries },
              {
                head: "Details",
                width: 90,
                cell: (delivery) => (
                  <Button size="compact-xs" variant="default" aria-label={`Details of ${delivery.id}`} onClick={() => setOpened(delivery.id)}>
                    Details
                  </Button>
                ),
              },
            ]}
          />
        )}
      </Listing>
      {opened && <Details path={`${path}/deliveries/${opened}`} replayable={manages && active} close={() => setOpened(null)} replayed={refresh} />}
      {replaying && <Replay path={path} close={() => setReplaying(false)} replayed={setNotice} />}
    </Stack>
  );
}

function Details(props: { path: string; replayable: boolean; close: () => void; replayed: () => Promise<unknown> }) {
  const delivery = useQuery({ queryKey: ["webhook-delivery", props.path], queryFn: () => get<WebhookDelivery>(props.path) });
  const replay = useMutation({
    mutationFn: () => request("POST", `${props.path}/replay`),
    onSuccess: async () => {
      await props.replayed();
      props.close();
    },
  });
  return (
    <Modal opened onClose={props.close} size="lg" title="Delivery" closeButtonProps={{ "aria-label": "Close" }}>
      {delivery.isPending && <Waiting label="Loading the delivery" />}
      {delivery.error && <Trouble error={delivery.error} retry={() => void delivery.refetch()} />}
      {delivery.data && (
        <Stack>
          <Group gap="xs">
            <Status is={delivery.data.state} />
            <Text fw={600}>{delivery.data.type}</Text>
            <Code className="changed">{delivery.data.id}</Code>
          </Group>
          {delivery.data.next_attempt_at && (
            <Text size="sm">
              Tried next <When at={delivery.data.next_attempt_at} />
            </Text>
          )}
          <Section title="Attempts">
            {(delivery.data.attempts ?? []).length === 0 ? (
              <Text size="sm">None yet.</Text>
            ) : (
              <Rows<WebhookAttempt>
                label="Attempts"
                rows={delivery.data.attempts ?? []}
                keyOf={(attempt) => attempt.at}
                columns={[
                  { head: "When", width: 175, cell: (attempt) => <When at={attempt.at} /> },
                  { head: "Answer", cell: (attempt) => attempt.status ?? attempt.error },
                  { head: "Took", right: true, width: 90, cell: (attempt) => `${attempt.duration_ms.toLocaleString()} ms` },
                  { head: "Said", cell: (attempt) => <span className="changed">{attempt.answer}</span> },
                ]}
              />
            )}
          </Section>
          <Section title="Payload">
            <Code block className="changed">
              {delivery.data.payload}
            </Code>
          </Section>
          {replay.error && <Trouble error={replay.error} />}
          {props.replayable && (
            <Group justify="end">
              <Button loading={replay.isPending} onClick={() => replay.mutate()}>
                Send again
              </Button>
            </Group>
          )}
        </Stack>
      )}
    </Modal>
  );
}

function Replay({ path, close, replayed }: { path: string; close: () => void; replayed: (notice: string) => void }) {
  const [days, setDays] = useState("1");
  const queries = useQueryClient();
  return (
    <Dialog
      title="Replay what was not taken?"
      action="Replay"
      close={close}
      run={async () => {
        const from = new Date(Date.now() - Number(days) * DAY).toISOString();
        let total = 0;
        let cursor: string | undefined;
        do {
          const answer = await request<{ replayed: number; next_cursor?: string }>("POST", `${path}/replay`, { from, cursor });
          total += answer.replayed;
          cursor = answer.next_cursor;
        } while (cursor);
        replayed(`${total.toLocaleString()} deliveries are sent again.`);
        await queries.invalidateQueries({ queryKey: ["webhooks"] });
      }}
    >
      <Text>Everything that failed, or happened while the endpoint was disabled, is sent again under its own id.</Text>
      <NativeSelect label="From" data-autofocus value={days} onChange={(event) => setDays(event.currentTarget.value)} data={SPANS} />
    </Dialog>
  );
}
