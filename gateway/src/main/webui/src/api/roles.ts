import type { Role } from "./types";

const LEVELS: Record<Role, number> = { member: 1, admin: 2, owner: 3 };

/** Whether a role includes another; the server decides in the end, this only hides what would be refused. */
export function atLeast(role: Role | null | undefined, wanted: Role): boolean {
  return role ? LEVELS[role] >= LEVELS[wanted] : false;
}

/** The roles that a person of this role may give: nobody raises anyone above himself. */
export function grantable(role: Role | null | undefined): Role[] {
  return (["member", "admin", "owner"] as const).filter((one) => atLeast(role, one) && atLeast(role, "admin"));
}

export const ROLES: Record<Role, { label: string; description: string }> = {
  member: { label: "Member", description: "Talks to agents, reads conversations and usage" },
  admin: { label: "Admin", description: "Also manages members, keys and channels" },
  owner: { label: "Owner", description: "Also pays, exports, deletes and hands over" },
};
