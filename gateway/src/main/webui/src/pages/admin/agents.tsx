import { Anchor, Stack } from "@mantine/core";
import { Link } from "react-router";
import type { CatalogueAgent } from "../../api/types";
import { Heading } from "../../components/heading";
import { Listing } from "../../components/listing";
import { Rows } from "../../components/rows";
import { Status } from "../../components/status";

/** The catalogue of agents; each opens its prompt. */
export function AgentsPage() {
  return (
    <Stack>
      <Heading title="Agents and prompts" about="What every tenant is offered. A prompt is released like a deployment: drafted, tried, activated, rolled back." />
      <Listing<CatalogueAgent> queryKey={["catalogue"]} path="/api/v1/admin/agents?limit=50" what="agents" empty="There are no agents yet.">
        {(agents) => (
          <Rows
            label="Agents"
            rows={agents}
            keyOf={(agent) => agent.id}
            minWidth={480}
            columns={[
              {
                head: "Agent",
                cell: (agent) => (
                  <Anchor component={Link} to={`/admin/agents/${agent.id}`} size="sm">
                    {agent.name}
                  </Anchor>
                ),
              },
              { head: "Slug", width: 160, cell: ({ slug }) => slug },
              { head: "Status", width: 110, cell: ({ status }) => <Status is={status} /> },
              { head: "Prompt", width: 120, cell: ({ active_version }) => (active_version ? `Version ${active_version}` : "none active") },
            ]}
          />
        )}
      </Listing>
    </Stack>
  );
}
