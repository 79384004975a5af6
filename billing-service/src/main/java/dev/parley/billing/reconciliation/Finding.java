package dev.parley.billing.reconciliation;

/**
 * Something that does not agree.
 *
 * @param kind what kind of disagreement, in capitals
 * @param subject the subscription, invoice, lot, operation or account that it is about
 * @param expected what our books say
 * @param found what the other side says
 */
record Finding(String kind, String subject, String expected, String found, Repair repair) {
    /** Whether a provider's list told of it. */
    boolean isOfLists() {
        return kind.endsWith("_UNHEARD") || kind.equals("PAYMENT_GIVEN_BACK") || repair == Repair.CANCEL;
    }
}
