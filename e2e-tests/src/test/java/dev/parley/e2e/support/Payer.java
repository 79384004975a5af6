package dev.parley.e2e.support;

import java.time.Duration;

/** Somebody who pays at one payment provider, and looks there at what was paid. */
public interface Payer {
    /** The payer at the provider of that name. */
    static Payer at(String provider) {
        return switch (provider) {
            case "stripe" -> new StripePayer();
            case "razorpay" -> new RazorpayPayer();
            default -> throw new IllegalArgumentException(provider);
        };
    }

    /** What was paid at a provider: invoices, all of them paid, and their sum in minor units. */
    record Paid(int invoices, long amount) {}

    /** Pays on the page that a checkout led to. */
    void pay(String url);

    /** From now on the card is declined. */
    void breakCard(String subscription);

    /** Gives a card that works, and pays what is open. */
    void payWhatIsOpen(String subscription);

    /** How long after a declined renewal the provider has not yet given up. */
    Duration patience();

    /** What was paid for the newest invoice. */
    long newestCharge(String subscription);

    /** What was paid over the subscription's life; fails when an invoice is not paid. */
    Paid paid(String subscription);

    /** The provider's word for how the subscription is. */
    String status(String subscription);
}
