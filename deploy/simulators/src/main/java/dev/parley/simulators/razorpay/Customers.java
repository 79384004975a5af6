package dev.parley.simulators.razorpay;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Customers, unique by e-mail and contact. */
final class Customers {

    private static final Set<String> MEMBERS = Set.of("name", "email", "contact", "gstin", "notes", "fail_existing");

    private final RazorpayStore store;

    Customers(RazorpayStore store) {
        this.store = store;
    }

    JsonObject create(RazorpayCall call) {
        call.only(MEMBERS);
        List<JsonObject> same = store.all(
                "customer",
                customer -> Objects.equals(customer.getString("email"), call.text("email"))
                        && Objects.equals(customer.getString("contact"), call.text("contact")));
        if (!same.isEmpty()) {
            if (call.flag("fail_existing", true)) {
                throw RazorpayProblem.badRequest("Customer already exists for the merchant");
            }
            return same.getFirst();
        }
        return store.put(new JsonObject()
                .put("id", store.id("cust"))
                .put("entity", "customer")
                .put("name", call.text("name"))
                .put("email", call.text("email"))
                .put("contact", call.text("contact"))
                .put("gstin", call.text("gstin"))
                .put("notes", call.notes())
                .put("created_at", store.now()));
    }

    JsonObject update(RazorpayCall call) {
        call.only(Set.of("name", "email", "contact", "gstin"));
        JsonObject customer = store.get("customer", call.id());
        for (String name : call.params().fieldNames()) {
            customer.put(name, call.text(name));
        }
        return store.put(customer);
    }

    /** The payer's customer, made when there is none of that e-mail. */
    JsonObject of(String email, String contact) {
        List<JsonObject> same = store.all("customer", customer -> email.equals(customer.getString("email")));
        return same.isEmpty()
                ? create(new RazorpayCall(
                        List.of(), new JsonObject().put("email", email).put("contact", contact), null))
                : same.getFirst();
    }
}
