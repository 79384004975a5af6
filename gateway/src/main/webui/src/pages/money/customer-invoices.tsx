import { ActionIcon, Alert, Anchor, Button, Group, Menu, NativeSelect, Stack, Text, TextInput } from "@mantine/core";
import { IconDots, IconFileDownload } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useNavigate, useSearchParams } from "react-router";
import { download, get, request } from "../../api/client";
import { dayOf, paidAt, stateOf } from "../../api/customer-invoice";
import { money } from "../../api/money";
import { orNone } from "../../api/queries";
import { atLeast } from "../../api/roles";
import type { BillingProfile, CustomerInvoice, Me } from "../../api/types";
import { Confirm } from "../../components/confirm";
import { Dialog } from "../../components/dialog";
import { Heading } from "../../components/heading";
import { Listing } from "../../components/listing";
import { Notice } from "../../components/notice";
import { Rows } from "../../components/rows";
import { Section } from "../../components/section";
import { Status } from "../../components/status";
import { Trouble } from "../../components/trouble";
import { When } from "../../components/when";

const FILTERS = [
  { value: "", label: "All" },
  { value: "draft", label: "Drafts" },
  { value: "issued", label: "To be paid" },
  { value: "paid", label: "Paid" },
  { value: "void", label: "Void" },
];

const EMPTY: Record<string, string> = {
  draft: "There are no drafts.",
  issued: "Nobody owes you anything.",
  paid: "None was paid yet.",
  void: "None was voided.",
};

/** What is about to be done with an invoice, and is asked about first. */
type Step = { what: "issue" | "pay" | "send" | "remove"; invoice: CustomerInvoice };

/** The invoices of an organisation to customers of its own. */
export function CustomerInvoices({ me }: { me: Me }) {
  const [query, setQuery] = useSearchParams();
  const [notice, setNotice] = useState<string | null>(null);
  const [step, setStep] = useState<Step | null>(null);
  const manages = atLeast(me.role, "admin");
  const status = query.get("status") ?? "";
  return (
    <Stack maw={960}>
      <Heading title="Customer invoices" about="What your own customers owe you. Who does not pay in time is reminded by e-mail.">
        {manages && (
          <Button component={Link} to="/customer-invoices/new">
            New invoice
          </Button>
        )}
      </Heading>
      <Notice text={notice} dismiss={() => setNotice(null)} />
      <Section title="Invoices">
        <NativeSelect
          label="Show"
          size="xs"
          w={150}
          value={status}
          onChange={(event) => setQuery(event.currentTarget.value === "" ? {} : { status: event.currentTarget.value }, { replace: true })}
          data={FILTERS}
        />
        <Listing<CustomerInvoice>
          queryKey={["customer-invoices", "list", status]}
          path={`/api/v1/customer-invoices?limit=50${status === "" ? "" : `&status=${encodeURIComponent(status)}`}`}
          what="invoices"
          empty={EMPTY[status] ?? (manages ? "There are none yet. Write the first one: it stays a draft until you issue it." : "There are none yet. Admins and owners write them.")}
        >
          {(invoices) => <InvoiceTable invoices={invoices} manages={manages} choose={setStep} />}
        </Listing>
      </Section>
      {step && <Ask step={step} close={() => setStep(null)} say={setNotice} />}
    </Stack>
  );
}

function InvoiceTable({ invoices, manages, choose }: { invoices: CustomerInvoice[]; manages: boolean; choose: (step: Step) => void }) {
  const today = dayOf(new Date());
  const save = useMutation({
    mutationFn: (invoice: CustomerInvoice) =>
      download(`/api/v1/customer-invoices/${invoice.id}`, `invoice-${invoice.number!.replaceAll("/", "-")}.pdf`, { accept: "application/pdf" }),
  });
  return (
    <>
      {save.error && <Trouble error={save.error} />}
      <Rows
        label="Invoices to customers"
        rows={invoices}
        keyOf={(invoice) => invoice.id}
        minWidth={320}
        columns={[
          {
            head: "Customer",
            cell: (invoice) => (
              <>
                <Text size="sm" fw={500}>
                  {invoice.customer.name}
                </Text>
                <Text size="xs" c="dimmed">
                  {invoice.number ?? "no number yet"}
                </Text>
              </>
            ),
          },
          { head: "Status", width: 100, cell: (invoice) => <Status is={stateOf(invoice, today)} /> },
          { head: "Due", width: 110, from: "sm", cell: (invoice) => <When at={invoice.due_on} date /> },
          { head: "Reminders", width: 100, right: true, from: "md", cell: (invoice) => invoice.reminders_sent },
          { head: "Tax", right: true, width: 120, from: "md", cell: (invoice) => money(invoice.tax) },
          { head: "Total", right: true, width: 130, cell: (invoice) => money(invoice.total) },
          {
            head: "Actions",
            width: 90,
            cell: (invoice) => (
              <Group gap={4} wrap="nowrap">
                {invoice.number && (
                  <ActionIcon
                    variant="subtle"
                    aria-label={`Download invoice ${invoice.number} as PDF`}
                    loading={save.isPending && save.variables.id === invoice.id}
                    onClick={() => save.mutate(invoice)}
                  >
                    <IconFileDownload size={18} aria-hidden />
                  </ActionIcon>
                )}
                {manages && <Actions invoice={invoice} choose={(what) => choose({ what, invoice })} />}
              </Group>
            ),
          },
        ]}
      />
    </>
  );
}

function Actions({ invoice, choose }: { invoice: CustomerInvoice; choose: (what: Step["what"]) => void }) {
  const navigate = useNavigate();
  if (invoice.status === "void") return null;
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={`Actions for ${nameOf(invoice)}`}>
          <IconDots size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {invoice.status === "draft" && (
          <>
            <Menu.Item onClick={() => navigate(`/customer-invoices/${invoice.id}`)}>Edit</Menu.Item>
            <Menu.Item onClick={() => choose("issue")}>Issue…</Menu.Item>
            <Menu.Item color="red" onClick={() => choose("remove")}>
              Delete…
            </Menu.Item>
          </>
        )}
        {invoice.status !== "draft" && <Menu.Item onClick={() => choose("send")}>Send…</Menu.Item>}
        {invoice.status === "issued" && (
          <>
            <Menu.Item onClick={() => choose("pay")}>Mark as paid…</Menu.Item>
            <Menu.Item color="red" onClick={() => choose("remove")}>
              Void…
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

interface AskProps {
  invoice: CustomerInvoice;
  close: () => void;
  done: (notice: string) => Promise<void>;
}

function Ask({ step, close, say }: { step: Step; close: () => void; say: (notice: string) => void }) {
  const queries = useQueryClient();
  const props: AskProps = {
    invoice: step.invoice,
    close,
    done: async (notice) => {
      await queries.invalidateQueries({ queryKey: ["customer-invoices"] });
      say(notice);
    },
  };
  if (step.what === "issue") return <Issue {...props} />;
  if (step.what === "pay") return <Payment {...props} />;
  if (step.what === "send") return <Sending {...props} />;
  return <Removal {...props} />;
}

function Issue({ invoice, close, done }: AskProps) {
  const profile = useQuery({
    queryKey: ["billing-profile"],
    queryFn: () => orNone(get<BillingProfile>("/api/v1/billing-profile")),
  });
  return (
    <Dialog
      title={`Issue the invoice to ${invoice.customer.name}?`}
      action="Issue"
      keep="Keep the draft"
      disabled={!profile.data}
      close={close}
      run={async () => {
        const issued = await request<CustomerInvoice>("POST", `/api/v1/customer-invoices/${invoice.id}/issue`);
        await done(`Invoice ${issued.number} is issued. It was not sent yet.`);
      }}
    >
      <Text>
        It is over <strong>{money(invoice.total)}</strong>, gets its number and stays as it is from then on. Until it is paid, reminders go to{" "}
        {invoice.customer.email}.
      </Text>
      {profile.error && <Trouble error={profile.error} retry={() => void profile.refetch()} />}
      {profile.data === null && (
        <Alert color="yellow" role="alert" title="Your billing profile is needed first">
          It says in whose name invoices are.{" "}
          <Anchor component={Link} to="/billing" size="sm">
            Set it under Billing
          </Anchor>
        </Alert>
      )}
      {profile.data && (
        <Text size="sm" c="dimmed">
          In the name of {profile.data.name}, {profile.data.address.city}.
        </Text>
      )}
    </Dialog>
  );
}

function Payment({ invoice, close, done }: AskProps) {
  const today = dayOf(new Date());
  const [day, setDay] = useState(today);
  return (
    <Dialog
      title={`Mark invoice ${invoice.number} as paid`}
      action="Mark as paid"
      close={close}
      run={async () => {
        await request("POST", `/api/v1/customer-invoices/${invoice.id}/payment`, paidAt(day, today));
        await done(`Invoice ${invoice.number} is paid.`);
      }}
    >
      <Text>{money(invoice.total)} have arrived: no more reminders go to {invoice.customer.email}.</Text>
      <TextInput label="Paid on" type="date" required data-autofocus max={today} value={day} onChange={(event) => setDay(event.currentTarget.value)} />
    </Dialog>
  );
}

function Sending({ invoice, close, done }: AskProps) {
  const [to, setTo] = useState("");
  return (
    <Dialog
      title={`Send invoice ${invoice.number}`}
      action="Send"
      close={close}
      run={async () => {
        await request("POST", `/api/v1/customer-invoices/${invoice.id}/sending`, to.trim() === "" ? {} : { to: to.trim() });
        await done(`Invoice ${invoice.number} is on its way to ${to.trim() || invoice.customer.email}.`);
      }}
    >
      <TextInput
        label="To"
        description={`Empty sends it to ${invoice.customer.email}.`}
        type="email"
        data-autofocus
        maxLength={254}
        value={to}
        onChange={(event) => setTo(event.currentTarget.value)}
      />
    </Dialog>
  );
}

function Removal({ invoice, close, done }: AskProps) {
  const draft = invoice.status === "draft";
  return (
    <Confirm
      title={draft ? `Delete the draft for ${invoice.customer.name}?` : `Void invoice ${invoice.number}?`}
      action={draft ? "Delete" : "Void"}
      keep="Keep it"
      close={close}
      run={async () => {
        await request("DELETE", `/api/v1/customer-invoices/${invoice.id}`);
        await done(draft ? "The draft is deleted." : `Invoice ${invoice.number} is void.`);
      }}
    >
      <Text>
        {draft
          ? "Nobody has seen it, and it has no number yet."
          : "Its number stays, nobody owes it any more, and no more reminders are sent. Tell your customer if they have it already."}
      </Text>
    </Confirm>
  );
}

function nameOf(invoice: CustomerInvoice): string {
  return invoice.number ? `invoice ${invoice.number}` : `the draft for ${invoice.customer.name}`;
}
