package dev.parley.simulators.razorpay;

import dev.parley.simulators.exchange.Endpoint;
import dev.parley.simulators.exchange.Exchange;
import dev.parley.simulators.exchange.Fault;
import dev.parley.simulators.exchange.Form;
import dev.parley.simulators.exchange.Reply;
import dev.parley.simulators.exchange.Routes;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.function.Function;

/** Razorpay's API under {@code /v1}, and its hosted pages. */
final class RazorpayEndpoint implements Endpoint {

    private static final String API = "/v1";

    private final RazorpayStore store;
    private final TestClocks clocks;
    private final RazorpayPages pages;
    private final byte[] credentials;
    private final Routes<Function<RazorpayCall, JsonObject>> routes = new Routes<>();

    RazorpayEndpoint(
            RazorpayStore store,
            TestClocks clocks,
            RazorpayPages pages,
            String keyId,
            String keySecret,
            Plans plans,
            Customers customers,
            Subscriptions subscriptions,
            Invoices invoices,
            Orders orders,
            PaymentLinks links,
            Payments payments,
            Addons addons) {
        this.store = store;
        this.clocks = clocks;
        this.pages = pages;
        this.credentials = (keyId + ":" + keySecret).getBytes(StandardCharsets.UTF_8);
        routes.add("POST", "/plans", plans::create)
                .add("POST", "/customers", customers::create)
                .add("PUT", "/customers/{id}", customers::update)
                .add("POST", "/subscriptions", subscriptions::create)
                .add("PATCH", "/subscriptions/{id}", subscriptions::update)
                .add("POST", "/subscriptions/{id}/cancel", subscriptions::cancel)
                .add("POST", "/subscriptions/{id}/pause", subscriptions::pause)
                .add("POST", "/subscriptions/{id}/resume", subscriptions::resume)
                .add("GET", "/subscriptions/{id}/retrieve_scheduled_changes", subscriptions::scheduled)
                .add("POST", "/subscriptions/{id}/cancel_scheduled_changes", subscriptions::cancelScheduled)
                .add("GET", "/subscriptions/{id}", call -> subscriptions.current(store.get("subscription", call.id())))
                .add("POST", "/subscriptions/{id}/addons", addons::create)
                .add("GET", "/addons/{id}", addons::get)
                .add("DELETE", "/addons/{id}", addons::delete)
                .add("POST", "/invoices", invoices::create)
                .add("POST", "/invoices/{id}/cancel", invoices::cancel)
                .add("POST", "/orders", orders::create)
                .add("PATCH", "/orders/{id}", orders::update)
                .add("GET", "/orders/{id}/payments", call -> RazorpayStore.collection(orders.paymentsOf(call)))
                .add("POST", "/payment_links", links::create)
                .add("GET", "/payment_links", links::list)
                .add("GET", "/payment_links/{id}", call -> links.current(store.get("payment_link", call.id())))
                .add("PATCH", "/payment_links/{id}", links::update)
                .add("POST", "/payment_links/{id}/cancel", links::cancel)
                .add("PATCH", "/payments/{id}", payments::update)
                .add("POST", "/payments/{id}/capture", payments::capture)
                .add("POST", "/payments/{id}/refund", payments::refund)
                .add("GET", "/payments/{id}/refunds", call -> RazorpayStore.collection(payments.refundsOf(call)))
                .add("GET", "/payments/{id}/refunds/{refund}", payments::refundOf)
                .add("POST", "/refunds", payments::refund);
        readable("/plans", "plan");
        readable("/customers", "customer", "email");
        readable("/subscriptions", "subscription", "plan_id", "customer_id");
        readable("/invoices", "invoice", "subscription_id", "customer_id", "payment_id", "receipt");
        readable("/addons", "addon");
        readable("/orders", "order", "receipt");
        readable("/payments", "payment");
        readable("/refunds", "refund");
    }

    private void readable(String path, String entity, String... filters) {
        routes.add("GET", path + "/{id}", call -> store.get(entity, call.id()));
        routes.add(
                "GET",
                path,
                call -> RazorpayStore.collection(store.page(entity, call, object -> matches(object, call, filters))));
    }

    private static boolean matches(JsonObject object, RazorpayCall call, String... filters) {
        if (!Addons.isThere(object)) {
            return false;
        }
        for (String filter : filters) {
            String wanted = call.text(filter);
            if (wanted != null && !wanted.equals(object.getString(filter))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean takesFaults(String path) {
        return path.startsWith(API + "/") && !path.startsWith(API + "/checkout/");
    }

    @Override
    public void handle(Exchange exchange) {
        String path = exchange.path();
        if (path.startsWith("/i/")) {
            exchange.answer(pages.shortLink(exchange, path.substring("/i/".length())));
        } else if (path.startsWith("/checkout/")) {
            exchange.answer(pages.checkout(exchange, path.substring("/checkout/".length())));
        } else if (path.equals(API + "/checkout/embedded")) {
            exchange.answer(pages.open(exchange));
        } else {
            exchange.answer(api(exchange, path));
        }
    }

    private Reply api(Exchange exchange, String path) {
        try {
            authenticate(exchange.header("authorization"));
            Routes.Found<Function<RazorpayCall, JsonObject>> found =
                    path.startsWith(API + "/") ? routes.find(exchange.method(), path.substring(API.length())) : null;
            if (found == null) {
                throw RazorpayProblem.badRequest("The requested URL was not found on the server.");
            }
            RazorpayCall call =
                    new RazorpayCall(found.values(), parameters(exchange), exchange.header("x-refund-idempotency"));
            JsonObject answer = clocks.during(call, () -> found.handler().apply(call));
            // What is deleted is answered with an empty list; Razorpay's library wants it to the letter.
            return exchange.method().equals("DELETE")
                    ? Reply.json(200, Buffer.buffer("[]"))
                    : Reply.json(200, RazorpayStore.view(answer));
        } catch (RazorpayProblem problem) {
            return Reply.json(problem.status(), problem.toJson());
        }
    }

    private static JsonObject parameters(Exchange exchange) {
        try {
            if (exchange.method().equals("GET") || exchange.method().equals("DELETE")) {
                return Form.parse(exchange.query());
            }
            String type = exchange.header("content-type");
            if (type != null && type.startsWith("application/x-www-form-urlencoded")) {
                return Form.parse(exchange.bodyText());
            }
            return exchange.bodyText().isBlank() ? new JsonObject() : new JsonObject(Buffer.buffer(exchange.body()));
        } catch (IllegalArgumentException | DecodeException broken) {
            throw RazorpayProblem.badRequest("The request body is not valid: " + broken.getMessage());
        }
    }

    private void authenticate(String authorization) {
        byte[] given = new byte[0];
        if (authorization != null && authorization.startsWith("Basic ")) {
            try {
                given = Base64.getDecoder()
                        .decode(authorization.substring("Basic ".length()).trim());
            } catch (IllegalArgumentException notBase64) {
                throw RazorpayProblem.unauthorized("Authentication failed");
            }
        }
        if (given.length == 0) {
            throw RazorpayProblem.unauthorized("Please provide your api key for authentication purposes.");
        }
        if (!MessageDigest.isEqual(given, credentials)) {
            throw RazorpayProblem.unauthorized("Authentication failed");
        }
    }

    @Override
    public Reply problem(Exchange exchange, Fault fault) {
        String code =
                switch (fault.status()) {
                    case 502, 504 -> "GATEWAY_ERROR";
                    default -> fault.status() >= 500 ? "SERVER_ERROR" : "BAD_REQUEST_ERROR";
                };
        String usual = fault.status() == 429
                ? "Too many requests"
                : "We are facing some trouble completing your request at the moment. Please try again shortly.";
        return Reply.json(fault.status(), RazorpayProblem.error(code, fault.message(usual), null, "NA"));
    }
}
