import { Stack } from "@mantine/core";
import { Heading } from "../../components/heading";
import { Trail } from "../../components/trail";

/** What platform staff did to the platform itself. */
export function AuditTrailPage() {
  return (
    <Stack maw={960}>
      <Heading title="Staff audit" about="The platform’s own trail. What staff did to a tenant stands in that tenant’s audit log." />
      <Trail path="/api/v1/admin/audit-log" queryKey="admin-audit-log" />
    </Stack>
  );
}
