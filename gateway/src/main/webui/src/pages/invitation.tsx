import { Alert, Button, Card, Container, Group, Stack, Text, Title } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useEffect } from "react";
import { Link, useLocation, useNavigate, useParams } from "react-router";
import { Problem, request } from "../api/client";
import { useSwitch } from "../api/session";
import type { Me, Role } from "../api/types";
import { Trouble } from "../components/trouble";

/** Where the link of an invitation leads, for the person that is signed in. */
export function InvitationPage({ me }: { me: Me }) {
  const { token = "" } = useParams();
  const navigate = useNavigate();
  const switchTo = useSwitch();
  const accept = useMutation({
    mutationFn: () =>
      // Accepted as a person, whatever organisation that person works for now.
      request<{ tenant_id: string; role: Role }>("POST", `/api/v1/invitations/${encodeURIComponent(token)}/acceptance`, undefined, {
        tenant: null,
      }),
    onSuccess: async (membership) => {
      await switchTo(membership.tenant_id);
      await navigate("/chat");
    },
  });
  const problem = accept.error instanceof Problem ? accept.error : undefined;
  const code = problem?.code ?? "";
  return (
    <Card withBorder maw={560} mx="auto" mt="xl" component="section" aria-labelledby="invitation">
      <Stack>
        <Title order={1} size="h2" id="invitation">
          You are invited
        </Title>
        <Text>
          Accept as <strong>{me.email}</strong> to join the organisation that invited you. Your other organisations stay; you switch
          between them at the top.
        </Text>
        {problem?.policy ? <NoRoom code={code} /> : accept.error && <Trouble error={accept.error} />}
        {WAYS_OUT[code] && <Text size="sm">{WAYS_OUT[code]}</Text>}
        <Group>
          <Button loading={accept.isPending} onClick={() => accept.mutate()}>
            Accept
          </Button>
          <Button variant="default" component={Link} to="/">
            Not now
          </Button>
        </Group>
      </Stack>
    </Card>
  );
}

/** It is not this person's plan that is in the way, so there is nothing for them to change. */
function NoRoom({ code }: { code: string }) {
  return (
    <Alert
      color="yellow"
      role="alert"
      title={code === "QUOTA_EXCEEDED" ? "Every seat of the organisation is taken" : "The organisation’s plan does not allow it"}
    >
      Ask the person who invited you. The invitation stays as it is: come back when there is room.
    </Alert>
  );
}

/** The same for somebody who is not signed in: whoever comes back is at the invitation again. */
export function InvitedStranger() {
  const back = `/console${useLocation().pathname}`;
  const login = (action = "") => `/auth/login?${action}redirect_to=${encodeURIComponent(back)}`;
  useEffect(() => {
    document.title = "You are invited · Parley";
  }, []);
  return (
    <Container size="xs" py="xl" component="main">
      <Stack>
        <Group gap="sm">
          <img src="/console/icon.svg" alt="" width={40} height={40} />
          <Title order={1}>You are invited</Title>
        </Group>
        <Text>Sign in, or make an account with the address that the invitation was sent to. Then you can accept it.</Text>
        <Button component="a" href={login()} size="md">
          Sign in
        </Button>
        <Button component="a" href={login("action=register&")} size="md" variant="default">
          Make an account
        </Button>
      </Stack>
    </Container>
  );
}

const WAYS_OUT: Record<string, string> = {
  INVITATION_FOR_ANOTHER_PERSON: "Sign out and sign in with the address that the message was sent to, or ask for an invitation to this one.",
  INVITATION_EXPIRED: "Ask the person who invited you to send it again.",
  INVITATION_ALREADY_ACCEPTED: "If it was you, choose the organisation at the top.",
  NOT_FOUND: "The link may be cut off, or the invitation was revoked. Ask the person who invited you.",
};
