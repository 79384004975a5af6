import { Alert, Anchor, Button, Group, Stack, Text, TextInput, Title } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useEffect, useState } from "react";
import { Problem, request } from "../api/client";
import { useSwitch } from "../api/session";
import type { Me, Tenant } from "../api/types";
import { Trouble } from "../components/trouble";

const PROVE = "/auth/login?action=verify-email&redirect_to=/console/";

/** The first screen of a person who belongs to no organisation yet: name one, or prove the address first. */
export function OrganizationPage({ me }: { me: Me }) {
  const [name, setName] = useState("");
  const queries = useQueryClient();
  const switchTo = useSwitch();
  const create = useMutation({
    mutationFn: () => request<Tenant>("POST", "/api/v1/tenants", { name: name.trim() }, { tenant: null }),
    onSuccess: (tenant) => switchTo(tenant.id),
  });
  const problem = create.error instanceof Problem ? create.error : undefined;
  const unproven = me.email_verified === false || problem?.code === "EMAIL_NOT_VERIFIED";
  useEffect(() => {
    document.title = "Your organisation · Parley";
  }, []);

  function submit(event: FormEvent) {
    event.preventDefault();
    create.mutate();
  }

  if (unproven) {
    return (
      <Stack maw={560}>
        <Title order={1} size="h2">
          Check your mail
        </Title>
        <Text>
          Before you make an organisation, prove that <strong>{me.email}</strong> is yours: open the link in the mail that
          Parley sends you.
        </Text>
        <Group>
          <Button component="a" href={PROVE}>
            Send the mail
          </Button>
          <Button variant="default" onClick={() => void queries.resetQueries({ queryKey: ["me"] })}>
            I have done that
          </Button>
        </Group>
      </Stack>
    );
  }
  return (
    <Stack maw={560}>
      <Title order={1} size="h2">
        Name your organisation
      </Title>
      <Text>Everything you do in Parley belongs to an organisation. You can rename it and invite others later.</Text>
      <form onSubmit={submit}>
        <Stack>
          <TextInput
            label="Organisation"
            name="organization"
            autoComplete="organization"
            required
            maxLength={200}
            value={name}
            error={problem?.field("/name")}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          {create.error && !problem?.body.errors && <Trouble error={create.error} />}
          <Group>
            <Button type="submit" loading={create.isPending}>
              Create organisation
            </Button>
          </Group>
        </Stack>
      </form>
      <Text size="sm" c="dimmed">
        Were you invited? Open the link in the invitation instead.
      </Text>
    </Stack>
  );
}

/** Reminds a person whose address is not proven, who can work but not join or make other organisations. */
export function UnprovenNotice({ me }: { me: Me }) {
  if (me.email_verified !== false || !me.tenant_id) return null;
  return (
    <Alert color="yellow" mb="md" title="Is this your e-mail address?" role="status">
      We have sent a link to {me.email}. Open it to prove that the address is yours.{" "}
      <Anchor href={PROVE} size="sm">
        Send it again
      </Anchor>
    </Alert>
  );
}
