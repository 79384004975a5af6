package dev.parley.simulators.stripe;

import static dev.parley.simulators.exchange.HostedPage.escape;

import dev.parley.simulators.exchange.Exchange;
import dev.parley.simulators.exchange.Form;
import dev.parley.simulators.exchange.HostedPage;
import dev.parley.simulators.exchange.Reply;
import io.vertx.core.json.JsonObject;

/** The pages Stripe hosts for people: checkout and invoice. */
final class StripePages {

    private static final HostedPage PAGE = new HostedPage("Stripe", "#4338ca");

    private final StripeStore store;
    private final CheckoutSessions sessions;
    private final TestClocks clocks;

    StripePages(StripeStore store, CheckoutSessions sessions, TestClocks clocks) {
        this.store = store;
        this.sessions = sessions;
        this.clocks = clocks;
    }

    Reply checkout(Exchange exchange, String id) {
        JsonObject known = store.find("checkout.session", id);
        JsonObject session = known == null ? null : clocks.during(known.getString("customer"), () -> sessions.find(id));
        if (session == null) {
            return PAGE.show(404, "Checkout not found", "<p>There is no such checkout. Go back and start again.</p>");
        }
        if (!session.getString("status").equals("open")) {
            boolean complete = session.getString("status").equals("complete");
            String link = complete ? successUrl(session) : session.getString("cancel_url");
            return PAGE.show(
                    complete ? 200 : 410,
                    complete ? "Already paid" : "Checkout expired",
                    (complete ? "<p>This checkout was paid.</p>" : "<p>Start again to get a new one.</p>")
                            + (link == null ? "" : "<p><a href=\"" + escape(link) + "\">Back to the shop</a></p>"));
        }
        if (!exchange.method().equals("POST")) {
            return form(200, session, email(session), "", null);
        }
        JsonObject answers = Form.parse(exchange.bodyText());
        if (answers.getString("action", "pay").equals("cancel")) {
            String back = session.getString("cancel_url");
            return back == null
                    ? PAGE.show(200, "Checkout left", "<p>Nothing was paid. You can close this page.</p>")
                    : Reply.seeOther(back);
        }
        String email = answers.getString("email", email(session)).trim();
        String name = answers.getString("name", "").trim();
        if (!email.matches("[^@\\s]+@[^@\\s]+")) {
            return form(422, session, email, name, "Enter an e-mail address, such as ana@example.com.");
        }
        if (answers.getString("card", "4242").equals("declined")) {
            sessions.decline(session);
            return form(402, session, email, name, "Your card was declined. Choose another card and pay again.");
        }
        String card = answers.getString("card", "4242").equals("0341") ? "0341" : "4242";
        clocks.during(session.getString("customer"), () -> {
            sessions.pay(session, email, name.isEmpty() ? null : name, card);
            return null;
        });
        return Reply.seeOther(successUrl(session));
    }

    private static String successUrl(JsonObject session) {
        return session.getString("success_url").replace("{CHECKOUT_SESSION_ID}", session.getString("id"));
    }

    private String email(JsonObject session) {
        if (session.getString("customer_email") != null) {
            return session.getString("customer_email");
        }
        JsonObject customer =
                session.getString("customer") == null ? null : store.find("customer", session.getString("customer"));
        return customer == null || customer.getString("email") == null ? "" : customer.getString("email");
    }

    private Reply form(int status, JsonObject session, String email, String name, String error) {
        StringBuilder body = new StringBuilder();
        if (error != null) {
            body.append("<p class=\"error\" role=\"alert\">")
                    .append(escape(error))
                    .append("</p>");
        }
        body.append("<table><thead><tr><th scope=\"col\">Item</th><th scope=\"col\">Amount</th></tr></thead><tbody>");
        session.getJsonArray("_line_items").forEach(each -> {
            JsonObject line = (JsonObject) each;
            JsonObject recurring = line.getJsonObject("price").getJsonObject("recurring");
            body.append("<tr><td>")
                    .append(line.getLong("quantity"))
                    .append(" × ")
                    .append(escape(line.getString("description")))
                    .append("</td><td>")
                    .append(Money.format(line.getLong("amount_total"), line.getString("currency")))
                    .append(recurring == null ? "" : " per " + escape(recurring.getString("interval")))
                    .append("</td></tr>");
        });
        String total = Money.format(session.getLong("amount_total"), session.getString("currency"));
        body.append("<tr><th scope=\"row\">Due today</th><td><strong>")
                .append(total)
                .append("</strong></td></tr></tbody></table>")
                .append("<form method=\"post\"><label for=\"email\">E-mail</label>")
                .append("<input id=\"email\" name=\"email\" type=\"email\" autocomplete=\"email\" required value=\"")
                .append(escape(email))
                .append("\"><label for=\"name\">Name on card (optional)</label>")
                .append("<input id=\"name\" name=\"name\" type=\"text\" autocomplete=\"cc-name\" value=\"")
                .append(escape(name))
                .append("\"><fieldset><legend>Card</legend>")
                .append("<label><input type=\"radio\" name=\"card\" value=\"4242\" checked> 4242 4242 4242 4242,"
                        + " is accepted</label>")
                .append("<label><input type=\"radio\" name=\"card\" value=\"0341\"> 4000 0000 0000 0341,"
                        + " is accepted now and declined when it is charged again</label>")
                .append("<label><input type=\"radio\" name=\"card\" value=\"declined\"> 4000 0000 0000 0002,"
                        + " is declined</label></fieldset>")
                .append("<button class=\"pay\" name=\"action\" value=\"pay\">Pay ")
                .append(total)
                .append("</button> <button class=\"leave\" name=\"action\" value=\"cancel\" formnovalidate>Cancel"
                        + "</button></form>");
        return PAGE.show(status, "Checkout", body.toString());
    }

    Reply invoice(String id) {
        JsonObject invoice = store.find("invoice", id);
        if (invoice == null) {
            return PAGE.show(404, "Invoice not found", "<p>There is no such invoice.</p>");
        }
        StringBuilder body = new StringBuilder("<p>Status: <strong>")
                .append(escape(invoice.getString("status")))
                .append("</strong></p><table><thead><tr><th scope=\"col\">Item</th><th scope=\"col\">Amount</th></tr>"
                        + "</thead><tbody>");
        invoice.getJsonObject("lines").getJsonArray("data").forEach(each -> {
            JsonObject line = (JsonObject) each;
            body.append("<tr><td>")
                    .append(escape(line.getString("description")))
                    .append("</td><td>")
                    .append(Money.format(line.getLong("amount"), line.getString("currency")))
                    .append("</td></tr>");
        });
        body.append("<tr><th scope=\"row\">Total</th><td><strong>")
                .append(Money.format(invoice.getLong("total"), invoice.getString("currency")))
                .append("</strong></td></tr></tbody></table>");
        return PAGE.show(200, "Invoice " + invoice.getString("number"), body.toString());
    }
}
