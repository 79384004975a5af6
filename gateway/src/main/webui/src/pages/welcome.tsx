import { Button, Container, Divider, Group, Paper, PasswordInput, Stack, Text, TextInput, Title } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useEffect, useState } from "react";
import { useLocation } from "react-router";
import { Problem, request } from "../api/client";
import { Trouble } from "../components/trouble";

const EMPTY = { name: "", organization: "", email: "", password: "" };

/** Where strangers sign in or sign up. */
export function WelcomePage() {
  const [form, setForm] = useState(EMPTY);
  const queries = useQueryClient();
  const signUp = useMutation({
    mutationFn: () => request("POST", "/auth/signup", form),
    onSuccess: () => queries.resetQueries({ queryKey: ["me"] }),
  });
  // Whoever was sent here from a page of the console comes back to it.
  const back = encodeURIComponent(`/console${useLocation().pathname}`);
  const problem = signUp.error instanceof Problem ? signUp.error : undefined;
  useEffect(() => {
    document.title = "Welcome · Parley";
  }, []);

  function submit(event: FormEvent) {
    event.preventDefault();
    signUp.mutate();
  }

  function field(name: keyof typeof EMPTY) {
    return {
      name,
      value: form[name],
      required: true,
      error: problem?.field(`/${name}`),
      onChange: (event: { currentTarget: { value: string } }) => {
        const value = event.currentTarget.value;
        setForm((before) => ({ ...before, [name]: value }));
      },
    };
  }

  return (
    <Container size="xs" py="xl" component="main">
      <Stack gap="lg">
        <Group gap="sm">
          <img src="/console/icon.svg" alt="" width={40} height={40} />
          <Title order={1}>Parley</Title>
        </Group>
        <Text>AI agents that talk to your customers and work for you, on every channel you use.</Text>
        <Button component="a" href={`/auth/login?redirect_to=${back}`} size="md" fullWidth>
          Sign in
        </Button>
        <Button component="a" href={`/auth/login?action=register&redirect_to=${back}`} variant="default" fullWidth>
          Other ways to create an account
        </Button>
        <Divider label="or start a free trial, no card needed" />
        <Paper withBorder p="lg" component="section" aria-labelledby="sign-up">
          <form onSubmit={submit}>
            <Stack>
              <Title order={2} size="h3" id="sign-up">
                Create your organisation
              </Title>
              <TextInput label="Your name" autoComplete="name" {...field("name")} />
              <TextInput label="Organisation" autoComplete="organization" {...field("organization")} />
              <TextInput
                label="E-mail"
                type="email"
                autoComplete="email"
                {...field("email")}
                error={problem?.code === "EMAIL_TAKEN" ? "This address has an account already. Sign in instead." : problem?.field("/email")}
              />
              <PasswordInput
                label="Password"
                description="At least 10 characters."
                autoComplete="new-password"
                {...field("password")}
              />
              {signUp.error && !problem?.body.errors && problem?.code !== "EMAIL_TAKEN" && <Trouble error={signUp.error} />}
              <Button type="submit" variant="light" loading={signUp.isPending}>
                Start free trial
              </Button>
            </Stack>
          </form>
        </Paper>
      </Stack>
    </Container>
  );
}
