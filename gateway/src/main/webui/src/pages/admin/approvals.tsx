import { Button, Group, NativeSelect, Stack, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { request } from "../../api/client";
import { words } from "../../api/meters";
import type { Approval, Me } from "../../api/types";
import { Confirm } from "../../components/confirm";
import { Heading } from "../../components/heading";
import { Listing } from "../../components/listing";
import { Notice } from "../../components/notice";
import { Rows } from "../../components/rows";
import { Status } from "../../components/status";
import { When } from "../../components/when";

const APPROVALS = "/api/v1/admin/approvals";

/** Changes that one admin asked for and another must agree to. */
export function ApprovalsPage({ me }: { me: Me }) {
  const [status, setStatus] = useState("waiting");
  const [step, setStep] = useState<{ what: "approve" | "withdraw"; approval: Approval } | null>(null);
  const [notice, setNotice] = useState<string | null>(null);
  const queries = useQueryClient();
  const run = async () => {
    const { what, approval } = step!;
    if (what === "approve") await request("POST", `${APPROVALS}/${approval.id}/approval`);
    else await request("DELETE", `${APPROVALS}/${approval.id}`);
    await queries.invalidateQueries({ queryKey: ["approvals"] });
    setNotice(what === "approve" ? "You have agreed, and the change is made." : "The change was taken back.");
  };
  return (
    <Stack>
      <Heading title="Approvals" about="Four eyes: above a threshold, a change of credits is made only when a second admin agrees." />
      <Notice text={notice} dismiss={() => setNotice(null)} />
      <NativeSelect
        label="Show"
        size="xs"
        maw={180}
        value={status}
        onChange={(event) => setStatus(event.currentTarget.value)}
        data={[
          { value: "waiting", label: "Waiting" },
          { value: "approved", label: "Approved" },
          { value: "withdrawn", label: "Withdrawn" },
          { value: "", label: "All" },
        ]}
      />
      <Listing<Approval>
        queryKey={["approvals", status]}
        path={`${APPROVALS}?limit=50${status === "" ? "" : `&status=${status}`}`}
        what="approvals"
        empty={status === "waiting" ? "Nothing waits." : "There are none."}
      >
        {(approvals) => (
          <Rows
            label="Approvals"
            rows={approvals}
            keyOf={(approval) => approval.id}
            minWidth={640}
            columns={[
              {
                head: "Change",
                cell: (approval) => (
                  <>
                    <Text size="sm">
                      {words(approval.action)} of {approval.credits.toLocaleString()} credits
                    </Text>
                    <Text size="xs" c="dimmed">
                      Tenant {approval.tenant_id}
                    </Text>
                  </>
                ),
              },
              { head: "Reason", cell: (approval) => approval.reason },
              { head: "Asked for", from: "md", cell: (approval) => <When at={approval.created_at} /> },
              { head: "Until", from: "lg", cell: (approval) => <When at={approval.expires_at} date /> },
              { head: "Status", cell: (approval) => <Status is={approval.status} /> },
              {
                head: "Answer",
                width: 200,
                cell: (approval) => approval.status === "waiting" && <Answer approval={approval} me={me} choose={(what) => setStep({ what, approval })} />,
              },
            ]}
          />
        )}
      </Listing>
      {step && (
        <Confirm
          title={step.what === "approve" ? "Agree to this change?" : "Take this change back?"}
          action={step.what === "approve" ? "Agree" : "Take back"}
          harmless={step.what === "approve"}
          close={() => setStep(null)}
          run={run}
        >
          <Text>
            {words(step.approval.action)} of {step.approval.credits.toLocaleString()} credits for tenant {step.approval.tenant_id}: “{step.approval.reason}”
          </Text>
        </Confirm>
      )}
    </Stack>
  );
}

function Answer({ approval, me, choose }: { approval: Approval; me: Me; choose: (what: "approve" | "withdraw") => void }) {
  // The actor's name ends in the person's id; the server refuses one's own in any case.
  const mine = approval.requested_by.endsWith(me.user_id);
  return (
    <Group gap={4} wrap="nowrap">
      {mine ? (
        <Text size="xs" c="dimmed">
          Another admin must agree
        </Text>
      ) : (
        <Button size="compact-xs" onClick={() => choose("approve")}>
          Agree…
        </Button>
      )}
      <Button size="compact-xs" variant="default" onClick={() => choose("withdraw")}>
        Take back…
      </Button>
    </Group>
  );
}
