import {
  ActionIcon,
  Alert,
  AppShell,
  Burger,
  Button,
  Center,
  Group,
  Loader,
  ScrollArea,
  Stack,
  Text,
  Title,
  useComputedColorScheme,
  useMantineColorScheme,
} from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconMoon, IconSun } from "@tabler/icons-react";
import { type QueryClient, useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, type ReactNode, Suspense, useEffect, useMemo, useState } from "react";
import { Navigate, Route, Routes, useLocation } from "react-router";
import { organisation, Problem, request } from "./api/client";
import type { Identity } from "./api/organisation";
import { atLeast } from "./api/roles";
import { whoIsHere } from "./api/session";
import type { Me, Membership, Role } from "./api/types";
import { groupsFor, Navigation, pageAt } from "./components/navigation";
import { BalanceLink, Standing } from "./components/standing";
import { Restoration, Switcher } from "./components/switcher";
import { Trouble } from "./components/trouble";
import { Waiting } from "./components/waiting";
import { ChatPage } from "./pages/chat";
import { InvitationPage, InvitedStranger } from "./pages/invitation";
import { OrganizationPage, UnprovenNotice } from "./pages/organization";
import { WelcomePage } from "./pages/welcome";

// Only the first page comes with the console; the others are fetched when they are opened.
const AgentPages = lazy(() => import("./pages/agents"));
const ApprovalsPage = lazy(() => import("./pages/approvals"));
const AuditLogPage = lazy(() => import("./pages/audit-log"));
const ChannelsPage = lazy(() => import("./pages/channels"));
const ConversationPages = lazy(() => import("./pages/conversations"));
const DraftsPage = lazy(() => import("./pages/drafts"));
const FunctionsPage = lazy(() => import("./pages/functions"));
const KeysPage = lazy(() => import("./pages/keys"));
const MembersPage = lazy(() => import("./pages/members"));
const BillingPage = lazy(() => import("./pages/money/billing"));
const CustomerPages = lazy(() => import("./pages/money/customers"));
const DecisionsPage = lazy(() => import("./pages/money/decisions"));
const PlanPage = lazy(() => import("./pages/money/plan"));
const SecurityPage = lazy(() => import("./pages/security"));
const SettingsPage = lazy(() => import("./pages/settings"));
const ProviderKeysPage = lazy(() => import("./pages/provider-keys"));
const WebhooksPage = lazy(() => import("./pages/webhooks"));
const UsagePage = lazy(() => import("./pages/money/usage"));
const AdminPages = lazy(() => import("./pages/admin/pages"));
const ErasedPage = lazy(() => import("./pages/erased"));

/** The whole console: the welcome page for strangers, the pages for people who are signed in. */
export function Console() {
  const queries = useQueryClient();
  const { pathname } = useLocation();
  const here = useQuery(whoIsHere(queries));
  if (here.isPending) {
    return (
      <Center h="100dvh" role="status" aria-label="Loading">
        <Loader />
      </Center>
    );
  }
  if (here.error instanceof Problem && here.error.status === 401) {
    return pathname.startsWith("/invitations/") ? <InvitedStranger /> : <WelcomePage />;
  }
  if (!here.data) {
    return (
      <Center h="100dvh" p="md">
        <Stack maw={480}>
          <Trouble error={here.error} retry={() => void here.refetch()} />
          {here.error instanceof Problem && here.error.status === 403 && (
            <Button variant="default" onClick={() => void signOut(queries)}>
              Sign out
            </Button>
          )}
        </Stack>
      </Center>
    );
  }
  return <SignedIn key={here.data.me.tenant_id} {...here.data} />;
}

function SignedIn({ me, refused: first }: Identity) {
  const [refused] = useState(first);
  const [open, { toggle, close }] = useDisclosure();
  const { pathname } = useLocation();
  const queries = useQueryClient();
  const groups = useMemo(() => groupsFor(me), [me]);
  const working = groups.some((group) => group.entries.some((entry) => entry.path === "/usage"));
  useEffect(() => {
    const page = pageAt(groups, pathname);
    document.title = page ? `${page.label} · Parley` : "Parley";
    close();
  }, [pathname, groups, close]);

  return (
    <AppShell header={{ height: 60 }} navbar={{ width: 240, breakpoint: "sm", collapsed: { mobile: !open } }} padding="md">
      <a className="skip-link" href="#main">
        Skip to content
      </a>
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap" gap="xs">
          <Group gap="xs" wrap="nowrap" miw={0}>
            <Burger opened={open} onClick={toggle} hiddenFrom="sm" size="sm" aria-label="Menu" aria-expanded={open} />
            <img src="/console/icon.svg" alt="" width={28} height={28} />
            <Text fw={700} visibleFrom="sm">
              Parley
            </Text>
            {me.memberships.length > 0 && <Switcher me={me} />}
          </Group>
          <Group gap="xs" wrap="nowrap">
            {working && <BalanceLink />}
            <SchemeSwitch />
            <Text size="sm" c="dimmed" visibleFrom="md">
              {me.email}
            </Text>
            <Button variant="default" size="xs" visibleFrom="sm" onClick={() => void signOut(queries)}>
              Sign out
            </Button>
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" aria-label="Pages">
        <AppShell.Section grow component={ScrollArea}>
          <Navigation groups={groups} />
        </AppShell.Section>
        <AppShell.Section hiddenFrom="sm" pt="xs">
          <Text size="sm" c="dimmed" px="sm" pb="xs" truncate>
            {me.email}
          </Text>
          <Button variant="default" fullWidth onClick={() => void signOut(queries)}>
            Sign out
          </Button>
        </AppShell.Section>
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1}>
        <UnprovenNotice me={me} />
        {working && <Standing me={me} />}
        {refused && <Refused me={me} refused={refused} />}
        <Suspense fallback={<Waiting label="Loading the page" />}>
          <Pages me={me} />
        </Suspense>
      </AppShell.Main>
    </AppShell>
  );
}

async function signOut(queries: QueryClient) {
  await request("POST", "/auth/logout");
  organisation.forget();
  queries.clear();
  window.location.assign("/console/");
}

function Pages({ me }: { me: Me }) {
  const current = me.memberships.find((membership) => membership.tenant_id === me.tenant_id);
  const inside = (page: ReactNode, role: Role = "member") => {
    if (!me.tenant_id) return <NoTenant me={me} />;
    if (current?.status === "deleted") return <Deleted membership={current} />;
    return atLeast(me.role, role) ? page : <NotForRole role={role} />;
  };
  return (
    <Routes>
      <Route path="/chat" element={inside(<ChatPage />)} />
      <Route path="/agents/*" element={inside(<AgentPages me={me} />)} />
      <Route path="/functions" element={inside(<FunctionsPage />, "admin")} />
      <Route path="/conversations/*" element={inside(<ConversationPages me={me} />)} />
      <Route path="/review" element={inside(<DraftsPage me={me} />)} />
      <Route path="/approvals" element={inside(<ApprovalsPage me={me} />, "admin")} />
      <Route path="/channels" element={inside(<ChannelsPage />, "admin")} />
      <Route path="/plan" element={inside(<PlanPage me={me} />)} />
      <Route path="/usage" element={inside(<UsagePage />)} />
      <Route path="/billing" element={inside(<BillingPage me={me} />)} />
      <Route path="/customer-invoices/*" element={inside(<CustomerPages me={me} />)} />
      <Route path="/decisions" element={inside(<DecisionsPage />)} />
      <Route path="/members" element={inside(<MembersPage me={me} />)} />
      <Route path="/keys" element={inside(<KeysPage />, "admin")} />
      <Route path="/provider-keys" element={inside(<ProviderKeysPage />, "admin")} />
      <Route path="/webhooks" element={inside(<WebhooksPage me={me} />)} />
      <Route path="/audit-log" element={inside(<AuditLogPage />, "admin")} />
      <Route path="/settings" element={inside(<SettingsPage me={me} />, "admin")} />
      <Route path="/security" element={<SecurityPage />} />
      <Route path="/invitations/:token" element={<InvitationPage me={me} />} />
      <Route path="/erased" element={<ErasedPage />} />
      {me.platform_admin && <Route path="/admin/*" element={<AdminPages me={me} />} />}
      <Route path="*" element={<Navigate to={!me.tenant_id && me.platform_admin ? "/admin/overview" : "/chat"} replace />} />
    </Routes>
  );
}

function NotForRole({ role }: { role: Role }) {
  return (
    <Stack maw={560}>
      <Title order={1} size="h2">
        For {role === "owner" ? "owners" : "admins and owners"}
      </Title>
      <Text>Your role in this organisation does not open this page. Ask an owner to change it under Members.</Text>
    </Stack>
  );
}

function NoTenant({ me }: { me: Me }) {
  if (!me.platform_admin) return <OrganizationPage me={me} />;
  return (
    <Stack maw={560}>
      <Title order={1} size="h2">
        You are platform staff
      </Title>
      <Text>These pages show an organisation&apos;s own data. Yours are under Platform.</Text>
    </Stack>
  );
}

/** What an owner sees of an organisation that was deleted: the way back. */
function Deleted({ membership }: { membership: Membership }) {
  const [restoring, setRestoring] = useState(false);
  return (
    <Stack maw={560} align="start">
      <Title order={1} size="h2">
        {membership.name} was deleted
      </Title>
      <Text>Nobody can work here and its keys are refused. An owner can bring everything back within 30 days; then it is erased.</Text>
      <Button onClick={() => setRestoring(true)}>Restore</Button>
      {restoring && <Restoration membership={membership} close={() => setRestoring(false)} />}
    </Stack>
  );
}

/** Says why another organisation than the chosen one is shown. */
function Refused({ me, refused }: { me: Me; refused: NonNullable<Identity["refused"]> }) {
  const [shown, setShown] = useState(true);
  if (!shown) return null;
  const name = me.memberships.find((membership) => membership.tenant_id === refused.tenant)?.name ?? "The organisation that you worked for";
  return (
    <Alert color="yellow" mb="md" role="status" title={`${name} ${WHY[refused.code] ?? "is not open to you any more."}`} withCloseButton closeButtonLabel="Dismiss" onClose={() => setShown(false)}>
      {me.tenant_id ? "You see another one of yours now. The menu at the top lists them all." : "You have no other."}
    </Alert>
  );
}

const WHY: Record<string, string> = {
  TENANT_SUSPENDED: "is suspended. Ask Parley’s support why.",
  TENANT_DELETED: "was deleted. An owner can restore it for 30 days.",
};

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
