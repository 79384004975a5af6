package dev.parley.billing.payment.razorpay;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.billing.payment.CheckoutOrder;
import dev.parley.billing.payment.PaymentRefused;
import dev.parley.billing.payment.ProviderCheckout;
import java.time.Instant;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;

/** Sells what is paid once, by payment links: their reference is unique at Razorpay, so one checkout is one link. */
final class RazorpayPacks {
    /** What the ids of payment links begin with. */
    static final String LINK = "plink_";

    private final RazorpayApi api;

    RazorpayPacks(RazorpayApi api) {
        this.api = api;
    }

    ProviderCheckout create(CheckoutOrder order, Instant expireBy) {
        String reference = order.checkoutId().toString();
        Optional<JsonNode> made = find(reference);
        if (made.isPresent()) {
            return RazorpayObjects.checkoutOfLink(made.get());
        }
        try {
            return RazorpayObjects.checkoutOfLink(api.post("/payment_links", link(order, reference, expireBy)));
        } catch (PaymentRefused refused) {
            // Another request was faster with the same reference.
            return RazorpayObjects.checkoutOfLink(find(reference).orElseThrow(() -> refused));
        }
    }

    private Optional<JsonNode> find(String reference) {
        Iterator<JsonNode> links = api.list("/payment_links", Map.of("reference_id", reference), "payment_links");
        return links.hasNext() ? Optional.of(links.next()) : Optional.empty();
    }

    private static Map<String, Object> link(CheckoutOrder order, String reference, Instant expireBy) {
        return Map.of(
                "amount",
                order.purchase().price().amount(),
                "currency",
                order.purchase().price().currency(),
                "description",
                order.purchase().name(),
                "reference_id",
                reference,
                "expire_by",
                expireBy.getEpochSecond(),
                "reminder_enable",
                false,
                "callback_url",
                order.successUrl(),
                "callback_method",
                "get",
                "notes",
                RazorpayObjects.notes(order));
    }

    Optional<ProviderCheckout> fetch(String linkId) {
        return api.find("/payment_links/" + linkId).map(RazorpayObjects::checkoutOfLink);
    }
}
