package dev.parley.simulators.mail;

import dev.parley.simulators.exchange.Endpoint;
import dev.parley.simulators.exchange.Exchange;
import dev.parley.simulators.exchange.Fault;
import dev.parley.simulators.exchange.Reply;
import dev.parley.simulators.exchange.Routes;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** The inbox: pages for people, JSON for tests. */
final class MailEndpoint implements Endpoint {

    /** What runs for a route. */
    @FunctionalInterface
    private interface Call {
        void run(Exchange exchange, List<String> values);
    }

    private static final String STYLE = """
            :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
            body { margin: 0 auto; padding: 1.5rem; max-width: 60rem; }
            table { width: 100%; border-collapse: collapse; }
            th, td { text-align: left; padding: .5rem; border-bottom: 1px solid #8886; vertical-align: top; }
            iframe { width: 100%; height: 60vh; border: 1px solid #8886; border-radius: .4rem; background: #fff; }
            pre { white-space: pre-wrap; overflow-wrap: anywhere; border: 1px solid #8886; border-radius: .4rem; padding: 1rem; }
            button { font: inherit; padding: .4rem 1rem; }
            """;
    // A mail is written by whoever could write to us: it may link, and it may not run.
    private static final String NO_SCRIPTS =
            "sandbox allow-popups allow-top-navigation-by-user-activation; script-src 'none'; frame-ancestors 'self'";

    private final MailCatcher catcher;
    private final Routes<Call> routes = new Routes<>();

    MailEndpoint(MailCatcher catcher) {
        this.catcher = catcher;
        routes.add("GET", "/", (exchange, values) -> exchange.answer(inbox(exchange)))
                .add("GET", "/messages", (exchange, values) -> exchange.answer(list(exchange)))
                .add("DELETE", "/messages", (exchange, values) -> {
                    catcher.clear(exchange.queryParameter("to"));
                    exchange.answer(Reply.empty(204));
                })
                .add("POST", "/clearing", (exchange, values) -> {
                    catcher.clear(null);
                    exchange.answer(Reply.seeOther("/mail"));
                })
                .add("GET", "/messages/{id}", (exchange, values) -> exchange.answer(one(values.getFirst())))
                .add("GET", "/messages/{id}/raw", (exchange, values) -> exchange.answer(raw(values.getFirst())))
                .add("GET", "/messages/{id}/html", (exchange, values) -> exchange.answer(html(values.getFirst())))
                .add("GET", "/{id}", (exchange, values) -> exchange.answer(page(values.getFirst())));
    }

    @Override
    public void handle(Exchange exchange) {
        String path = exchange.path().isEmpty() ? "/" : exchange.path();
        Routes.Found<Call> found = routes.find(exchange.method(), path);
        if (found == null) {
            exchange.answer(notFound());
        } else {
            found.handler().run(exchange, found.values());
        }
    }

    @Override
    public Reply problem(Exchange exchange, Fault fault) {
        return Reply.json(fault.status(), new JsonObject().put("status", fault.status()));
    }

    private static Reply notFound() {
        return Reply.json(404, new JsonObject().put("status", 404).put("detail", "There is no such mail."));
    }

    private Reply list(Exchange exchange) {
        JsonArray items = new JsonArray();
        catcher.mails(exchange.queryParameter("to")).forEach(mail -> items.add(mail.json()));
        return Reply.json(200, new JsonObject().put("items", items).put("count", items.size()));
    }

    private Reply one(String id) {
        Mail mail = catcher.find(id);
        return mail == null ? notFound() : Reply.json(200, mail.json());
    }

    private Reply raw(String id) {
        Mail mail = catcher.find(id);
        return mail == null
                ? notFound()
                : new Reply(200, List.of(HttpHeaders.CONTENT_TYPE, "message/rfc822"), Buffer.buffer(mail.raw()));
    }

    private Reply html(String id) {
        Mail mail = catcher.find(id);
        return mail == null
                ? notFound()
                : Reply.html(200, "<base target=\"_top\">" + mail.html()).with("content-security-policy", NO_SCRIPTS);
    }

    private Reply inbox(Exchange exchange) {
        StringBuilder rows = new StringBuilder();
        for (Mail mail : catcher.mails(exchange.queryParameter("to"))) {
            rows.append("<tr><td>")
                    .append(escape(mail.to()))
                    .append("</td><td><a href=\"/mail/")
                    .append(mail.id())
                    .append("\">")
                    .append(escape(mail.subject().isEmpty() ? "(no subject)" : mail.subject()))
                    .append("</a></td><td>")
                    .append(mail.receivedAt())
                    .append("</td></tr>");
        }
        String body = rows.isEmpty()
                ? "<p>No mail has come. Parley and Keycloak send here under make up; nothing leaves this machine.</p>"
                : "<table><thead><tr><th scope=\"col\">To</th><th scope=\"col\">Subject</th>"
                        + "<th scope=\"col\">Received</th></tr></thead><tbody>" + rows + "</tbody></table>"
                        + "<form method=\"post\" action=\"/mail/clearing\"><p><button>Empty the inbox</button></p></form>";
        return document("Mail", body);
    }

    private Reply page(String id) {
        Mail mail = catcher.find(id);
        if (mail == null) {
            return notFound();
        }
        String head = "<p><a href=\"/mail\">All mail</a></p><p>From " + escape(mail.from()) + " to " + escape(mail.to())
                + ", " + mail.receivedAt() + "</p>";
        String html = mail.html().isEmpty()
                ? ""
                : "<iframe title=\"The mail\" src=\"/mail/messages/" + mail.id() + "/html\"></iframe>";
        String text = mail.text().isEmpty() ? "" : "<h2>Plain text</h2><pre>" + escape(mail.text()) + "</pre>";
        return document(mail.subject(), head + html + text);
    }

    private static Reply document(String title, String body) {
        return Reply.html(
                200,
                "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\""
                        + " content=\"width=device-width\"><title>" + escape(title) + "</title><style>" + STYLE
                        + "</style></head><body><h1>" + escape(title) + "</h1>" + body + "</body></html>");
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
