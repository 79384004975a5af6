import { Button, Group, Stack, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { get } from "../../api/client";
import { meterName, words } from "../../api/meters";
import type { HistoryEntry } from "../../api/types";
import { Listing } from "../../components/listing";
import { Rows } from "../../components/rows";
import { Trouble } from "../../components/trouble";
import { When } from "../../components/when";

/** The ledger of credits: each that came or went, why, and what was left. */
export function History() {
  return (
    <Stack>
      <Verification />
      <Listing<HistoryEntry> queryKey={["credits-history"]} path="/api/v1/credits/history?limit=50" what="credits" empty="No credits came or went yet.">
        {(entries) => (
          <Rows
            label="Credits in and out"
            rows={entries}
            keyOf={(entry) => entry.id}
            minWidth={560}
            columns={[
              { head: "When", width: 175, cell: (entry) => <When at={entry.at} /> },
              { head: "Why", cell: (entry) => <Cause of={entry} /> },
              { head: "Credits", right: true, width: 100, cell: (entry) => signed(entry.credits) },
              { head: "Left after it", right: true, width: 120, cell: (entry) => entry.balance.toLocaleString() },
            ]}
          />
        )}
      </Listing>
    </Stack>
  );
}

const KINDS: Record<string, string> = {
  grant: "Granted",
  usage: "Used",
  expiry: "Ended unspent",
  refund: "Given back",
  correction: "Taken back",
  repair: "Put right",
};

function Cause({ of }: { of: HistoryEntry }) {
  const { kind, lot, usage, operation_id } = of;
  return (
    <Stack gap={0}>
      <Text size="sm">
        {KINDS[kind] ?? words(kind)}
        {usage && `: ${words(usage.agent)} on ${usage.channel}`}
        {!usage && lot && `: ${words(lot.source)}, ${lot.credits.toLocaleString()} credits`}
      </Text>
      {usage?.lines.map((line) => (
        <Text size="xs" c="dimmed" key={line.meter}>
          {meterName(line.meter)}: {line.quantity.toLocaleString()} for {line.credits.toLocaleString()} {line.credits === 1 ? "credit" : "credits"}
          {line.estimated ? " (estimated)" : ""}
        </Text>
      ))}
      {lot?.reason && (
        <Text size="xs" c="dimmed">
          {lot.reason}
        </Text>
      )}
      {operation_id && (
        <Text size="xs" c="dimmed" className="changed">
          Operation {operation_id}
          {usage?.conversation_id && `, conversation ${usage.conversation_id}`}
        </Text>
      )}
    </Stack>
  );
}

function signed(credits: number): string {
  return credits > 0 ? `+${credits.toLocaleString()}` : credits.toLocaleString();
}

interface Proof {
  intact: boolean;
  days: number;
  transfers: number;
  last_day?: string | null;
}

function Verification() {
  const verify = useMutation({ mutationFn: () => get<Proof>("/api/v1/credits/history/verification") });
  return (
    <Group gap="sm">
      <Button size="xs" variant="default" loading={verify.isPending} onClick={() => verify.mutate()}>
        Verify
      </Button>
      <Text size="sm" role="status" c={verify.data ? undefined : "dimmed"}>
        {!verify.data && "Proves that no closed day of these books was altered."}
        {verify.data?.intact && `Nothing was altered: ${verify.data.days.toLocaleString()} closed days, ${verify.data.transfers.toLocaleString()} entries.`}
        {verify.data && !verify.data.intact && "The books are not as they were closed. Tell Parley’s support."}
      </Text>
      {verify.error && <Trouble error={verify.error} />}
    </Group>
  );
}
