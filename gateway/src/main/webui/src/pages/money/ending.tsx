import { Radio, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { request } from "../../api/client";
import type { Subscription } from "../../api/types";
import { Dialog } from "../../components/dialog";

type Done = (notice: string) => Promise<void>;

/** Ends a subscription, with what is paid or at once. */
export function CancelDialog({ subscription, close, done }: { subscription: Subscription; close: () => void; done: Done }) {
  const later = !subscription.cancel_at_period_end;
  const [at, setAt] = useState(later ? "period_end" : "now");
  const end = subscription.current_period_end;
  const day = end ? new Date(end).toLocaleDateString() : "its last day";
  return (
    <Dialog
      title="Cancel the subscription?"
      action="Cancel subscription"
      keep="Keep it"
      danger
      close={close}
      run={async () => {
        await request("POST", "/api/v1/subscription/cancellation", { at });
        await done(at === "now" ? "The subscription has ended." : `The subscription ends on ${day}.`);
      }}
    >
      <Radio.Group label="When" value={at} onChange={setAt}>
        <Stack gap="xs" mt="xs">
          {later && <Radio value="period_end" label={`On ${day}`} description="Everything works until then, and you can take it back." />}
          <Radio value="now" label="Now" description="Agents stop answering at once. Credits of the plan end; packs are kept." />
        </Stack>
      </Radio.Group>
      <Text size="sm" c="dimmed">
        Your conversations and invoices are kept either way.
      </Text>
    </Dialog>
  );
}

/** Takes a cancellation back. */
export function ResumeDialog({ close, done }: { close: () => void; done: Done }) {
  return (
    <Dialog
      title="Resume the subscription?"
      action="Resume"
      close={close}
      run={async () => {
        await request("POST", "/api/v1/subscription/resumption");
        await done("The subscription goes on.");
      }}
    >
      <Text>It renews as before, and nothing is charged until then.</Text>
    </Dialog>
  );
}

/** Takes a change of plan back that waits for the end of the period. */
export function WithdrawDialog({ name, pending, close, done }: { name: string; pending: string; close: () => void; done: Done }) {
  return (
    <Dialog
      title={`Stay on ${name}?`}
      action={`Stay on ${name}`}
      keep={`Go on to ${pending}`}
      close={close}
      run={async () => {
        await request("DELETE", "/api/v1/subscription/change");
        await done(`You stay on ${name}.`);
      }}
    >
      <Text>
        The change to {pending} is taken back, and {name} renews as before.
      </Text>
    </Dialog>
  );
}
