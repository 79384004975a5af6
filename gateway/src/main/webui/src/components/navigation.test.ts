import { describe, expect, it } from "vitest";
import type { Me, Role, TenantStatus } from "../api/types";
import { groupsFor, pageAt } from "./navigation";

function me(role: Role | null, status: TenantStatus = "active", staff = false): Me {
  const memberships = role ? [{ tenant_id: "t", name: "Demo", role, status }] : [];
  return { user_id: "u", email: "ada@example.com", tenant_id: role ? "t" : null, role, platform_admin: staff, memberships };
}

function paths(who: Me): string[] {
  return groupsFor(who).flatMap((group) => group.entries.map((entry) => entry.path));
}

describe("groupsFor", () => {
  it("shows members what they may open and nothing to manage", () => {
    expect(paths(me("member"))).toEqual(["/chat", "/agents", "/conversations", "/review", "/usage", "/plan", "/billing", "/customer-invoices", "/decisions", "/members", "/webhooks", "/security"]);
  });

  it.each(["admin", "owner"] as const)("shows an %s the whole organisation and nothing of the platform", (role) => {
    expect(paths(me(role))).toEqual(["/chat", "/agents", "/functions", "/conversations", "/review", "/approvals", "/channels", "/usage", "/plan", "/billing", "/customer-invoices", "/decisions", "/members", "/keys", "/provider-keys", "/webhooks", "/audit-log", "/settings", "/security"]);
  });

  it("shows staff without an organisation the platform and its own account", () => {
    expect(paths(me(null, "active", true))).toEqual([
      "/security",
      "/admin/overview",
      "/admin/tenants",
      "/admin/agents",
      "/admin/plans",
      "/admin/rules",
      "/admin/approvals",
      "/admin/revenue",
      "/admin/reconciliations",
      "/admin/provider-events",
      "/admin/break-glass",
      "/admin/audit-log",
    ]);
  });

  it("leaves only one's own account while the organisation is deleted", () => {
    expect(paths(me("owner", "deleted"))).toEqual(["/security"]);
  });
});

describe("pageAt", () => {
  it("finds the page of an address below it, and tells pages of an organisation from those of the platform", () => {
    const groups = groupsFor(me("owner", "active", true));
    expect(pageAt(groups, "/admin/tenants/1/records")?.label).toBe("Tenants");
    expect(pageAt(groups, "/customer-invoices/new")?.label).toBe("Customer invoices");
    expect(pageAt(groups, "/audit-log")?.label).toBe("Audit log");
    expect(pageAt(groups, "/admin/audit-log")?.label).toBe("Staff audit");
    expect(pageAt(groups, "/approvals")?.path).toBe("/approvals");
    expect(pageAt(groups, "/admin/approvals")?.path).toBe("/admin/approvals");
    expect(pageAt(groups, "/invitations/x")).toBeUndefined();
  });
});
