package dev.parley.simulators.razorpay;

import static dev.parley.simulators.exchange.HostedPage.escape;

import dev.parley.simulators.exchange.Exchange;
import dev.parley.simulators.exchange.Form;
import dev.parley.simulators.exchange.HostedPage;
import dev.parley.simulators.exchange.Reply;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The pages Razorpay hosts for people: those behind short links, and Hosted Checkout, to which a shop's page posts a form
 * and which posts its signed answer back to the shop.
 */
final class RazorpayPages {

    private static final HostedPage PAGE = new HostedPage("Razorpay", "#1d4ed8");

    private final RazorpayStore store;
    private final TestClocks clocks;
    private final Subscriptions subscriptions;
    private final PaymentLinks links;
    private final Orders orders;
    private final String keyId;
    private final String keySecret;

    RazorpayPages(
            RazorpayStore store,
            TestClocks clocks,
            Subscriptions subscriptions,
            PaymentLinks links,
            Orders orders,
            String keyId,
            String keySecret) {
        this.store = store;
        this.clocks = clocks;
        this.subscriptions = subscriptions;
        this.links = links;
        this.orders = orders;
        this.keyId = keyId;
        this.keySecret = keySecret;
    }

    /** What somebody may pay on a page. */
    private record Due(JsonObject object, String title, long amount, String currency, String each, boolean open) {}

    /** The page of a short link. */
    Reply shortLink(Exchange exchange, String id) {
        Due due = due(id);
        if (due == null) {
            return PAGE.show(404, "Link not found", "<p>There is no such link. Go back and start again.</p>");
        }
        return exchange.method().equals("POST") ? pay(exchange, due, null) : show(200, due, "", null);
    }

    /** A shop's form comes in: keeps it and sends the browser to the page where it is paid. */
    Reply open(Exchange exchange) {
        JsonObject form = Form.parse(exchange.bodyText());
        String object = form.getString("subscription_id", form.getString("order_id"));
        if (!keyId.equals(form.getString("key_id"))) {
            return PAGE.show(401, "Payment failed", "<p>The key_id provided is invalid.</p>");
        }
        if (object == null || due(object) == null || form.getString("callback_url") == null) {
            return PAGE.show(
                    400, "Payment failed", "<p>The id provided does not exist, or callback_url is missing.</p>");
        }
        String id = store.id("checkout");
        store.put(form.put("entity", "checkout").put("id", id).put("created_at", store.now()));
        return Reply.seeOther("/razorpay/checkout/" + id);
    }

    /** The page of Hosted Checkout. */
    Reply checkout(Exchange exchange, String id) {
        JsonObject checkout = store.find("checkout", id);
        if (checkout == null) {
            return PAGE.show(404, "Checkout not found", "<p>There is no such checkout.</p>");
        }
        Due due = due(checkout.getString("subscription_id", checkout.getString("order_id")));
        return exchange.method().equals("POST") ? pay(exchange, due, checkout) : show(200, due, "", null);
    }

    private Due due(String id) {
        if (id.startsWith("sub_") && store.find("subscription", id) != null) {
            JsonObject subscription = subscriptions.current(store.get("subscription", id));
            JsonObject plan = store.get("plan", subscription.getString("plan_id"));
            return new Due(
                    subscription,
                    plan.getJsonObject("item").getString("name"),
                    subscriptions.amount(subscription),
                    subscriptions.currency(subscription),
                    " " + plan.getString("period"),
                    List.of("created", "pending", "halted").contains(subscription.getString("status")));
        }
        if (id.startsWith("plink_") && store.find("payment_link", id) != null) {
            JsonObject link = links.current(store.get("payment_link", id));
            return new Due(
                    link,
                    link.getString("description"),
                    link.getLong("amount"),
                    link.getString("currency"),
                    "",
                    link.getString("status").equals("created"));
        }
        if (id.startsWith("inv_") && store.find("invoice", id) != null) {
            JsonObject invoice = store.get("invoice", id);
            return new Due(
                    invoice,
                    "Invoice " + id,
                    invoice.getLong("amount"),
                    invoice.getString("currency"),
                    "",
                    invoice.getString("status").equals("issued"));
        }
        if (id.startsWith("order_") && store.find("order", id) != null) {
            JsonObject order = store.get("order", id);
            return new Due(
                    order,
                    "Order " + id,
                    order.getLong("amount"),
                    order.getString("currency"),
                    "",
                    !order.getString("status").equals("paid"));
        }
        return null;
    }

    private Reply pay(Exchange exchange, Due due, JsonObject checkout) {
        if (!due.open()) {
            return show(409, due, "", null);
        }
        JsonObject form = Form.parse(exchange.bodyText());
        if (form.getString("action", "pay").equals("cancel")) {
            String back = checkout == null ? null : checkout.getString("cancel_url");
            return back == null
                    ? PAGE.show(200, "Payment left", "<p>Nothing was paid. You can close this page.</p>")
                    : Reply.seeOther(back);
        }
        String email = form.getString("email", "").trim();
        if (!email.matches("[^@\\s]+@[^@\\s]+")) {
            return show(422, due, email, "Enter an e-mail address, such as ana@example.com.");
        }
        boolean upi = form.getString("method", "card").equals("upi");
        String vpa = upi ? form.getString("vpa", "success@razorpay") : null;
        boolean accepted = upi
                ? !vpa.equals("failure@razorpay")
                : !form.getString("card", "4111").equals("declined");
        Payer payer = new Payer(email, form.getString("contact", "+919999999999"), upi ? "upi" : "card", vpa, accepted);
        JsonObject payment = clocks.during(due.object(), () -> charge(due.object(), payer));
        if (!accepted) {
            return show(402, due, email, "The bank declined the payment. Choose another means and pay again.");
        }
        return checkout == null ? afterShortLink(exchange, due.object(), payment) : post(checkout, payment);
    }

    private JsonObject charge(JsonObject object, Payer payer) {
        return switch (object.getString("entity")) {
            case "subscription" -> subscriptions.authorise(object, payer);
            case "payment_link" -> links.pay(object, payer);
            case "invoice" -> subscriptions.payInvoice(object, payer);
            default ->
                orders.pay(
                        object,
                        payer,
                        new Payments.Purpose(object.getString("id"), null, null, "Order", object.getValue("notes")));
        };
    }

    /** A payment link sends the customer to its callback; other short links show that they are paid. */
    private Reply afterShortLink(Exchange exchange, JsonObject object, JsonObject payment) {
        if (!object.getString("entity").equals("payment_link")
                || object.getString("callback_url").isEmpty()) {
            return Reply.seeOther("/razorpay" + exchange.path());
        }
        Map<String, String> answer = new LinkedHashMap<>();
        answer.put("razorpay_payment_id", payment.getString("id"));
        answer.put("razorpay_payment_link_id", object.getString("id"));
        answer.put("razorpay_payment_link_reference_id", object.getString("reference_id"));
        answer.put("razorpay_payment_link_status", "paid");
        answer.put(
                "razorpay_signature",
                RazorpaySignature.of(
                        object.getString("id") + "|" + object.getString("reference_id") + "|paid|"
                                + payment.getString("id"),
                        keySecret));
        String callback = object.getString("callback_url");
        String query = answer.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return Reply.seeOther(callback + (callback.contains("?") ? "&" : "?") + query);
    }

    /** Hosted Checkout posts its signed answer to the shop, through the customer's browser. */
    private Reply post(JsonObject checkout, JsonObject payment) {
        Map<String, String> answer = new LinkedHashMap<>();
        String paymentId = payment.getString("id");
        answer.put("razorpay_payment_id", paymentId);
        String subscription = checkout.getString("subscription_id");
        String signed;
        if (subscription == null) {
            answer.put("razorpay_order_id", checkout.getString("order_id"));
            signed = checkout.getString("order_id") + "|" + paymentId;
        } else {
            answer.put("razorpay_subscription_id", subscription);
            signed = paymentId + "|" + subscription;
        }
        answer.put("razorpay_signature", RazorpaySignature.of(signed, keySecret));
        String fields = answer.entrySet().stream()
                .map(entry -> "<input type=\"hidden\" name=\"" + entry.getKey() + "\" value=\""
                        + escape(entry.getValue()) + "\">")
                .collect(Collectors.joining());
        return PAGE.show(
                200,
                "Payment successful",
                "<form method=\"post\" action=\"" + escape(checkout.getString("callback_url")) + "\">" + fields
                        + "<button class=\"pay\">Back to the shop</button></form>"
                        + "<script>document.forms[0].submit()</script>");
    }

    private Reply show(int status, Due due, String email, String error) {
        String amount = format(due.amount(), due.currency()) + due.each();
        if (!due.open()) {
            return PAGE.show(
                    status,
                    "Payment " + due.object().getString("status"),
                    "<p>" + escape(due.title()) + ", " + amount + ": <strong>"
                            + escape(due.object().getString("status"))
                            + "</strong></p><p>You can close this page.</p>");
        }
        String problem = error == null ? "" : "<p class=\"error\" role=\"alert\">" + escape(error) + "</p>";
        return PAGE.show(
                status,
                "Checkout",
                problem + "<p>" + escape(due.title()) + ": <strong>" + amount + "</strong></p>"
                        + "<form method=\"post\"><label for=\"email\">E-mail</label>"
                        + "<input id=\"email\" name=\"email\" type=\"email\" autocomplete=\"email\" required value=\""
                        + escape(email)
                        + "\"><label for=\"contact\">Phone</label><input id=\"contact\" name=\"contact\" type=\"tel\""
                        + " autocomplete=\"tel\" value=\"+919999999999\">"
                        + "<fieldset><legend>Pay with</legend>"
                        + "<label><input type=\"radio\" name=\"method\" value=\"card\" checked> Card</label>"
                        + "<label><input type=\"radio\" name=\"method\" value=\"upi\"> UPI</label></fieldset>"
                        + "<fieldset><legend>Card</legend>"
                        + "<label><input type=\"radio\" name=\"card\" value=\"4111\" checked> 4111 1111 1111 1111,"
                        + " is accepted</label>"
                        + "<label><input type=\"radio\" name=\"card\" value=\"declined\"> 4000 0000 0000 0002,"
                        + " is declined</label></fieldset>"
                        + "<fieldset><legend>UPI ID</legend>"
                        + "<label><input type=\"radio\" name=\"vpa\" value=\"success@razorpay\" checked>"
                        + " success@razorpay</label>"
                        + "<label><input type=\"radio\" name=\"vpa\" value=\"failure@razorpay\">"
                        + " failure@razorpay</label></fieldset>"
                        + "<button class=\"pay\" name=\"action\" value=\"pay\">Pay " + amount + "</button>"
                        + " <button class=\"leave\" name=\"action\" value=\"cancel\" formnovalidate>Cancel"
                        + "</button></form>");
    }

    private static String format(long amount, String currency) {
        return String.format(Locale.ROOT, "%s %,.2f", currency, BigDecimal.valueOf(amount, 2));
    }
}
