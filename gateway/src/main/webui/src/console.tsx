import {
  ActionIcon,
  AppShell,
  Burger,
  Button,
  Center,
  Group,
  Loader,
  NavLink,
  Stack,
  Text,
  Title,
  useComputedColorScheme,
  useMantineColorScheme,
} from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconChartBar, IconCreditCard, IconKey, IconMessageCircle, IconMoon, IconSun } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { Link, Navigate, Route, Routes, useLocation } from "react-router";
import { get, Problem, request } from "./api/client";
import type { Me } from "./api/types";
import { Trouble } from "./components/trouble";
import { ChatPage } from "./pages/chat";
import { KeysPage } from "./pages/keys";
import { PlanPage } from "./pages/plan";
import { UsagePage } from "./pages/usage";
import { WelcomePage } from "./pages/welcome";

const PAGES = [
  { path: "/chat", label: "Chat", icon: IconMessageCircle },
  { path: "/plan", label: "Plan", icon: IconCreditCard },
  { path: "/usage", label: "Credits and usage", icon: IconChartBar },
  { path: "/keys", label: "API keys", icon: IconKey },
];

/** The whole console: the welcome page for strangers, the pages for people who are signed in. */
export function Console() {
  const me = useQuery({ queryKey: ["me"], queryFn: () => get<Me>("/api/v1/me"), staleTime: 60_000 });
  if (me.isPending) {
    return (
      <Center h="100dvh" role="status" aria-label="Loading">
        <Loader />
      </Center>
    );
  }
  if (me.error instanceof Problem && me.error.status === 401) return <WelcomePage />;
  if (me.error) {
    return (
      <Center h="100dvh" p="md">
        <Trouble error={me.error} retry={() => void me.refetch()} />
      </Center>
    );
  }
  return <SignedIn me={me.data} />;
}

function SignedIn({ me }: { me: Me }) {
  const [open, { toggle, close }] = useDisclosure();
  const { pathname } = useLocation();
  const queries = useQueryClient();
  const organisation = me.memberships.find((membership) => membership.tenant_id === me.tenant_id);
  useEffect(() => {
    const page = PAGES.find((candidate) => pathname.startsWith(candidate.path));
    document.title = page ? `${page.label} · Parley` : "Parley";
    close();
  }, [pathname, close]);

  async function signOut() {
    await request("POST", "/auth/logout");
    queries.clear();
    window.location.assign("/console/");
  }

  return (
    <AppShell
      header={{ height: 60 }}
      navbar={{ width: 240, breakpoint: "sm", collapsed: { mobile: !open } }}
      padding="md"
    >
      <a className="skip-link" href="#main">
        Skip to content
      </a>
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Burger opened={open} onClick={toggle} hiddenFrom="sm" size="sm" aria-label="Menu" aria-expanded={open} />
            <img src="/console/icon.svg" alt="" width={28} height={28} />
            <Text fw={700}>Parley</Text>
            <Text c="dimmed" visibleFrom="xs" truncate>
              {organisation?.name}
            </Text>
          </Group>
          <Group gap="xs" wrap="nowrap">
            <SchemeSwitch />
            <Text size="sm" c="dimmed" visibleFrom="md">
              {me.email}
            </Text>
            <Button variant="default" size="xs" onClick={() => void signOut()}>
              Sign out
            </Button>
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" aria-label="Pages">
        {PAGES.map(({ path, label, icon: Icon }) => (
          <NavLink
            key={path}
            component={Link}
            to={path}
            label={label}
            leftSection={<Icon size={18} aria-hidden />}
            active={pathname.startsWith(path)}
            aria-current={pathname.startsWith(path) ? "page" : undefined}
          />
        ))}
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1}>
        {me.tenant_id ? <Pages /> : <NoTenant me={me} />}
      </AppShell.Main>
    </AppShell>
  );
}

function Pages() {
  return (
    <Routes>
      <Route path="/chat" element={<ChatPage />} />
      <Route path="/plan" element={<PlanPage />} />
      <Route path="/usage" element={<UsagePage />} />
      <Route path="/keys" element={<KeysPage />} />
      <Route path="*" element={<Navigate to="/chat" replace />} />
    </Routes>
  );
}

function NoTenant({ me }: { me: Me }) {
  return (
    <Stack maw={560}>
      <Title order={1} size="h2">
        {me.platform_admin ? "You are platform staff" : "You belong to no organisation"}
      </Title>
      <Text>
        {me.platform_admin
          ? "These pages show an organisation's own data. Manage the catalogue and tenants with the admin API, described at /docs."
          : "Ask an owner to invite you, or sign up for a new organisation with another address."}
      </Text>
    </Stack>
  );
}

function SchemeSwitch() {
  const { setColorScheme } = useMantineColorScheme();
  const dark = useComputedColorScheme("light") === "dark";
  return (
    <ActionIcon
      variant="default"
      size="lg"
      aria-label={dark ? "Use light colours" : "Use dark colours"}
      onClick={() => setColorScheme(dark ? "light" : "dark")}
    >
      {dark ? <IconSun size={18} aria-hidden /> : <IconMoon size={18} aria-hidden />}
    </ActionIcon>
  );
}
