import { ActionIcon, Anchor, Button, Fieldset, Group, NativeSelect, SimpleGrid, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Link, useNavigate, useParams } from "react-router";
import { get, Problem, request } from "../../api/client";
import { addressFault, blankInvoice, blankLine, invoiceBody, lineFaults, totals, type TypedInvoice, typedInvoice, type TypedLine } from "../../api/customer-invoice";
import { money } from "../../api/money";
import type { CustomerInvoice } from "../../api/types";
import { Heading } from "../../components/heading";
import { Section } from "../../components/section";
import { Trouble } from "../../components/trouble";
import { Waiting } from "../../components/waiting";

const CURRENCIES = ["INR", "EUR", "USD", "GBP", "AED", "AUD", "CAD", "CHF", "JPY", "SGD"];
const MOST_LINES = 100;

/** A new invoice to a customer, or the draft of one. */
export function CustomerDraft() {
  const { id } = useParams();
  return id === undefined ? <DraftForm first={blankInvoice()} /> : <Known key={id} id={id} />;
}

function Known({ id }: { id: string }) {
  const invoice = useQuery({
    queryKey: ["customer-invoices", id],
    queryFn: () => get<CustomerInvoice>(`/api/v1/customer-invoices/${encodeURIComponent(id)}`),
    // What is being typed stays when the window is looked at again.
    staleTime: Infinity,
    gcTime: 0,
  });
  if (invoice.isPending) return <Waiting label="Loading the draft" />;
  if (invoice.error) return <Trouble error={invoice.error} retry={() => void invoice.refetch()} />;
  if (invoice.data.status !== "draft") {
    return (
      <Stack maw={960} align="start">
        <Heading title={`Invoice ${invoice.data.number}`} about="It is issued and stays as it is. Void it and write another one if it is wrong." />
        <Anchor component={Link} to="/customer-invoices">
          All invoices
        </Anchor>
      </Stack>
    );
  }
  return <DraftForm draft={invoice.data} first={typedInvoice(invoice.data)} />;
}

function DraftForm({ draft, first }: { draft?: CustomerInvoice; first: TypedInvoice }) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [invoice, setInvoice] = useState(first);
  const [checked, setChecked] = useState(false);
  const sums = totals(invoice);
  const save = useMutation({
    mutationFn: () =>
      draft
        ? request<CustomerInvoice>("PATCH", `/api/v1/customer-invoices/${draft.id}`, invoiceBody(invoice, draft))
        : request<CustomerInvoice>("POST", "/api/v1/customer-invoices", invoiceBody(invoice)),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["customer-invoices", "list"] });
      await navigate("/customer-invoices");
    },
  });
  const problem = save.error instanceof Problem ? save.error : undefined;
  const set = (values: Partial<TypedInvoice>) => setInvoice((before) => ({ ...before, ...values }));
  const input = (name: Exclude<keyof TypedInvoice, "lines">, pointer: string) => ({
    name,
    value: invoice[name],
    error: problem?.field(pointer),
    onChange: (event: { currentTarget: { value: string } }) => set({ [name]: event.currentTarget.value }),
  });
  const setLine = (key: number, values: Partial<TypedLine>) =>
    setInvoice((before) => ({ ...before, lines: before.lines.map((line) => (line.key === key ? { ...line, ...values } : line)) }));

  function submit(event: FormEvent) {
    event.preventDefault();
    setChecked(true);
    if (sums !== null && addressFault(invoice) === undefined) save.mutate();
  }

  return (
    <form onSubmit={submit}>
      <Stack maw={960}>
        <Heading title={draft ? `Draft for ${draft.customer.name}` : "New invoice"} about="A draft can be changed until it is issued. Your customer sees nothing of it before you send it." />
        <Section title="Customer">
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <TextInput label="Name" required maxLength={200} autoComplete="off" {...input("name", "/customer/name")} />
            <TextInput label="E-mail" description="For the invoice and reminders" type="email" required maxLength={254} autoComplete="off" {...input("email", "/customer/email")} />
            <Textarea
              label="Address"
              description="As it is to be printed, at most six lines"
              autosize
              minRows={2}
              {...input("address", "/customer/address")}
              error={addressFault(invoice) ?? problem?.field("/customer/address")}
            />
            <TextInput label="Tax number" description="A GST number or VAT id, if there is one" maxLength={30} autoComplete="off" {...input("tax_number", "/customer/tax_number")} />
          </SimpleGrid>
        </Section>
        <Section title="What is sold" about="Prices are without tax; the tax of each line is added to it.">
          <NativeSelect label="Currency" w={120} {...input("currency", "/currency")} data={[...new Set([...CURRENCIES, invoice.currency])]} />
          {invoice.lines.map((line, place) => (
            <LineFields
              key={line.key}
              line={line}
              number={place + 1}
              fresh={place > 0 && line.description === ""}
              faults={checked ? lineFaults(line, invoice.currency) : {}}
              said={(name) => problem?.field(`/lines/${place}/${name}`)}
              set={(values) => setLine(line.key, values)}
              remove={invoice.lines.length > 1 ? () => set({ lines: invoice.lines.filter((other) => other.key !== line.key) }) : undefined}
            />
          ))}
          <Group justify="space-between" align="start">
            <Button
              variant="default"
              size="xs"
              disabled={invoice.lines.length >= MOST_LINES}
              onClick={() => set({ lines: [...invoice.lines, blankLine(Math.max(...invoice.lines.map((line) => line.key)) + 1)] })}
            >
              Add a line
            </Button>
            <Sums sums={sums} />
          </Group>
        </Section>
        <Section title="Payment">
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <TextInput label="To be paid by" description={draft ? undefined : "Empty means in two weeks"} required={draft !== undefined} type="date" {...input("due_on", "/due_on")} />
            <Textarea label="Note" description="Printed below the amounts, such as where to pay" maxLength={1000} autosize minRows={2} {...input("note", "/note")} />
          </SimpleGrid>
        </Section>
        {save.error && <Trouble error={save.error} />}
        <Group>
          <Button type="submit" loading={save.isPending}>
            Save draft
          </Button>
          <Button variant="default" component={Link} to="/customer-invoices">
            Cancel
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function LineFields(props: {
  line: TypedLine;
  number: number;
  fresh: boolean;
  faults: ReturnType<typeof lineFaults>;
  said: (name: string) => string | undefined;
  set: (values: Partial<TypedLine>) => void;
  remove?: () => void;
}) {
  const { line, faults, said, set } = props;
  return (
    <Fieldset legend={`Line ${props.number}`} p="xs">
      <Group align="start" gap="xs">
        <TextInput
          label="Description"
          required
          maxLength={300}
          autoFocus={props.fresh}
          flex="1 1 220px"
          value={line.description}
          error={said("description")}
          onChange={(event) => set({ description: event.currentTarget.value })}
        />
        <TextInput
          label="Quantity"
          required
          inputMode="numeric"
          w={90}
          value={line.quantity}
          error={faults.quantity ?? said("quantity")}
          onChange={(event) => set({ quantity: event.currentTarget.value })}
        />
        <TextInput
          label="Price of one"
          required
          inputMode="decimal"
          w={130}
          value={line.price}
          error={faults.price ?? said("unit_amount")}
          onChange={(event) => set({ price: event.currentTarget.value })}
        />
        <TextInput
          label="Tax in %"
          inputMode="decimal"
          w={90}
          value={line.tax}
          error={faults.tax ?? said("tax_basis_points")}
          onChange={(event) => set({ tax: event.currentTarget.value })}
        />
        {props.remove && (
          <ActionIcon variant="subtle" color="gray" size="lg" mt={24} aria-label={`Remove line ${props.number}`} onClick={props.remove}>
            <IconTrash size={18} aria-hidden />
          </ActionIcon>
        )}
      </Group>
    </Fieldset>
  );
}

function Sums({ sums }: { sums: ReturnType<typeof totals> }) {
  return (
    <Stack gap={0} align="end" aria-live="polite" data-testid="sums">
      {sums ? (
        <>
          <Text size="sm" c="dimmed">
            {money(sums.net)} net, {money(sums.tax)} tax
          </Text>
          <Text fw={700} size="lg">
            {money(sums.total)}
          </Text>
        </>
      ) : (
        <Text size="sm" c="dimmed">
          The total comes when every line has a quantity and a price.
        </Text>
      )}
    </Stack>
  );
}
