package dev.parley.billing.payment.razorpay;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * The address of our page from which a customer goes on to Razorpay's checkout and to which the customer comes back. It
 * carries where to go afterwards, signed, so that nobody can be led elsewhere.
 */
record RazorpayPage(String subscriptionId, String successUrl, String cancelUrl) {

    /** The address of the page. */
    String address(String publicUrl, RazorpaySignature key) {
        return publicUrl + "/checkout/razorpay/" + subscriptionId + query(key);
    }

    /** The address that Razorpay posts its answer to. */
    String returnAddress(String publicUrl, RazorpaySignature key) {
        return publicUrl + "/checkout/razorpay/" + subscriptionId + "/return" + query(key);
    }

    private String query(RazorpaySignature key) {
        return "?success=" + encode(successUrl) + "&cancel=" + encode(cancelUrl) + "&proof=" + proof(key);
    }

    /** Whether the address was made here. */
    boolean isProven(String proof, RazorpaySignature key) {
        return MessageDigest.isEqual(
                proof(key).getBytes(StandardCharsets.UTF_8), proof.getBytes(StandardCharsets.UTF_8));
    }

    /** Line ends stand in no address and no id, so no two pages have one text, and none has that of a checkout's answer. */
    private String proof(RazorpaySignature key) {
        return key.sign("parley checkout page\n" + subscriptionId + "\n" + successUrl + "\n" + cancelUrl);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
