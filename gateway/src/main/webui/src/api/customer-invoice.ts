import { minorUnits, typed } from "./money";
import type { CustomerInvoice, CustomerInvoiceLine, Money } from "./types";

/** A line as somebody types it. */
export interface TypedLine {
  key: number;
  description: string;
  quantity: string;
  price: string;
  tax: string;
}

/** An invoice as somebody types it. */
export interface TypedInvoice {
  name: string;
  email: string;
  address: string;
  tax_number: string;
  currency: string;
  due_on: string;
  note: string;
  lines: TypedLine[];
}

const MOST_ADDRESS_LINES = 6;
const MOST_QUANTITY = 1_000_000;
const WHOLE = 10_000;

/** An invoice of which nothing is typed yet. */
export function blankInvoice(): TypedInvoice {
  return { name: "", email: "", address: "", tax_number: "", currency: "INR", due_on: "", note: "", lines: [blankLine(0)] };
}

/** A line of which nothing is typed yet; its key tells it from the others. */
export function blankLine(key: number): TypedLine {
  return { key, description: "", quantity: "1", price: "", tax: "" };
}

/** A draft as somebody would have typed it. */
export function typedInvoice({ customer, lines, total, due_on, note }: CustomerInvoice): TypedInvoice {
  return {
    name: customer.name,
    email: customer.email,
    address: (customer.address ?? []).join("\n"),
    tax_number: customer.tax_number ?? "",
    currency: total.currency,
    due_on,
    note: note ?? "",
    lines: lines.map((line, key) => ({
      key,
      description: line.description,
      quantity: String(line.quantity),
      price: typed({ amount: line.unit_amount, currency: total.currency }),
      tax: line.tax_basis_points === undefined || line.tax_basis_points === null ? "" : String(line.tax_basis_points / 100),
    })),
  };
}

/** What is wrong with a line, by its fields; empty when nothing is. */
export function lineFaults(line: TypedLine, currency: string): Partial<Record<"quantity" | "price" | "tax", string>> {
  return {
    ...(Number.isNaN(quantityOf(line)) && { quantity: "A whole number from 1" }),
    ...(Number.isNaN(minorUnits(line.price, currency)) && { price: "An amount like 499.00" }),
    ...(Number.isNaN(taxOf(line)) && { tax: "A percentage like 18" }),
  };
}

/** What the lines come to, counted as the server does; null while one of them cannot be read. */
export function totals(invoice: TypedInvoice): { net: Money; tax: Money; total: Money } | null {
  const { currency } = invoice;
  let net = 0n;
  let tax = 0n;
  for (const line of invoice.lines) {
    if (Object.keys(lineFaults(line, currency)).length > 0) return null;
    const amount = BigInt(quantityOf(line)) * BigInt(minorUnits(line.price, currency));
    net += amount;
    // To the nearest unit, halves up, line by line.
    tax += (amount * BigInt(taxOf(line) ?? 0) + BigInt(WHOLE / 2)) / BigInt(WHOLE);
  }
  return { net: { amount: Number(net), currency }, tax: { amount: Number(tax), currency }, total: { amount: Number(net + tax), currency } };
}

/** The invoice as the server takes it: what is left empty is left out, unless a note that was there is taken away. */
export function invoiceBody(invoice: TypedInvoice, before?: { note?: string }) {
  const note = invoice.note.trim();
  const address = addressOf(invoice);
  const number = invoice.tax_number.trim();
  return {
    customer: {
      name: invoice.name.trim(),
      email: invoice.email.trim(),
      ...(address.length > 0 && { address }),
      ...(number !== "" && { tax_number: number }),
    },
    currency: invoice.currency,
    lines: invoice.lines.map((line): CustomerInvoiceLine => {
      const tax = taxOf(line);
      return {
        description: line.description.trim(),
        quantity: quantityOf(line),
        unit_amount: minorUnits(line.price, invoice.currency),
        ...(tax !== undefined && { tax_basis_points: tax }),
      };
    }),
    ...(invoice.due_on !== "" && { due_on: invoice.due_on }),
    ...((note !== "" || before?.note) && { note }),
  };
}

/** What is wrong with the address, if anything is. */
export function addressFault(invoice: TypedInvoice): string | undefined {
  return addressOf(invoice).length > MOST_ADDRESS_LINES ? `At most ${MOST_ADDRESS_LINES} lines` : undefined;
}

/** Where an invoice stands, in a word: issued ones are open until their last day is over. */
export function stateOf({ status, due_on }: Pick<CustomerInvoice, "status" | "due_on">, today: string): string {
  if (status !== "issued") return status;
  return due_on < today ? "overdue" : "open";
}

/** When an invoice was paid, as the server takes it: on that day wherever one is, or now if it is today. */
export function paidAt(day: string, today: string): { paid_at?: string } {
  return day === "" || day === today ? {} : { paid_at: `${day}T12:00:00Z` };
}

/** A day as people here count them. */
export function dayOf(time: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
}

function addressOf({ address }: TypedInvoice): string[] {
  return address.split("\n").map((line) => line.trim()).filter((line) => line !== "");
}

function quantityOf({ quantity }: TypedLine): number {
  const text = quantity.trim();
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  return value >= 1 && value <= MOST_QUANTITY ? value : Number.NaN;
}

/** In basis points; undefined when none was typed, NaN when it is no percentage. */
function taxOf({ tax }: TypedLine): number | undefined {
  const text = tax.trim();
  if (text === "") return undefined;
  const [, whole, part = ""] = /^(\d{1,3})(?:\.(\d{1,2}))?$/.exec(text) ?? [];
  const points = whole === undefined ? Number.NaN : Number(whole + part.padEnd(2, "0"));
  return points <= WHOLE ? points : Number.NaN;
}
