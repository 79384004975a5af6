import { ActionIcon, Button, Menu, Stack, Text } from "@mantine/core";
import { IconDots } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { request } from "../api/client";
import type { HttpTool } from "../api/types";
import { Confirm } from "../components/confirm";
import { Heading } from "../components/heading";
import { Listing } from "../components/listing";
import { Notice } from "../components/notice";
import { Rows } from "../components/rows";
import { Status } from "../components/status";
import { Trouble } from "../components/trouble";
import { FunctionForm } from "./function-form";

const PATH = "/api/v1/tools";

/** What is about to be done with a function. */
type Step = { what: "change" | "delete"; tool: HttpTool };

/** The organisation's own functions: addresses that its agents may have called. */
export default function FunctionsPage() {
  const [making, setMaking] = useState(false);
  const [step, setStep] = useState<Step | null>(null);
  const [notice, setNotice] = useState<string | null>(null);
  const queries = useQueryClient();
  const again = () => queries.invalidateQueries({ queryKey: ["functions"] });
  const turn = useMutation({
    mutationFn: (tool: HttpTool) => request<HttpTool>("PATCH", `${PATH}/${tool.id}`, { enabled: !tool.enabled }),
    onMutate: () => setNotice(null),
    onSuccess: again,
  });
  const saved = async (tool: HttpTool) => {
    await again();
    setNotice(making ? `${tool.name} is there. An agent calls it when it is allowed to, under Agents.` : `${tool.name} is changed from the next call on.`);
  };
  return (
    <Stack>
      <Heading title="Functions" about="What agents can have your own systems do, while they talk.">
        <Button onClick={() => setMaking(true)}>New function</Button>
      </Heading>
      <Notice text={notice} dismiss={() => setNotice(null)} />
      {turn.error && <Trouble error={turn.error} />}
      <Listing<HttpTool> queryKey={["functions"]} path={PATH} what="functions" empty="There are no functions of your own yet.">
        {(tools) => (
          <Rows
            label="Functions"
            rows={tools}
            keyOf={(tool) => tool.id}
            columns={[
              {
                head: "Function",
                cell: (tool) => (
                  <>
                    <Text size="sm" fw={500}>
                      {tool.name}
                    </Text>
                    <Text size="xs" c="dimmed">
                      {tool.description}
                    </Text>
                  </>
                ),
              },
              { head: "Address", from: "md", cell: (tool) => <span className="changed">{tool.url}</span> },
              { head: "A person approves", from: "sm", width: 150, cell: (tool) => (tool.high_impact ? "each call" : "nothing") },
              { head: "State", width: 100, cell: (tool) => <Status is={tool.enabled ? "active" : "disabled"} /> },
              {
                head: "Actions",
                width: 70,
                cell: (tool) => <Actions tool={tool} busy={turn.isPending && turn.variables.id === tool.id} choose={setStep} turn={() => turn.mutate(tool)} />,
              },
            ]}
          />
        )}
      </Listing>
      {making && <FunctionForm path={PATH} close={() => setMaking(false)} saved={saved} />}
      {step?.what === "change" && <FunctionForm path={PATH} tool={step.tool} close={() => setStep(null)} saved={saved} />}
      {step?.what === "delete" && (
        <Confirm
          title={`Delete ${step.tool.name}?`}
          action="Delete"
          keep="Keep it"
          close={() => setStep(null)}
          run={async () => {
            await request("DELETE", `${PATH}/${step.tool.id}`);
            await again();
            setNotice(`${step.tool.name} is deleted.`);
          }}
        >
          <Text>Agents cannot call it any more, and calls of it that wait to be approved are not carried out.</Text>
        </Confirm>
      )}
    </Stack>
  );
}

function Actions({ tool, busy, choose, turn }: { tool: HttpTool; busy: boolean; choose: (step: Step) => void; turn: () => void }) {
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" loading={busy} aria-label={`Actions for ${tool.name}`}>
          <IconDots size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => choose({ what: "change", tool })}>Change…</Menu.Item>
        <Menu.Item onClick={turn}>{tool.enabled ? "Disable" : "Enable"}</Menu.Item>
        <Menu.Item color="red" onClick={() => choose({ what: "delete", tool })}>
          Delete…
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
