package dev.parley.billing.invoice;

import dev.parley.platform.crypto.Sha256;
import dev.parley.platform.tenancy.TenantId;
import java.nio.ByteBuffer;

/**
 * The number of an invoice: six letters for the tenant, the year, and a number that counts up. That of a credit note has
 * a C before the year and a series of its own. Both have sixteen characters at most, as Indian law wants.
 */
record InvoiceNumber(int year, int sequence, String text) {
    private static final String LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private static final int LETTER_BITS = 5;
    private static final int LENGTH = 6;
    private static final int CENTURY = 100;

    static InvoiceNumber of(TenantId tenant, int year, int sequence) {
        return new InvoiceNumber(year, sequence, "%s/%02d/%06d".formatted(series(tenant), year % CENTURY, sequence));
    }

    static InvoiceNumber ofCreditNote(TenantId tenant, int year, int sequence) {
        return new InvoiceNumber(year, sequence, "%s/C%02d/%05d".formatted(series(tenant), year % CENTURY, sequence));
    }

    /** The tenant's letters, always the same. */
    static String series(TenantId tenant) {
        long bits = ByteBuffer.wrap(Sha256.of(tenant.toString())).getLong();
        StringBuilder letters = new StringBuilder();
        for (int i = 0; i < LENGTH; i++) {
            letters.append(LETTERS.charAt((int) (bits >>> i * LETTER_BITS & LETTERS.length() - 1)));
        }
        return letters.toString();
    }
}
