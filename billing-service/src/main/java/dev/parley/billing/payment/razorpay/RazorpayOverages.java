package dev.parley.billing.payment.razorpay;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.billing.payment.OverageOrder;
import dev.parley.billing.payment.PaymentRefused;
import dev.parley.billing.payment.ProviderOverage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Charges overage by add-ons of the subscription, and by an invoice to the customer when the subscription has ended.
 * Razorpay has no idempotency keys here, so both carry the charge's name and are looked for before they are made.
 */
final class RazorpayOverages {
    private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(10);
    private static final String INVOICE = "inv_";

    /** Two that ask at the same moment may make two: both then keep the same one, the one that is charged or is older. */
    private static final Comparator<JsonNode> PREFERRED = Comparator.comparing(
                    (JsonNode addon) -> invoiceOf(addon) == null)
            .thenComparing(addon -> addon.path("created_at").asLong())
            .thenComparing(addon -> addon.path("id").asText());

    private final RazorpayApi api;

    RazorpayOverages(RazorpayApi api) {
        this.api = api;
    }

    ProviderOverage charge(OverageOrder order) {
        List<JsonNode> made = addons(order);
        if (order.ownInvoice()) {
            Optional<JsonNode> charged =
                    made.stream().filter(addon -> invoiceOf(addon) != null).min(PREFERRED);
            if (charged.isPresent()) {
                return overage(charged.get());
            }
            for (JsonNode addon : made) {
                Optional<ProviderOverage> meanwhile = drop(addon);
                if (meanwhile.isPresent()) {
                    return meanwhile.get();
                }
            }
            return invoiced(order);
        }
        if (made.isEmpty()) {
            JsonNode created = api.post(
                    "/subscriptions/" + order.subscriptionId() + "/addons",
                    Map.of("item", RazorpayObjects.overageItem(order), "quantity", 1));
            made = new ArrayList<>(addons(order));
            if (made.stream().noneMatch(addon -> id(addon).equals(id(created)))) {
                made.add(created);
            }
        }
        JsonNode kept = made.stream().min(PREFERRED).orElseThrow();
        made.stream().filter(addon -> addon != kept && invoiceOf(addon) == null).forEach(this::drop);
        return overage(kept);
    }

    Optional<ProviderOverage> fetch(String overageId) {
        return overageId.startsWith(INVOICE)
                ? api.find("/invoices/" + overageId).map(RazorpayOverages::ofInvoice)
                : api.find("/addons/" + overageId).map(RazorpayOverages::overage);
    }

    private List<JsonNode> addons(OverageOrder order) {
        List<JsonNode> made = new ArrayList<>();
        String from = Long.toString(order.orderedAt().minus(CLOCKS_DIFFER).getEpochSecond());
        api.list("/addons", Map.of("from", from)).forEachRemaining(addon -> {
            if (order.chargeId().equals(RazorpayObjects.overageOf(addon.path("item")))) {
                made.add(addon);
            }
        });
        return made;
    }

    /** The receipt names the charge; of two that were made at once the older counts, the other is withdrawn. */
    private ProviderOverage invoiced(OverageOrder order) {
        List<JsonNode> made = invoices(order);
        if (made.isEmpty()) {
            JsonNode created = api.post(
                    "/invoices",
                    Map.of(
                            "type",
                            "invoice",
                            "customer_id",
                            order.customerId(),
                            "receipt",
                            order.chargeId().toString(),
                            "currency",
                            order.amount().currency(),
                            "line_items",
                            List.of(RazorpayObjects.overageItem(order)),
                            "email_notify",
                            1,
                            "sms_notify",
                            1));
            made = new ArrayList<>(invoices(order));
            if (made.stream().noneMatch(invoice -> id(invoice).equals(id(created)))) {
                made.add(created);
            }
        }
        JsonNode kept = made.stream()
                .min(Comparator.comparing((JsonNode invoice) ->
                                !invoice.path("status").asText().equals("paid"))
                        .thenComparing(invoice -> invoice.path("created_at").asLong())
                        .thenComparing(RazorpayOverages::id))
                .orElseThrow();
        made.stream()
                .filter(invoice ->
                        invoice != kept && invoice.path("status").asText().equals("issued"))
                .forEach(invoice -> api.postTo("/invoices/" + id(invoice) + "/cancel", Map.of()));
        return ofInvoice(kept);
    }

    private List<JsonNode> invoices(OverageOrder order) {
        List<JsonNode> made = new ArrayList<>();
        Iterator<JsonNode> invoices =
                api.list("/invoices", Map.of("receipt", order.chargeId().toString()));
        invoices.forEachRemaining(invoice -> {
            if (!invoice.path("status").asText().equals("cancelled")) {
                made.add(invoice);
            }
        });
        return made;
    }

    /** Takes an add-on away; one that was charged meanwhile stays, and is returned. */
    private Optional<ProviderOverage> drop(JsonNode addon) {
        try {
            api.delete("/addons/" + id(addon));
            return Optional.empty();
        } catch (PaymentRefused refused) {
            Optional<ProviderOverage> charged = fetch(id(addon)).filter(now -> now.invoiceId() != null);
            if (charged.isEmpty()) {
                throw refused;
            }
            return charged;
        }
    }

    private static ProviderOverage overage(JsonNode addon) {
        return new ProviderOverage(id(addon), invoiceOf(addon));
    }

    private static ProviderOverage ofInvoice(JsonNode invoice) {
        return new ProviderOverage(id(invoice), id(invoice));
    }

    private static @Nullable String invoiceOf(JsonNode addon) {
        return RazorpayObjects.text(addon, "invoice_id");
    }

    private static String id(JsonNode object) {
        return object.path("id").asText();
    }
}
