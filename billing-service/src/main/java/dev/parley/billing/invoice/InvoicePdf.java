package dev.parley.billing.invoice;

import dev.parley.billing.money.Money;
import dev.parley.billing.money.MoneyText;
import dev.parley.billing.pdf.Sheet;
import dev.parley.billing.pdf.Sheet.Column;
import dev.parley.billing.tax.Seller;
import dev.parley.billing.tax.TaxLine;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Prints an invoice or a credit note. */
final class InvoicePdf {
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("d MMMM yyyy", Locale.ENGLISH).withZone(ZoneOffset.UTC);
    private static final List<Column> FACTS = List.of(Column.left(0.5), Column.left(0.5));
    private static final List<Column> LINES = List.of(Column.left(0.58), Column.left(0.17), Column.right(0.25));
    private static final double BASIS_POINTS = 100;

    private InvoicePdf() {}

    static byte[] print(InvoiceDetail detail) {
        Invoice invoice = detail.invoice();
        Seller seller = Objects.requireNonNull(detail.seller());
        String currency = invoice.total().currency();
        boolean taxed = !detail.taxes().isEmpty();
        String kind = invoice.isCreditNote() ? "Credit note" : "Invoice";
        InvoiceDetail.Corrected corrects = detail.corrects();
        try (Sheet sheet = new Sheet(kind + " " + invoice.number())) {
            sheet.heading(taxed && !invoice.isCreditNote() ? "Tax invoice" : kind)
                    .gap(0.5);
            if (invoice.isCreditNote() && invoice.status().equals("void")) {
                sheet.strong("Void: the refund did not reach you.").gap(0.5);
            }
            sheet.row(FACTS, true, "From", "To");
            List<String> from = from(seller);
            List<String> to = to(detail.buyer());
            for (int i = 0; i < Math.max(from.size(), to.size()); i++) {
                sheet.row(FACTS, false, i < from.size() ? from.get(i) : "", i < to.size() ? to.get(i) : "");
            }
            sheet.gap(1);
            fact(sheet, kind + " number", invoice.number());
            fact(sheet, "Date of issue", DAY.format(invoice.issuedAt()));
            if (corrects != null) {
                fact(sheet, "Corrects invoice", corrects.number());
                fact(sheet, "Issued on", DAY.format(corrects.issuedAt()));
            }
            fact(sheet, "Place of supply", detail.placeOfSupply());
            fact(sheet, "Paid on", invoice.paidAt() == null ? null : DAY.format(invoice.paidAt()));
            fact(sheet, "Reference at " + invoice.provider(), invoice.providerNumber());
            sheet.gap(1).row(LINES, true, "Description", "HSN/SAC", "Amount").rule();
            for (InvoiceDetail.Line line : detail.lines()) {
                sheet.row(
                        LINES,
                        false,
                        line.description() + ", " + period(line.periodStart(), line.periodEnd()),
                        line.hsn(),
                        MoneyText.of(new Money(line.net(), currency)));
            }
            sheet.rule();
            if (taxed) {
                sheet.row(
                        LINES,
                        false,
                        "Net",
                        "",
                        MoneyText.of(new Money(Objects.requireNonNull(detail.net()), currency)));
            }
            for (TaxLine tax : detail.taxes()) {
                sheet.row(
                        LINES,
                        false,
                        "%s %s %%".formatted(tax.name(), percent(tax.basisPoints())),
                        "",
                        MoneyText.of(new Money(tax.amount(), currency)));
            }
            sheet.row(LINES, true, "Total", "", MoneyText.of(invoice.total()));
            sheet.gap(1);
            detail.notes().forEach(sheet::text);
            return sheet.bytes();
        }
    }

    private static void fact(Sheet sheet, String name, @Nullable String value) {
        if (value != null) {
            sheet.row(FACTS, false, name, value);
        }
    }

    private static List<String> from(Seller seller) {
        return party(seller.name(), seller.address(), seller.country(), seller.gstin(), seller.vatId());
    }

    private static List<String> to(@Nullable Buyer buyer) {
        return buyer == null
                ? List.of()
                : party(buyer.name(), buyer.address(), buyer.country(), buyer.gstin(), buyer.vatId());
    }

    private static List<String> party(
            String name,
            List<String> address,
            @Nullable String country,
            @Nullable String gstin,
            @Nullable String vatId) {
        List<String> lines = new ArrayList<>(List.of(name));
        lines.addAll(address);
        if (country != null) {
            lines.add(country);
        }
        number(lines, "GSTIN", gstin);
        number(lines, "VAT id", vatId);
        return lines;
    }

    private static void number(List<String> lines, String name, @Nullable String value) {
        if (value != null) {
            lines.add(name + " " + value);
        }
    }

    private static String period(Instant start, Instant end) {
        return DAY.format(start) + " – " + DAY.format(end);
    }

    private static String percent(int basisPoints) {
        return basisPoints % (int) BASIS_POINTS == 0
                ? String.valueOf(basisPoints / (int) BASIS_POINTS)
                : String.valueOf(basisPoints / BASIS_POINTS);
    }
}
