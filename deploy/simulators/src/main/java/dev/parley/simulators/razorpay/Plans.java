package dev.parley.simulators.razorpay;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Set;

/** Plans: what a subscription charges and how often. They cannot be changed. */
final class Plans {

    private static final Set<String> CREATE = Set.of("period", "interval", "item", "notes");
    private static final Set<String> ITEM =
            Set.of("name", "description", "amount", "currency", "unit", "hsn_code", "sac_code", "tax_inclusive");

    private final RazorpayStore store;

    Plans(RazorpayStore store) {
        this.store = store;
    }

    JsonObject create(RazorpayCall call) {
        call.only(CREATE);
        String period = call.requiredText("period");
        if (!List.of("daily", "weekly", "monthly", "quarterly", "yearly").contains(period)) {
            throw RazorpayProblem.badField("period", "Not a valid period: " + period);
        }
        long interval = call.requiredNumber("interval");
        if (interval < 1 || (period.equals("daily") && interval < 7)) {
            throw RazorpayProblem.badField("interval", "The interval must be at least " + (interval < 1 ? 1 : 7) + ".");
        }
        RazorpayCall item = new RazorpayCall(List.of(), call.object("item"), null).only(ITEM);
        long amount = item.requiredNumber("amount");
        if (amount < 100) {
            throw RazorpayProblem.badField("amount", "The amount must be at least INR 1.00");
        }
        long now = store.now();
        return store.put(new JsonObject()
                .put("id", store.id("plan"))
                .put("entity", "plan")
                .put("interval", interval)
                .put("period", period)
                .put(
                        "item",
                        new JsonObject()
                                .put("id", store.id("item"))
                                .put("active", true)
                                .put("name", item.requiredText("name"))
                                .put("description", item.text("description"))
                                .put("amount", amount)
                                .put("unit_amount", amount)
                                .put("currency", currency(item))
                                .put("type", "plan")
                                .put("unit", item.text("unit"))
                                .put("tax_inclusive", false)
                                .put("hsn_code", item.text("hsn_code"))
                                .put("sac_code", item.text("sac_code"))
                                .put("tax_rate", null)
                                .put("tax_id", null)
                                .put("tax_group_id", null)
                                .put("created_at", now)
                                .put("updated_at", now))
                .put("notes", call.notes())
                .put("created_at", now));
    }

    static String currency(RazorpayCall call) {
        String currency = call.text("currency") == null ? "INR" : call.text("currency");
        if (!currency.matches("[A-Z]{3}")) {
            throw RazorpayProblem.badField("currency", "The currency is invalid");
        }
        return currency;
    }

    static long amount(JsonObject plan) {
        return plan.getJsonObject("item").getLong("amount");
    }

    static String currency(JsonObject plan) {
        return plan.getJsonObject("item").getString("currency");
    }

    /** When the cycle that begins then ends. */
    static long end(JsonObject plan, long from) {
        long count = plan.getLong("interval");
        ZonedDateTime start = Instant.ofEpochSecond(from).atZone(ZoneOffset.UTC);
        ZonedDateTime end =
                switch (plan.getString("period")) {
                    case "daily" -> start.plusDays(count);
                    case "weekly" -> start.plusWeeks(count);
                    case "quarterly" -> start.plusMonths(3 * count);
                    case "yearly" -> start.plusYears(count);
                    default -> start.plusMonths(count);
                };
        return end.toEpochSecond();
    }

    /** How many cycles fit into the hundred years that a subscription may last. */
    static long mostCycles(JsonObject plan) {
        long ofOne =
                switch (plan.getString("period")) {
                    case "daily" -> 36_500;
                    case "weekly" -> 5_200;
                    case "quarterly" -> 400;
                    case "yearly" -> 100;
                    default -> 1_200;
                };
        return ofOne / plan.getLong("interval");
    }
}
