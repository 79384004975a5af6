import { NavLink, Stack, Text } from "@mantine/core";
import {
  type Icon,
  IconArrowsExchange,
  IconBrandTelegram,
  IconBuilding,
  IconChartBar,
  IconChecklist,
  IconCoins,
  IconCreditCard,
  IconEyeCheck,
  IconFileInvoice,
  IconFunction,
  IconHistory,
  IconKey,
  IconLayoutDashboard,
  IconListDetails,
  IconLock,
  IconMessageCircle,
  IconMessages,
  IconPackages,
  IconPlugConnected,
  IconPrompt,
  IconReceipt,
  IconRobot,
  IconScale,
  IconSettings,
  IconShieldCheck,
  IconUrgent,
  IconUsers,
  IconWebhook,
} from "@tabler/icons-react";
import { useId } from "react";
import { Link, useLocation } from "react-router";
import { atLeast } from "../api/roles";
import type { Me, Role } from "../api/types";

interface Entry {
  path: string;
  label: string;
  icon: Icon;
  role?: Role;
}

interface Group {
  label: string;
  entries: Entry[];
}

const WORK: Group = {
  label: "Work",
  entries: [
    { path: "/chat", label: "Chat", icon: IconMessageCircle, role: "member" },
    { path: "/agents", label: "Agents", icon: IconRobot, role: "member" },
    { path: "/functions", label: "Functions", icon: IconFunction, role: "admin" },
    { path: "/conversations", label: "Conversations", icon: IconMessages, role: "member" },
    { path: "/review", label: "Review", icon: IconChecklist, role: "member" },
    { path: "/approvals", label: "Approvals", icon: IconShieldCheck, role: "admin" },
    { path: "/channels", label: "Channels", icon: IconBrandTelegram, role: "admin" },
    { path: "/usage", label: "Credits and usage", icon: IconChartBar, role: "member" },
    { path: "/plan", label: "Plan", icon: IconCreditCard, role: "member" },
    { path: "/billing", label: "Billing", icon: IconFileInvoice, role: "member" },
    { path: "/customer-invoices", label: "Customer invoices", icon: IconReceipt, role: "member" },
    { path: "/decisions", label: "Decisions", icon: IconScale, role: "member" },
  ],
};

const ORGANISATION: Group = {
  label: "Organisation",
  entries: [
    { path: "/members", label: "Members", icon: IconUsers, role: "member" },
    { path: "/keys", label: "API keys", icon: IconKey, role: "admin" },
    { path: "/provider-keys", label: "Model providers", icon: IconPlugConnected, role: "admin" },
    { path: "/webhooks", label: "Webhooks", icon: IconWebhook, role: "member" },
    { path: "/audit-log", label: "Audit log", icon: IconHistory, role: "admin" },
    { path: "/settings", label: "Settings", icon: IconSettings, role: "admin" },
  ],
};

const YOU: Group = { label: "You", entries: [{ path: "/security", label: "Security", icon: IconLock }] };

const STAFF: Group = {
  label: "Platform",
  entries: [
    { path: "/admin/overview", label: "Overview", icon: IconLayoutDashboard },
    { path: "/admin/tenants", label: "Tenants", icon: IconBuilding },
    { path: "/admin/agents", label: "Agents and prompts", icon: IconPrompt },
    { path: "/admin/plans", label: "Plans and packs", icon: IconPackages },
    { path: "/admin/rules", label: "Rules", icon: IconScale },
    { path: "/admin/approvals", label: "Approvals", icon: IconEyeCheck },
    { path: "/admin/revenue", label: "Revenue", icon: IconCoins },
    { path: "/admin/reconciliations", label: "Reconciliation", icon: IconArrowsExchange },
    { path: "/admin/provider-events", label: "Provider events", icon: IconWebhook },
    { path: "/admin/break-glass", label: "Break-glass", icon: IconUrgent },
    { path: "/admin/audit-log", label: "Staff audit", icon: IconListDetails },
  ],
};

/** What a person may open, by group; groups of which nothing is open are left out. */
export function groupsFor(me: Me): Group[] {
  const current = me.memberships.find((membership) => membership.tenant_id === me.tenant_id);
  const role = me.tenant_id && current?.status !== "deleted" ? me.role : null;
  return [WORK, ORGANISATION, YOU, ...(me.platform_admin ? [STAFF] : [])]
    .map((group) => ({ ...group, entries: group.entries.filter((entry) => !entry.role || atLeast(role, entry.role)) }))
    .filter((group) => group.entries.length > 0);
}

/** The page that an address belongs to. */
export function pageAt(groups: Group[], pathname: string): Entry | undefined {
  return groups.flatMap((group) => group.entries).find((entry) => isAt(entry, pathname));
}

function isAt(entry: Entry, pathname: string): boolean {
  return pathname === entry.path || pathname.startsWith(`${entry.path}/`);
}

/** The pages by group. */
export function Navigation({ groups }: { groups: Group[] }) {
  return (
    <Stack gap="md">
      {groups.map((group) => (
        <NavigationGroup key={group.label} group={group} />
      ))}
    </Stack>
  );
}

function NavigationGroup({ group }: { group: Group }) {
  const { pathname } = useLocation();
  const id = useId();
  return (
    <div role="group" aria-labelledby={id}>
      <Text id={id} size="xs" fw={600} c="dimmed" px="sm" mb={4}>
        {group.label}
      </Text>
      {group.entries.map((entry) => {
        const { path, label, icon: Symbol } = entry;
        const here = isAt(entry, pathname);
        return (
          <NavLink
            key={path}
            component={Link}
            to={path}
            label={label}
            leftSection={<Symbol size={18} aria-hidden />}
            active={here}
            aria-current={here ? "page" : undefined}
          />
        );
      })}
    </div>
  );
}
