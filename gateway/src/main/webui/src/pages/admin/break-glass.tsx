import { Group, Paper, Stack, Text } from "@mantine/core";
import { minutesLeft } from "../../api/grants";
import type { BreakGlass, Me } from "../../api/types";
import { Heading } from "../../components/heading";
import { Trouble } from "../../components/trouble";
import { Waiting } from "../../components/waiting";
import { When } from "../../components/when";
import { nameOf, useGrants, useNow } from "./grants";

/** When and why the glass was broken. */
export function BreakGlassPage({ me }: { me: Me }) {
  const grants = useGrants();
  const now = useNow();
  return (
    <Stack maw={760}>
      <Heading title="Break-glass" about="Individual records of a tenant, in an emergency, by anybody of the staff. Open it from a tenant’s page." />
      {grants.isPending && <Waiting label="Loading grants" />}
      {grants.error && <Trouble error={grants.error} retry={() => void grants.refetch()} />}
      {grants.data?.items.length === 0 && <Text>The glass was never broken.</Text>}
      <Stack gap="xs" role="list">
        {grants.data?.items.map((grant) => (
          <Grant key={grant.id} grant={grant} minutes={minutesLeft(grant, now)} mine={grant.admin_id === me.user_id} />
        ))}
      </Stack>
    </Stack>
  );
}

function Grant({ grant, minutes, mine }: { grant: BreakGlass; minutes: number; mine: boolean }) {
  return (
    <Paper withBorder p="sm" role="listitem">
      <Group justify="space-between" gap={4}>
        <Text size="sm" fw={600} className="changed">
          {nameOf(grant.tenant_id)}
        </Text>
        <Text size="xs" c="dimmed">
          {minutes > 0 ? (
            `${minutes} min left`
          ) : (
            <>
              ended <When at={grant.ended_at ?? grant.expires_at} />
            </>
          )}
        </Text>
      </Group>
      <Text size="sm" className="changed">
        “{grant.reason}”, ticket {grant.ticket}
      </Text>
      <Text size="xs" c="dimmed" className="changed">
        opened <When at={grant.opened_at} /> by {mine ? "you" : grant.admin_id}
      </Text>
    </Paper>
  );
}
