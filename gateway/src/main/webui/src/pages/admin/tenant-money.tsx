import { Button, Group, NativeSelect, NumberInput, Stack, Text, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { AUDITED } from "../../api/audited";
import { PROVIDERS } from "../../api/checkout";
import { request } from "../../api/client";
import { words } from "../../api/meters";
import { money } from "../../api/money";
import type { Adjustment, Refund } from "../../api/types";
import { Dialog } from "../../components/dialog";
import { useFields } from "../../components/fields";
import { Listing } from "../../components/listing";
import { Notice } from "../../components/notice";
import { Rows } from "../../components/rows";
import { Section } from "../../components/section";
import { Status } from "../../components/status";
import { Takeaway } from "../../components/takeaway";
import { When } from "../../components/when";

type Step = "adjust" | "refund-usage" | "refund-payment" | "move";

/** What staff changes of a tenant's credits and payments, always with a reason that the tenant reads. */
export function TenantMoney({ id, headers }: { id: string; headers: Record<string, string> }) {
  const [step, setStep] = useState<Step | null>(null);
  const [notice, setNotice] = useState<string | null>(null);
  const [address, setAddress] = useState<string | null>(null);
  const queries = useQueryClient();
  const close = () => setStep(null);
  const path = `/api/v1/admin/tenants/${id}`;

  /** Makes a change, and says whether it waits for a second admin. */
  async function make(what: string, body: unknown) {
    const made = await request<{ approval_id?: string } | undefined>("POST", `${path}/${what}`, body);
    await Promise.all([queries.invalidateQueries({ queryKey: ["admin-adjustments", id] }), queries.invalidateQueries({ queryKey: ["admin-refunds", id] })]);
    setNotice(made?.approval_id ? "It waits for a second admin, under Approvals." : "Done.");
  }

  return (
    <Stack>
      <Notice text={notice} dismiss={() => setNotice(null)} />
      <Section title="Credits changed by hand">
        <Group gap="xs">
          <Button size="xs" onClick={() => setStep("adjust")}>
            Change credits…
          </Button>
          <Button size="xs" variant="default" onClick={() => setStep("refund-usage")}>
            Refund an operation…
          </Button>
        </Group>
        <Listing<Adjustment>
          queryKey={["admin-adjustments", id]}
          path={`${path}/credit-adjustments?limit=30`}
          extras={{ headers }}
          options={AUDITED}
          what="changes"
          empty="There are none."
        >
          {(adjustments) => (
            <Rows
              label="Credits changed by hand"
              rows={adjustments}
              keyOf={(one) => one.id}
              minWidth={520}
              columns={[
                { head: "When", width: 175, cell: (one) => <When at={one.created_at} /> },
                { head: "What", cell: (one) => (one.operation_id ? `Refund of operation ${one.operation_id}` : words(one.source)) },
                { head: "Reason", cell: (one) => one.reason },
                { head: "Asked", right: true, width: 90, cell: (one) => one.credits.toLocaleString() },
                { head: "Made", right: true, width: 90, cell: (one) => one.applied?.toLocaleString() ?? "…" },
              ]}
            />
          )}
        </Listing>
      </Section>
      <Section title="Payments given back">
        <Group gap="xs">
          <Button size="xs" variant="default" onClick={() => setStep("refund-payment")}>
            Refund a payment…
          </Button>
        </Group>
        <Listing<Refund> queryKey={["admin-refunds", id]} path={`${path}/payment-refunds`} extras={{ headers }} options={AUDITED} what="refunds" empty="There are none.">
          {(refunds) => (
            <Rows
              label="Payments given back"
              rows={refunds}
              keyOf={(refund) => refund.id}
              minWidth={520}
              columns={[
                { head: "When", width: 175, cell: (refund) => <When at={refund.created_at} /> },
                { head: "Reason", cell: (refund) => refund.reason },
                { head: "Status", width: 100, cell: (refund) => <Status is={refund.status} /> },
                { head: "Paid", right: true, width: 110, cell: (refund) => money(refund.paid) },
                { head: "Given back", right: true, width: 110, cell: (refund) => (refund.amount ? money(refund.amount) : "…") },
              ]}
            />
          )}
        </Listing>
      </Section>
      <Section title="Another payment provider" about="The customer authorises it on a page; the old one ends with the period that is paid, and no credits are lost.">
        {address && (
          <>
            <Text size="sm">Send the customer this address:</Text>
            <Takeaway text={address} testId="move-address" />
          </>
        )}
        <Group>
          <Button size="xs" variant="default" onClick={() => setStep("move")}>
            Move…
          </Button>
        </Group>
      </Section>
      {step === "adjust" && <Adjust close={close} make={make} />}
      {step === "refund-usage" && <RefundUsage close={close} make={make} />}
      {step === "refund-payment" && <RefundPayment close={close} make={make} />}
      {step === "move" && <Move path={path} close={close} done={setAddress} />}
    </Stack>
  );
}

type Make = (what: string, body: unknown) => Promise<void>;

const REASON = { label: "Reason", description: "The tenant reads it in its audit log.", required: true, maxLength: 500 };

function Adjust({ close, make }: { close: () => void; make: Make }) {
  const [credits, setCredits] = useState<number | string>("");
  const { values, field } = useFields({ reason: "" });
  return (
    <Dialog
      title="Change credits"
      action={Number(credits) < 0 ? "Take back" : "Grant"}
      danger={Number(credits) < 0}
      close={close}
      disabled={!Number(credits) || values.reason.trim() === ""}
      run={() => make("credit-adjustments", { credits: Number(credits), reason: values.reason.trim() })}
    >
      <NumberInput
        label="Credits"
        description="Below zero takes back, never more than is unspent."
        required
        allowDecimal={false}
        data-autofocus
        value={credits}
        onChange={setCredits}
      />
      <TextInput {...REASON} {...field("reason")} />
    </Dialog>
  );
}

function RefundUsage({ close, make }: { close: () => void; make: Make }) {
  const { values, field } = useFields({ operation: "", reason: "" });
  return (
    <Dialog
      title="Refund an operation"
      action="Refund"
      close={close}
      disabled={values.operation.trim() === "" || values.reason.trim() === ""}
      run={() => make("usage-refunds", { operation_id: values.operation.trim(), reason: values.reason.trim() })}
    >
      <TextInput label="Operation" description="Its id, as the customer sees it under Credits in and out. It is refunded once." required data-autofocus {...field("operation")} />
      <TextInput {...REASON} {...field("reason")} />
    </Dialog>
  );
}

function RefundPayment({ close, make }: { close: () => void; make: Make }) {
  const { values, field } = useFields({ by: "invoice_id", id: "", reason: "" });
  return (
    <Dialog
      title="Refund a payment"
      action="Refund"
      danger
      close={close}
      disabled={values.id.trim() === "" || values.reason.trim() === ""}
      run={() => make("payment-refunds", { [values.by]: values.id.trim(), reason: values.reason.trim() })}
    >
      <Text size="sm">The credits that it paid for end at once; what is unspent of them goes back, in money.</Text>
      <NativeSelect
        label="By"
        {...field("by")}
        data={[
          { value: "invoice_id", label: "Invoice" },
          { value: "lot_id", label: "Lot of credits" },
        ]}
      />
      <TextInput label="Id" required data-autofocus {...field("id")} />
      <TextInput {...REASON} {...field("reason")} />
    </Dialog>
  );
}

function Move({ path, close, done }: { path: string; close: () => void; done: (address: string | null) => void }) {
  const { values, field } = useFields({ provider: "razorpay", reason: "" });
  return (
    <Dialog
      title="Move to another payment provider"
      action="Begin the move"
      close={close}
      disabled={values.reason.trim() === ""}
      run={async () => {
        const { url } = await request<{ url?: string | null }>("POST", `${path}/provider-move`, { provider: values.provider, reason: values.reason.trim() });
        done(url ?? null);
      }}
    >
      <NativeSelect label="To" {...field("provider")} data={PROVIDERS} />
      <TextInput {...REASON} data-autofocus {...field("reason")} />
    </Dialog>
  );
}
