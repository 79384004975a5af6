package dev.parley.billing.customerinvoice;

import dev.parley.billing.money.Money;
import dev.parley.billing.money.MoneyText;
import dev.parley.billing.pdf.Sheet;
import dev.parley.billing.pdf.Sheet.Column;
import dev.parley.billing.profile.BillingProfile;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** Prints an invoice to a customer. */
final class CustomerInvoicePdf {
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("d MMMM yyyy", Locale.ENGLISH);
    private static final List<Column> FACTS = List.of(Column.left(0.5), Column.left(0.5));
    private static final List<Column> LINES =
            List.of(Column.left(0.4), Column.right(0.2), Column.right(0.18), Column.right(0.22));
    private static final int WHOLE_PERCENT = 100;

    private CustomerInvoicePdf() {}

    static byte[] print(CustomerInvoice invoice) {
        BillingProfile seller = Objects.requireNonNull(invoice.seller());
        String currency = invoice.total().currency();
        try (Sheet sheet = new Sheet("Invoice " + invoice.number())) {
            sheet.heading("Invoice").gap(0.5).row(FACTS, true, "From", "To");
            List<String> from = from(seller);
            List<String> to = to(invoice.customer());
            for (int i = 0; i < Math.max(from.size(), to.size()); i++) {
                sheet.row(FACTS, false, i < from.size() ? from.get(i) : "", i < to.size() ? to.get(i) : "");
            }
            sheet.gap(1)
                    .row(FACTS, false, "Invoice number", String.valueOf(invoice.number()))
                    .row(
                            FACTS,
                            false,
                            "Date of issue",
                            DAY.format(
                                    Objects.requireNonNull(invoice.issuedAt()).atOffset(ZoneOffset.UTC)))
                    .row(FACTS, false, "To be paid by", DAY.format(invoice.dueOn()));
            if (invoice.paidAt() != null) {
                sheet.row(FACTS, false, "Paid on", DAY.format(invoice.paidAt().atOffset(ZoneOffset.UTC)));
            }
            sheet.gap(1)
                    .row(LINES, true, "Description", "Quantity", "Tax", "Net")
                    .rule();
            for (InvoiceLine line : invoice.lines()) {
                sheet.row(
                        LINES,
                        false,
                        line.description(),
                        line.quantity() + " × " + MoneyText.of(new Money(line.unitAmount(), currency)),
                        line.taxBasisPoints() == null
                                ? ""
                                : percent(line.taxBasisPoints()) + MoneyText.of(new Money(line.tax(), currency)),
                        MoneyText.of(new Money(line.net(), currency)));
            }
            sheet.rule()
                    .row(LINES, false, "Net", "", "", MoneyText.of(invoice.net()))
                    .row(LINES, false, "Tax", "", "", MoneyText.of(invoice.tax()))
                    .row(LINES, true, "Total", "", "", MoneyText.of(invoice.total()));
            if (invoice.note() != null) {
                sheet.gap(1).text(invoice.note());
            }
            return sheet.bytes();
        }
    }

    private static String percent(int basisPoints) {
        return basisPoints % WHOLE_PERCENT == 0
                ? basisPoints / WHOLE_PERCENT + " % "
                : (double) basisPoints / WHOLE_PERCENT + " % ";
    }

    private static List<String> from(BillingProfile seller) {
        List<String> lines = new ArrayList<>(List.of(seller.name()));
        lines.addAll(seller.address().lines());
        lines.add(seller.country());
        if (seller.gstin() != null) {
            lines.add("GSTIN " + seller.gstin());
        }
        if (seller.vatId() != null) {
            lines.add("VAT id " + seller.vatId());
        }
        lines.add(seller.email());
        return lines;
    }

    private static List<String> to(Customer customer) {
        List<String> lines = new ArrayList<>(List.of(customer.name()));
        lines.addAll(customer.address() == null ? List.of() : customer.address());
        if (customer.taxNumber() != null) {
            lines.add(customer.taxNumber());
        }
        return lines;
    }
}
