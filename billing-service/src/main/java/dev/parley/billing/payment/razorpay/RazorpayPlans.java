package dev.parley.billing.payment.razorpay;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.billing.payment.PlanReference;
import dev.parley.billing.plan.BillingInterval;
import dev.parley.billing.plan.Plan;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Finds Razorpay's plan for a version of ours, and makes it once: neither of them ever changes. */
final class RazorpayPlans {
    private final RazorpayApi api;
    private final Map<String, String> known = new ConcurrentHashMap<>();
    private final Map<String, PlanReference> ours = new ConcurrentHashMap<>();

    RazorpayPlans(RazorpayApi api) {
        this.api = api;
    }

    /** The id of Razorpay's plan. Two that are made at the same moment do no harm: either is good. */
    String idOf(Plan plan) {
        String name = plan.code() + "/" + plan.version();
        String id = known.get(name);
        if (id == null) {
            id = find(name, plan).orElseGet(() -> make(name, plan));
            known.put(name, id);
        }
        return id;
    }

    private Optional<String> find(String name, Plan plan) {
        Iterator<JsonNode> plans = api.list("/plans", Map.of());
        while (plans.hasNext()) {
            JsonNode each = plans.next();
            // A database that was started afresh counts its versions from 1 again: the price tells them apart.
            boolean same =
                    each.path("notes").path(RazorpayObjects.PLAN).asText().equals(name)
                            && each.path("item").path("amount").asLong()
                                    == plan.price().amount()
                            && each.path("item")
                                    .path("currency")
                                    .asText()
                                    .equals(plan.price().currency())
                            && each.path("period").asText().equals(period(plan))
                            && each.path("interval").asInt() == 1;
            if (same) {
                return Optional.of(each.path("id").asText());
            }
        }
        return Optional.empty();
    }

    private String make(String name, Plan plan) {
        return api.post(
                        "/plans",
                        Map.of(
                                "period",
                                period(plan),
                                "interval",
                                1,
                                "item",
                                Map.of(
                                        "name",
                                        plan.name(),
                                        "amount",
                                        plan.price().amount(),
                                        "currency",
                                        plan.price().currency()),
                                "notes",
                                Map.of(RazorpayObjects.PLAN, name)))
                .path("id")
                .asText();
    }

    /** Our plan version that one of Razorpay's plans was made for; empty when it is not ours. */
    Optional<PlanReference> ofOurs(String planId) {
        PlanReference cached = ours.get(planId);
        if (cached != null || planId.isEmpty()) {
            return Optional.ofNullable(cached);
        }
        Optional<PlanReference> found = api.find("/plans/" + planId)
                .map(plan -> plan.path("notes").path(RazorpayObjects.PLAN).asText())
                .flatMap(RazorpayPlans::reference);
        found.ifPresent(plan -> ours.put(planId, plan));
        return found;
    }

    private static Optional<PlanReference> reference(String name) {
        int slash = name.lastIndexOf('/');
        return slash < 1 || !name.substring(slash + 1).matches("[0-9]{1,9}")
                ? Optional.empty()
                : Optional.of(new PlanReference(name.substring(0, slash), Integer.parseInt(name.substring(slash + 1))));
    }

    static String period(Plan plan) {
        return plan.interval() == BillingInterval.YEAR ? "yearly" : "monthly";
    }
}
