import { Stack } from "@mantine/core";
import { useState } from "react";
import { Navigate, Route, Routes } from "react-router";
import type { Me } from "../../api/types";
import type { Why } from "../../components/why";
import { AgentsPage } from "./agents";
import { AgentPromptsPage } from "./agent-prompts";
import { ApprovalsPage } from "./approvals";
import { AuditTrailPage } from "./audit-trail";
import { BreakGlassPage } from "./break-glass";
import { OpenGrants } from "./grants";
import { OverviewPage } from "./overview";
import { PlanDraftPage } from "./plan-draft";
import { PlansPage } from "./plans";
import { ProviderEventsPage } from "./provider-events";
import { ReconciliationPage, ReconciliationsPage } from "./reconciliations";
import { RecordsPage } from "./records";
import { RevenuePage } from "./revenue";
import { RulesDraftPage, RulesPage } from "./rules";
import { TenantPage } from "./tenant";
import { TenantsPage } from "./tenants";

/** What only platform staff sees; a part of the same console, behind the same login. */
export default function AdminPages({ me }: { me: Me }) {
  // Kept while the person stays in these pages, and never beyond: a new visit has a new reason.
  const [why, setWhy] = useState<Why | null>(null);
  return (
    <Stack>
      <OpenGrants me={me} />
      <Routes>
        <Route path="overview" element={<OverviewPage />} />
        <Route path="tenants" element={<TenantsPage why={why} setWhy={setWhy} />} />
        <Route path="tenants/:id" element={<TenantPage first={why} />} />
        <Route path="tenants/:id/records" element={<RecordsPage me={me} />} />
        <Route path="agents" element={<AgentsPage />} />
        <Route path="agents/:id" element={<AgentPromptsPage />} />
        <Route path="plans" element={<PlansPage />} />
        <Route path="plans/:code" element={<PlanDraftPage />} />
        <Route path="rules" element={<RulesPage />} />
        <Route path="rules/:version" element={<RulesDraftPage />} />
        <Route path="approvals" element={<ApprovalsPage me={me} />} />
        <Route path="revenue" element={<RevenuePage />} />
        <Route path="reconciliations" element={<ReconciliationsPage />} />
        <Route path="reconciliations/:id" element={<ReconciliationPage />} />
        <Route path="provider-events" element={<ProviderEventsPage />} />
        <Route path="break-glass" element={<BreakGlassPage me={me} />} />
        <Route path="audit-log" element={<AuditTrailPage />} />
        <Route path="*" element={<Navigate to="/admin/overview" replace />} />
      </Routes>
    </Stack>
  );
}
