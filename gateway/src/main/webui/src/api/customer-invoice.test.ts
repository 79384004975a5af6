import { describe, expect, it } from "vitest";
import { addressFault, blankInvoice, blankLine, dayOf, invoiceBody, lineFaults, paidAt, stateOf, totals, type TypedInvoice, typedInvoice, type TypedLine } from "./customer-invoice";
import type { CustomerInvoice } from "./types";

const line = (values: Partial<TypedLine>): TypedLine => ({ ...blankLine(0), description: "Hours", price: "100", ...values });
const invoice = (values: Partial<TypedInvoice>): TypedInvoice => ({ ...blankInvoice(), name: "Babbage & Co", email: "charles@example.com", lines: [line({})], ...values });

describe("totals", () => {
  it("adds up lines, each with its own tax", () => {
    const lines = [line({ quantity: "3", price: "499.50", tax: "18" }), line({ quantity: "2", price: "10" })];
    expect(totals(invoice({ lines }))).toEqual({
      net: { amount: 151_850, currency: "INR" },
      tax: { amount: 26_973, currency: "INR" },
      total: { amount: 178_823, currency: "INR" },
    });
  });

  it("rounds the tax of every line by itself, halves up", () => {
    const cent = line({ price: "0.10", tax: "5" });
    expect(totals(invoice({ currency: "EUR", lines: [cent, cent] }))?.tax.amount).toBe(2);
    expect(totals(invoice({ currency: "EUR", lines: [line({ price: "0.09", tax: "5" })] }))?.tax.amount).toBe(0);
  });

  it("counts in the units of the currency", () => {
    expect(totals(invoice({ currency: "JPY", lines: [line({ price: "4999", tax: "10" })] }))?.total).toEqual({ amount: 5_499, currency: "JPY" });
  });

  it("says nothing while a line cannot be read", () => {
    expect(totals(invoice({ lines: [line({}), line({ price: "" })] }))).toBeNull();
  });
});

describe("lineFaults", () => {
  it.each(["0", "-1", "1.5", "", "1000001", "1e3"])("takes “%s” for no quantity", (quantity) => {
    expect(lineFaults(line({ quantity }), "INR")).toEqual({ quantity: "A whole number from 1" });
  });

  it.each(["100.01", "18%", "-1", "1.234", "1000"])("takes “%s” for no tax", (tax) => {
    expect(lineFaults(line({ tax }), "INR")).toEqual({ tax: "A percentage like 18" });
  });

  it.each(["", "0", "18", "5.5", "100"])("finds nothing wrong with the tax “%s”", (tax) => {
    expect(lineFaults(line({ tax }), "INR")).toEqual({});
  });

  it("knows that a currency may have no smaller unit", () => {
    expect(lineFaults(line({ price: "1.50" }), "INR")).toEqual({});
    expect(lineFaults(line({ price: "1.50" }), "JPY")).toEqual({ price: "An amount like 499.00" });
  });
});

describe("invoiceBody", () => {
  it("leaves out what was left empty", () => {
    expect(invoiceBody(invoice({ address: " \n " }))).toEqual({
      customer: { name: "Babbage & Co", email: "charles@example.com" },
      currency: "INR",
      lines: [{ description: "Hours", quantity: 1, unit_amount: 10_000 }],
    });
  });

  it("says that a note was taken away", () => {
    expect(invoiceBody(invoice({}), { note: "Thank you" })).toMatchObject({ note: "" });
    expect(invoiceBody(invoice({}), {})).not.toHaveProperty("note");
  });

  it("is what an invoice was typed as", () => {
    const draft: CustomerInvoice = {
      id: "i",
      status: "draft",
      customer: { name: "Babbage & Co", email: "charles@example.com", address: ["1 Dorset Street", "London"], tax_number: "GB999" },
      lines: [
        { description: "Hours", quantity: 3, unit_amount: 49_950, tax_basis_points: 550 },
        { description: "Travel", quantity: 1, unit_amount: 7 },
      ],
      net: { amount: 149_857, currency: "EUR" },
      tax: { amount: 8_242, currency: "EUR" },
      total: { amount: 158_099, currency: "EUR" },
      note: "Thank you",
      due_on: "2026-12-01",
      reminders_sent: 0,
      created_at: "2026-11-21T10:00:00Z",
    };
    const { customer, lines, due_on, note } = draft;
    expect(invoiceBody(typedInvoice(draft))).toEqual({ customer, lines, due_on, note, currency: "EUR" });
    expect(totals(typedInvoice(draft))).toEqual({ net: draft.net, tax: draft.tax, total: draft.total });
  });

  it("has room for six lines of an address", () => {
    expect(addressFault(invoice({ address: "1\n2\n3\n\n4\n5\n6" }))).toBeUndefined();
    expect(addressFault(invoice({ address: "1\n2\n3\n4\n5\n6\n7" }))).toBe("At most 6 lines");
  });
});

describe("stateOf", () => {
  it.each([
    ["draft", "2026-11-01", "draft"],
    ["issued", "2026-11-21", "open"],
    ["issued", "2026-11-20", "overdue"],
    ["paid", "2026-11-01", "paid"],
    ["void", "2026-11-01", "void"],
  ] as const)("calls an invoice that is %s and due on %s %s", (status, due_on, state) => {
    expect(stateOf({ status, due_on }, "2026-11-21")).toBe(state);
  });
});

describe("paidAt", () => {
  it("means now by today, and the day wherever one is by another", () => {
    expect(paidAt("2026-11-21", "2026-11-21")).toEqual({});
    expect(paidAt("", "2026-11-21")).toEqual({});
    expect(paidAt("2026-11-20", "2026-11-21")).toEqual({ paid_at: "2026-11-20T12:00:00Z" });
  });

  it("counts days as people here do", () => {
    expect(dayOf(new Date(2026, 0, 2, 23, 59))).toBe("2026-01-02");
  });
});
