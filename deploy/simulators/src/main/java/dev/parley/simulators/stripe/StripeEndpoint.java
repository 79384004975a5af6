package dev.parley.simulators.stripe;

import dev.parley.simulators.exchange.Endpoint;
import dev.parley.simulators.exchange.Exchange;
import dev.parley.simulators.exchange.Fault;
import dev.parley.simulators.exchange.Form;
import dev.parley.simulators.exchange.RandomIds;
import dev.parley.simulators.exchange.Reply;
import dev.parley.simulators.exchange.Routes;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** Stripe's API under {@code /v1}, and its hosted pages. */
final class StripeEndpoint implements Endpoint {

    private static final Set<String> PAGING = Set.of("limit", "starting_after", "ending_before", "created");

    private final StripeStore store;
    private final TestClocks clocks;
    private final StripePages pages;
    private final Routes<Function<StripeCall, JsonObject>> routes = new Routes<>();
    private final IdempotentReplies replies = new IdempotentReplies();
    private final RandomIds ids = new RandomIds();

    StripeEndpoint(
            StripeStore store,
            TestClocks clocks,
            StripePages pages,
            Customers customers,
            Catalogue catalogue,
            CheckoutSessions sessions,
            Subscriptions subscriptions,
            Payments payments,
            PaymentMethods methods,
            Invoices invoices,
            InvoiceItems items) {
        this.store = store;
        this.clocks = clocks;
        this.pages = pages;
        routes.add("POST", "/customers", customers::create)
                .add("POST", "/customers/{id}", customers::update)
                .add("DELETE", "/customers/{id}", customers::delete)
                .add("POST", "/products", catalogue::createProduct)
                .add("POST", "/products/{id}", catalogue::updateProduct)
                .add("POST", "/prices", catalogue::createPrice)
                .add("POST", "/prices/{id}", catalogue::updatePrice)
                .add("POST", "/checkout/sessions", sessions::create)
                .add("GET", "/checkout/sessions/{id}", sessions::get)
                .add("POST", "/checkout/sessions/{id}", sessions::update)
                .add("POST", "/checkout/sessions/{id}/expire", sessions::expire)
                .add("GET", "/checkout/sessions/{id}/line_items", sessions::lineItems)
                .add("POST", "/subscriptions", subscriptions::create)
                .add("POST", "/subscriptions/{id}", subscriptions::update)
                .add("DELETE", "/subscriptions/{id}", subscriptions::cancel)
                .add("POST", "/invoices/create_preview", subscriptions::preview)
                .add("POST", "/invoices", invoices::draft)
                .add("POST", "/invoices/{id}/finalize", call -> invoices.finalized(call, methods))
                .add("POST", "/invoiceitems", items::create)
                .add("GET", "/invoiceitems/{id}", items::get)
                .add("DELETE", "/invoiceitems/{id}", items::delete)
                .add("POST", "/invoices/{id}/pay", subscriptions::payInvoice)
                .add("POST", "/payment_intents", payments::create)
                .add("POST", "/payment_intents/{id}/confirm", payments::confirm)
                .add("POST", "/payment_intents/{id}/cancel", payments::cancel)
                .add("POST", "/payment_methods", methods::create)
                .add("POST", "/payment_methods/{id}/attach", methods::attach)
                .add("POST", "/payment_methods/{id}/detach", methods::detach)
                .add("POST", "/test_helpers/test_clocks", clocks::create)
                .add("DELETE", "/test_helpers/test_clocks/{id}", clocks::delete)
                .add("POST", "/test_helpers/test_clocks/{id}/advance", call -> clocks.advance(call, subscriptions))
                .add("POST", "/refunds", payments::refund)
                .add("GET", "/balance", call -> balance())
                .add("GET", "/account", call -> account());
        readable("/customers", "customer", "email");
        readable("/products", "product", "active");
        readable("/prices", "price", "active", "product", "type", "currency");
        readable("/checkout/sessions", "checkout.session", "customer", "subscription", "payment_intent", "status");
        readable("/subscriptions", "subscription", "customer", "status", "test_clock");
        readable("/invoices", "invoice", "customer", "status");
        readable("/invoiceitems", "invoiceitem", "customer", "invoice");
        readable("/invoice_payments", "invoice_payment", "invoice", "status");
        readable("/payment_intents", "payment_intent", "customer");
        readable("/charges", "charge", "customer", "payment_intent");
        readable("/refunds", "refund", "charge", "payment_intent");
        readable("/payment_methods", "payment_method", "customer", "type");
        readable("/test_helpers/test_clocks", "test_helpers.test_clock");
        readable("/events", "event", "type");
    }

    private void readable(String path, String kind, String... filters) {
        routes.add("GET", path + "/{id}", call -> store.get(kind, call.id()));
        routes.add("GET", path, call -> {
            Params params = call.params();
            for (String name : params.values().fieldNames()) {
                if (!PAGING.contains(name)
                        && !List.of(filters).contains(name)
                        && !Set.of("expand", "types", "lookup_keys", "subscription")
                                .contains(name)) {
                    throw StripeProblem.invalid("parameter_unknown", name, "Received unknown parameter: " + name);
                }
            }
            return store.page(kind, "/v1" + path, params, object -> matches(object, kind, params, filters));
        });
    }

    private static boolean matches(JsonObject object, String kind, Params params, String... filters) {
        if (object.getBoolean("deleted", false) || !InvoiceItems.isThere(object)) {
            return false;
        }
        for (String filter : filters) {
            String wanted = params.text(filter);
            if (wanted != null && !wanted.equals("all") && !wanted.equals(String.valueOf(object.getValue(filter)))) {
                return false;
            }
        }
        if (kind.equals("subscription") && params.text("status") == null) {
            return !object.getString("status").equals("canceled");
        }
        if (kind.equals("invoice") && params.text("subscription") != null) {
            return params.text("subscription").equals(Invoices.subscriptionOf(object));
        }
        if (kind.equals("price") && params.has("lookup_keys")) {
            return params.texts("lookup_keys").contains(object.getString("lookup_key"));
        }
        return !params.has("types") || params.texts("types").contains(object.getString("type"));
    }

    @Override
    public boolean takesFaults(String path) {
        return path.startsWith("/v1/");
    }

    @Override
    public void handle(Exchange exchange) {
        String path = exchange.path();
        if (path.startsWith("/checkout/pay/")) {
            exchange.answer(pages.checkout(exchange, path.substring("/checkout/pay/".length())));
        } else if (path.startsWith("/invoice/")) {
            exchange.answer(pages.invoice(path.substring("/invoice/".length())));
        } else {
            exchange.answer(api(exchange, path));
        }
    }

    private Reply api(Exchange exchange, String path) {
        String requestId = ids.next("req_", 14);
        String key = exchange.method().equals("GET") ? null : exchange.header("idempotency-key");
        Reply reply;
        try {
            authenticate(exchange.header("authorization"));
            Routes.Found<Function<StripeCall, JsonObject>> found =
                    path.startsWith("/v1/") ? routes.find(exchange.method(), path.substring("/v1".length())) : null;
            if (found == null) {
                throw new StripeProblem(
                        404,
                        "invalid_request_error",
                        null,
                        null,
                        null,
                        "Unrecognized request URL (" + exchange.method() + ": " + path
                                + "). Please see https://stripe.com/docs or we can help at https://support.stripe.com/.");
            }
            byte[] fingerprint =
                    key == null ? null : IdempotentReplies.fingerprint(exchange.method(), path, exchange.body());
            reply = key == null ? null : replies.replay(key, fingerprint, store.now());
            if (reply == null) {
                reply = call(exchange, found, requestId, key);
                if (key != null && reply.status() != 400) {
                    replies.remember(key, fingerprint, reply, requestId, store.now());
                }
            }
        } catch (StripeProblem problem) {
            reply = Reply.json(problem.status(), problem.toJson());
        }
        reply = reply.with("Request-Id", requestId).with("Stripe-Version", StripeEvents.API_VERSION);
        return key == null ? reply : reply.with("Idempotency-Key", key);
    }

    private Reply call(
            Exchange exchange, Routes.Found<Function<StripeCall, JsonObject>> found, String requestId, String key) {
        try {
            Params params = new Params(parameters(exchange));
            StripeCall call = new StripeCall(requestId, key, found.values(), params);
            JsonObject result =
                    clocks.during(clocks.customerOf(call), () -> found.handler().apply(call));
            boolean list = "list".equals(result.getString("object"));
            return Reply.json(200, list ? result : store.view(result, params.texts("expand")));
        } catch (StripeProblem problem) {
            return Reply.json(problem.status(), problem.toJson());
        }
    }

    private static JsonObject parameters(Exchange exchange) {
        String type = exchange.header("content-type");
        if (type != null && type.startsWith("application/json")) {
            throw StripeProblem.invalid(
                    null, null, "Invalid request: the v1 API takes application/x-www-form-urlencoded bodies.");
        }
        try {
            JsonObject parameters = Form.parse(exchange.query());
            return parameters.mergeIn(Form.parse(exchange.bodyText()));
        } catch (IllegalArgumentException broken) {
            throw StripeProblem.invalid(null, null, "Invalid request body: " + broken.getMessage());
        }
    }

    private static void authenticate(String authorization) {
        String key = "";
        if (authorization != null && authorization.startsWith("Bearer ")) {
            key = authorization.substring("Bearer ".length()).trim();
        } else if (authorization != null && authorization.startsWith("Basic ")) {
            try {
                key = new String(
                                Base64.getDecoder()
                                        .decode(authorization
                                                .substring("Basic ".length())
                                                .trim()),
                                java.nio.charset.StandardCharsets.UTF_8)
                        .split(":", 2)[0];
            } catch (IllegalArgumentException notBase64) {
                key = "";
            }
        }
        if (key.isEmpty()) {
            throw StripeProblem.unauthorized(
                    "You did not provide an API key. You need to provide your API key in the Authorization header, using"
                            + " Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').");
        }
        if ((!key.startsWith("sk_test_") && !key.startsWith("rk_test_")) || key.contains("invalid")) {
            throw StripeProblem.unauthorized(
                    "Invalid API Key provided: ****" + key.substring(Math.max(0, key.length() - 4)));
        }
    }

    private JsonObject balance() {
        JsonArray available = new JsonArray()
                .add(new JsonObject().put("amount", 0).put("currency", "inr").put("source_types", new JsonObject()));
        return new JsonObject()
                .put("object", "balance")
                .put("available", available)
                .put("livemode", false)
                .put("pending", available.copy());
    }

    private static JsonObject account() {
        return new JsonObject()
                .put("id", "acct_1ParleySimulated")
                .put("object", "account")
                .put("charges_enabled", true)
                .put("country", "IN")
                .put("default_currency", "inr")
                .put("email", "simulated@parley.local")
                .put("payouts_enabled", true)
                .put("type", "standard");
    }

    @Override
    public Reply problem(Exchange exchange, Fault fault) {
        int status = fault.status();
        String type = status == 402 ? "card_error" : status >= 500 ? "api_error" : "invalid_request_error";
        String code = status == 429 ? "rate_limit" : status == 402 ? "card_declined" : null;
        if (status == 409) {
            type = "idempotency_error";
            code = "idempotency_key_in_use";
        }
        String message =
                switch (status) {
                    case 402 -> "Your card was declined.";
                    case 409 -> "There is currently another in-progress request using this Idempotent Key.";
                    case 429 ->
                        "Request rate limit exceeded. You can learn more about rate limits here"
                                + " https://stripe.com/docs/rate-limits.";
                    default -> "An unknown error occurred";
                };
        StripeProblem problem = new StripeProblem(
                status, type, code, null, status == 402 ? "generic_decline" : null, fault.message(message));
        return Reply.json(status, problem.toJson()).with("Request-Id", ids.next("req_", 14));
    }
}
