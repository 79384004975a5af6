import { Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useParams } from "react-router";
import { get } from "../../api/client";
import type { CatalogueAgent } from "../../api/types";
import { Heading } from "../../components/heading";
import { Notice } from "../../components/notice";
import { Trouble } from "../../components/trouble";
import { Waiting } from "../../components/waiting";
import { Golden } from "../prompts/golden";
import { Versions } from "../prompts/versions";
import { Experiments } from "./experiments";
import { AfterActivation } from "./guard";

/** One agent's prompt: its versions, what they must get right, and how they do against each other. */
export function AgentPromptsPage() {
  const { id = "" } = useParams();
  const base = `/api/v1/admin/agents/${id}`;
  const agent = useQuery({ queryKey: ["catalogue-agent", id], queryFn: () => get<CatalogueAgent>(base) });
  const [notice, setNotice] = useState<string | null>(null);
  if (agent.isPending) return <Waiting label="Loading the agent" />;
  if (agent.error) return <Trouble error={agent.error} retry={() => void agent.refetch()} />;
  return (
    <Stack>
      <Heading title={agent.data.name} about={agent.data.description} />
      <Notice text={notice} dismiss={() => setNotice(null)} />
      <Versions of={id} base={base} say={setNotice} />
      <Golden base={base} of={id} empty="There are none: versions are activated untried." />
      <Experiments base={base} agent={agent.data} say={setNotice} />
      <AfterActivation base={base} agentId={id} say={setNotice} />
    </Stack>
  );
}
