import { ActionIcon, Anchor, Group, Stack, TextInput } from "@mantine/core";
import { IconFileDownload, IconMail } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import { download, request } from "../../api/client";
import { money } from "../../api/money";
import { useSubscription } from "../../api/queries";
import { atLeast } from "../../api/roles";
import type { Invoice, Me } from "../../api/types";
import { Dialog } from "../../components/dialog";
import { Heading } from "../../components/heading";
import { Listing } from "../../components/listing";
import { Notice } from "../../components/notice";
import { Rows } from "../../components/rows";
import { Section } from "../../components/section";
import { Status } from "../../components/status";
import { Trouble } from "../../components/trouble";
import { When } from "../../components/when";
import { Profile } from "./profile";

/** The invoices of an organisation, and whom they are made out to. */
export default function BillingPage({ me }: { me: Me }) {
  const [notice, setNotice] = useState<string | null>(null);
  const manages = atLeast(me.role, "admin");
  return (
    <Stack maw={960}>
      <Heading
        title="Billing"
        about={
          <>
            Invoices and whom they are made out to. See also{" "}
            <Anchor component={Link} to="/plan">
              the plan and credit packs
            </Anchor>{" "}
            and{" "}
            <Anchor component={Link} to="/usage">
              where credits went
            </Anchor>
            .
          </>
        }
      />
      <Notice text={notice} dismiss={() => setNotice(null)} />
      <Section title="Invoices">
        <Invoices manages={manages} say={setNotice} />
      </Section>
      <Profile manages={manages} say={setNotice} />
    </Stack>
  );
}

function Invoices({ manages, say }: { manages: boolean; say: (notice: string) => void }) {
  const [sending, setSending] = useState<Invoice | null>(null);
  const paying = useSubscription().data?.provider;
  const save = useMutation({
    mutationFn: (invoice: Invoice) =>
      download(`/api/v1/invoices/${invoice.id}`, `invoice-${invoice.number!.replaceAll("/", "-")}.pdf`, { accept: "application/pdf" }),
  });
  return (
    <>
      {save.error && <Trouble error={save.error} />}
      <Listing<Invoice>
        queryKey={["invoices"]}
        path="/api/v1/invoices?limit=24"
        what="invoices"
        empty={paying ? "The first invoice comes with the first payment." : "There are none: nothing was paid yet."}
      >
        {(invoices) => (
          <Rows
            label="Invoices"
            rows={invoices}
            keyOf={(invoice) => invoice.id}
            minWidth={420}
            columns={[
              { head: "Number", cell: (invoice) => invoice.number ?? "draft" },
              { head: "Issued", width: 110, cell: (invoice) => <When at={invoice.issued_at} date /> },
              {
                head: "For",
                from: "md",
                cell: (invoice) => (
                  <>
                    <When at={invoice.period_start} date /> to <When at={invoice.period_end} date />
                  </>
                ),
              },
              { head: "Status", width: 100, cell: (invoice) => <Status is={invoice.status} /> },
              { head: "Total", right: true, width: 120, cell: (invoice) => money(invoice.total) },
              {
                head: "Get it",
                width: 90,
                cell: (invoice) =>
                  invoice.number && (
                    <Group gap={4} wrap="nowrap">
                      <ActionIcon
                        variant="subtle"
                        aria-label={`Download invoice ${invoice.number} as PDF`}
                        loading={save.isPending && save.variables.id === invoice.id}
                        onClick={() => save.mutate(invoice)}
                      >
                        <IconFileDownload size={18} aria-hidden />
                      </ActionIcon>
                      {manages && (
                        <ActionIcon variant="subtle" aria-label={`Send invoice ${invoice.number} by e-mail`} onClick={() => setSending(invoice)}>
                          <IconMail size={18} aria-hidden />
                        </ActionIcon>
                      )}
                    </Group>
                  ),
              },
            ]}
          />
        )}
      </Listing>
      {sending && (
        <Sending
          invoice={sending}
          close={() => setSending(null)}
          done={(to) => say(to === "" ? "The invoice is on its way." : `The invoice is on its way to ${to}.`)}
        />
      )}
    </>
  );
}

function Sending({ invoice, close, done }: { invoice: Invoice; close: () => void; done: (to: string) => void }) {
  const [to, setTo] = useState("");
  return (
    <Dialog
      title={`Send invoice ${invoice.number}`}
      action="Send"
      close={close}
      run={async () => {
        await request("POST", `/api/v1/invoices/${invoice.id}/sending`, to.trim() === "" ? {} : { to: to.trim() });
        done(to.trim());
      }}
    >
      <TextInput
        label="To"
        description="Empty sends it to the address of the billing profile."
        type="email"
        data-autofocus
        maxLength={254}
        value={to}
        onChange={(event) => setTo(event.currentTarget.value)}
      />
    </Dialog>
  );
}
