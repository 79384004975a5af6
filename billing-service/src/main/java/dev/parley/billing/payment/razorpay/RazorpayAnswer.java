package dev.parley.billing.payment.razorpay;

/** What Razorpay said instead of doing what it was asked for; for the log. */
final class RazorpayAnswer extends RuntimeException {
    RazorpayAnswer(int status, String description) {
        super(status + " " + description, null, false, false);
    }
}
