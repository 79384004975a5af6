import { Button, Group, NativeSelect, Stack, Text, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { PROVIDERS, providerName } from "../../api/checkout";
import { request } from "../../api/client";
import type { ProviderEvent } from "../../api/types";
import { Dialog } from "../../components/dialog";
import { useFields } from "../../components/fields";
import { Heading } from "../../components/heading";
import { Listing } from "../../components/listing";
import { Notice } from "../../components/notice";
import { Rows } from "../../components/rows";
import { Status } from "../../components/status";
import { When } from "../../components/when";

const EVENTS = "/api/v1/admin/provider-events";

/** What payment providers reported, and a way to look at it again. */
export function ProviderEventsPage() {
  const { values, field } = useFields({ provider: "", state: "" });
  const [replaying, setReplaying] = useState<ProviderEvent | "some" | null>(null);
  const [notice, setNotice] = useState<string | null>(null);
  const query = new URLSearchParams([["limit", "50"], ...Object.entries(values).filter(([, value]) => value !== "")]);
  return (
    <Stack>
      <Heading title="Provider events" about="An event only says what to fetch: looking at it again applies what the provider says now, and can do no harm.">
        <Button variant="default" onClick={() => setReplaying("some")}>
          Replay a time…
        </Button>
      </Heading>
      <Notice text={notice} dismiss={() => setNotice(null)} />
      <Group align="end" gap="xs" role="search" aria-label="Filter events">
        <NativeSelect label="Provider" size="xs" {...field("provider")} data={[{ value: "", label: "All" }, ...PROVIDERS]} />
        <NativeSelect
          label="State"
          size="xs"
          {...field("state")}
          data={[{ value: "", label: "All" }, ...["received", "applied", "ignored", "failed"].map((state) => ({ value: state, label: state }))]}
        />
      </Group>
      <Listing<ProviderEvent> queryKey={["provider-events", query.toString()]} path={`${EVENTS}?${query}`} what="events" empty="There are none.">
        {(events) => (
          <Rows
            label="Provider events"
            rows={events}
            keyOf={(event) => `${event.provider} ${event.event_id}`}
            minWidth={640}
            columns={[
              {
                head: "Event",
                width: "36%",
                cell: (event) => (
                  <>
                    <Text size="sm">{event.type}</Text>
                    <Text size="xs" c="dimmed">
                      {providerName(event.provider)}, {event.event_id}
                    </Text>
                  </>
                ),
              },
              {
                head: "About",
                from: "md",
                cell: (event) => (
                  <>
                    <Text size="sm">{event.object_kind}</Text>
                    <Text size="xs" c="dimmed" className="changed">
                      {event.object_id}
                    </Text>
                  </>
                ),
              },
              { head: "Came", width: 175, cell: (event) => <When at={event.received_at} /> },
              {
                head: "State",
                width: 110,
                cell: (event) => (
                  <>
                    <Status is={event.state} />
                    {event.attempts > 1 && (
                      <Text size="xs" c="dimmed">
                        {event.attempts} tries
                      </Text>
                    )}
                    {event.last_error && <Text size="xs">{event.last_error}</Text>}
                  </>
                ),
              },
              {
                head: "Do it",
                width: 100,
                cell: (event) => (
                  <Button size="compact-xs" variant="default" aria-label={`Replay ${event.event_id}`} onClick={() => setReplaying(event)}>
                    Replay…
                  </Button>
                ),
              },
            ]}
          />
        )}
      </Listing>
      {replaying && <Replay event={replaying === "some" ? undefined : replaying} close={() => setReplaying(null)} say={setNotice} />}
    </Stack>
  );
}

function Replay({ event, close, say }: { event?: ProviderEvent; close: () => void; say: (notice: string) => void }) {
  const queries = useQueryClient();
  const { values, field } = useFields({ provider: event?.provider ?? "stripe", from: "", to: "", reason: "" });
  const time = (typed: string) => (typed === "" ? undefined : new Date(typed).toISOString());
  return (
    <Dialog
      title={event ? `Replay ${event.type}?` : "Replay the events of a time"}
      action="Replay"
      close={close}
      disabled={event === undefined && values.from === ""}
      run={async () => {
        const { replayed } = await request<{ replayed: number }>("POST", `${EVENTS}/replay`, {
          provider: values.provider,
          ...(event ? { event_ids: [event.event_id] } : { from: time(values.from), to: time(values.to) }),
          ...(values.reason.trim() === "" ? {} : { reason: values.reason.trim() }),
        });
        await queries.invalidateQueries({ queryKey: ["provider-events"] });
        say(`${replayed.toLocaleString()} ${replayed === 1 ? "event is" : "events are"} looked at again.`);
      }}
    >
      {!event && (
        <>
          <NativeSelect label="Provider" {...field("provider")} data={PROVIDERS} />
          <TextInput label="From" type="datetime-local" required {...field("from")} />
          <TextInput label="To" description="Empty means until now" type="datetime-local" {...field("to")} />
        </>
      )}
      <TextInput label="Reason" maxLength={500} data-autofocus {...field("reason")} />
    </Dialog>
  );
}
