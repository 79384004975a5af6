import { Badge, Button, Group, Paper, SimpleGrid, Stack, Text } from "@mantine/core";
import { IconDeviceMobile, IconFingerprint, IconLockPassword } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { organisation, request } from "../api/client";
import type { Session } from "../api/types";
import { Confirm } from "../components/confirm";
import { Heading } from "../components/heading";
import { Listing } from "../components/listing";
import { Section } from "../components/section";
import { Trouble } from "../components/trouble";
import { When } from "../components/when";

const ACTIONS = [
  { action: "password", label: "Change password", icon: IconLockPassword },
  { action: "passkey", label: "Add a passkey", icon: IconFingerprint },
  { action: "totp", label: "Add a one-time code", icon: IconDeviceMobile },
];

/** How one signs in, and where one is signed in now. */
export default function SecurityPage() {
  const [leaving, setLeaving] = useState(false);
  return (
    <Stack maw={760}>
      <Heading title="Security" about="Your own account, in every organisation." />
      <Section title="Signing in" about="A passkey or a one-time code keeps others out who know your password.">
        <SimpleGrid cols={{ base: 1, sm: 3 }}>
          {ACTIONS.map(({ action, label, icon: Symbol }) => (
            <Button
              key={action}
              component="a"
              href={`/auth/login?action=${action}&redirect_to=/console/security`}
              variant="default"
              leftSection={<Symbol size={18} aria-hidden />}
            >
              {label}
            </Button>
          ))}
        </SimpleGrid>
      </Section>
      <Section title="Where you are signed in" about="End what you do not recognise, then change your password.">
        <Listing<Session> queryKey={["sessions"]} path="/api/v1/sessions" what="sessions" empty="No session is known.">
          {(sessions) => <Sessions sessions={sessions} />}
        </Listing>
        <Button color="red" variant="outline" style={{ alignSelf: "start" }} onClick={() => setLeaving(true)}>
          Sign out everywhere…
        </Button>
      </Section>
      {leaving && (
        <Confirm
          title="Sign out everywhere?"
          action="Sign out everywhere"
          close={() => setLeaving(false)}
          run={async () => {
            await request("DELETE", "/api/v1/sessions");
            organisation.forget();
            window.location.assign("/console/");
          }}
        >
          <Text>Every browser and program that is signed in as you is refused within two seconds, this one too. API keys stay.</Text>
        </Confirm>
      )}
    </Stack>
  );
}

function Sessions({ sessions }: { sessions: Session[] }) {
  const queries = useQueryClient();
  const end = useMutation({
    mutationFn: (session: Session) => request("DELETE", `/api/v1/sessions/${session.id}`),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["sessions"] }),
  });
  return (
    <Stack gap="xs" role="list">
      {end.error && <Trouble error={end.error} />}
      {sessions.map((session) => {
        const device = session.device || "Unknown device";
        return (
          <Paper key={session.id} withBorder p="sm" role="listitem">
            <Group justify="space-between" gap="xs">
              <div>
                <Group gap="xs">
                  <Text size="sm" fw={500} className="changed">
                    {device}
                  </Text>
                  {session.current && <Badge>This one</Badge>}
                </Group>
                <Text size="xs" c="dimmed">
                  {session.address ? `${session.address}, ` : ""}last used <When at={session.last_used_at} />
                </Text>
              </div>
              {!session.current && (
                <Button
                  size="xs"
                  variant="default"
                  aria-label={`End ${device}`}
                  loading={end.isPending && end.variables.id === session.id}
                  onClick={() => end.mutate(session)}
                >
                  End
                </Button>
              )}
            </Group>
          </Paper>
        );
      })}
    </Stack>
  );
}
